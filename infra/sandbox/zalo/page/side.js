// What stands beside the telephone: whose it is, which chats there are, and what happens behind the scenes.
import { el, face } from "/made.js";
import { call, go } from "/phone.js";
import { locale, say } from "/words.js";

const $ = (id) => document.getElementById(id);
const EVERY = 2000; // ms
const DIALECTS = ["observed", "docs"];
let shown = null;
let kinds = {};

export function openSide(name) {
  for (const one of ["people", "behind"]) $(one).classList.toggle("open", one === name && !$(one).classList.contains("open"));
}

const number = (id) => parseInt(id.slice(0, 8), 16) || 0;
const row = (id, title, more, on, click) => el("li", {}, el("button", { type: "button", className: on ? "on" : "", on: { click } },
  face(el("span", { className: "face small", ariaHidden: "true" }), number(id), title), el("span", {}, el("b", {}, title), more)));

const who = (one) => el("small", {}, one.protected ? el("span", { className: "badge" }, say("protected")) : one.id);

export function side(screen) {
  shown = screen;
  const { me, people, chats, chat } = screen;
  $("who").replaceChildren(...people.map((one) => row(one.id, one.name, who(one), one.id === me.id, () => go(one.id))));
  $("chats").replaceChildren(...chats.map((one) => row(one.bot, one.title, el("small", {}, one.last), one.bot === chat.bot, () => go(me.id, one.bot))));
  $("block").textContent = say(chat.blocked ? "unblock" : "block");
  $("language").textContent = say("language");
}

function control(told) {
  const date = new Date(told.date * 1000).toLocaleString(locale());
  $("clock").textContent = `${date} · ${say("scale")} ${told.scale}`;
  $("strict").checked = told.habits.strict_http;
  plan(told.bots.find((one) => one.id === shown?.chat.bot) ?? told.bots[0]);
  kinds = told.kinds;
  const select = $("fault").elements.kind;
  if (!select.options.length) select.replaceChildren(...Object.keys(kinds).map((one) => el("option", { value: one }, one)));
  $("meaning").textContent = kinds[select.value] ?? "";
  $("faults").replaceChildren(...told.faults.map(fault));
  $("calls").replaceChildren(...told.calls.map((one) => el("li", { className: one.ok ? "" : "bad" },
    el("b", {}, one.method), el("span", {}, ""), el("i", {}, one.ok ? "ok" : String(one.code)), one.told ? el("small", {}, one.told) : "")));
}

const of = (most) => (most ? `/${most.toLocaleString(locale())}` : "");
function plan(bot) {
  $("used").textContent = `${bot.plan.name} · ${bot.messages.toLocaleString(locale())}${of(bot.plan.messages)} ${say("used")} · ${bot.users}${of(bot.plan.users)} ${say("users")}`;
  $("dialect").replaceChildren(...DIALECTS.map((one) => el("option", { value: one, selected: one === bot.dialect }, say(one))));
}

function fault(one) {
  const clear = () => call("clear", { kind: one.kind, method: one.method, chat: one.chat || "" }).then(() => look());
  const text = `${one.kind} ${one.method} · ${one.left ?? say("always")}`;
  return el("li", { className: "fault" }, el("span", {}, text), el("button", { type: "button", on: { click: clear } }, say("clear")));
}

// Only where it is seen, and not while the page lies in the background or somebody chooses.
async function look(opening = false) {
  if (document.hidden || document.activeElement === $("dialect")) return;
  if (!opening && !$("behind").checkVisibility({ visibilityProperty: true })) return;
  try {
    control(await fetch("/api/control").then((answer) => answer.json()));
  } catch {
    // the telephone itself says that the line is lost
  }
}

$("drawer").addEventListener("click", () => openSide("people"));
$("tools").addEventListener("click", () => { openSide("behind"); look(true); });
$("wall").addEventListener("click", () => openSide(""));
$("language").addEventListener("click", () => look());
$("block").addEventListener("click", () => call("block", { blocked: !shown.chat.blocked }));
$("new-person").addEventListener("submit", async (event) => {
  event.preventDefault();
  const { name, protected: shielded } = event.target.elements;
  const told = await call("person", { name: name.value, protected: shielded.checked });
  event.target.reset();
  if (told.id) go(told.id);
});
$("limit").addEventListener("submit", async (event) => {
  event.preventDefault();
  await call("bot", { messages: Number(event.target.elements.messages.value) });
  event.target.reset();
  look();
});
$("dialect").addEventListener("change", async () => {
  await call("bot", { dialect: $("dialect").value });
  $("dialect").blur();
  look();
});
$("strict").addEventListener("change", () => call("habit", { strict_http: $("strict").checked }));
$("fault").addEventListener("submit", (event) => {
  event.preventDefault();
  const { kind, method, times, seconds } = event.target.elements;
  const given = (one) => (one.value === "" ? null : Number(one.value));
  call("fault", { kind: kind.value, method: method.value.trim(), times: given(times), seconds: given(seconds) }).then(() => look());
});
$("fault").elements.kind.addEventListener("change", () => { $("meaning").textContent = kinds[$("fault").elements.kind.value]; });
for (const one of document.querySelectorAll("[data-advance]")) {
  one.addEventListener("click", () => call("advance", { seconds: Number(one.dataset.advance) }).then(() => look()));
}
setInterval(() => look(), EVERY);
look();
