// The list of messages: what was said and answered, in the order of the house; below it, what is still on its way there.

import { body, isWide } from "./body.js";
import { make } from "./make.js";
import { advance } from "./progress.js";
import { say } from "./words.js";

export class Messages {
  #said = document.getElementById("said"); // what the house has numbered
  #sending = document.getElementById("sending"); // what it has not answered for yet
  #last = 0;
  #isPressed;

  /** isPressed(choice): whether the press of this button is on its way. */
  constructor(isPressed) {
    this.#isPressed = isPressed;
  }

  /** The number of the last message that was shown: hello asks for what comes after it. */
  get last() {
    return this.#last;
  }

  /** Shows a frame of the kind said, reply or edit, once. */
  show(frame) {
    if (frame.progress) return this.#progress(frame);
    if (frame.seq <= this.#last) return;
    this.#last = frame.seq;
    const old = this.#find(frame.message);
    if (old) this.#replace(old, frame);
    else this.#append(frame);
  }

  #find(message) {
    return this.#said.querySelector(`[data-message="${CSS.escape(message)}"]`);
  }

  #progress(frame) {
    const message = this.#find(frame.message);
    if (message) advance(message, frame.progress);
  }

  #append(frame) {
    if (frame.kind === "said") this.#arrived(frame);
    const message = article(frame.kind === "said" ? "said" : "reply");
    message.dataset.message = frame.message;
    this.#fill(message, frame);
    this.#said.append(message);
  }

  /** The message changes under the person's hands: the focus stays where it was. */
  #replace(message, frame) {
    const focused = message.contains(document.activeElement) ? document.activeElement : null;
    this.#fill(message, { ...frame, kind: message.dataset.kind });
    if (!focused) return;
    const same = [...message.querySelectorAll("button")].find((each) => each.textContent === focused.textContent);
    (same ?? message).focus({ preventScroll: true });
  }

  #fill(message, frame) {
    message.replaceChildren(...body(frame));
    message.classList.toggle("wide", isWide(frame));
    message.classList.toggle("pictured", Boolean(frame.picture));
    message.classList.toggle("walled", Boolean(frame.wall?.length));
    if (frame.kind === "said") state(message, "kept");
    this.press(message);
  }

  /** Buttons whose press is on its way are busy, in whichever message they stand. */
  press(root = document) {
    for (const button of root.querySelectorAll("[data-choice]")) {
      const busy = this.#isPressed(button.dataset.choice);
      button.toggleAttribute("data-busy", busy);
      button.ariaDisabled = busy ? "true" : null;
    }
  }

  // -- own words on their way

  /** Shown at once, before the house has answered. */
  send({ frame, type }) {
    const message = article("said");
    message.dataset.id = frame.id;
    this.#fill(message, { kind: "said", text: frame.text, picture: frame.data && preview(frame.data, type) });
    state(message, "sending");
    this.#sending.append(message);
  }

  keep(id) {
    const message = this.#onItsWay(id);
    if (message) state(message, "kept");
  }

  /** Not kept: the house says why, and the person has the words back. */
  refuse({ frame }, why) {
    const message = this.#onItsWay(frame.id) ?? this.#owner(frame.choice);
    if (!message) return;
    message.querySelector(".notice")?.remove();
    message.querySelector(".label").append(notice(why, frame));
    if (message.dataset.id) state(message, "refused");
  }

  remove(id) {
    const message = this.#onItsWay(id);
    if (message) leave(message);
  }

  #onItsWay(id) {
    return this.#sending.querySelector(`[data-id="${CSS.escape(id)}"]`);
  }

  #owner(choice) {
    return choice && document.querySelector(`[data-choice="${CSS.escape(choice)}"]`)?.closest(".message");
  }

  /** What was on its way comes back as said: the house's own copy takes its place. */
  #arrived(frame) {
    const waiting = [...this.#sending.children].filter((each) => each.dataset.state !== "refused");
    const mine = waiting.find((each) => alike(each, frame));
    if (mine) leave(mine);
  }
}

function alike(message, frame) {
  const text = message.querySelector(".text")?.textContent ?? "";
  const same = text.normalize().trim() === (frame.text ?? "").normalize().trim();
  return same && message.classList.contains("pictured") === Boolean(frame.picture);
}

/** Own words are not read back to the person who wrote them. */
function article(kind) {
  const own = kind === "said";
  const name = own ? { "data-label": "you", "aria-label": say("you"), "aria-live": "off" } : { "aria-label": "Imagify" };
  return make(`article.message.${kind}`, { tabindex: -1, "data-kind": kind, ...name });
}

function state(message, name) {
  message.dataset.state = name;
  message.querySelector(".state")?.remove();
  if (name !== "refused") message.append(make("p.state", { "data-word": name }, say(name)));
}

function notice(why, { id, text, choice }) {
  const words = make("p", {}, why || say("refused"));
  const notice = make("div.notice", { role: "alert" }, words);
  if (choice) return notice;
  const buttons = make("div.row");
  if (text) buttons.append(mender("mend", { "data-fill": text, "data-drop": id }));
  buttons.append(mender("drop", { "data-drop": id }));
  notice.append(buttons);
  return notice;
}

function mender(word, attributes) {
  return make("button.choice", { type: "button", "data-word": word, ...attributes }, say(word));
}

function leave(message) {
  for (const each of message.querySelectorAll("[data-picture]")) URL.revokeObjectURL(each.dataset.picture);
  message.remove();
}

function preview(data, type) {
  const bytes = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
  return URL.createObjectURL(new Blob([bytes], { type }));
}
