/** One run's picture at the cursor. */

import { actualSize } from "../../state/image-settings.js";
import { h } from "../../ui/dom.js";
import { lightOf } from "./image-light.js";
import { sampleOf } from "./image-source.js";
import { loadAhead, loadThumb, thumbSize } from "./image-thumbs.js";

/** @typedef {import("./kind.js").CardHost} CardHost */

const WHOLE = 4096; // pixels: as large as it was logged, or as large as a small picture can be had
const AHEAD = [1, -1, 2]; // neighbours that are loaded before they are looked at

/** @type {Map<string, number>} width / height of the last picture of a card, so that nothing jumps while the next one loads */
const shapes = new Map();
/** The shape of the first picture of all: those that nobody has seen are taken to be like it. */
let usual = 0;
/** @type {Set<ImageCell>} cells without a picture, as long as there is none anywhere */
const unseen = new Set();

export class ImageCell {
  element = h("button", { type: "button", className: "image-cell" });
  /** @type {HTMLImageElement | null} */ #image = null;
  #asked = "";
  #shown = "";
  #width = 0;
  #broken = "";

  /**
   * @param {CardHost} host @param {string} run
   * @param {{say: (message: string | null, retry?: () => void) => void}} cell
   * @param {{open: () => void, sizes: ResizeObserver}} card
   */
  constructor(host, run, cell, { open, sizes }) {
    this.host = host;
    this.run = run;
    this.cell = cell;
    this.sizes = sizes;
    this.element.addEventListener("click", open);
    this.element.setAttribute("aria-label", `${host.tag}, ${run}: look closer`); // until its step is known
    this.#shape(shapes.get(host.key) || usual || 4 / 3);
    if (!usual) unseen.add(this);
    sizes.observe(this.element);
  }

  /** @param {number} index @param {import("./kind.js").Values} values */
  show(index, values) {
    const whole = actualSize.get();
    this.element.classList.toggle("actual", whole);
    this.#width ||= this.element.clientWidth;
    const { params, filter } = lightOf(this.host);
    if (this.#image) this.#image.style.filter = filter;
    const addressOf = (/** @type {number} */ at) =>
      this.host.address("thumbnail", this.run, at, { sample: sampleOf(this.host, this.run), size: whole ? WHOLE : thumbSize(this.#width), ...params });
    const address = addressOf(index);
    if (address === this.#asked) {
      if (this.#broken) this.#tell();
      return;
    }
    this.#asked = address;
    this.#broken = "";
    this.element.setAttribute("aria-label", `${this.host.tag}, ${this.run}, step ${values.step[index]}: look closer`);
    void this.#load(address, whole);
    for (const by of AHEAD) if (index + by >= 0 && index + by < values.n) loadAhead(addressOf(index + by));
  }

  /** The picture before stays until the next one is decoded. @param {string} address @param {boolean} whole */
  async #load(address, whole) {
    try {
      const image = await loadThumb(address);
      if (address !== this.#asked) return;
      this.#image = image;
      image.style.filter = lightOf(this.host).filter;
      if (!whole) this.#fit(image);
      this.element.replaceChildren(image);
    } catch (problem) {
      if (address !== this.#asked) return;
      this.#broken = /** @type {Error} */ (problem).message;
      this.#tell();
    }
    this.#shown = address;
    this.host.redraw();
  }

  /** A picture that is smaller than its place is enlarged by a whole factor, so that its pixels stay squares and its lines lines. @param {HTMLImageElement} image */
  #fit(image) {
    const { naturalWidth, naturalHeight } = image;
    const room = (this.#width * devicePixelRatio) / naturalWidth;
    const enlarged = room >= 1;
    const factor = Math.floor(room) / devicePixelRatio;
    image.classList.toggle("enlarged", enlarged);
    image.style.width = enlarged ? `${naturalWidth * factor}px` : "";
    image.style.height = enlarged ? `${naturalHeight * factor}px` : "";
    const shape = enlarged ? this.#width / (naturalHeight * factor) : naturalWidth / naturalHeight;
    shapes.set(this.host.key, shape);
    this.#shape(shape);
    if (usual) return;
    usual = shape;
    for (const cell of unseen) if (cell !== this) cell.#shape(shape);
    unseen.clear();
  }

  #tell() {
    this.cell.say(this.#broken, () => {
      this.retry();
      this.host.redraw();
    });
  }

  /** Asks again for a picture that could not be had. */
  retry() {
    if (this.#broken) this.#asked = this.#broken = "";
  }

  /** @param {number} ratio width / height */
  #shape(ratio) {
    this.element.style.aspectRatio = String(Math.min(8, Math.max(0.5, ratio)));
  }

  /** @param {number} width CSS pixels */
  resized(width) {
    if (width === this.#width) return;
    this.#width = width;
    if (this.#image && !actualSize.get()) this.#fit(this.#image);
  }

  ready() {
    return this.#asked !== "" && this.#shown === this.#asked;
  }

  destroy() {
    unseen.delete(this);
    this.sizes.unobserve(this.element);
  }
}
