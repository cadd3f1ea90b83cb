/** Rows and columns as a heat map that can be pointed at and walked through with the keys. */

import { heatStops, colorAlong } from "../lib/ramp.js";
import { makeLayer, sizeLayer } from "./canvas.js";
import { FONT } from "./line-frame.js";

/**
 * @typedef {{rows: string[], columns: string[], values: (number | null)[][]}} GridData a row of values for each row; null: there is none
 * @typedef {{row: number, column: number}} Cell
 * @typedef {{onCell: (cell: Cell | null) => void, onOpen: (cell: Cell) => void}} GridEvents
 * @typedef {{width: number, ink: import("../lib/types.js").Ink & {dark: boolean, text: string}}} GridOptions CSS pixels
 */

const NAMES = 76; // pixels beside the cells
const HEAD = 20; // pixels above
const TALLEST = 26;
const SHORTEST = 3;
const MOST_HEIGHT = 480;
const LETTERS = 12; // pixels that a line of names needs
const STEPS = /** @type {Record<string, [number, number]>} */ ({ ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] });

export class HeatGrid {
  #base;
  #top;
  #events;
  /** @type {GridData} */ #data = { rows: [], columns: [], values: [] };
  /** @type {GridOptions | null} */ #options = null;
  /** @type {Cell | null} */ #cell = null;

  /** @param {HTMLElement} element must be positioned @param {string} label @param {GridEvents} events */
  constructor(element, label, events) {
    this.#events = events;
    this.#base = makeLayer(element, "chart-lines");
    this.#top = makeLayer(element, "chart-overlay");
    const { canvas } = this.#top;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${label}: arrow keys go from cell to cell, Enter shows it in the timeline`);
    canvas.addEventListener("pointermove", (event) => this.#go(this.#cellAt(event)));
    canvas.addEventListener("pointerleave", () => this.#go(null));
    canvas.addEventListener("click", (event) => this.#open(this.#cellAt(event)));
    canvas.addEventListener("keydown", (event) => this.#onKey(event));
  }

  /** @param {GridData} data @param {GridOptions} options @returns {number} the height in pixels */
  update(data, options) {
    [this.#data, this.#options] = [data, options];
    const height = HEAD + data.rows.length * this.#high + 2;
    for (const layer of [this.#base, this.#top]) sizeLayer(layer, { width: options.width, height });
    this.#paint();
    this.#mark();
    return height;
  }

  get #high() {
    return Math.max(SHORTEST, Math.min(TALLEST, Math.floor(MOST_HEIGHT / Math.max(1, this.#data.rows.length))));
  }

  get #wide() {
    return ((this.#options?.width ?? NAMES) - NAMES) / Math.max(1, this.#data.columns.length);
  }

  #paint() {
    const { context } = this.#base;
    const { ink } = /** @type {GridOptions} */ (this.#options);
    const [high, wide] = [this.#high, this.#wide];
    const known = this.#data.values.flat().filter((value) => value !== null);
    const [least, most] = known.reduce(([low, up], value) => [Math.min(low, value), Math.max(up, value)], [Infinity, -Infinity]);
    const stops = heatStops(ink.dark ? "dark" : "light");
    const gap = high > 8 && wide > 8 ? 1 : 0;
    this.#data.values.forEach((values, row) => values.forEach((value, column) => {
      if (value === null) return;
      context.fillStyle = colorAlong(stops, most > least ? (value - least) / (most - least) : 0.5);
      context.fillRect(NAMES + column * wide, HEAD + row * high, Math.max(wide - gap, 0.5), high - gap);
    }));
    context.font = FONT;
    context.fillStyle = ink.label;
    context.textBaseline = "middle";
    context.textAlign = "right";
    every(LETTERS / high, this.#data.rows.length).forEach((row) => context.fillText(this.#data.rows[row], NAMES - 6, HEAD + (row + 0.5) * high, NAMES - 8));
    context.textAlign = "center";
    every(this.#longest(context) / wide, this.#data.columns.length).forEach((column) => context.fillText(this.#data.columns[column], NAMES + (column + 0.5) * wide, HEAD / 2));
  }

  /** @param {CanvasRenderingContext2D} context */
  #longest(context) {
    return Math.max(1, ...this.#data.columns.map((name) => context.measureText(name).width + 8));
  }

  #mark() {
    if (!this.#options) return;
    const { context, canvas } = this.#top;
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (!this.#cell) return;
    context.strokeStyle = this.#options.ink.text;
    context.lineWidth = 1.5;
    const { row, column } = this.#cell;
    context.strokeRect(NAMES + column * this.#wide, HEAD + row * this.#high, Math.max(this.#wide - 1, 3), Math.max(this.#high - 1, 3));
  }

  /** @param {MouseEvent} event @returns {Cell | null} */
  #cellAt({ offsetX, offsetY }) {
    const [row, column] = [Math.floor((offsetY - HEAD) / this.#high), Math.floor((offsetX - NAMES) / this.#wide)];
    return this.#within(row, column) ? { row, column } : null;
  }

  /** @param {number} row @param {number} column */
  #within(row, column) {
    return row >= 0 && column >= 0 && row < this.#data.rows.length && column < this.#data.columns.length;
  }

  /** @param {Cell | null} cell */
  #go(cell) {
    if (cell?.row === this.#cell?.row && cell?.column === this.#cell?.column) return;
    this.#cell = cell;
    this.#mark();
    this.#events.onCell(cell);
  }

  /** @param {Cell | null} cell */
  #open(cell) {
    if (cell) this.#events.onOpen(cell);
  }

  /** @param {KeyboardEvent} event */
  #onKey(event) {
    const move = STEPS[event.key];
    if (event.ctrlKey || event.metaKey || event.altKey || !(move || (event.key === "Enter" && this.#cell))) return;
    event.preventDefault();
    event.stopPropagation();
    if (!move) return this.#open(this.#cell);
    const next = this.#cell ? { row: this.#cell.row + move[0], column: this.#cell.column + move[1] } : { row: 0, column: 0 };
    if (this.#within(next.row, next.column)) this.#go(next);
  }
}

/** Every so-manieth place, so that names do not touch. @param {number} least how many places a name needs @param {number} count */
function every(least, count) {
  const step = Math.max(1, Math.ceil(least));
  return Array.from({ length: Math.ceil(count / step) }, (_, place) => place * step);
}
