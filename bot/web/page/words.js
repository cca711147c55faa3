// Every word of the page itself, Vietnamese and English side by side. What Imagify answers comes from the house.

import { recall, remember } from "./pocket.js";

const WORDS = {
  title: { vi: "Imagify – gõ chữ thành tranh", en: "Imagify – words into pictures" },
  skip: { vi: "Tới ô nhập", en: "Skip to the input" },
  languages: { vi: "Ngôn ngữ", en: "Language" },
  balance: { vi: "Số dư", en: "Balance" },
  credits: { vi: "{n} credit", en: "{n} credits" },
  credit: { vi: "{n} credit", en: "{n} credit" },
  held: { vi: "{n} đang giữ", en: "{n} on hold" },
  owner: { vi: "Chủ nhà", en: "Owner" },
  moderator: { vi: "Điều hành", en: "Moderator" },

  connecting: { vi: "Đang kết nối", en: "Connecting" },
  open: { vi: "Đã kết nối", en: "Connected" },
  broken: { vi: "Mất kết nối", en: "Disconnected" },
  again: { vi: "Đang kết nối lại… Tin của bạn vẫn được giữ.", en: "Reconnecting… What you write is kept." },
  crowded: {
    vi: "Trang này đang mở ở quá nhiều thẻ. Bạn đóng bớt rồi bấm Thử ngay nhé. Tin của bạn vẫn được giữ.",
    en: "This page is open in too many tabs. Please close some and press Try now. What you write is kept.",
  },
  now: { vi: "Thử ngay", en: "Try now" },

  hero: { vi: "Gõ vài chữ, nhận một bức tranh.", en: "A few words in, a picture out." },
  about: {
    vi: "Mình là phần mềm AI vẽ ảnh theo lời bạn tả, bằng tiếng Việt hay tiếng Anh. Thử một câu:",
    en: "I am AI software that paints what you describe, in Vietnamese or English. Try one of these:",
  },
  try1: { vi: "mèo mướp đội nón lá, tranh lụa", en: "a tabby cat in a conical hat, silk painting" },
  try2: { vi: "thành phố bên biển lúc hoàng hôn, màu nước", en: "a city by the sea at sunset, watercolour" },
  try3: { vi: "rồng bay trên núi mù sương, tranh mực", en: "a dragon over misty mountains, ink" },

  talk: { vi: "Cuộc trò chuyện", en: "Conversation" },
  newer: { vi: "Xuống tin mới nhất", en: "Go to the newest" },
  you: { vi: "Bạn", en: "You" },
  picture: { vi: "Ảnh Imagify vẽ", en: "A picture by Imagify" },
  yours: { vi: "Ảnh bạn gửi", en: "Your picture" },
  missing: { vi: "Không tải được ảnh.", en: "This picture could not be loaded." },
  favourite: { vi: "yêu thích", en: "favourite" },
  wall: { vi: "{n} ảnh", en: "{n} pictures" },

  sending: { vi: "đang gửi…", en: "sending…" },
  kept: { vi: "đã nhận", en: "received" },
  refused: { vi: "Chưa gửi được.", en: "Not sent." },
  mend: { vi: "Sửa lại", en: "Edit" },
  drop: { vi: "Bỏ", en: "Discard" },

  progress: { vi: "Tiến độ ảnh", en: "Progress of the picture" },
  queued: { vi: "Vị trí {n}", en: "Place {n}" },
  painting: { vi: "Đang vẽ", en: "Painting" },
  left: { vi: "còn khoảng {n} giây", en: "about {n} s left" },
  soon: { vi: "sắp xong", en: "nearly there" },

  compose: { vi: "Soạn tin", en: "Write" },
  words: { vi: "Lời mô tả hoặc lệnh", en: "Description or command" },
  hint: { vi: "Bạn muốn thấy gì?", en: "What would you like to see?" },
  send: { vi: "Gửi", en: "Send" },
  attach: { vi: "Đính kèm ảnh", en: "Attach a picture" },
  commands: { vi: "Các lệnh", en: "Commands" },
  matches: { vi: "{n} lệnh, dùng mũi tên để chọn", en: "{n} commands, choose with the arrow keys" },
  remove: { vi: "Bỏ ảnh này", en: "Remove this picture" },
  here: { vi: "Thả ảnh vào đây", en: "Drop the picture here" },
  over: { vi: "{n} / {most} ký tự: dài quá rồi", en: "{n} / {most} characters: too long" },
  count: { vi: "{n} / {most} ký tự", en: "{n} / {most} characters" },
  heavy: { vi: "Ảnh lớn quá: tối đa 20 MB.", en: "That picture is too large: 20 MB at most." },
  strange: { vi: "Tệp này không phải ảnh.", en: "That file is not a picture." },
  one: { vi: "Mỗi lần một ảnh thôi nhé; mình lấy ảnh đầu tiên.", en: "One picture at a time; the first is taken." },

  viewer: { vi: "Xem ảnh", en: "Picture" },
  close: { vi: "Đóng", en: "Close" },
  before: { vi: "Ảnh trước", en: "Previous picture" },
  after: { vi: "Ảnh sau", en: "Next picture" },
  apart: { vi: "Mở riêng", en: "Open on its own" },
  use: { vi: "Hiện trong cuộc trò chuyện", en: "Show in the conversation" },
};

const TONGUES = ["vi", "en"];

let tongue = first();

function first() {
  const wished = [recall("language"), ...navigator.languages.map((name) => name.slice(0, 2))];
  return wished.find((name) => TONGUES.includes(name)) ?? "vi";
}

export function language() {
  return tongue;
}

/** The words under a key, with numbers written as people here write them. */
export function say(key, values = {}) {
  return WORDS[key][tongue].replace(/\{(\w+)\}/g, (_, name) => number(values[name]));
}

function number(value) {
  return typeof value === "number" ? value.toLocaleString(tongue) : value;
}

/** From now on the page speaks this language. */
export function speak(name) {
  if (!TONGUES.includes(name)) return;
  tongue = name;
  remember("language", name);
  document.documentElement.lang = name;
  document.title = say("title");
  translate(document);
}

/** An element says which of our words it carries in data-word, data-label and data-hint; so it can change its language. */
export function translate(root) {
  for (const each of root.querySelectorAll("[data-word]")) each.textContent = say(each.dataset.word);
  for (const each of root.querySelectorAll("[data-label]")) each.setAttribute("aria-label", say(each.dataset.label));
  for (const each of root.querySelectorAll("[data-hint]")) each.placeholder = say(each.dataset.hint);
}
