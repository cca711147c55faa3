// The page put together: what comes from the house goes to the list and the header, what the person does goes to the house.

import { loadMissing } from "./body.js";
import { Composer } from "./composer.js";
import { announce } from "./make.js";
import { Messages } from "./messages.js";
import { Scroll } from "./scroll.js";
import { Line } from "./socket.js";
import { Unsent } from "./unsent.js";
import { view } from "./viewer.js";
import { language, say, speak } from "./words.js";

const OFFICES = ["owner", "moderator"];
const QUIET = 250; // ms without a frame after which what was missed is taken to be there

const line = new Line({ hello, heard, changed });
const unsent = new Unsent(line);
const messages = new Messages((choice) => unsent.pressed(choice));
const scroll = new Scroll();
const composer = new Composer(send);
const log = document.getElementById("log");

let purse = null;
let settling = 0;
let reached = true; // whether the house was, when last it was spoken of

// -- to the house

function hello() {
  return { do: "hello", after: messages.last, language: language() };
}

function send(frame, type) {
  messages.send(unsent.add(frame, type));
  scroll.toEnd();
}

function press(choice) {
  if (unsent.pressed(choice)) return;
  unsent.add({ do: "press", choice });
  messages.press();
}

function changed(state, crowded = false) {
  document.body.dataset.line = state;
  if (state === "open") {
    unsent.flush();
    loadMissing();
  }
  if (state === "broken") unsent.lost();
  if (state !== "connecting") tellWhy(crowded);
  tellLine();
  if (state !== "connecting") tellReach(state);
}

// -- from the house

const KINDS = { ack: acknowledged, refused, said: show, reply: show, edit: show, purse: balanced, menu: offered };

function heard(frame) {
  KINDS[frame.kind]?.(frame); // a kind we do not know belongs to a newer house
  if (!settling || log.ariaBusy) settle();
}

function show(frame) {
  document.body.dataset.begun = "";
  messages.show(frame);
}

function acknowledged({ id }) {
  unsent.settle(id);
  messages.keep(id);
  messages.press();
  unsent.flush();
}

function refused({ id, text }) {
  const item = unsent.settle(id);
  if (item) messages.refuse(item, text);
  messages.press();
  unsent.flush();
}

function balanced(frame) {
  purse = frame;
  if (frame.language !== document.documentElement.lang) retell(frame.language);
  tellPurse();
}

function offered({ commands }) {
  composer.commands.fill(commands);
}

/** What was missed comes in one breath: it is not read aloud, and the list opens at its end. */
function settle() {
  clearTimeout(settling);
  settling = setTimeout(() => {
    log.ariaBusy = null;
    scroll.toEnd();
  }, QUIET);
}

// -- the header

function retell(name) {
  speak(name);
  for (const button of document.querySelectorAll("[data-language]")) {
    button.ariaPressed = String(button.dataset.language === language());
  }
  tellLine();
  tellPurse();
  composer.retell();
}

function tellLine() {
  document.getElementById("line").textContent = say(document.body.dataset.line);
}

/** Why there is no line: the house cannot be reached, or this page is one too many. */
function tellWhy(crowded) {
  const why = document.querySelector(".lost p");
  why.dataset.word = crowded ? "crowded" : "again";
  why.textContent = say(why.dataset.word);
}

/** Said aloud once when the line breaks and once when it is mended, not at every try. */
function tellReach(state) {
  if (reached === (state === "open")) return;
  reached = state === "open";
  announce(say(state));
}

function tellPurse() {
  if (!purse) return;
  const balance = document.getElementById("balance");
  const { free, held, rights } = purse;
  Object.assign(balance.dataset, { balance: free, held });
  balance.querySelector(".free").textContent = say(free === 1 ? "credit" : "credits", { n: free });
  balance.querySelector(".held").textContent = held ? say("held", { n: held }) : "";
  document.getElementById("rights").textContent = OFFICES.includes(rights) ? say(rights) : "";
}

// -- what is pressed

function pressed(event) {
  const button = event.target.closest("button");
  if (!button) return;
  const { choice, fill, drop, picture, language: wished } = button.dataset;
  if (fill !== undefined) composer.put(fill || button.textContent);
  if (drop) messages.remove(drop);
  if (choice) press(choice);
  if (picture) view(button);
  if (wished && wished !== language()) unsent.add({ do: "say", text: `/language ${wished}` });
  if (button.id === "now") line.renew();
}

/** A keyboard on glass covers the page where it does not shrink it; then only what can be seen is the page. */
function fit() {
  if (visualViewport.scale > 1.01) return; // it is the person who looks closer
  document.documentElement.style.setProperty("--visible", `${visualViewport.height}px`);
  scrollTo(0, 0);
}

document.addEventListener("click", pressed);
if (matchMedia("(pointer: coarse)").matches) visualViewport.addEventListener("resize", fit);
retell(language());
unsent.items.filter(({ frame }) => frame.do !== "press").forEach((item) => messages.send(item));
line.open();
