/** A list of any number of rows of one height: only those in sight exist, and the keys move through all of them. */

import { oncePerFrame } from "../lib/atom.js";
import { h } from "./dom.js";

/**
 * @typedef {object} ListSpec
 * @property {string} label
 * @property {number} rowHeight pixels
 * @property {(row: HTMLElement, index: number) => void} fill draws a row anew
 * @property {(index: number) => void} onActive a row was reached by keys or a click
 * @property {(index: number) => void} [onOpen] Enter, or a double click
 * @property {[list: string, row: string]} [roles] where the rows are no mere options
 * @property {(key: string, index: number) => boolean} [onKey] whether a key means something to the active row
 */

const TALLEST = 8e6; // pixels; browsers cannot lay out much more: beyond, the scroll bar moves by more than a row
const SPARE = 3; // rows
let lists = 0;

export class VirtualList {
  /** @type {ListSpec} */ #spec;
  #id = `list-${(lists += 1)}`;
  #space = h("div", { className: "list-space" });
  /** @type {Map<number, HTMLElement>} */ #rows = new Map();
  #count = 0;
  #active = -1;
  #soon = oncePerFrame(() => this.#draw());
  #resized = new ResizeObserver(this.#soon);
  element = h("div", { className: "virtual-list", role: "listbox", tabIndex: 0, onscroll: this.#soon, onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) }, this.#space);

  /** @param {ListSpec} spec */
  constructor(spec) {
    this.#spec = spec;
    this.element.setAttribute("aria-label", spec.label);
    if (spec.roles) this.element.setAttribute("role", spec.roles[0]);
    this.#resized.observe(this.element);
  }

  /** The row that keys move from; −1 for none. */
  get active() {
    return this.#active;
  }

  /** Other rows, or more of them. @param {number} count @param {{anew?: boolean, at?: number}} [how] `anew`: what was drawn is no longer true; `at`: the active row */
  update(count, { anew = false, at = this.#active } = {}) {
    const moved = at !== this.#active;
    this.#count = count;
    this.#active = Math.min(at, count - 1);
    this.#space.style.height = `${this.#tall}px`;
    if (anew) this.#keep(0, 0);
    if (moved) this.#reveal();
    else this.#draw();
  }

  /** Fills the rows in sight once more. */
  refresh() {
    for (const [index, row] of this.#rows) this.#spec.fill(row, index);
  }

  /** Makes a row the active one, as a key would. @param {number} index */
  go(index) {
    if (this.#count === 0) return;
    this.#active = Math.max(0, Math.min(this.#count - 1, index));
    this.#reveal();
    this.#spec.onActive(this.#active);
  }

  destroy() {
    this.#resized.disconnect();
  }

  get #tall() {
    return Math.min(TALLEST, this.#count * this.#spec.rowHeight);
  }

  get #fitting() {
    return this.element.clientHeight / this.#spec.rowHeight;
  }

  /** The row at the top, and how much of it is scrolled over. */
  get #top() {
    const way = this.#tall - this.element.clientHeight;
    return way > 0 ? (this.element.scrollTop / way) * Math.max(0, this.#count - this.#fitting) : 0;
  }

  #draw() {
    const [top, { scrollTop }] = [this.#top, this.element]; // read before anything is written: that would be laid out for each
    const first = Math.max(0, Math.floor(top) - SPARE);
    const last = Math.min(this.#count, Math.ceil(top + this.#fitting) + SPARE);
    this.#keep(first, last);
    for (let index = first; index < last; index += 1) this.#place(index, scrollTop + (index - top) * this.#spec.rowHeight);
    this.element.setAttribute("aria-activedescendant", this.#rows.has(this.#active) ? `${this.#id}-${this.#active}` : "");
  }

  /** Rows outside of these are gone. @param {number} first @param {number} last */
  #keep(first, last) {
    for (const [index, row] of this.#rows) {
      if (index >= first && index < last) continue;
      row.remove();
      this.#rows.delete(index);
    }
  }

  /** @param {number} index @param {number} top pixels */
  #place(index, top) {
    const row = this.#rows.get(index) ?? this.#row(index);
    row.style.top = `${top}px`;
    row.setAttribute("aria-setsize", String(this.#count));
    row.setAttribute("aria-selected", String(index === this.#active));
  }

  /** @param {number} index */
  #row(index) {
    const row = h("div", {
      className: "list-row", role: this.#spec.roles?.[1] ?? "option", id: `${this.#id}-${index}`, "aria-posinset": index + 1,
      onclick: () => (this.element.focus(), this.go(index)), ondblclick: () => this.#spec.onOpen?.(index),
    });
    row.style.height = `${this.#spec.rowHeight}px`;
    this.#spec.fill(row, index);
    this.#rows.set(index, row);
    this.#space.append(row);
    return row;
  }

  #reveal() {
    const [first, fits, active] = [this.#top, Math.max(1, this.#fitting), this.#active];
    const wanted = active < 0 ? first : active < first ? active : active + 1 > first + fits ? active + 1 - fits : first;
    const way = Math.max(0, this.#count - this.#fitting);
    if (wanted !== first && way > 0) this.element.scrollTop = (wanted / way) * (this.#tall - this.element.clientHeight);
    this.#draw();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const active = this.#active;
    if (!event.ctrlKey && !event.metaKey && !event.altKey && this.#spec.onKey?.(event.key, active)) return stop(event);
    const page = Math.max(1, Math.floor(this.#fitting) - 1);
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: this.#count - 1, n: active + 1, p: active - 1 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || (to === undefined && event.key !== "Enter")) return;
    stop(event);
    if (to === undefined) this.#spec.onOpen?.(active);
    else this.go(to);
  }
}

/** The key was meant for the list alone. @param {Event} event */
function stop(event) {
  event.preventDefault();
  event.stopPropagation();
}
