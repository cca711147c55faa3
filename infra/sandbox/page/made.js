// What every played telephone is made of. Nothing a bot or a person wrote is ever read as markup.
import { locale, say } from "/words.js";

const $ = (id) => document.getElementById(id);

export function el(name, given = {}, ...inside) {
  const made = document.createElement(name);
  const { data = {}, on = {}, ...rest } = given;
  Object.assign(made, rest);
  Object.assign(made.dataset, data);
  for (const [kind, deed] of Object.entries(on)) made.addEventListener(kind, deed);
  made.append(...inside.filter((one) => one !== null && one !== ""));
  return made;
}

export const clock = (at) => new Date(at * 1000).toLocaleTimeString(locale(), { hour: "2-digit", minute: "2-digit" });

const HUES = [4, 28, 150, 175, 205, 265, 330];
export const hue = (id) => String(HUES[Math.abs(id) % HUES.length]);
export function face(made, id, name) {
  made.textContent = [...(name || "?")][0].toUpperCase();
  made.style.setProperty("--hue", hue(id));
  return made;
}

// An address of the web, or nothing.
export function link(given) {
  try {
    const url = new URL(/^[a-z]+:/i.test(given) ? given : `https://${given}`);
    return ["http:", "https:"].includes(url.protocol) ? url.href : "";
  } catch {
    return "";
  }
}

// Only what differs is touched, so that a picture that stands is not loaded anew.
export function place(list, nodes) {
  nodes.forEach((node, n) => {
    if (list.children[n] !== node) list.insertBefore(node, list.children[n] ?? null);
  });
  while (list.children.length > nodes.length) list.lastElementChild.remove();
}

let toasting = 0;
export function toast(text) {
  $("toast").textContent = text;
  $("toast").hidden = !text;
  clearTimeout(toasting);
  toasting = setTimeout(() => { $("toast").hidden = true; }, 3500);
}

// A sheet that asks something; tells what was typed, or null.
export function ask(title, inside, yes) {
  const form = $("sheet").firstElementChild;
  const act = el("div", { className: "acts" },
    el("button", { value: "", formNoValidate: true }, say(yes ? "cancel" : "close")), yes ? el("button", { value: "yes", className: "main" }, yes) : "");
  form.replaceChildren(el("h2", {}, title), ...inside, act);
  $("sheet").returnValue = "";
  $("sheet").showModal();
  return new Promise((done) => {
    $("sheet").onclose = () => done($("sheet").returnValue === "yes" ? new FormData(form) : null);
  });
}

export async function post(deed, asked) {
  const headers = { "Content-Type": "application/json" };
  try {
    const answer = await fetch(`/api/${deed}`, { method: "POST", headers, body: JSON.stringify(asked) });
    const told = await answer.json();
    if (told.error) toast(told.error);
    return told;
  } catch {
    toast(say("lost"));
    return { error: "lost" };
  }
}

export async function base64(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const parts = [];
  for (let n = 0; n < bytes.length; n += 32768) parts.push(String.fromCharCode(...bytes.subarray(n, n + 32768)));
  return btoa(parts.join(""));
}
