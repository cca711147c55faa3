// The commands, offered while a slash is being written: arrow keys, Enter or Tab takes one, Escape puts them away.

import { announce, make } from "./make.js";
import { say } from "./words.js";

const COMMAND = /^\/\S*$/;

export class Commands {
  #input;
  #list = document.getElementById("commands");
  #menu = []; // what the house has
  #chosen = -1;
  #closed = ""; // the words for which Escape was pressed

  /** taken(): a command was put into the input. */
  constructor(input, taken) {
    this.#input = input;
    this.taken = taken;
    input.addEventListener("input", () => this.#look());
    input.addEventListener("blur", () => this.close());
    this.#list.addEventListener("pointerdown", (event) => event.preventDefault()); // the input keeps the focus
    this.#list.addEventListener("click", (event) => this.#take(event.target.closest("[role=option]")));
    document.getElementById("menu").addEventListener("click", () => this.#offer());
  }

  fill(commands) {
    this.#menu = commands;
  }

  get isOpen() {
    return !this.#list.hidden;
  }

  /** Says whether the key was for us. */
  key(event) {
    if (!this.isOpen) return false;
    const moves = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in moves) this.#move(moves[event.key]);
    else if (event.key === "Escape") this.#escape();
    else if (event.key === "Tab" || (event.key === "Enter" && !this.#isWhole())) this.#take(this.#options[this.#chosen]);
    else return false;
    return true;
  }

  get #options() {
    return [...this.#list.children];
  }

  /** The command stands there in full: Enter sends it. */
  #isWhole() {
    return this.#menu.some((each) => each.name === this.#input.value.trim());
  }

  #offer() {
    if (!COMMAND.test(this.#input.value)) this.#input.value = "/";
    this.#closed = "";
    this.#input.focus();
    this.#look();
  }

  #look() {
    const words = this.#input.value.trimEnd().toLowerCase();
    const found = COMMAND.test(words) && words.length === this.#input.value.length && words !== this.#closed;
    this.#show(found ? this.#menu.filter((each) => each.name.startsWith(words)) : []);
  }

  #show(commands) {
    if (!commands.length) return this.close();
    this.#list.replaceChildren(...commands.map(option));
    if (this.#list.hidden) announce(say("matches", { n: commands.length }));
    this.#list.hidden = false;
    this.#chosen = 0;
    this.#move(0);
  }

  /** Puts the list away. */
  close() {
    this.#list.hidden = true;
    this.#input.removeAttribute("aria-activedescendant");
  }

  #escape() {
    this.#closed = this.#input.value.toLowerCase();
    this.close();
  }

  #move(by) {
    const options = this.#options;
    this.#chosen = (this.#chosen + by + options.length) % options.length;
    for (const [place, each] of options.entries()) each.ariaSelected = String(place === this.#chosen);
    options[this.#chosen].scrollIntoView({ block: "nearest" });
    this.#input.setAttribute("aria-activedescendant", options[this.#chosen].id);
  }

  #take(option) {
    if (!option) return;
    this.#input.value = `${option.dataset.command} `;
    this.close();
    this.taken();
  }
}

function option({ name, does }, place) {
  const words = [make("b", {}, name), make("span", {}, does)];
  return make("div.option", { role: "option", id: `command-${place}`, "data-command": name }, ...words);
}
