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
  #high = 0;
  #hidden = false;
  #selected = false;
  #filter = "";
  #loading = false;

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
    this.#clear();
    this.#assigned = assigned;
    const { style } = this.element;
    if (this.#width !== width || this.#high !== high) {
      this.#width = width;
      this.#high = high;
      style.width = `${width}px`;
      style.height = `${high}px`;
    }
    style.transform = `translate(${left}px, ${top}px)`;
    this.#hidden = false;
    this.#caption.textContent = formatStep(assigned.step);
    this.element.setAttribute("aria-label", `${assigned.run}, step ${assigned.step}`);
  }

  /**
   * @param {{selected: boolean, sample: number, size: number, filter: string, params: {levels?: string}, ask: boolean}} look `ask`: a picture that is not here may be asked for now
   * @returns {"here" | "asked" | "waits"}
   */
  update({ selected, sample, size, filter, params, ask }) {
    if (this.#selected !== selected) this.element.classList.toggle("selected", (this.#selected = selected));
    if (this.#filter !== filter) this.#image.style.filter = this.#filter = filter;
    const asked = `${sample} ${size} ${params.levels ?? ""}`;
    if (asked === this.#asked) return "here";
    if (!ask) return "waits";
    this.#asked = asked;
    this.#message.hidden = true;
    this.#image.src = this.host.address("thumbnail", this.#assigned.run, this.index, { sample, size, ...params });
    this.#loading = true;
    return "asked";
  }

  get ready() {
    return this.row < 0 || (this.#asked !== "" && !this.#loading);
  }

  /** Out of sight: what is still on its way is no longer waited for. */
  release() {
    this.#clear();
    this.#assigned = { ...this.#assigned, row: -1, index: -1 };
  }

  /** Puts a cell that nobody needs now where nobody sees it. */
  hide() {
    if (!this.#hidden) this.element.style.transform = HIDDEN;
    this.#hidden = true;
  }

  #clear() {
    if (!this.#asked) return;
    this.#asked = "";
    this.#loading = false;
    this.#image.classList.remove("here");
    this.#image.removeAttribute("src");
    this.#message.hidden = true;
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
    this.#loading = false;
    this.host.redraw();
  }
}
