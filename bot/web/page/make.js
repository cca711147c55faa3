// Elements from a few words. Text is always set as text, so nothing that was said can become markup.

/** make("button.choice", { type: "button" }, "Huỷ"): a tag with its classes, its attributes, what is in it. */
export function make(what, attributes = {}, ...inside) {
  const [tag, ...classes] = what.split(".");
  const element = document.createElement(tag);
  element.classList.add(...classes);
  for (const [name, value] of Object.entries(attributes)) put(element, name, value);
  element.append(...inside.filter((each) => each !== null));
  return element;
}

function put(element, name, value) {
  if (value === true) element.setAttribute(name, "");
  else if (value !== false && value !== undefined && value !== null) element.setAttribute(name, value);
}

/** An icon drawn once in index.html. */
export function icon(name) {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  const use = document.createElementNS(space, "use");
  use.setAttribute("href", `#${name}`);
  drawing.setAttribute("class", "icon");
  drawing.setAttribute("aria-hidden", "true");
  drawing.append(use);
  return drawing;
}

/** Said once to those who listen to the page instead of looking at it. */
export function announce(words) {
  document.getElementById("announcer").textContent = words;
}
