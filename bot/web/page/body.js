// What a message is made of: picture, words, a wall of pictures, choices.

import { icon, make } from "./make.js";
import { say } from "./words.js";

const LINK = /https?:\/\/[^\s<>"]*[^\s<>".,;:!?)\]}…]/g;
const KEY = /^\p{L}?\d{1,2}( · \d+)?$/u; // choices like U1 and V4, with their price, stand in a row of four
const WIDE = 1.2; // from this ratio on, the words stand below a picture and not beside it

const missing = new Map(); // the buttons whose picture did not come -> how to ask for it again

/** A picture, and the label that hangs with it. */
export function body(frame) {
  const label = [words(frame.text), wall(frame.wall), choices(frame.choices)].filter(Boolean);
  return [picture(frame), make("div.label", {}, ...label)].filter(Boolean);
}

// -- words

function words(text) {
  return text ? make("p.text", {}, ...linked(text)) : null;
}

function linked(text) {
  const parts = [];
  let end = 0;
  for (const found of text.matchAll(LINK)) {
    parts.push(text.slice(end, found.index), link(found[0], found[0], "a"));
    end = found.index + found[0].length;
  }
  return [...parts, text.slice(end)];
}

function link(url, text, what) {
  return make(what, { href: url, target: "_blank", rel: "noopener" }, text);
}

/** Only ways of the web: what else a link can start is no business of a chat. */
function isWeb(url) {
  return URL.canParse(url, location.href) && ["https:", "http:"].includes(new URL(url, location.href).protocol);
}

// -- pictures

function picture(frame) {
  if (!frame.picture) return null;
  const alt = frame.alt || say(frame.kind === "said" ? "yours" : "picture");
  const button = opener(frame.picture, frame.picture, alt);
  if (frame.width) button.style.setProperty("--ratio", frame.width / frame.height);
  return make("figure.picture", {}, button);
}

/** Whether a picture of this size leaves no room beside it. */
export function isWide({ width, height }) {
  return width / height > WIDE;
}

/** A picture that opens in the viewer. Its place is kept until it is there, so that nothing jumps more than once. */
function opener(source, whole, alt, choice) {
  const button = make("button.opener", { type: "button", "data-picture": whole, "data-use": choice, "aria-haspopup": "dialog" });
  load(button, source, alt);
  return button;
}

function load(button, source, alt) {
  const image = make("img", { alt, decoding: "async", loading: "lazy" });
  image.onload = () => arrived(button, image);
  image.onerror = () => {
    button.replaceChildren(make("span.missing", { "data-word": "missing" }, say("missing")));
    missing.set(button, () => load(button, source, alt));
  };
  image.src = source;
  button.replaceChildren(image);
}

/** Pictures that did not come are asked for again: the line was down, and now it is not. */
export function loadMissing() {
  const again = [...missing.values()];
  missing.clear();
  for (const each of again) each();
}

function arrived(button, image) {
  const size = { width: image.naturalWidth, height: image.naturalHeight };
  button.style.setProperty("--ratio", size.width / size.height);
  button.dataset.arrived = "";
  button.closest(".pictured")?.classList.toggle("wide", isWide(size));
}

function wall(tiles) {
  if (!tiles?.length) return null;
  const items = tiles.map((tile) => make("li", {}, opener(tile.thumb, tile.picture, tile.alt || say("picture"), tile.choice), star(tile)));
  return make("ul.wall", { role: "list", "aria-label": say("wall", { n: tiles.length }) }, ...items);
}

function star(tile) {
  if (!tile.favourite) return null;
  const words = make("span.unseen", { "data-word": "favourite" }, say("favourite"));
  return make("span.star", {}, icon("star"), words);
}

// -- choices

function choices(list) {
  if (!list?.length) return null;
  const rows = [];
  for (const each of list) row(rows, KEY.test(each.text)).append(choice(each));
  return make("div.choices", {}, ...rows);
}

/** The row that takes the next choice: short ones go together, in columns; the others wrap. */
function row(rows, short) {
  const last = rows.at(-1);
  if (last?.classList.contains("keys") === short) return last;
  rows.push(make(short ? "div.row.keys" : "div.row"));
  return rows.at(-1);
}

function choice(each) {
  if (each.url) return isWeb(each.url) ? link(each.url, each.text, "a.choice") : each.text;
  const token = each.fill === undefined ? { "data-choice": each.choice } : { "data-fill": each.fill };
  return make("button.choice", { type: "button", ...token }, each.text);
}
