// The line to the house: opens the socket, says hello, and opens it again whenever it breaks.

import { recall, remember } from "./pocket.js";

const SHORTEST = 400; // ms before the first new try; doubles up to
const LONGEST = 15_000;
const BUSY = 10_000; // after the house closed on us because we said too much
const TOO_MUCH = 1008;
const TOO_MANY = 4008; // pages of this chat, or of this address
const CROWDED = 60_000; // ms until a page that is one too many tries again by itself
const RESTS = { [TOO_MUCH]: BUSY, [TOO_MANY]: CROWDED };
const PATIENCE = 3; // sockets that never opened, before we ask whether our cookie is the reason
const REFRESHED = 60_000; // ms between two reloads for that reason
const ASLEEP = 60_000; // ms in the background after which an open socket is not trusted

export class Line {
  #socket = null;
  #failures = 0;
  #timer = 0;
  #hidden = 0;

  /** hello() gives the first frame, heard(frame) takes each that comes, changed(state, crowded) connecting, open, broken. */
  constructor({ hello, heard, changed }) {
    Object.assign(this, { hello, heard, changed });
    addEventListener("online", () => this.renew());
    document.addEventListener("visibilitychange", () => this.#woken());
  }

  open() {
    clearTimeout(this.#timer);
    const socket = new WebSocket(`${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/live`);
    this.#socket = socket;
    this.changed("connecting");
    socket.onopen = () => this.#opened(socket);
    socket.onmessage = (event) => this.#came(socket, event.data);
    socket.onclose = (event) => this.#closed(socket, event.code);
  }

  get isOpen() {
    return this.#socket?.readyState === WebSocket.OPEN;
  }

  /** What was handed to the socket and has not left yet. */
  get waiting() {
    return this.#socket?.bufferedAmount ?? 0;
  }

  send(frame) {
    if (this.isOpen) this.#socket.send(JSON.stringify(frame));
  }

  /** A fresh socket at once, whatever became of the old one. */
  renew() {
    const old = this.#socket;
    this.#socket = null;
    old?.close();
    this.changed("broken");
    this.open();
  }

  #opened(socket) {
    if (socket !== this.#socket) return;
    this.send(this.hello());
    this.changed("open");
  }

  #came(socket, data) {
    if (socket !== this.#socket) return;
    this.#failures = 0;
    this.heard(JSON.parse(data));
  }

  #closed(socket, code) {
    if (socket !== this.#socket) return;
    this.#failures += 1;
    this.changed("broken", code === TOO_MANY);
    if (this.#failures % PATIENCE === 0 && code !== TOO_MANY) refresh();
    this.#timer = setTimeout(() => this.open(), RESTS[code] ?? wait(this.#failures));
  }

  #woken() {
    if (document.hidden) this.#hidden = Date.now();
    else if (!this.isOpen || Date.now() - this.#hidden > ASLEEP) this.renew();
  }
}

/** Doubling, with jitter, so that all the pages of a house that restarts do not come at once. */
function wait(failures) {
  return Math.min(LONGEST, SHORTEST * 2 ** (failures - 1)) * (0.5 + Math.random() / 2);
}

/** The house answers but refuses our socket: the cookie is another house's. A fresh page brings a fresh one. */
async function refresh() {
  if (Date.now() - Number(recall("refreshed")) < REFRESHED || !(await answers())) return;
  remember("refreshed", Date.now());
  location.reload();
}

async function answers() {
  try {
    return (await fetch("/", { cache: "no-store" })).ok;
  } catch (error) {
    if (error instanceof TypeError) return false; // nobody there
    throw error;
  }
}
