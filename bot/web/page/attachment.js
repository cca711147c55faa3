// The picture that goes along with the words: chosen, pasted or dropped; shown small until it is sent or taken away.

import { make } from "./make.js";
import { say } from "./words.js";

const HEAVIEST = 20 * 1024 * 1024; // bytes, as the house takes them

export class Attachment {
  #file = null;
  #place = document.getElementById("attachment");
  #form = document.getElementById("composer");

  /** changed(): there is one now, or none; wrong(words): what was given cannot be sent. */
  constructor({ changed, wrong }) {
    Object.assign(this, { changed, wrong });
    const chooser = document.getElementById("file");
    document.getElementById("attach").addEventListener("click", () => chooser.click());
    chooser.addEventListener("change", () => this.#chosen(chooser));
    this.#place.querySelector("button").addEventListener("click", () => this.#removed());
    document.addEventListener("paste", (event) => this.#given(event, event.clipboardData));
    document.addEventListener("drop", (event) => this.#dropped(event));
    document.addEventListener("dragover", (event) => this.#hovering(event));
    document.addEventListener("dragleave", (event) => event.relatedTarget ?? this.#hover(false));
  }

  get file() {
    return this.#file;
  }

  clear() {
    this.#show(null);
  }

  #chosen(chooser) {
    this.#take([...chooser.files]);
    chooser.value = "";
  }

  #removed() {
    this.clear();
    document.getElementById("words").focus();
  }

  #given(event, parcel) {
    const files = [...(parcel?.files ?? [])];
    if (!files.length) return;
    event.preventDefault();
    this.#take(files);
  }

  #dropped(event) {
    this.#hover(false);
    this.#given(event, event.dataTransfer);
  }

  #hovering(event) {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    this.#hover(true);
  }

  #hover(over) {
    this.#form.toggleAttribute("data-hover", over);
  }

  #take([file, ...others]) {
    if (!file) return;
    if (!file.type.startsWith("image/")) return this.wrong(say("strange"));
    if (file.size > HEAVIEST) return this.wrong(say("heavy"));
    this.#show(file);
    if (others.length) this.wrong(say("one"));
    document.getElementById("words").focus();
  }

  #show(file) {
    const frame = this.#place.querySelector(".frame");
    if (frame.firstChild) URL.revokeObjectURL(frame.firstChild.src);
    this.#file = file;
    this.#place.hidden = !file;
    frame.replaceChildren(...(file ? [make("img", { src: URL.createObjectURL(file), alt: file.name })] : []));
    this.changed();
  }
}

/** As the house wants it: { name, data } with the bytes in base64. */
export async function read(file) {
  const url = await asDataUrl(file);
  return { name: file.name || "picture", data: url.slice(url.indexOf(",") + 1) };
}

function asDataUrl(file) {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(file);
  });
}
