// How far a picture is: a bar, the place in the queue, the seconds left. It runs on by itself between two words of the house.

import { announce, make } from "./make.js";
import { say } from "./words.js";

const TICK = 1000;

const shown = new Map(); // the bar's element -> { place, share, ends }
let clock = 0;

/** Shows in this message how far it is. */
export function advance(message, { place, seconds, share, note = "" }) {
  const bar = message.querySelector(".progress") ?? attach(message);
  const before = shown.get(bar);
  if (place === 0 && before?.place !== 0) announce(say("painting"));
  shown.set(bar, { place, share: Math.max(0, Math.min(99, share)), ends: performance.now() + seconds * TICK, note });
  tell(bar);
  clock ||= setInterval(tick, TICK);
}

function attach(message) {
  const line = make("p.tale", { "aria-hidden": "true" }, make("span.stage"), make("span.left"));
  const track = make("div.track", { role: "progressbar", "aria-valuemin": 0, "aria-valuemax": 100 }, make("div.paint"));
  const bar = make("div.progress", { "aria-live": "off", "data-progress": true }, track, line);
  message.querySelector(".choices")?.before(bar);
  if (!bar.isConnected) message.querySelector(".label").append(bar);
  return bar;
}

function tick() {
  for (const bar of shown.keys()) {
    if (bar.isConnected) tell(bar);
    else shown.delete(bar);
  }
  if (shown.size) return;
  clearInterval(clock);
  clock = 0;
}

function tell(bar) {
  const { place, share, ends, note } = shown.get(bar);
  const stage = place ? say("queued", { n: place }) : say("painting");
  const seconds = Math.ceil((ends - performance.now()) / TICK);
  const left = seconds > 0 ? say("left", { n: seconds }) : say("soon");
  Object.assign(bar.dataset, { place, share });
  bar.style.setProperty("--share", share / 100);
  bar.querySelector(".stage").textContent = stage;
  bar.querySelector(".left").textContent = note || `${left} · ${share} %`;
  listeners(bar.querySelector(".track"), share, stage);
}

/** For those who listen: asked for, it answers; it never speaks up by itself. */
function listeners(track, share, stage) {
  track.setAttribute("aria-label", say("progress"));
  track.setAttribute("aria-valuenow", share);
  track.setAttribute("aria-valuetext", `${stage}, ${share} %`);
}
