// Messages, drawn as Zalo shows them: plain text, links that can be followed, photos, and nothing to press.
import { clock, el, link } from "/made.js";
import { say } from "/words.js";

const LINK = /https?:\/\/[^\s<>"]+/gi;
const TRAILING = /[.,;:!?)\]}'’”]+$/;

// A text with its links; whatever ends a sentence is no part of one.
function linked(text) {
  const made = [];
  let at = 0;
  for (const found of text.matchAll(LINK)) {
    const written = found[0].replace(TRAILING, "");
    const href = link(written);
    if (!href) continue;
    made.push(text.slice(at, found.index), el("a", { href, target: "_blank", rel: "noopener noreferrer" }, written));
    at = found.index + written.length;
  }
  return [...made, text.slice(at)];
}

function picture(message, deeds) {
  if (message.black) return el("div", { className: "black" });
  if (!message.photo) return null;
  const image = el("img", { src: message.photo, alt: "", loading: "lazy" });
  return el("button", { type: "button", className: "picture", ariaLabel: say("open"), on: { click: () => deeds.view(message.photo) } }, image);
}

const SIGNS = { sticker: () => el("span", { className: "sign" }, "🙂"), voice: () => el("span", {}, `🎤 ${say("spoken")}`) };

export function drawn(message, deeds) {
  const look = ["message", message.mine ? "mine" : "theirs", message.kind === "image" ? "pictured" : message.kind];
  const bubble = el("div", { className: "bubble", title: message.looks.join(" · ") },
    picture(message, deeds),
    SIGNS[message.kind]?.() ?? null,
    message.text ? el("div", { className: "text" }, ...linked(message.text)) : null,
    el("span", { className: "when" }, clock(message.at)));
  return el("article", { className: look.join(" "), data: { id: message.id } }, bubble,
    message.black ? el("p", { className: "note" }, say("black", message.black)) : null);
}

export const dots = (name) => el("article", { className: "message theirs typing", ariaLabel: `${name} ${say("typing")}` },
  el("div", { className: "bubble" }, el("i"), el("i"), el("i")));
