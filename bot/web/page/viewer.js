// One picture, large. Those beside it in the same message are an arrow key away.

const dialog = document.getElementById("viewer");
const image = dialog.querySelector("img");
const caption = dialog.querySelector(".caption");
const apart = dialog.querySelector(".apart");
const use = dialog.querySelector(".use");
const arrows = dialog.querySelectorAll("[data-step]");

let shown = []; // the buttons whose pictures can be gone through
let place = 0;

/** Opens the picture of this button. */
export function view(button) {
  shown = [...button.closest(".message").querySelectorAll("[data-picture]")];
  place = shown.indexOf(button);
  for (const arrow of arrows) arrow.hidden = shown.length < 2;
  draw();
  dialog.showModal();
}

function draw() {
  const { picture, use: choice } = shown[place].dataset;
  const alt = shown[place].querySelector("img")?.alt ?? "";
  Object.assign(image, { src: picture, alt });
  caption.textContent = alt;
  apart.href = picture;
  apart.hidden = picture.startsWith("data:"); // browsers do not open one on its own
  use.hidden = !choice;
  if (choice) use.dataset.choice = choice;
  else delete use.dataset.choice;
}

function step(by) {
  place = (place + by + shown.length) % shown.length;
  draw();
}

function close() {
  dialog.close();
}

/** Back to the picture one has come to, which need not be the one that was opened. */
function closed() {
  image.removeAttribute("src");
  shown[place]?.focus();
}

function pressed(event) {
  if (event.key === "ArrowLeft") step(-1);
  if (event.key === "ArrowRight") step(1);
}

for (const arrow of arrows) arrow.addEventListener("click", () => step(Number(arrow.dataset.step)));
dialog.addEventListener("keydown", pressed);
dialog.addEventListener("close", closed);
dialog.addEventListener("click", (event) => {
  if (event.target === dialog || event.target.closest(".close, .use")) close();
});
