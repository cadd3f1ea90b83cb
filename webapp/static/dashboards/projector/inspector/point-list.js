/** A list of points: thumbnail, name, and what else there is to say of each. Any number of them, only those in sight exist. */

import { placeOf } from "../../../lib/row-sets.js";
import { emphasis, hovered } from "../../../state/projector-points.js";
import { thumbnailAddress } from "../../../state/projector-questions.js";
import { pointName, rowsVersion } from "../../../state/projector-rows.js";
import { shownEmbedding } from "../../../state/projector-shown.js";
import { h } from "../../../ui/dom.js";
import { VirtualList } from "../../../ui/virtual-list.js";

const ROW = 28; // pixels
const THUMB = 48; // pixels of a thumbnail that is drawn half as large

/**
 * @typedef {object} PointListSpec
 * @property {string} label
 * @property {(row: number) => void} onOpen Enter or a double click
 * @property {(place: number) => import("../../../ui/dom.js").Child[]} [more] what stands behind a name
 */

export class PointList {
  /** @type {ArrayLike<number>} */ #rows = [];
  /** @type {PointListSpec} */ #spec;
  #list;

  /** @param {PointListSpec} spec */
  constructor(spec) {
    this.#spec = spec;
    this.#list = new VirtualList({
      label: spec.label, rowHeight: ROW, fill: (element, place) => this.#fill(element, place),
      onActive: (place) => emphasis.set(this.#rows[place]),
      onOpen: (place) => place >= 0 && spec.onOpen(this.#rows[place]),
    });
    this.element.classList.add("point-list");
    this.element.addEventListener("pointerover", (event) => this.#point(event));
    this.element.addEventListener("pointerleave", () => hovered.set(null));
    rowsVersion.subscribe(() => this.element.isConnected && this.#list.refresh());
    emphasis.subscribe(() => this.#follow());
  }

  /** Place of the active point; −1 for none. */
  get active() {
    return this.#list.active;
  }

  get element() {
    return this.#list.element;
  }

  /** @param {ArrayLike<number>} rows @param {number} [most] rows in sight; else as many as there is room for */
  update(rows, most) {
    this.#rows = rows;
    this.element.hidden = rows.length === 0;
    if (most) this.element.style.height = `${Math.min(most, rows.length) * ROW}px`;
    this.#list.update(rows.length, { anew: true, at: this.#placeNow() });
  }

  /** Makes the first row, or the next one, the active one. @param {number} step */
  go(step) {
    this.#list.go(this.#list.active + step);
  }

  focus() {
    this.element.focus();
  }

  /** Where the point that is looked at stands; lists in the order of rows find it at once. */
  #placeNow() {
    const row = emphasis.get();
    if (row === null) return -1;
    return this.#rows instanceof Uint32Array ? placeOf(this.#rows, row) : Array.prototype.indexOf.call(this.#rows, row);
  }

  #follow() {
    const at = this.#placeNow();
    if (this.element.isConnected && at !== this.#list.active) this.#list.update(this.#rows.length, { at });
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const element = event.target instanceof Element ? event.target.closest(".list-row") : null;
    hovered.set(element instanceof HTMLElement && element.dataset.row ? Number(element.dataset.row) : null);
  }

  /** @param {HTMLElement} element @param {number} place */
  #fill(element, place) {
    const row = this.#rows[place];
    element.classList.add("point-row");
    element.dataset.row = String(row);
    const name = pointName(row);
    element.title = `${name} · row ${row}`;
    const picture = element.querySelector("img") ?? thumbnail();
    const more = this.#spec.more?.(place) ?? [h("small", {}, String(row))];
    element.replaceChildren(...(showThumbnail(picture, row, THUMB) ? [picture] : []), h("bdi", { className: "point-name" }, name), ...more.flat().map((child) => (child instanceof Node ? child : String(child || ""))));
  }
}

/** An empty picture for a point. @returns {HTMLImageElement} */
export const thumbnail = () => h("img", { className: "point-thumb", alt: "", loading: "lazy", decoding: "async" });

/** @param {HTMLImageElement} picture @param {number} row @param {number} size pixels @returns {boolean} whether there are pictures at all */
export function showThumbnail(picture, row, size) {
  const shown = shownEmbedding.get();
  if (!shown?.info.sprite) return false;
  const address = thumbnailAddress(shown.ref, row, size);
  if (picture.getAttribute("src") !== address) picture.src = address;
  return true;
}
