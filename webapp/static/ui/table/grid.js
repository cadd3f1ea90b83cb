/** A grid of many rows and columns: only those in sight exist as elements. */

import { oncePerFrame } from "../../lib/atom.js";
import { columnsInSight, gridLayout, rowsInSight } from "../../lib/grid-layout.js";
import { h } from "../dom.js";
import { gridHead } from "./grid-head.js";
import { listenToGridKeys } from "./grid-keys.js";
import { fillRow, makeRow, ROW } from "./grid-rows.js";

/**
 * @typedef {object} GridColumn
 * @property {string} id
 * @property {string} title
 * @property {string} hint
 * @property {number} width CSS pixels
 * @property {boolean} numeric
 * @property {boolean} pinned
 * @property {{descending: boolean, place: number} | null} order `place` counts from 1 among several
 *
 * @typedef {object} GridModel
 * @property {GridColumn[]} columns pinned ones first
 * @property {Int32Array} items what the rows show, top to bottom: a number ≥ 0 for a row, −1 − g for the head of group g
 * @property {number} leadWidth least width of the leading column; it takes what room the others leave, up to MOST_LEAD
 * @property {(cell: HTMLElement, column: GridColumn, item: number) => void} fillCell
 * @property {(item: number) => boolean} isSelected
 * @property {(item: number) => string} keyOf what a row is, whatever its number: the place in sight and the active row stay with it
 *
 * @typedef {object} Lead the leading column of one row
 * @property {HTMLElement} element
 * @property {(item: number) => void} fill
 *
 * @typedef {object} GridEvents
 * @property {() => Lead} makeLead
 * @property {HTMLElement} headLead what stands above the leading column
 * @property {(id: string, add: boolean) => void} onOrder
 * @property {(id: string, width: number) => void} onResize
 * @property {(id: string, before: number) => void} onMove
 * @property {(id: string, anchor: HTMLElement) => void} onMenu
 * @property {(item: number) => void} onOpen
 * @property {(item: number) => void} onTick
 * @property {(item: number, how: {extend: boolean, toggle: boolean}) => void} onSelect
 * @property {(item: number | null) => void} onPoint
 *
 * @typedef {object} GridState
 * @property {GridModel} model
 * @property {import("../../lib/grid-layout.js").GridLayout} layout
 * @property {{row: number, column: number}} active row −1: the head; column −1: the leading one
 * @property {string} prefix of the ids of cells
 * @property {number} rowHeight pixels
 */

const HEAD = 40; // pixels; the same in table.css
const SPARE = 4; // rows
const MOST_LEAD = 480; // pixels of the leading column: with more, its names stand far from their values
const NARROW = 220; // pixels of the leading column that leave no room for more than a name
const UNSEEN = { width: 1440, height: 900 }; // until it is laid out: to ask the window would lay out the page for that alone
let grids = 0;

/** @type {GridModel} */
const EMPTY = { columns: [], items: new Int32Array(0), leadWidth: 200, fillCell: () => {}, isSelected: () => false, keyOf: String };

/** @param {string} label @param {GridEvents} events @param {{rowHeight?: number, mostLead?: number}} [options] pixels of a row, and of the leading column at most */
export function dataGrid(label, events, { rowHeight = ROW, mostLead = MOST_LEAD } = {}) {
  /** @type {GridState} */
  const state = { model: EMPTY, layout: gridLayout([], 200), active: { row: 0, column: -1 }, prefix: `grid${(grids += 1)}`, rowHeight };
  const view = { top: 0, left: 0, ...UNSEEN };
  /** @type {import("./grid-rows.js").Row[]} */
  const rows = [];
  const head = gridHead(state, events);
  const sheet = h("div", { className: "grid-sheet", role: "presentation" }, head.element);
  const element = h("div", { className: "grid", role: "grid", tabIndex: 0, "aria-label": label, "aria-multiselectable": "true", onpointerleave: () => events.onPoint(null) }, sheet);

  const render = () => {
    const { model, layout } = state;
    const [from, to] = rowsInSight(view.top, view.height, rowHeight, model.items.length, SPARE);
    const sight = columnsInSight(layout, view.left, view.width);
    while (rows.length < to - from) rows.push(makeRow(events, sheet));
    rows.forEach((row, index) => fillRow(row, state, from + index < to ? from + index : -1, sight, view.width));
    head.update(sight);
    element.setAttribute("aria-activedescendant", `${state.prefix}-${state.active.row}-${state.active.column}`);
  };
  const draw = oncePerFrame(render);
  const arrange = () => {
    const { columns, items, leadWidth } = state.model;
    const others = columns.reduce((sum, { width }) => sum + width, 0);
    state.layout = gridLayout(columns, Math.max(leadWidth, Math.min(mostLead, Math.floor(view.width - others))));
    sheet.style.width = `${Math.max(state.layout.width, view.width)}px`;
    element.classList.toggle("narrow", leadWidth < NARROW);
    element.style.setProperty("--grid-view", `${view.width}px`);
    sheet.style.height = `${HEAD + items.length * rowHeight}px`;
    element.setAttribute("aria-rowcount", String(items.length + 1));
    element.setAttribute("aria-colcount", String(columns.length + 1));
    if (items.length) state.active.row = Math.min(state.active.row, items.length - 1);
    if (columns.length) state.active.column = Math.min(state.active.column, columns.length - 1);
  };
  element.addEventListener("scroll", () => {
    [view.top, view.left] = [element.scrollTop, element.scrollLeft];
    draw();
  });
  new ResizeObserver(([entry]) => {
    const { width, height } = entry.contentRect;
    if (width === 0 || (width === view.width && height === view.height)) return;
    [view.width, view.height] = [width, height];
    arrange();
    draw();
  }).observe(element);
  /** Brings the active cell into sight. */
  const reveal = () => {
    const { active, layout, model } = state;
    const top = active.row * rowHeight;
    if (active.row >= 0 && top < element.scrollTop) element.scrollTop = top;
    if (top + rowHeight + HEAD > element.scrollTop + element.clientHeight) element.scrollTop = top + rowHeight + HEAD - element.clientHeight;
    if (active.column >= layout.pinned) {
      const left = layout.lefts[active.column];
      const { width } = model.columns[active.column];
      if (left - layout.pinnedWidth < element.scrollLeft) element.scrollLeft = left - layout.pinnedWidth;
      else if (left + width > element.scrollLeft + element.clientWidth) element.scrollLeft = left + width - element.clientWidth;
    }
    render();
  };
  element.style.setProperty("--row", `${rowHeight}px`);
  listenToGridKeys(element, state, events, reveal);
  element.addEventListener("pointerdown", (event) => noteActive(event, state, draw));
  return {
    element,
    /** @param {GridModel} model @param {{stay?: boolean}} [how] `stay`: rows came or went, the row in sight stays where it is */
    update(model, { stay = false } = {}) {
      const { model: before, active } = state;
      const scrolled = stay && view.top > 0 ? element.scrollTop : 0; // reading it lays the page out
      const top = Math.floor(scrolled / rowHeight);
      state.model = model;
      active.row = sameRow(before, model, active.row);
      arrange();
      if (scrolled > 0) element.scrollTop += (sameRow(before, model, top) - top) * rowHeight;
      render();
    },
    render,
    /** Brings a column into sight and marks it for a moment. @param {string} id */
    showColumn(id) {
      const column = state.model.columns.findIndex((known) => known.id === id);
      if (column < 0) return;
      state.active.column = column;
      reveal();
      element.querySelectorAll(`[aria-colindex="${column + 2}"]`).forEach((cell) => flash(cell));
    },
  };
}

/** @param {Element} cell */
function flash(cell) {
  cell.classList.remove("flash");
  cell.classList.add("flash");
  cell.addEventListener("animationend", () => cell.classList.remove("flash"), { once: true });
}

/** Where a row of one model stands in the next; the same place where it is gone. @param {GridModel} before @param {GridModel} after @param {number} row */
function sameRow(before, after, row) {
  if (row < 0 || row >= before.items.length) return row;
  const key = before.keyOf(before.items[row]);
  if (row < after.items.length && after.keyOf(after.items[row]) === key) return row;
  const found = after.items.findIndex((item) => after.keyOf(item) === key);
  return found < 0 ? row : found;
}

/** The cell under the pointer is where the keys go on. @param {PointerEvent} event @param {GridState} state @param {() => void} draw */
function noteActive(event, state, draw) {
  const cell = event.target instanceof Element ? event.target.closest(`[id^="${state.prefix}-"]`) : null;
  if (!cell) return;
  const [, row, column] = /-(-?\d+)-(-?\d+)$/.exec(cell.id) ?? [];
  state.active = { row: Number(row), column: Number(column) };
  draw();
}
