// Where the list stands: at its end it stays at its end; further up it stays put, and a button leads down.

const NEAR = 80; // px from the end that still count as the end

export class Scroll {
  #log = document.getElementById("log");
  #button = document.getElementById("newer");
  #atEnd = true;
  #top = 0; // where the list stood when it last moved

  constructor() {
    this.#log.addEventListener("scroll", () => this.#scrolled(), { passive: true });
    this.#button.addEventListener("click", () => this.#follow());
    const watch = new ResizeObserver(() => this.#grown());
    for (const each of [this.#log, ...this.#log.children]) watch.observe(each, { box: "border-box" });
  }

  toEnd() {
    this.#atEnd = true;
    this.#log.scrollTop = this.#log.scrollHeight;
    this.#button.hidden = true;
  }

  #follow() {
    this.toEnd();
    document.getElementById("words").focus();
  }

  #scrolled() {
    const { scrollTop, scrollHeight, clientHeight } = this.#log;
    if (scrollHeight - scrollTop - clientHeight < NEAR) this.#atEnd = true;
    else if (scrollTop < this.#top) this.#atEnd = false; // only a person goes up; what grows leaves the end behind
    this.#top = scrollTop;
    this.#button.hidden = this.#atEnd;
  }

  #grown() {
    if (this.#atEnd) this.toEnd();
  }
}
