/** A square matrix as a heat map: which cells are in sight, where they lie, and how they are drawn. */

import { amountColor, differenceColor, wantsWhite } from "../lib/heat-color.js";
import { pooledPart } from "../lib/confusion.js";
import { FONT } from "./line-frame.js";
import { shortenedName } from "./scatter-frame.js";

/**
 * @typedef {object} MatrixData
 * @property {number} n
 * @property {string[]} names
 * @property {Float64Array} values row after row; NaN where there is none
 * @property {number} most the amount of the strongest colour, above 0
 * @property {boolean} signed differences: below 0 in another colour
 * @property {boolean} log colours grow with the logarithm of the amount
 * @property {(value: number) => string[]} textsOf ways to write it, the longest first
 *
 * @typedef {import("../lib/confusion.js").Part} Part
 *
 * @typedef {object} MatrixOptions
 * @property {number} width CSS pixels; the height follows
 * @property {Part | null} part null: all
 * @property {import("../lib/types.js").Ink & {dark: boolean, text: string}} ink
 *
 * @typedef {object} MatrixFrame
 * @property {Part} part
 * @property {number} left pixels
 * @property {number} top
 * @property {number} side of the whole map
 * @property {number} cell pixels along a cell
 * @property {number} height of the whole chart
 */

const LONGEST_NAME = 0.28; // of the width
const MOST_SIDE = 460; // pixels
const FOOT = 16; // pixels: the axis title
const LEAST_LABEL = 12; // pixels of a cell that has room for its name
const LEAST_NUMBER = 14; // and for its number, in small letters
const ROOMY = 26; // pixels of a cell whose number is as large as other texts; what does not fit is left out there
const NUMBER_SIZES = [10.5, 9, 8]; // pixels
const MOST_RECTS = 3_600; // more cells are painted as one picture
const LOG_DECADES = 4;

/** @param {CanvasRenderingContext2D} context for measuring names @param {MatrixData} data @param {MatrixOptions} options @returns {MatrixFrame} */
export function matrixFrame(context, { n, names }, { width, part }) {
  context.font = FONT;
  const seen = part ?? { top: 0, left: 0, size: n };
  const widest = names.slice(seen.top, seen.top + Math.min(seen.size, 200)).reduce((most, name) => Math.max(most, context.measureText(name).width), 20);
  const left = Math.ceil(Math.min(widest, width * LONGEST_NAME)) + 26;
  const side = Math.max(80, Math.min(MOST_SIDE, width - left - 4));
  const top = 6; // the first name is higher than a small cell
  return { part: seen, left, top, side, cell: side / Math.max(1, seen.size), height: top + side + Math.ceil(Math.min(widest, width * LONGEST_NAME)) + 8 + FOOT };
}

/** The cell at a pixel. @param {MatrixFrame} frame @param {{x: number, y: number}} pixel @returns {{row: number, column: number} | null} */
export function cellAt({ part, left, top, side, cell }, { x, y }) {
  if (x < left || y < top || x >= left + side || y >= top + side) return null;
  return { row: part.top + Math.floor((y - top) / cell), column: part.left + Math.floor((x - left) / cell) };
}

/** A smaller or larger part around a cell, whole and within the matrix. @param {Part} part @param {number} n @param {number} factor below 1 zooms in @param {{row: number, column: number}} around @returns {Part | null} null: everything */
export function zoomedPart(part, n, factor, { row, column }) {
  const size = Math.max(2, Math.min(n, Math.round(part.size * factor)));
  return clampedPart({ size, top: Math.round(row + 0.5 - ((row + 0.5 - part.top) / part.size) * size), left: Math.round(column + 0.5 - ((column + 0.5 - part.left) / part.size) * size) }, n);
}

/** @param {Part} part @param {number} n @returns {Part | null} */
export function clampedPart({ top, left, size }, n) {
  if (size >= n) return null;
  const inside = (/** @type {number} */ at) => Math.max(0, Math.min(n - size, at));
  return { size, top: inside(top), left: inside(left) };
}

/** @param {CanvasRenderingContext2D} context @param {MatrixFrame} frame @param {MatrixData} data @param {MatrixOptions} options */
export function drawMatrix(context, frame, data, { ink }) {
  const { part, left, top, side } = frame;
  const theme = ink.dark ? "dark" : "light";
  const vector = typeof context.drawImage !== "function"; // an SVG is made of rectangles
  const density = typeof devicePixelRatio === "number" ? devicePixelRatio : 1;
  const shown = pooledPart(data.values, data.n, part, vector ? Math.floor(Math.sqrt(4 * MOST_RECTS)) : Math.max(64, Math.floor(side * density)));
  if (vector || shown.pooled.length <= MOST_RECTS) paintRects(context, frame, data, shown, theme);
  else paintPicture(context, frame, data, shown, theme);
  context.strokeStyle = ink.grid;
  context.lineWidth = 1;
  context.strokeRect(left - 0.5, top - 0.5, side + 1, side + 1);
  if (shown.each === 1) drawNumbers(context, frame, data, theme);
  drawNames(context, frame, data, ink);
}

/** The colour of an amount. @param {MatrixData} data @param {number} value @param {"light" | "dark"} theme */
export function colorOf({ most, signed, log }, value, theme) {
  if (!Number.isFinite(value)) return amountColor(0, theme);
  const size = Math.abs(value) / most;
  const share = log && size > 0 ? Math.max(0.04, 1 + Math.log10(size) / LOG_DECADES) : size;
  return signed ? differenceColor(Math.sign(value) * share, theme) : amountColor(share, theme);
}

/** @param {CanvasRenderingContext2D} context @param {MatrixFrame} frame @param {MatrixData} data @param {ReturnType<typeof pooledPart>} shown @param {"light" | "dark"} theme */
function paintRects(context, { part, left, top, cell }, data, { side, pooled, each }, theme) {
  const gap = cell * each > 6 ? 1 : 0;
  const size = cell * each;
  for (let i = 0; i < side; i += 1) {
    for (let j = 0; j < side; j += 1) {
      context.fillStyle = `rgb(${colorOf(data, pooled[i * side + j], theme).join(",")})`;
      const [width, height] = [j, i].map((at) => Math.min(size, (part.size - at * each) * cell) - gap);
      context.fillRect(left + j * size, top + i * size, width, height);
    }
  }
}

/** @param {CanvasRenderingContext2D} context @param {MatrixFrame} frame @param {MatrixData} data @param {ReturnType<typeof pooledPart>} shown @param {"light" | "dark"} theme */
function paintPicture(context, { left, top, cell, side: whole }, data, { side, pooled, each }, theme) {
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = side;
  const own = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = own.createImageData(side, side);
  for (let i = 0; i < pooled.length; i += 1) image.data.set([...colorOf(data, pooled[i], theme), 255], 4 * i);
  own.putImageData(image, 0, 0);
  context.save();
  context.beginPath();
  context.rect(left, top, whole, whole); // the last place may stand for fewer cells than the others
  context.clip();
  context.imageSmoothingEnabled = false;
  context.drawImage(canvas, left, top, side * each * cell, side * each * cell);
  context.restore();
}

/** The largest letters in which every number has room in its cell, else the smallest if at least half of the numbers have; null: there are none. @param {CanvasRenderingContext2D} context @param {MatrixFrame} frame @param {MatrixData} data */
export function numbersFont(context, { part, cell }, data) {
  if (cell >= ROOMY) return FONT;
  if (cell < LEAST_NUMBER) return null;
  const texts = new Set();
  for (let i = 0; i < part.size ** 2; i += 1) {
    const value = valueAt(data, part, Math.floor(i / part.size), i % part.size);
    if (value !== 0) texts.add(data.textsOf(value).at(-1));
  }
  for (const size of NUMBER_SIZES) {
    context.font = FONT.replace(/^[\d.]+/, String(size));
    if ([...texts].every((text) => context.measureText(text).width <= cell - 2)) return context.font;
  }
  const fitting = [...texts].filter((text) => context.measureText(text).width <= cell - 2).length;
  return 2 * fitting >= texts.size ? context.font : null;
}

/** @param {MatrixData} data @param {Part} part @param {number} row of the part @param {number} column */
function valueAt({ values, n }, part, row, column) {
  return values[(part.top + row) * n + part.left + column];
}

/** @param {CanvasRenderingContext2D} context @param {MatrixFrame} frame @param {MatrixData} data @param {"light" | "dark"} theme */
function drawNumbers(context, frame, data, theme) {
  const font = numbersFont(context, frame, data);
  if (font === null) return;
  const { part, left, top, cell } = frame;
  const room = cell - (cell >= ROOMY ? 3 : 2);
  context.font = font;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (let i = 0; i < part.size; i += 1) {
    for (let j = 0; j < part.size; j += 1) {
      const value = valueAt(data, part, i, j);
      const text = value === 0 ? undefined : data.textsOf(value).find((known) => context.measureText(known).width <= room);
      if (text === undefined) continue;
      context.fillStyle = wantsWhite(colorOf(data, value, theme)) ? "#fff" : "#111";
      context.fillText(text, left + (j + 0.5) * cell, top + (i + 0.5) * cell);
    }
  }
}

/** Names where they have room, else of every so many classes. @param {CanvasRenderingContext2D} context @param {MatrixFrame} frame @param {MatrixData} data @param {MatrixOptions["ink"]} ink */
function drawNames(context, { part, left, top, side, cell, height }, { names }, ink) {
  const stride = Math.max(1, Math.ceil(LEAST_LABEL / cell));
  const room = left - 24;
  context.font = FONT;
  context.fillStyle = ink.label;
  context.textBaseline = "middle";
  for (let i = 0; i < part.size; i += stride) {
    context.textAlign = "right";
    context.fillText(shortenedName(context, names[part.top + i] ?? "", room), left - 6, top + (i + 0.5) * cell);
    context.save();
    context.translate(left + (i + 0.5) * cell, top + side + 6);
    context.rotate(-Math.PI / 2);
    context.fillText(shortenedName(context, names[part.left + i] ?? "", room), 0, 0);
    context.restore();
  }
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.fillText("predicted class", left + side / 2, height - 4);
  context.save();
  context.translate(10, top + side / 2);
  context.rotate(-Math.PI / 2);
  context.fillText("true class", 0, 0);
  context.restore();
  context.textAlign = "left";
}
