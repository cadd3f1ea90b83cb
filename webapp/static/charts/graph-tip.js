/** What is under the pointer, in a few lines beside it. */

const WAIT = 250; // ms at rest before it shows, unless one is shown already
const GAP = 14;

export class GraphTip {
  element = document.createElement("div");
  #timer = 0;
  #key = "";

  constructor() {
    this.element.className = "tip graph-tip";
    this.element.setAttribute("role", "tooltip");
    this.element.hidden = true;
  }

  /** @param {string} key what it is about @param {() => string[]} lines the first one is the name @param {number} clientX @param {number} clientY */
  show(key, lines, clientX, clientY) {
    if (key !== this.#key) {
      clearTimeout(this.#timer);
      this.#key = key;
      this.#timer = window.setTimeout(() => this.#fill(lines()), this.element.hidden ? WAIT : 60);
    }
    this.#place(clientX, clientY);
  }

  hide() {
    clearTimeout(this.#timer);
    this.#key = "";
    this.element.hidden = true;
  }

  /** @param {string[]} lines */
  #fill(lines) {
    this.element.replaceChildren(...lines.map((text, at) => Object.assign(document.createElement(at ? "div" : "b"), { textContent: text })));
    this.element.hidden = false;
    this.#place(...this.#at);
  }

  /** @type {[number, number]} */ #at = [0, 0];

  /** @param {number} x @param {number} y */
  #place(x, y) {
    this.#at = [x, y];
    if (this.element.hidden) return;
    const { offsetWidth: width, offsetHeight: height } = this.element;
    this.element.style.left = `${Math.max(8, x + GAP + width > innerWidth - 8 ? x - GAP - width : x + GAP)}px`;
    this.element.style.top = `${Math.max(8, Math.min(y + GAP, innerHeight - height - 8))}px`;
  }
}
