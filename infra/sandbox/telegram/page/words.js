// What the telephone itself says, in both languages; what a bot says is the bot's.
const WORDS = {
  played: ["Telegram được diễn lại", "Telegram, played"],
  playedMore: ["Chạy trên máy này; không phải Telegram thật, không có tiền thật.", "It runs on this machine; not the real Telegram, no real money."],
  whose: ["Điện thoại của", "Whose phone"],
  newName: ["Thêm người…", "Somebody new…"],
  add: ["Thêm", "Add"],
  chats: ["Trò chuyện", "Chats"],
  newGroup: ["Tạo nhóm", "New group"],
  groupTitle: ["Tên nhóm", "Name of the group"],
  groupOf: ["Thành viên", "Members"],
  create: ["Tạo", "Create"],
  stars: ["Sao để chơi", "Play Stars"],
  block: ["Chặn bot", "Block the bot"],
  unblock: ["Bỏ chặn", "Unblock"],
  language: ["English", "Tiếng Việt"],
  menu: ["Menu", "Menu"],
  tools: ["Phía sau", "Behind the scenes"],
  behind: ["Phía sau", "Behind the scenes"],
  messages: ["Tin nhắn", "Messages"],
  message: ["Tin nhắn", "Message"],
  attach: ["Gửi ảnh", "Send a photo"],
  send: ["Gửi", "Send"],
  cancel: ["Bỏ", "Cancel"],
  close: ["Đóng", "Close"],
  down: ["Xuống cuối", "To the end"],
  start: ["BẮT ĐẦU", "START"],
  restart: ["BỎ CHẶN", "UNBLOCK"],
  what: ["Bot này làm được gì?", "What can this bot do?"],
  empty: ["Chưa có tin nhắn nào", "No messages yet"],
  bot: ["bot", "bot"],
  members: ["thành viên", "members"],
  typing: ["đang nhập", "typing"],
  upload_photo: ["đang gửi ảnh", "sending a photo"],
  upload_document: ["đang gửi tệp", "sending a file"],
  doing: ["đang làm gì đó", "doing something"],
  draft: ["đang viết…", "writing…"],
  stop: ["Dừng", "Stop"],
  edited: ["đã sửa", "edited"],
  reply: ["Trả lời", "Reply"],
  remove: ["Xoá", "Delete"],
  copied: ["Đã chép", "Copied"],
  caption: ["Thêm chú thích…", "Add a caption…"],
  pay: ["Thanh toán", "Pay"],
  payFor: ["Xác nhận thanh toán", "Confirm your payment"],
  payAsk: ["Bạn trả {} cho", "You pay {} for"],
  balance: ["Bạn có", "You have"],
  paid: ["Bạn đã trả {}", "You paid {}"],
  returned: ["Bạn được hoàn {}", "You were given back {}"],
  lapsed: ["Bot không trả lời kịp; không có gì bị trừ.", "The bot did not answer in time; nothing was taken."],
  refused: ["Không thanh toán được: {}", "Not paid: {}"],
  checking: ["Đang chờ bot…", "Waiting for the bot…"],
  new_chat_members: ["{} đã vào nhóm", "{} joined the group"],
  left_chat_member: ["{} đã rời nhóm", "{} left the group"],
  migrated: ["Nhóm đã thành siêu nhóm", "The group became a supergroup"],
  today: ["Hôm nay", "Today"],
  minute: ["phút", "minute"],
  hour: ["giờ", "hour"],
  limits: ["Giới hạn tốc độ", "Limits on sending"],
  floods: ["Gọi khi đang phải chờ:", "Calls while told to wait:"],
  faults: ["Trục trặc", "Faults"],
  method: ["phương thức", "method"],
  times: ["số lần", "times"],
  seconds: ["giây", "seconds"],
  set: ["Đặt", "Set"],
  clear: ["Gỡ", "Clear"],
  always: ["đến khi gỡ", "until cleared"],
  calls: ["Bot vừa gọi", "What the bot called"],
  scale: ["giờ của Telegram, nhanh gấp", "Telegram's clock, so many times as fast:"],
  lost: ["Mất kết nối. Đang thử lại…", "Connection lost. Trying again…"],
};

let english = localStorage.getItem("telephone.language") === "en";

export const say = (name, inside = "") => (WORDS[name]?.[english ? 1 : 0] ?? name).replace("{}", inside);
export const locale = () => (english ? "en-GB" : "vi-VN");

export function turn() {
  english = !english;
  localStorage.setItem("telephone.language", english ? "en" : "vi");
  spell();
}

// Every word of the page that stands still.
export function spell() {
  document.documentElement.lang = english ? "en" : "vi";
  document.title = say("played");
  for (const one of document.querySelectorAll("[data-word]")) one.textContent = say(one.dataset.word);
  for (const one of document.querySelectorAll("[data-name]")) one.setAttribute("aria-label", say(one.dataset.name));
  for (const one of document.querySelectorAll("[data-hint]")) {
    one.placeholder = say(one.dataset.hint);
    one.setAttribute("aria-label", say(one.dataset.hint));
  }
}
