/** Segments of a device's memory as rows, the largest first, and in them what is allocated. */

import { oncePerFrame } from "../lib/atom.js";
import { formatBytes } from "../lib/format.js";
import { makeLayer, sizeLayer } from "./canvas.js";
import { FONT } from "./line-frame.js";
import { colorOf } from "./memory-pictures.js";

/** @typedef {import("../lib/arrays-frame.js").NamedArray} Numbers */

/**
 * @typedef {object} MapSegment
 * @property {string} address
 * @property {number} total bytes
 * @property {number} allocated
 * @property {number} stream
 * @property {boolean} large
 * @property {boolean} expandable
 *
 * @typedef {object} AddressMapData
 * @property {MapSegment[]} segments
 * @property {string[]} labels of call stacks
 * @property {Numbers} first cells of segment i: first[i] to first[i + 1]
 * @property {Numbers} start bytes from the segment's beginning
 * @property {Numbers} size bytes
 * @property {Numbers} used share
 * @property {Numbers} waiting share
 * @property {Numbers} stack a place in labels, −1: several blocks, or none
 * @property {Numbers} rows of each label, the server's number of that call stack
 *
 * @typedef {{onPoint: (cell: number, segment: number) => void, onOpen: (cell: number) => void}} MapEvents −1: none
 */

const ROW = 18; // pixels
const NAMES = 70; // pixels beside the rows
const LEAST = 3; // pixels of a segment

export class AddressMap {
  #layer;
  #space = document.createElement("div");
  #events;
  #readInk;
  /** @type {AddressMapData | null} */ #data = null;
  #cell = -1;
  #soon = oncePerFrame(() => this.#draw());
  #resized = new ResizeObserver(this.#soon);

  /** @param {HTMLElement} element must be positioned; scrolls @param {() => import("./memory-stage.js").StageInk} readInk @param {MapEvents} events */
  constructor(element, readInk, events) {
    this.element = element;
    this.#events = events;
    this.#readInk = readInk;
    this.#space.className = "prof-map-space";
    element.append(this.#space);
    this.#layer = makeLayer(this.#space, "prof-map-canvas");
    const { canvas } = this.#layer;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", "Segments and what is allocated in them: arrow keys go from block to block, Enter shows the call stack");
    element.addEventListener("scroll", this.#soon, { passive: true });
    for (const type of /** @type {const} */ (["pointerdown", "pointermove"])) canvas.addEventListener(type, (event) => this.#go(this.#at(event)));
    canvas.addEventListener("pointerleave", ({ pointerType }) => pointerType === "mouse" && this.#go(-1));
    canvas.addEventListener("click", () => this.#cell >= 0 && events.onOpen(this.#cell));
    canvas.addEventListener("keydown", (event) => this.#key(event));
    this.#resized.observe(element);
  }

  /** @param {AddressMapData} data */
  show(data) {
    this.#data = data;
    this.#cell = -1;
    this.#space.style.height = `${data.segments.length * ROW + 4}px`;
    this.#soon();
  }

  recolor() {
    this.#soon();
  }

  destroy() {
    this.#resized.disconnect();
  }

  /** Bytes to pixels, by the largest segment. */
  get #perByte() {
    return Math.max(1, this.element.clientWidth - NAMES - 8) / Math.max(1, this.#data?.segments[0]?.total ?? 1);
  }

  #draw() {
    const { clientWidth: width, clientHeight: height, scrollTop: scroll } = this.element;
    sizeLayer(this.#layer, { width, height });
    const [data, ink, { context }] = [this.#data, this.#readInk(), this.#layer];
    if (!data || width < NAMES) return;
    context.font = FONT;
    context.textBaseline = "middle";
    const last = Math.min(data.segments.length, Math.ceil((scroll + height) / ROW));
    for (let row = Math.floor(scroll / ROW); row < last; row += 1) this.#drawRow(context, data, row, row * ROW - scroll, ink);
  }

  /** @param {CanvasRenderingContext2D} context @param {AddressMapData} data @param {number} row @param {number} top @param {import("./memory-stage.js").StageInk} ink */
  #drawRow(context, data, row, top, ink) {
    const scale = this.#perByte;
    context.textAlign = "right";
    context.fillStyle = ink.label;
    context.fillText(formatBytes(data.segments[row].total), NAMES - 8, top + ROW / 2);
    context.fillStyle = ink.grid;
    context.fillRect(NAMES, top + 2, Math.max(LEAST, data.segments[row].total * scale), ROW - 4);
    for (let cell = data.first[row]; cell < data.first[row + 1]; cell += 1) {
      const [left, wide] = [NAMES + data.start[cell] * scale, Math.max(data.size[cell] * scale, 0.5)];
      const share = data.used[cell] + data.waiting[cell];
      if (share > 0) {
        context.fillStyle = data.waiting[cell] > data.used[cell] ? ink.warn : data.stack[cell] >= 0 ? colorOf(data.rows[data.stack[cell]], ink) : ink.accent;
        context.globalAlpha = 0.25 + 0.75 * Math.min(1, share);
        context.fillRect(left, top + 2, wide > 3 ? wide - 1 : wide, ROW - 4);
        context.globalAlpha = 1;
      }
      if (cell === this.#cell) {
        context.strokeStyle = ink.text;
        context.strokeRect(left, top + 1.5, Math.max(wide, 2), ROW - 3);
      }
    }
  }

  /** @param {MouseEvent} event */
  #at({ offsetX, offsetY }) {
    const row = Math.floor((offsetY + this.element.scrollTop) / ROW);
    if (!this.#data || row < 0 || row >= this.#data.segments.length) return -1;
    const bytes = (offsetX - NAMES) / this.#perByte;
    for (let cell = this.#data.first[row]; cell < this.#data.first[row + 1]; cell += 1) {
      if (bytes >= this.#data.start[cell] && bytes < this.#data.start[cell] + this.#data.size[cell]) return cell;
    }
    return -1;
  }

  /** The segment of a cell. @param {number} cell */
  #rowOf(cell) {
    return this.#data?.segments.findIndex((_, row) => cell < /** @type {AddressMapData} */ (this.#data).first[row + 1]) ?? -1;
  }

  /** @param {number} cell */
  #go(cell) {
    if (cell === this.#cell) return;
    this.#cell = cell;
    this.#soon();
    this.#events.onPoint(cell, cell < 0 ? -1 : this.#rowOf(cell));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const data = this.#data;
    if (!data || event.ctrlKey || event.metaKey || event.altKey) return;
    const row = Math.max(0, this.#rowOf(Math.max(0, this.#cell)));
    const last = data.start.length - 1;
    if (event.key === "ArrowRight") this.#go(Math.min(last, this.#cell + 1));
    else if (event.key === "ArrowLeft") this.#go(Math.max(0, this.#cell - 1));
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") this.#go(data.first[Math.max(0, Math.min(data.segments.length - 1, row + (event.key === "ArrowDown" ? 1 : -1)))]);
    else if (event.key === "Enter" && this.#cell >= 0) this.#events.onOpen(this.#cell);
    else return;
    event.preventDefault();
    event.stopPropagation();
    const top = this.#rowOf(this.#cell) * ROW;
    if (top < this.element.scrollTop) this.element.scrollTop = top;
    else if (top + ROW > this.element.scrollTop + this.element.clientHeight) this.element.scrollTop = top + ROW - this.element.clientHeight;
  }
}
