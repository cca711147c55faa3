/* What moves on the page of an order: the time that is left, and a look now and then whether things have changed.
   The page says everything without it. */

const { ref, standing, now, language } = document.body.dataset;
const FIRST = 3000; // milliseconds between two looks
const LAST = 30000;
const skew = Number(now) - Date.now(); // by how much this device's clock is wrong
const left = document.querySelector("[data-expires]");
let pause = FIRST;
let next = 0;
let sent = false;

const turn = () => location.replace(`/p/${ref}?lang=${language}`);

async function look() {
  clearTimeout(next);
  try {
    const answer = await fetch(`/p/${ref}/state`, { cache: "no-store" });
    if (answer.ok && (await answer.json()).state !== standing) return turn();
  } catch {
    // no network just now
  }
  pause = Math.min(pause * 1.25, LAST);
  wait();
}

function wait() {
  clearTimeout(next);
  if (document.visibilityState === "visible") next = setTimeout(look, pause);
}

function tick() {
  const seconds = Math.ceil((Number(left.dataset.expires) - Date.now() - skew) / 1000);
  if (seconds < 0) return turn();
  const clock = [Math.floor(seconds / 60), seconds % 60].map((one) => String(Math.max(0, one)).padStart(2, "0"));
  left.querySelector("b").textContent = clock.join(":");
  left.toggleAttribute("data-soon", seconds <= 120);
  left.hidden = false;
  setTimeout(tick, 500);
}

// Twice pressed would be two orders.
addEventListener("submit", (event) => {
  if (sent) event.preventDefault();
  sent = true;
});

// Back from the gateway by the browser's own button: the page is as it was left.
addEventListener("pageshow", (event) => {
  sent = false;
  if (event.persisted && standing) look();
});

if (standing) {
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState !== "visible") return clearTimeout(next);
    pause = FIRST;
    look();
  });
  wait();
}
if (left) tick();
