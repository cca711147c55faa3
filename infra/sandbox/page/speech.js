// What a played telephone itself says, in both languages; what a bot says is the bot's.
export function speech(words) {
  let english = localStorage.getItem("telephone.language") === "en";

  const say = (name, inside = "") => (words[name]?.[english ? 1 : 0] ?? name).replace("{}", inside);
  const locale = () => (english ? "en-GB" : "vi-VN");

  // Every word of the page that stands still.
  function spell() {
    document.documentElement.lang = english ? "en" : "vi";
    document.title = say("played");
    for (const one of document.querySelectorAll("[data-word]")) one.textContent = say(one.dataset.word);
    for (const one of document.querySelectorAll("[data-name]")) one.setAttribute("aria-label", say(one.dataset.name));
    for (const one of document.querySelectorAll("[data-hint]")) {
      one.placeholder = say(one.dataset.hint);
      one.setAttribute("aria-label", say(one.dataset.hint));
    }
  }

  function turn() {
    english = !english;
    localStorage.setItem("telephone.language", english ? "en" : "vi");
    spell();
  }

  return { say, locale, turn, spell };
}
