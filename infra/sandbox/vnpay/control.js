// The control page: what the gateway says of itself, drawn anew every two seconds; every button is one call of its JSON.
"use strict";

const EVERY = 2000; // ms
const STATUS = {
  "00": "done", "01": "not finished", "02": "failed", "05": "refund in process", "06": "refund sent to the bank",
  "07": "suspicious", "09": "refund rejected", "11": "ran out",
};
const $ = (id) => document.getElementById(id);
let state = null;

function el(name, given = {}, ...inside) {
  const made = document.createElement(name);
  const { data = {}, on, ...rest } = given;
  Object.assign(made, rest);
  Object.assign(made.dataset, data);
  if (on) made.addEventListener("click", on);
  made.append(...inside);
  return made;
}

async function call(deed, asked) {
  const headers = { "Content-Type": "application/json" };
  const answer = await fetch(`/api/${deed}`, { method: "POST", headers, body: JSON.stringify(asked) });
  const said = await answer.json();
  $("told").textContent = said.error ?? "";
  $("told").classList.toggle("bad", Boolean(said.error));
  await look();
  return said;
}

const button = (text, deed, asked, look = "") =>
  el("button", { type: "button", className: look, on: () => call(deed, asked) }, text);

const moment = (stamp) =>
  `${stamp.slice(0, 4)}-${stamp.slice(4, 6)}-${stamp.slice(6, 8)} ${stamp.slice(8, 10)}:${stamp.slice(10, 12)}:${stamp.slice(12)}`;

function terminal(one) {
  const input = el("input", { value: one.ipn_url, placeholder: "none yet" });
  const set = () => call("terminal", { code: one.code, ipn_url: input.value });
  return el("div", { className: "terminal", data: { code: one.code } },
    el("label", {}, `${one.code} · IPN address`, input),
    el("button", { type: "button", on: set }, "Set"),
    button(one.approved ? "Withdraw approval" : "Approve", "terminal", { code: one.code, approved: !one.approved }));
}

function suite(one) {
  const few = one.open < 2;
  const run = async () => showCases(await call("acceptance", { terminal: one.code }));
  return el("div", {},
    el("button", { type: "button", className: "main", disabled: few, data: { suite: one.code }, on: run }, `Run on ${one.code}`),
    el("p", { className: few ? "faint bad" : "faint" },
      few ? `It needs two open transactions; there ${one.open === 1 ? "is 1" : "are none"}. Open pay links and leave them.`
        : `${one.open} open transactions`));
}

function showCases(said) {
  if (!said.cases) return;
  const rows = said.cases.map((one) => el("tr", {},
    el("td", {}, one.name), el("td", {}, one.expected), el("td", {}, one.got),
    el("td", { className: one.passed ? "good" : "bad" }, one.passed ? "passed" : "failed")));
  $("cases").tBodies[0].replaceChildren(...rows);
  $("cases").hidden = false;
}

function fault(one) {
  const left = one.left === null ? "until cleared" : `${one.left} more`;
  const text = `${one.kind} · ${one.terminal || "all terminals"} · ${left}`;
  return el("li", {}, el("span", {}, text), button("Clear", "clear", { kind: one.kind, terminal: one.terminal }));
}

function deeds(one) {
  const { ref, terminal } = one;
  if (!one.outcome) {
    const codes = one.status === "01" ? ["00", "24", "51", "07"] : ["00"];
    const late = one.status !== "01";
    return codes.map((code) => button(`${late ? "Late: " : ""}${code} ${state.outcomes[code]}`, "pay", { ref, terminal, outcome: code, late }));
  }
  const made = [button("Send IPN again", "resend", { ref, terminal })];
  if (one.outcome.status !== "00") made.push(button("Late: bank says paid after all", "pay", { ref, terminal, outcome: "00", late: true }));
  if (one.refunds.some((each) => ["05", "06"].includes(each.status))) {
    made.push(button("Finish refund", "refund", { ref, terminal, status: "00" }));
    made.push(button("Reject refund", "refund", { ref, terminal, status: "09" }));
  }
  return made;
}

function table(heads, rows) {
  const head = el("thead", {}, el("tr", {}, ...heads.map((text) => el("th", {}, text))));
  const body = el("tbody", {}, ...rows.map((cells) => el("tr", {}, ...cells.map((cell) => el("td", {}, cell)))));
  return el("div", { className: "wide", tabIndex: 0, role: "group", ariaLabel: heads[0] }, el("table", {}, head, body));
}

function transaction(one, open) {
  const good = one.status === "00";
  const last = one.refunds.at(-1);
  const how = one.outcome ? `${one.outcome.code} ${state.outcomes[one.outcome.code]}` : STATUS[one.status];
  const inside = [el("div", { className: "row" }, ...deeds(one))];
  inside.push(el("p", { className: "faint" }, `${one.info} · opened ${moment(one.opened)} · until ${moment(one.expires)}`));
  if (one.attempts.length) {
    inside.push(el("h3", {}, "IPN"), table(["When", "Call", "Came of it", "Answer", "Sent"], one.attempts.map((each) => [
      moment(each.at), each.number ? `${each.number} of 10` : "extra", each.outcome,
      el("code", {}, each.answer), el("code", {}, each.query)])));
  }
  if (one.refunds.length) {
    inside.push(el("h3", {}, "Refunds"), table(["When", "VND", "Type", "By", "Status"], one.refunds.map((each) => [
      moment(each.date), (each.amount / 100).toLocaleString("en"), each.kind, each.by, `${each.status} ${STATUS[each.status] ?? ""}`])));
  }
  const summary = el("summary", {},
    el("b", {}, one.ref), el("span", { className: "amount" }, `${one.amount.toLocaleString("en")} ₫`),
    el("span", { className: good ? "good" : one.status === "01" ? "" : "bad" }, last ? `${how}, ${STATUS[last.status] ?? last.status}` : how),
    el("span", { className: "faint" }, `IPN: ${one.attempts.at(-1)?.outcome ?? "–"}`));
  const key = `${one.terminal} ${one.ref}`;
  return el("li", {}, el("details", { open: open.has(key), data: { key } }, summary, el("div", { className: "inside" }, ...inside)));
}

function draw() {
  $("url").textContent = state.url;
  $("date").textContent = moment(state.date);
  $("scale").textContent = state.scale ? `waits at ${state.scale}×` : "waits end by hand only";
  $("held").textContent = state.held;
  $("faults").replaceChildren(...state.faults.map(fault));
  $("suites").replaceChildren(...state.terminals.map(suite));
  const open = new Set([...document.querySelectorAll("details[open]")].map((each) => each.dataset.key));
  $("transactions").replaceChildren(...state.transactions.map((one) => transaction(one, open)));
  $("none").hidden = state.transactions.length > 0;
  if (!$("terminals").contains(document.activeElement)) $("terminals").replaceChildren(...state.terminals.map(terminal));
}

function choices() {
  const form = $("fault").elements;
  form.kind.replaceChildren(...Object.entries(state.kinds).map(([kind]) => el("option", { value: kind }, kind)));
  form.terminal.append(...state.terminals.map((one) => el("option", { value: one.code }, one.code)));
  const explain = () => { $("meaning").textContent = state.kinds[form.kind.value]; };
  form.kind.addEventListener("change", explain);
  explain();
}

async function look() {
  const first = state === null;
  state = await (await fetch("/api/state")).json();
  if (first) choices();
  keepFocus(draw);
}

// Drawing anew would take the focus from whoever goes by keyboard.
function keepFocus(deed) {
  const before = document.activeElement;
  const key = before?.closest?.("details")?.dataset.key;
  const text = before?.textContent;
  deed();
  if (!key || document.contains(before)) return;
  const again = [...document.querySelectorAll("details")].find((each) => each.dataset.key === key);
  const same = again && [...again.querySelectorAll("summary, button")].find((each) => each.textContent === text);
  (same ?? again?.querySelector("summary"))?.focus();
}

document.addEventListener("click", (event) => {
  const pressed = event.target.closest("[data-deed]");
  if (pressed) call(pressed.dataset.deed, JSON.parse(pressed.dataset.with));
});

$("fault").addEventListener("submit", (event) => {
  event.preventDefault();
  const { kind, terminal, times, seconds, copies } = Object.fromEntries(new FormData(event.target));
  const number = (text) => (text === "" ? null : Number(text));
  call("fault", { kind, terminal, times: number(times), seconds: number(seconds), copies: Number(copies) || 1 });
});

async function forEver() {
  try {
    await look();
  } catch {
    $("told").textContent = "The gateway does not answer.";
  }
  setTimeout(forEver, EVERY);
}
forEver();
