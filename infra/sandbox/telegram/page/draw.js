// Messages, drawn as they stand.
import { clock, el, hue, link } from "/made.js";
import { locale, say } from "/words.js";

export const stars = (count) => `⭐ ${count.toLocaleString(locale())}`;

const TAGS = {
  bold: "b", italic: "i", underline: "u", strikethrough: "s", code: "code", pre: "pre", spoiler: "span",
  blockquote: "blockquote", expandable_blockquote: "blockquote", text_link: "a", url: "a", bot_command: "button",
};

// A text with its entities: each is a span of UTF-16 units, as this language counts too.
export function marked(text, entities, deeds) {
  return pieces(text, 0, text.length, entities.filter((one) => TAGS[one.type]), deeds);
}

function pieces(text, from, to, entities, deeds) {
  const made = [];
  let at = from;
  for (let n = 0; n < entities.length; n += 1) {
    const one = entities[n];
    const end = Math.min(one.offset + one.length, to);
    if (one.offset < at) continue;
    const inside = entities.slice(n + 1).filter((other) => other.offset >= one.offset && other.offset + other.length <= end);
    made.push(text.slice(at, one.offset), mark(one, text.slice(one.offset, end), pieces(text, one.offset, end, inside, deeds), deeds));
    at = end;
  }
  made.push(text.slice(at, to));
  return made.filter((one) => one !== "");
}

function mark(entity, text, inside, deeds) {
  const made = el(TAGS[entity.type], {}, ...inside);
  if (entity.type === "spoiler") {
    made.className = "spoiler";
    made.addEventListener("click", () => made.classList.toggle("seen"));
  } else if (entity.type === "bot_command") {
    made.type = "button";
    made.className = "command";
    made.addEventListener("click", () => deeds.say(text));
  } else if (made.tagName === "A") {
    const href = link(entity.url ?? text);
    if (!href) return el("span", {}, ...inside);
    Object.assign(made, { href, target: "_blank", rel: "noopener noreferrer" });
  }
  return made;
}

function picture(photo, deeds) {
  const src = `/photo/${encodeURIComponent(photo.id)}`;
  const image = el("img", { src, alt: "", width: photo.width, height: photo.height, loading: "lazy" });
  return el("button", { type: "button", className: "picture", on: { click: () => deeds.view(src) } }, image);
}

function paper(file) {
  const size = file.size > 1048576 ? `${(file.size / 1048576).toFixed(1)} MB` : `${Math.ceil(file.size / 1024)} KB`;
  const href = `/document/${encodeURIComponent(file.id)}`;
  return el("a", { className: "paper", href, download: file.name },
    el("span", { className: "sign", ariaHidden: "true" }, "↓"), el("span", {}, el("b", {}, file.name), el("small", {}, size)));
}

function invoice(message, deeds) {
  const { title, description, total_amount: total } = message.invoice;
  const own = message.buttons.length > 0;
  return el("div", { className: "invoice" }, el("b", {}, title), el("p", {}, description), el("small", {}, stars(total)),
    own ? null : el("button", { type: "button", className: "pay", on: { click: () => deeds.pay(message) } }, `${say("pay")} ${stars(total)}`));
}

function keys(message, deeds) {
  if (!message.buttons.length) return null;
  return el("div", { className: "keys" }, ...message.buttons.map((row) => el("div", {}, ...row.map((one) => key(message, one, deeds)))));
}

function key(message, one, deeds) {
  const look = `key ${one.style ?? ""}`;
  if (one.url) {
    const href = link(one.url);
    return el("a", { className: `${look} leads`, href, target: "_blank", rel: "noopener noreferrer" }, one.text);
  }
  const press = one.pay ? () => deeds.pay(message) : (event) => deeds.press(message, one, event.currentTarget);
  return el("button", { type: "button", className: one.copy_text ? `${look} copies` : look, on: { click: press } }, one.text);
}

function quoted(reply, deeds) {
  return el("button", { type: "button", className: "quoted", on: { click: () => deeds.go(reply.id) } },
    el("b", {}, reply.from), el("span", {}, reply.text));
}

const happened = (text) => el("div", { className: "happened" }, el("span", {}, text));

export function drawn(message, group, deeds) {
  if (message.service) return happened(say(message.service.what, message.service.who));
  if (message.paid) return happened(say("paid", stars(message.paid)));
  if (message.returned) return happened(say("returned", stars(message.returned)));
  const look = ["message", message.mine ? "mine" : "theirs", message.photo ? "pictured" : "", message.text ? "" : "wordless"];
  const name = group && !message.mine ? el("b", { className: "name" }, message.from) : null;
  if (name) name.style.setProperty("--hue", hue([...message.from].reduce((sum, one) => sum + one.codePointAt(0), 0)));
  const bubble = el("div", { className: "bubble" }, name,
    message.reply ? quoted(message.reply, deeds) : null,
    message.photo ? picture(message.photo, deeds) : null,
    message.document ? paper(message.document) : null,
    message.invoice ? invoice(message, deeds) : null,
    message.text ? el("div", { className: "text" }, ...marked(message.text, message.entities, deeds)) : null,
    el("span", { className: "foot" },
      message.reaction ? el("span", { className: "reaction" }, message.reaction) : null,
      el("span", { className: "when" }, `${message.edited ? `${say("edited")} ` : ""}${clock(message.at)}`,
        message.mine ? el("span", { className: "seen", ariaHidden: "true" }, "✓✓") : null)));
  const deed = (word, act) => el("button", { type: "button", on: { click: act } }, say(word));
  return el("article", { className: look.join(" "), data: { id: message.id }, tabIndex: -1 }, bubble, keys(message, deeds),
    el("div", { className: "deeds" }, deed("reply", () => deeds.reply(message)), deed("remove", () => deeds.remove(message))));
}
