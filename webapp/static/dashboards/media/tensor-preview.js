/** A tensor at a glance: small ones as a table of numbers, large ones as a picture of means, texts as a list. */

import { formatCount, formatValue } from "../../lib/format.js";
import { rampColor } from "../../lib/ramp.js";
import { h } from "../../ui/dom.js";
import { readInk } from "../../ui/ink.js";

/**
 * @typedef {object} Preview see webapp/media/tensors.py
 * @property {number} rows
 * @property {number} columns
 * @property {[number, number]} of rows and columns there are
 * @property {boolean} exact whether `values` are the values themselves, not means of blocks
 * @property {(number | string)[][]} values what is not finite is text
 */

const ROW = 8; // height of a picture's row, pixels

/** @param {Preview} preview @param {{min: number, max: number}} ends of the colours @returns {HTMLElement} */
export function previewOf(preview, ends) {
  if (preview.rows === 0 || preview.columns === 0) return h("p", { className: "quiet" }, "It has no elements.");
  return preview.exact ? tableOf(preview, ends) : pictureOf(preview, ends);
}

/** The share of the way from least to largest; NaN where a value is no number. @param {number | string} value @param {{min: number, max: number}} ends */
function shareOf(value, { min, max }) {
  if (typeof value === "string" && !/^-?\d+$/.test(value)) return NaN;
  return max > min ? (Number(value) - min) / (max - min) : 0.5;
}

/** @param {number | string} value */
const textOf = (value) => (typeof value === "string" && /^-?\d+$/.test(value) ? value : formatValue(Number(value), 4));

/** @param {Preview} preview @param {{min: number, max: number}} ends */
function tableOf({ values }, ends) {
  const theme = readInk().dark ? "dark" : "light";
  const cell = (/** @type {number | string} */ value) => {
    const share = shareOf(value, ends);
    const element = h("td", { title: String(value), className: Number.isNaN(share) ? "bad" : "" }, textOf(value));
    if (!Number.isNaN(share)) element.style.setProperty("--heat", rampColor(share, theme));
    return element;
  };
  return h("div", { className: "tensor-scroll" }, h("table", { className: "tensor-table", "aria-label": "Values" }, h("tbody", {}, ...values.map((row) => h("tr", {}, ...row.map(cell))))));
}

/** @param {Preview} preview @param {{min: number, max: number}} ends */
function pictureOf(preview, ends) {
  const { rows, columns, of, values } = preview;
  const means = rows < of[0] || columns < of[1];
  const about = `${means ? `Means of ${rows} × ${columns} blocks` : "Values"} from ${formatValue(ends.min, 4)} to ${formatValue(ends.max, 4)}`;
  const canvas = h("canvas", { width: columns, height: rows, className: "tensor-picture", role: "img", "aria-label": about });
  canvas.style.height = `${Math.max(24, Math.min(180, rows * ROW))}px`;
  paint(canvas, preview, ends);
  const told = h("p", { className: "quiet tensor-told" }, about);
  canvas.addEventListener("pointermove", ({ offsetX, offsetY }) => {
    const row = Math.min(rows - 1, Math.max(0, Math.floor((offsetY / canvas.clientHeight) * rows)));
    const column = Math.min(columns - 1, Math.max(0, Math.floor((offsetX / canvas.clientWidth) * columns)));
    told.textContent = `${rangeOf("row", row, rows, of[0])}, ${rangeOf("column", column, columns, of[1])}${means ? ": mean" : ":"} ${textOf(values[row][column])}`;
  });
  canvas.addEventListener("pointerleave", () => (told.textContent = about));
  return h("div", {}, canvas, told);
}

/** "rows 20–29", as the server cuts blocks. @param {string} what @param {number} index @param {number} blocks @param {number} size */
function rangeOf(what, index, blocks, size) {
  const first = Math.floor((index * size) / blocks);
  const last = Math.floor(((index + 1) * size) / blocks) - 1;
  return first === last ? `${what} ${formatCount(first)}` : `${what}s ${formatCount(first)}–${formatCount(last)}`;
}

/** @param {HTMLCanvasElement} canvas @param {Preview} preview @param {{min: number, max: number}} ends */
function paint(canvas, { rows, columns, values }, ends) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const ink = readInk();
  const theme = ink.dark ? "dark" : "light";
  values.forEach((row, y) => row.forEach((value, x) => {
    const share = shareOf(value, ends);
    context.fillStyle = Number.isNaN(share) ? ink.bad : rampColor(share, theme);
    context.fillRect(x, y, 1, 1);
  }));
}
