// One person's telephone: asks for the screen, draws what is new, and does what the person does.
import { drawn, marked, stars } from "/draw.js";
import { ask, base64, el, face, place, post, toast } from "/made.js";
import { openSide, side } from "/side.js";
import { say, spell, turn } from "/words.js";

const $ = (id) => document.getElementById(id);
const NEAR = 120; // pixels from the end that still count as the end
let at = read();
let screen = null;
let answered = null; // what the next message answers
let seen = new Map(); // drawn messages, by id

function read() {
  const [person, chat, bot] = location.hash.slice(1).split("/").map(Number);
  return { person: person || 0, chat: chat || 0, bot: bot || 0 };
}

export function go(person, chat = 0, bot = 0) {
  location.hash = `${person}/${chat}/${bot}`;
}

export const call = (deed, asked = {}) => post(deed, { ...at, ...asked });

// -- what a person does

const deeds = {
  say: (text) => send(text),
  go(id) {
    const found = seen.get(id)?.node;
    found?.scrollIntoView({ block: "center", behavior: "smooth" });
    found?.classList.add("lit");
    setTimeout(() => found?.classList.remove("lit"), 1200);
  },
  view(src) {
    $("viewer").firstElementChild.src = src;
    $("viewer").showModal();
  },
  reply(message) {
    answered = message;
    answering();
    $("words").focus();
  },
  remove: (message) => call("delete", { message: message.id }),
  async press(message, button, key) {
    if (button.copy_text) {
      await navigator.clipboard?.writeText(button.copy_text.text).catch(() => null);
      return toast(say("copied"));
    }
    key.classList.add("busy");
    const told = await call("press", { message: message.id, button: button.callback_data ?? button.text });
    key.classList.remove("busy");
    if (told.alert) await ask(told.text, []);
    else if (told.text) toast(told.text);
    return told;
  },
  async pay(message) {
    const { title, total_amount: total } = message.invoice;
    const more = [el("p", {}, `${say("payAsk", stars(total))} “${title}”.`), el("p", { className: "faint" }, `${say("balance")} ${stars(screen.me.stars)}`)];
    if (!(await ask(say("payFor"), more, `${say("pay")} ${stars(total)}`))) return;
    toast(say("checking"));
    const told = await call("pay", { message: message.id });
    if (told.state) toast(told.state === "paid" ? say("paid", stars(total)) : say(told.state, told.why));
  },
};

async function send(text) {
  const words = text.trim();
  if (!words) return;
  const to = answered?.id;
  answered = null;
  answering();
  const told = await call("say", { text: words, to });
  if (told.error && !$("words").value) $("words").value = words;
  toEnd();
}

async function photograph(file) {
  if (!file) return;
  const url = URL.createObjectURL(file);
  const typed = await ask(say("attach"), [
    el("img", { src: url, alt: "", className: "preview" }),
    el("input", { name: "caption", maxLength: 1024, placeholder: say("caption"), ariaLabel: say("caption"), autocomplete: "off" }),
  ], say("send"));
  URL.revokeObjectURL(url);
  if (!typed) return;
  await call("photograph", { data: await base64(file), caption: typed.get("caption"), to: answered?.id });
  answered = null;
  answering();
  toEnd();
}

function answering() {
  $("answering").hidden = !answered;
  if (!answered) return;
  const [who, what] = $("answering").querySelectorAll("strong, span");
  who.textContent = answered.from;
  what.textContent = answered.text || "🖼";
}

// -- what is drawn

function bar() {
  const { chat } = screen;
  face($("face"), chat.bot || chat.id, chat.title);
  $("title").textContent = chat.title;
  const doing = chat.action && (["typing", "upload_photo", "upload_document"].includes(chat.action.what) ? chat.action.what : "doing");
  $("status").textContent = doing ? `${say(doing)}…` : chat.kind === "private" ? say("bot") : `${chat.members} ${say("members")}`;
  $("status").classList.toggle("busy", Boolean(doing));
  if (doing) setTimeout(() => { screen.chat.action = null; bar(); }, chat.action.for * 1000);
}

function messages() {
  const { chat } = screen;
  const next = new Map();
  const nodes = [];
  let day = "";
  let album = null;
  for (const message of chat.messages) {
    const date = new Date(message.at * 1000).toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long" });
    if (date !== day) nodes.push(el("div", { className: "happened day" }, el("span", {}, date)));
    day = date;
    const stamp = JSON.stringify(message) + document.documentElement.lang;
    const old = seen.get(message.id);
    const node = old?.stamp === stamp ? old.node : drawn(message, chat.kind !== "private", deeds);
    next.set(message.id, { stamp, node });
    if (message.group && album?.dataset.group === message.group) album.insertBefore(node, album.querySelector(":scope > .text"));
    else if (message.group) nodes.push((album = framed(message, node)));
    else nodes.push(node);
  }
  seen = next;
  if (!chat.messages.length) nodes.push(welcome(chat));
  if (chat.draft) nodes.push(draft(chat.draft));
  place($("list"), nodes);
  if (atEnd) toEnd("instant");
  arrow();
}

// An album hangs in one frame, and its caption under all of it.
const framed = (message, node) => el("div", { className: message.mine ? "album mine" : "album", data: { group: message.group } }, node,
  message.text ? el("div", { className: "text" }, ...marked(message.text, message.entities, deeds)) : "");

const welcome = (chat) => el("div", { className: "welcome" },
  chat.about ? el("b", {}, say("what")) : "", el("p", {}, ...(chat.about ? marked(chat.about, [], deeds) : [say("empty")])));

const draft = (one) => el("article", { className: "message theirs draft" },
  el("div", { className: "bubble" }, el("div", { className: "text" }, one.text || say("draft"))),
  el("div", { className: "keys" }, el("div", {}, el("button", { type: "button", className: "key", on: { click: () => call("stop") } }, say("stop")))));

function toEnd(behavior = "smooth") {
  $("wall").scrollTo({ top: $("wall").scrollHeight, behavior });
}

let atEnd = true; // whoever reads the end goes on reading it, whatever grows above or below
function arrow() {
  atEnd = $("wall").scrollHeight - $("wall").scrollTop - $("wall").clientHeight < NEAR;
  $("down").hidden = atEnd;
}

function foot() {
  const { chat } = screen;
  const begun = chat.kind !== "private" || chat.messages.length > 0;
  $("composer").hidden = chat.blocked || !begun;
  $("start").hidden = begun && !chat.blocked;
  $("start").textContent = say(chat.blocked ? "restart" : "start");
  $("commands").hidden = !chat.commands.length;
  $("keyboard").hidden = !chat.keyboard.length || $("composer").hidden;
  $("keyboard").replaceChildren(...chat.keyboard.map((row) => el("div", {}, ...row.map((text) =>
    el("button", { type: "button", on: { click: () => send(text) } }, text)))));
}

// The commands that fit what is typed; all of them when the menu asks.
function offers(all = false) {
  const typed = $("words").value;
  const wanted = typed.startsWith("/") && !/\s/.test(typed) ? typed.slice(1).toLowerCase() : null;
  const fit = all ? screen.chat.commands : screen.chat.commands.filter((one) => wanted !== null && one.command.startsWith(wanted));
  $("offers").hidden = !fit.length;
  $("offers").replaceChildren(...fit.map((one) => el("li", {}, el("button", { type: "button", on: { click: () => take(one) } },
    el("b", {}, `/${one.command}`), el("span", {}, one.description)))));
}

function take(command) {
  $("offers").hidden = true;
  $("words").value = "";
  grow();
  send(`/${command.command}`);
}

function grow() {
  $("words").style.height = "auto";
  $("words").style.height = `${Math.min($("words").scrollHeight, 132)}px`;
  $("send").classList.toggle("ready", $("words").value.trim() !== "");
}

function draw() {
  bar();
  messages();
  foot();
  side(screen, at);
}

async function live() {
  for (;;) {
    const asked = at;
    try {
      const query = new URLSearchParams({ ...asked, seen: screen ? screen.revision : -1 });
      const told = await fetch(`/api/screen?${query}`, { signal: leaving.signal }).then((answer) => answer.json());
      if (asked !== at) continue;
      screen = told;
      at.person ||= told.me.id;
      at.bot ||= told.chat.bot;
      draw();
    } catch (fault) {
      if (fault.name === "AbortError") continue;
      toast(say("lost"));
      await new Promise((done) => setTimeout(done, 1500));
    }
  }
}

let leaving = new AbortController();
function moved() {
  at = read();
  screen = null;
  answered = null;
  seen = new Map();
  $("list").replaceChildren();
  answering();
  leaving.abort();
  leaving = new AbortController();
  openSide("");
}

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("words").value;
  $("words").value = "";
  $("offers").hidden = true;
  grow();
  send(text);
});
$("words").addEventListener("input", () => { grow(); offers(); });
$("words").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("composer").requestSubmit();
  }
});
$("commands").addEventListener("click", () => ($("offers").hidden ? offers(true) : ($("offers").hidden = true)));
$("attach").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", () => { photograph($("file").files[0]); $("file").value = ""; });
$("start").addEventListener("click", async () => {
  if (screen.chat.blocked) await call("block", { blocked: false });
  await send("/start");
});
$("answering").querySelector("button").addEventListener("click", () => { answered = null; answering(); });
$("down").addEventListener("click", () => toEnd());
$("wall").addEventListener("scroll", arrow);
new ResizeObserver(() => atEnd && toEnd("instant")).observe($("wall"));
$("viewer").addEventListener("click", () => $("viewer").close());
$("language").addEventListener("click", () => { turn(); draw(); });
$("list").addEventListener("click", (event) => {
  const picked = event.target.closest(".bubble") && !event.target.closest("button, a") ? event.target.closest(".message") : null;
  for (const one of $("list").querySelectorAll(".picked")) if (one !== picked) one.classList.remove("picked");
  picked?.classList.toggle("picked");
});
window.addEventListener("hashchange", moved);
spell();
live();
