// The countdown: when it has run out, the page goes where the gateway would send it.
"use strict";

const clock = document.querySelector("[data-left]");
if (clock) {
  const end = performance.now() + Number(clock.dataset.left) * 1000;
  const two = (number) => String(number).padStart(2, "0");
  const tick = () => {
    const left = Math.max(0, Math.ceil((end - performance.now()) / 1000));
    const hours = Math.floor(left / 3600);
    const rest = `${two(Math.floor(left / 60) % 60)}:${two(left % 60)}`;
    clock.textContent = hours ? `${hours}:${rest}` : rest;
    clock.classList.toggle("soon", left < 60);
    if (left === 0) location.replace(clock.dataset.then);
    else setTimeout(tick, 250);
  };
  tick();
}
