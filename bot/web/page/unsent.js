// What was sent and is not acknowledged yet. It outlives a reload, and goes out again under the same id until it is kept.

import { forget, names, recall, remember } from "./pocket.js";
import { post } from "./post.js";

const SHELF = "unsent.";
const FRAMES = 30; // in so many ms; the house closes at 40
const WINDOW = 10_000;
const PATIENCE = 15_000; // ms without an acknowledgement before the socket is thought dead
const LOOK = 3_000;

export class Unsent {
  #line;
  #items = new Map(); // id -> { frame, at, type, safe, sent, posting }
  #times = []; // when the last frames left
  #patience = PATIENCE;
  #timer = 0;

  constructor(line) {
    this.#line = line;
    for (const item of kept()) this.#items.set(item.frame.id, item);
    addEventListener("beforeunload", (event) => this.#leaving(event));
    setInterval(() => this.#look(), LOOK);
  }

  get items() {
    return [...this.#items.values()];
  }

  /** Takes a frame to send, gives it its id, and does not let go of it before it is acknowledged or refused. */
  add(frame, type = "") {
    const item = { frame: { ...frame, id: unique() }, type, at: Date.now() + this.#items.size / 1000 };
    item.safe = remember(SHELF + item.frame.id, JSON.stringify(item));
    this.#items.set(item.frame.id, item);
    this.flush();
    return item;
  }

  /** Acknowledged or refused: the item that was waiting, if it still was. */
  settle(id) {
    const item = this.#items.get(id);
    this.#items.delete(id);
    this.#patience = PATIENCE;
    forget(SHELF + id);
    return item;
  }

  pressed(choice) {
    return this.items.some((item) => item.frame.choice === choice);
  }

  /** The socket broke: nothing that was on its way counts as sent, but what is posted goes a way of its own. */
  lost() {
    for (const item of this.items.filter((each) => !each.posting)) item.sent = 0;
  }

  /** Sends what has not been sent on this socket, in order, no faster than the house takes it. */
  flush() {
    clearTimeout(this.#timer);
    for (const item of this.items.filter((each) => !each.sent)) {
      if (!this.#line.isOpen || this.items.some((each) => each.posting)) return;
      if (this.#full()) return void this.#later();
      item.sent = Date.now();
      this.#times.push(item.sent);
      if (item.frame.do === "upload") this.#post(item);
      else this.#line.send(item.frame);
    }
  }

  /** What was said after it waits, so that all stands in the order it was sent in. */
  async #post(item) {
    item.posting = true;
    const answer = await post(item.frame);
    item.posting = false;
    if (answer) return this.#line.heard(answer);
    item.sent = 0;
    this.#later();
  }

  #later() {
    this.#timer = setTimeout(() => this.flush(), LOOK);
  }

  #full() {
    this.#times = this.#times.filter((time) => Date.now() - time < WINDOW);
    return this.#times.length >= FRAMES;
  }

  /** A socket can be dead without saying so: the acknowledgement that does not come tells. */
  #look() {
    const late = this.items.some((item) => !item.posting && item.sent && Date.now() - item.sent > this.#patience);
    if (!late || this.#line.waiting) return;
    this.#patience = Math.min(this.#patience * 2, 8 * PATIENCE);
    this.#line.renew();
  }

  /** A picture can be too large for the browser's memory; then leaving would lose it. */
  #leaving(event) {
    if (this.items.some((item) => !item.safe)) event.preventDefault();
  }
}

/** Not randomUUID: a house in one's own network may speak plain http, where browsers do not offer it. */
function unique() {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

function kept() {
  const texts = names(SHELF).map(recall).filter(Boolean);
  const items = texts.map((text) => ({ ...JSON.parse(text), safe: true, sent: 0 }));
  return items.sort((one, other) => one.at - other.at);
}
