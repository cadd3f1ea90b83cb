/** One picture of a film strip; the same element serves another picture when this one is out of sight. */

import { formatStep } from "../../lib/format.js";
import { fetchForm } from "../../state/api.js";
import { h } from "../../ui/dom.js";

/** @typedef {{row: number, column: number, run: string, index: number, step: number}} Assigned */

const HIDDEN = "translate(-9999px, 0)";

export class FilmCell {
  #image = h("img", { alt: "", decoding: "async", draggable: false });
  #message = h("span", { className: "film-message", hidden: true });
  #caption = h("span", { className: "film-step" });
  element = h("button", { type: "button", className: "film-cell", tabIndex: -1 }, this.#image, this.#message, this.#caption);
  /** @type {Assigned} */ #assigned = { row: -1, column: -1, run: "", index: -1, step: 0 };
  /** Sample and size of the picture that is here or on its way; "" for none. */ #asked = "";
  #width = 0;
  ready = true;

  /** @param {import("./kind.js").CardHost} host @param {{pick: (run: string, index: number) => void, open: (run: string) => void}} does */
  constructor(host, { pick, open }) {
    this.host = host;
    this.element.addEventListener("click", () => pick(this.#assigned.run, this.index));
    this.element.addEventListener("dblclick", () => open(this.#assigned.run));
    this.#image.addEventListener("load", () => this.#loaded());
    this.#image.addEventListener("error", () => void this.#failed());
  }

  get row() {
    return this.#assigned.row;
  }

  get column() {
    return this.#assigned.column;
  }

  get index() {
    return this.#assigned.index;
  }

  /** @param {Assigned} assigned @param {{left: number, top: number}} place @param {import("../../lib/film.js").FilmShape} shape */
  assign(assigned, { left, top }, { cell: width, high }) {
    this.release();
    this.#assigned = assigned;
    this.#width = width;
    const { element } = this;
    element.style.transform = `translate(${left}px, ${top}px)`;
    element.style.width = `${width}px`;
    element.style.height = `${high}px`;
    this.#caption.textContent = formatStep(assigned.step);
    element.setAttribute("aria-label", `${assigned.run}, step ${assigned.step}`);
  }

  /** @param {{selected: boolean, fast: boolean, sample: number, size: number, filter: string}} state `fast`: it flies by, its picture is not worth asking for */
  update({ selected, fast, sample, size, filter }) {
    this.element.classList.toggle("selected", selected);
    if (this.#image.style.filter !== filter) this.#image.style.filter = filter;
    const asked = `${sample} ${size}`;
    if (asked === this.#asked || (fast && !this.#asked)) return;
    this.#asked = asked;
    this.ready = false;
    this.#message.hidden = true;
    this.#image.src = this.host.address("thumbnail", this.#assigned.run, this.index, { sample, size });
  }

  /** Out of sight: what is still on its way is no longer waited for. */
  release() {
    this.#asked = "";
    this.ready = true;
    this.#image.classList.remove("here");
    this.#image.removeAttribute("src");
    this.#message.hidden = true;
    this.element.style.transform = HIDDEN;
    this.#assigned = { ...this.#assigned, row: -1, index: -1 };
  }

  retry() {
    if (this.#message.hidden) return;
    this.#asked = "";
    this.#image.removeAttribute("src"); // the same address would not be asked for again
  }

  #loaded() {
    this.#image.classList.toggle("enlarged", Math.max(this.#image.naturalWidth, this.#image.naturalHeight) < this.#width * devicePixelRatio);
    this.#image.classList.add("here");
    this.#done();
  }

  async #failed() {
    const { src } = this.#image;
    if (!src) return;
    const problem = await fetchForm(src).then(() => "The browser cannot show this picture.", (/** @type {Error} */ error) => error.message);
    if (src !== this.#image.src) return; // another picture by now
    this.#message.hidden = false;
    this.#message.textContent = this.#message.title = problem;
    this.#done();
  }

  #done() {
    this.ready = true;
    this.host.redraw();
  }
}
