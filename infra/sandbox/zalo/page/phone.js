// One person's telephone: asks for the screen, draws what is new, and does what the person does.
import { dots, drawn } from "/draw.js";
import { ask, base64, el, face, place, post, toast } from "/made.js";
import { openSide, side } from "/side.js";
import { say, spell, turn } from "/words.js";

const $ = (id) => document.getElementById(id);
const NEAR = 120; // pixels from the end that still count as the end
let at = read();
let screen = null;
let seen = new Map(); // drawn messages, by id
let typing = 0; // until when, in ms of this page

function read() {
  const [person, bot] = location.hash.slice(1).split("/");
  return { person: person || "", bot: bot || "" };
}

export function go(person, bot = "") {
  location.hash = `${person}/${bot}`;
}

export const call = (deed, asked = {}) => post(deed, { ...at, ...asked });

// -- what a person does

const deeds = {
  view(src) {
    $("viewer").firstElementChild.src = src;
    $("viewer").showModal();
  },
};

async function send(text) {
  const words = text.trim();
  if (!words) return;
  const told = await call("say", { text: words });
  if (told.error && !$("words").value) $("words").value = words;
  toEnd();
}

async function photograph(file) {
  if (!file) return;
  const url = URL.createObjectURL(file);
  const typed = await ask(say("attach"), [
    el("img", { src: url, alt: "", className: "preview" }),
    el("input", { name: "caption", maxLength: 2000, placeholder: say("caption"), ariaLabel: say("caption"), autocomplete: "off" }),
  ], say("send"));
  URL.revokeObjectURL(url);
  if (!typed) return;
  await call("photograph", { data: await base64(file), caption: typed.get("caption") });
  toEnd();
}

// -- what is drawn

function bar() {
  const { chat } = screen;
  face($("face"), 0, chat.title.replace(/^bot\s+/i, ""));
  $("title").textContent = chat.title;
  $("status").textContent = say("bot");
}

function messages() {
  const { chat } = screen;
  const next = new Map();
  const nodes = [];
  let day = "";
  for (const message of chat.messages) {
    const date = new Date(message.at * 1000).toLocaleDateString(document.documentElement.lang, { day: "numeric", month: "long" });
    if (date !== day) nodes.push(el("div", { className: "day" }, date));
    day = date;
    const stamp = JSON.stringify(message) + document.documentElement.lang;
    const old = seen.get(message.id);
    const node = old?.stamp === stamp ? old.node : drawn(message, deeds);
    next.set(message.id, { stamp, node });
    nodes.push(node);
  }
  seen = next;
  if (!chat.messages.length) nodes.push(el("p", { className: "empty" }, say("empty")));
  if (Date.now() < typing) nodes.push(dots(chat.title));
  place($("list"), nodes);
  if (atEnd) toEnd("instant");
  arrow();
}

function awaited() {
  const left = screen.chat.typing * 1000;
  typing = Date.now() + left;
  if (left) setTimeout(() => screen && messages(), left + 50);
}

function toEnd(behavior = "smooth") {
  $("wall").scrollTo({ top: $("wall").scrollHeight, behavior });
}

let atEnd = true; // whoever reads the end goes on reading it, whatever grows above or below
function arrow() {
  atEnd = $("wall").scrollHeight - $("wall").scrollTop - $("wall").clientHeight < NEAR;
  $("down").hidden = atEnd;
}

function foot() {
  $("composer").hidden = screen.chat.blocked;
  $("return").hidden = !screen.chat.blocked;
}

function grow() {
  const words = $("words").value.trim() !== "";
  $("words").style.height = "auto";
  $("words").style.height = `${Math.min($("words").scrollHeight, 132)}px`;
  $("send").hidden = !words;
  $("attach").hidden = $("voice").hidden = words;
  $("send").classList.toggle("ready", words);
}

function draw() {
  bar();
  messages();
  foot();
  side(screen);
}

async function live() {
  for (;;) {
    const asked = at;
    try {
      const query = new URLSearchParams({ ...asked, seen: screen ? screen.revision : "" });
      const told = await fetch(`/api/screen?${query}`, { signal: leaving.signal }).then((answer) => answer.json());
      if (asked !== at) continue;
      screen = told;
      at.person ||= told.me.id;
      at.bot ||= told.chat.bot;
      awaited();
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
  seen = new Map();
  typing = 0;
  $("list").replaceChildren();
  leaving.abort();
  leaving = new AbortController();
  openSide("");
}

$("composer").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = $("words").value;
  $("words").value = "";
  grow();
  send(text);
});
$("words").addEventListener("input", grow);
$("words").addEventListener("keydown", (event) => {
  if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
    event.preventDefault();
    $("composer").requestSubmit();
  }
});
$("sticker").addEventListener("click", () => call("stick").then(() => toEnd()));
$("voice").addEventListener("click", () => call("speak").then(() => toEnd()));
$("attach").addEventListener("click", () => $("file").click());
$("file").addEventListener("change", () => { photograph($("file").files[0]); $("file").value = ""; });
$("return").addEventListener("click", () => call("block", { blocked: false }));
$("down").addEventListener("click", () => toEnd());
$("wall").addEventListener("scroll", arrow);
new ResizeObserver(() => atEnd && toEnd("instant")).observe($("wall"));
$("list").addEventListener("load", () => atEnd && toEnd("instant"), true);
$("viewer").addEventListener("click", () => $("viewer").close());
$("language").addEventListener("click", () => { turn(); draw(); });
window.addEventListener("hashchange", moved);
spell();
live();
