// What stands beside the telephone: whose it is, which chats there are, and what happens behind the scenes.
import { stars } from "/draw.js";
import { ask, el, face } from "/made.js";
import { call, go } from "/phone.js";
import { locale, say } from "/words.js";

const $ = (id) => document.getElementById(id);
const EVERY = 2000; // ms
let shown = null;
let kinds = {};

export function openSide(name) {
  for (const one of ["people", "behind"]) $(one).classList.toggle("open", one === name && !$(one).classList.contains("open"));
}

const row = (id, title, more, on, click) => el("li", {}, el("button", { type: "button", className: on ? "on" : "", on: { click } },
  face(el("span", { className: "face small", ariaHidden: "true" }), id, title), el("span", {}, el("b", {}, title), el("small", {}, more))));

export function side(screen, at) {
  shown = { screen, at };
  const { me, people, chats, chat } = screen;
  $("who").replaceChildren(...people.map((one) => row(one.id, one.name, String(one.id), one.id === me.id, () => go(one.id))));
  $("chats").replaceChildren(...chats.map((one) => {
    const on = one.kind === "private" ? chat.kind === "private" && one.bot === chat.bot : one.id === chat.id;
    return row(one.bot || one.id, one.title, one.last, on, () => go(me.id, one.kind === "private" ? 0 : one.id, one.bot));
  }));
  $("stars").textContent = stars(me.stars);
  $("block").hidden = chat.kind !== "private";
  $("block").textContent = say(chat.blocked ? "unblock" : "block");
  $("language").textContent = say("language");
}

function control(told) {
  const date = new Date(told.date * 1000).toLocaleString(locale());
  $("clock").textContent = `${date} · ${say("scale")} ${told.scale}`;
  $("limits").checked = told.rates.on;
  $("floods").textContent = told.floods;
  kinds = told.kinds;
  const select = $("fault").elements.kind;
  if (!select.options.length) select.replaceChildren(...Object.keys(kinds).map((one) => el("option", { value: one }, one)));
  $("meaning").textContent = kinds[select.value] ?? "";
  $("faults").replaceChildren(...told.faults.map(fault));
  $("calls").replaceChildren(...told.calls.map((one) => el("li", { className: one.status === 200 ? "" : "bad" },
    el("b", {}, one.method), el("span", {}, one.chat ? String(one.chat) : ""), el("i", {}, String(one.status || "✂")), one.told ? el("small", {}, one.told) : "")));
}

function fault(one) {
  const clear = () => call("clear", { kind: one.kind, method: one.method, chat: one.chat }).then(() => look());
  const text = `${one.kind} ${one.method} · ${one.left ?? say("always")}`;
  return el("li", { className: "fault" }, el("span", {}, text), el("button", { type: "button", on: { click: clear } }, say("clear")));
}

// Only where it is seen, and not while the page lies in the background.
async function look(opening = false) {
  if (document.hidden || !(opening || $("behind").checkVisibility({ visibilityProperty: true }))) return;
  try {
    control(await fetch("/api/control").then((answer) => answer.json()));
  } catch {
    // the telephone itself says that the line is lost
  }
}

$("drawer").addEventListener("click", () => openSide("people"));
$("tools").addEventListener("click", () => { openSide("behind"); look(true); });
$("wall").addEventListener("click", () => openSide(""));
$("block").addEventListener("click", () => call("block", { blocked: !shown.screen.chat.blocked }));
$("new-person").addEventListener("submit", async (event) => {
  event.preventDefault();
  const told = await call("person", { name: event.target.elements.name.value });
  event.target.reset();
  if (told.id) go(told.id);
});
$("new-group").addEventListener("click", async () => {
  const { me, people } = shown.screen;
  const members = people.filter((one) => one.id !== me.id).map((one) => el("label", { className: "check" },
    el("input", { type: "checkbox", name: "members", value: one.id, checked: true }), el("span", {}, one.name)));
  const typed = await ask(say("newGroup"), [
    el("input", { name: "title", required: true, maxLength: 60, placeholder: say("groupTitle"), ariaLabel: say("groupTitle"), autocomplete: "off" }),
    el("fieldset", {}, el("legend", {}, say("groupOf")), ...members),
  ], say("create"));
  if (!typed) return;
  const told = await call("group", { title: typed.get("title"), members: [me.id, ...typed.getAll("members").map(Number)] });
  if (told.id) go(me.id, told.id);
});
$("limits").addEventListener("change", () => call("rates", { on: $("limits").checked }));
$("fault").addEventListener("submit", (event) => {
  event.preventDefault();
  const { kind, method, times, seconds } = event.target.elements;
  const given = (one) => (one.value === "" ? null : Number(one.value));
  call("fault", { chat: 0, kind: kind.value, method: method.value.trim(), times: given(times), seconds: given(seconds) }).then(() => look());
});
$("fault").elements.kind.addEventListener("change", () => { $("meaning").textContent = kinds[$("fault").elements.kind.value]; });
for (const one of document.querySelectorAll("[data-advance]")) {
  one.addEventListener("click", () => call("advance", { seconds: Number(one.dataset.advance) }).then(() => look()));
}
setInterval(() => look(), EVERY);
look();
