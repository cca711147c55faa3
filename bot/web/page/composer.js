// Where the person writes: it grows with the words, Enter sends, nothing written is lost by a reload.

import { Attachment, read } from "./attachment.js";
import { Commands } from "./commands.js";
import { announce } from "./make.js";
import { forget, recall, remember } from "./pocket.js";
import { say } from "./words.js";

const MOST = 2000; // letters the house takes
const NEAR = 200; // letters before that, when the count begins to show
const COMPOSING = 229; // the key code of a key that belongs to an input method, where isComposing is already over

export class Composer {
  #form = document.getElementById("composer");
  #input = document.getElementById("words");
  #note = document.getElementById("note");
  #button = document.getElementById("send");

  /** send(frame, type): a frame to send, and the type of its picture. */
  constructor(send) {
    this.send = send;
    this.attachment = new Attachment({ changed: () => this.#changed(), wrong: (words) => this.#warn(words) });
    this.commands = new Commands(this.#input, () => this.#changed());
    this.#input.addEventListener("input", () => this.#changed());
    this.#input.addEventListener("keydown", (event) => this.#key(event));
    this.#form.addEventListener("submit", (event) => this.#submit(event));
    this.#input.value = recall("draft") ?? "";
    this.#changed();
  }

  /** Puts words into the input, for the person to go on with. */
  put(words) {
    this.#input.value = words;
    this.#changed();
    this.#input.focus();
    this.#input.setSelectionRange(words.length, words.length);
  }

  /** The words of the page have changed their language. */
  retell() {
    this.#changed();
  }

  get #length() {
    return [...this.#input.value.trim()].length;
  }

  get #isReady() {
    return this.#length <= MOST && (this.#length > 0 || this.attachment.file !== null);
  }

  /** Keys of an input method (Telex, VNI) are its own: its Enter ends a word, it does not send. */
  #key(event) {
    if (event.isComposing || event.keyCode === COMPOSING) return;
    if (this.commands.key(event)) return event.preventDefault();
    if (event.key !== "Enter" || event.shiftKey) return;
    event.preventDefault();
    this.#form.requestSubmit();
  }

  #submit(event) {
    event.preventDefault();
    if (!this.#isReady) return this.#input.focus();
    const text = this.#input.value.trim();
    const { file } = this.attachment;
    this.#empty();
    if (file) this.#upload(file, text);
    else this.send({ do: "say", text });
  }

  async #upload(file, text) {
    try {
      this.send({ do: "upload", ...(await read(file)), text }, file.type);
    } catch (error) {
      if (!(error instanceof DOMException)) throw error;
      this.put(text); // the file has gone since it was chosen
      this.#warn(say("strange"));
    }
  }

  #empty() {
    this.attachment.clear();
    this.#input.value = "";
    this.commands.close();
    this.#changed();
    this.#input.focus();
  }

  #changed() {
    if (this.#input.value) remember("draft", this.#input.value);
    else forget("draft");
    this.#grow();
    this.#count();
    this.#button.ariaDisabled = this.#isReady ? null : "true";
  }

  #grow() {
    this.#input.style.height = "auto";
    this.#input.style.height = `${this.#input.scrollHeight}px`;
  }

  #count() {
    const n = this.#length;
    const over = n > MOST;
    this.#note.textContent = n > MOST - NEAR ? say(over ? "over" : "count", { n, most: MOST }) : "";
    this.#note.toggleAttribute("data-wrong", over);
    this.#input.ariaInvalid = over ? "true" : null;
  }

  #warn(words) {
    this.#note.textContent = words;
    this.#note.toggleAttribute("data-wrong", true);
    announce(words);
  }
}
