/** A list of any number of rows of one height: only those in sight exist, and the keys move through all of them. */

import { oncePerFrame } from "../lib/atom.js";
import { h } from "./dom.js";

/**
 * @typedef {object} ListSpec
 * @property {string} label
 * @property {number} rowHeight pixels
 * @property {(row: HTMLElement, index: number) => void} fill draws a row anew; rows are used for others later
 * @property {(index: number) => void} onActive a row was reached by keys or a click
 * @property {(index: number) => void} [onOpen] Enter, or a double click
 */

const TALLEST = 8e6; // pixels; browsers cannot lay out much more: beyond, the scroll bar moves by more than a row
const SPARE = 3; // rows
let lists = 0;

/** @param {ListSpec} spec */
export function virtualList({ label, rowHeight, fill, onActive, onOpen }) {
  const id = `list-${(lists += 1)}`;
  const space = h("div", { className: "list-space" });
  const element = h("div", { className: "virtual-list", role: "listbox", tabIndex: 0, "aria-label": label }, space);
  /** @type {Map<number, HTMLElement>} */
  const rows = new Map();
  let count = 0;
  let active = -1;
  const tall = () => Math.min(TALLEST, count * rowHeight);
  const fitting = () => element.clientHeight / rowHeight;
  /** The row at the top, fractions of it scrolled over. */
  const top = () => {
    const way = tall() - element.clientHeight;
    return way > 0 ? (element.scrollTop / way) * Math.max(0, count - fitting()) : 0;
  };
  const draw = () => {
    const first = Math.max(0, Math.floor(top()) - SPARE);
    const last = Math.min(count, Math.ceil(top() + fitting()) + SPARE);
    for (const [index, row] of rows) if (index < first || index >= last) row.remove(), rows.delete(index);
    for (let index = first; index < last; index += 1) place(index);
    element.setAttribute("aria-activedescendant", rows.has(active) ? `${id}-${active}` : "");
  };
  const place = (/** @type {number} */ index) => {
    let row = rows.get(index);
    if (!row) {
      row = h("div", { className: "list-row", role: "option", id: `${id}-${index}`, onclick: () => (element.focus(), go(index)), ondblclick: () => onOpen?.(index) });
      rows.set(index, row);
      row.style.height = `${rowHeight}px`;
      row.setAttribute("aria-posinset", String(index + 1));
      fill(row, index);
      space.append(row);
    }
    row.style.top = `${element.scrollTop + (index - top()) * rowHeight}px`;
    row.setAttribute("aria-setsize", String(count));
    row.setAttribute("aria-selected", String(index === active));
  };
  const soon = oncePerFrame(draw);
  const reveal = () => {
    const [first, fits] = [top(), Math.max(1, fitting())];
    const wanted = active < 0 ? first : active < first ? active : active + 1 > first + fits ? active + 1 - fits : first;
    const way = Math.max(0, count - fitting());
    if (wanted !== first && way > 0) element.scrollTop = (wanted / way) * (tall() - element.clientHeight);
    draw();
  };
  const go = (/** @type {number} */ index) => {
    if (count === 0) return;
    active = Math.max(0, Math.min(count - 1, index));
    reveal();
    onActive(active);
  };
  element.addEventListener("scroll", soon);
  element.addEventListener("keydown", (event) => {
    const page = Math.max(1, Math.floor(fitting()) - 1);
    const to = { ArrowDown: active + 1, ArrowUp: active - 1, PageDown: active + page, PageUp: active - page, Home: 0, End: count - 1, n: active + 1, p: active - 1 }[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || (to === undefined && event.key !== "Enter")) return;
    event.preventDefault();
    event.stopPropagation();
    if (to === undefined) onOpen?.(active);
    else go(to);
  });
  const resized = new ResizeObserver(soon);
  resized.observe(element);
  return {
    element,
    go,
    active: () => active,
    /** Other rows, or more of them. @param {number} rowsThere @param {{anew?: boolean, at?: number}} [how] `anew`: what was drawn is no longer true; `at`: the active row */
    update(rowsThere, { anew = false, at = active } = {}) {
      count = rowsThere;
      const moved = at !== active;
      active = Math.min(at, count - 1);
      space.style.height = `${tall()}px`;
      if (anew) for (const [index, row] of rows) row.remove(), rows.delete(index);
      if (moved) reveal();
      else draw();
    },
    /** Draws rows in sight once more. */
    refresh() {
      for (const [index, row] of rows) fill(row, index);
    },
    destroy: () => resized.disconnect(),
  };
}
