/** A scatter chart's frame: scales, grid, labels, titles, the legend of its colours; and the dots in pixels. */

import { columnScale, columnTicks } from "../lib/column-axis.js";
import { hashName } from "../lib/color.js";
import { fitLine } from "../lib/regression.js";
import { toPixel } from "../lib/scale.js";
import { FONT } from "./line-frame.js";

/** @typedef {import("../lib/scale.js").Scale} Scale */
/** @typedef {import("../lib/scale.js").Tick} Tick */
/** @typedef {import("../lib/column-axis.js").ColumnAxis} ColumnAxis */
/** @typedef {import("../lib/chart-data.js").Dot} Dot */
/** @typedef {import("../lib/chart-data.js").ScatterData} ScatterData */
/** @typedef {import("../lib/chart-data.js").RampLegend} RampLegend */
/** @typedef {import("../lib/chart-data.js").WordLegend} WordLegend */

/**
 * @typedef {object} ScatterOptions
 * @property {number} width CSS pixels
 * @property {number} height CSS pixels
 * @property {boolean} logX
 * @property {boolean} logY
 * @property {boolean} regression
 * @property {import("../lib/types.js").Ink} ink
 *
 * @typedef {object} ScatterFrame
 * @property {{left: number, top: number, right: number, bottom: number}} box
 * @property {Scale} x
 * @property {Scale} y
 * @property {Tick[]} xTicks
 * @property {Tick[]} yTicks
 * @property {Float64Array} px pixel of each dot; NaN where it has no place
 * @property {Float64Array} py
 * @property {number} leftOut dots without a place: a value is missing, not finite, or not above 0 on a logarithmic axis
 * @property {ReturnType<typeof fitLine>} fit through the dots as drawn, in pixels
 */

const TOP = 20;
const BOTTOM = 34;
const JITTER = 0.28; // of the room of a word: dots of one word do not hide each other

/**
 * @param {CanvasRenderingContext2D} context for measuring labels
 * @param {ScatterData} data @param {ScatterOptions} options
 * @returns {ScatterFrame}
 */
export function scatterFrame(context, { dots, x: xAxis, y: yAxis }, { width, height, logX, logY, regression }) {
  context.font = FONT;
  const shown = dots.filter((dot) => hasPlace(dot.x, logX) && hasPlace(dot.y, logY));
  const y = columnScale(yAxis, shown.map((dot) => dot.y), [height - BOTTOM, TOP], logY);
  const yTicks = columnTicks(yAxis, y, Math.max(2, Math.floor(height / 38))).map((tick) => ({ ...tick, label: shortened(context, tick.label, width * 0.3) }));
  const left = Math.ceil(Math.max(22, ...yTicks.map((tick) => context.measureText(tick.label).width))) + 8;
  const box = { left, top: TOP, right: width - 8, bottom: height - BOTTOM };
  const x = columnScale(xAxis, shown.map((dot) => dot.x), [box.left, box.right], logX);
  const room = Math.max(2, Math.floor((box.right - box.left) / 64));
  const xTicks = columnTicks(xAxis, x, room);
  const px = Float64Array.from(dots, (dot) => toPixel(x, dot.x + jitter(xAxis, dot)));
  const py = Float64Array.from(dots, (dot) => toPixel(y, dot.y + jitter(yAxis, dot)));
  let leftOut = 0;
  for (let i = 0; i < px.length; i += 1) if (!Number.isFinite(px[i] + py[i])) leftOut += 1;
  const measured = xAxis.kind !== "words" && yAxis.kind !== "words";
  return { box, x, y, xTicks, yTicks, px, py, leftOut, fit: regression && measured ? fitLine(px, py) : null };
}

/** @param {number} value @param {boolean} log */
function hasPlace(value, log) {
  return Number.isFinite(value) && (!log || value > 0);
}

/** The same for the same run, so that a dot stays where it was. @param {ColumnAxis} axis @param {Dot} dot */
function jitter(axis, dot) {
  return axis.kind === "words" ? ((hashName(dot.run) % 1000) / 500 - 1) * JITTER : 0;
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {number} room pixels */
export function shortened(context, text, room) {
  if (context.measureText(text).width <= room) return text;
  let length = text.length;
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > room) length -= 1;
  return `${text.slice(0, length)}…`;
}

/** Names of runs differ most at their ends: these stay. @param {CanvasRenderingContext2D} context @param {string} text @param {number} room pixels */
export function shortenedName(context, text, room) {
  if (context.measureText(text).width <= room) return text;
  const letters = Array.from(text);
  let left = letters.length;
  const cut = () => `${letters.slice(0, Math.floor(left / 3)).join("")}…${letters.slice(letters.length - Math.ceil((2 * left) / 3)).join("")}`;
  while (left > 1 && context.measureText(cut()).width > room) left -= 1;
  return cut();
}

/** @param {CanvasRenderingContext2D} context @param {ScatterFrame} frame @param {ScatterData} data @param {ScatterOptions} options */
export function drawScatter(context, frame, data, options) {
  drawGrid(context, frame, data, options);
  if (data.legend) drawLegend(context, frame, data.legend, options);
  if (frame.fit) drawFit(context, frame, frame.fit, options);
  drawDots(context, frame, data.dots);
}

/** @param {CanvasRenderingContext2D} context @param {ScatterFrame} frame @param {ScatterData} data @param {ScatterOptions} options */
function drawGrid(context, { box, x, y, xTicks, yTicks }, data, { ink }) {
  context.font = FONT;
  context.lineWidth = 1;
  context.strokeStyle = ink.grid;
  context.fillStyle = ink.label;
  context.textBaseline = "middle";
  context.textAlign = "right";
  context.beginPath();
  for (const tick of yTicks) {
    const at = Math.round(toPixel(y, tick.at)) + 0.5;
    context.moveTo(box.left, at);
    context.lineTo(box.right, at);
    context.fillText(tick.label, box.left - 6, at);
  }
  for (const tick of xTicks) {
    const at = Math.round(toPixel(x, tick.at)) + 0.5;
    context.moveTo(at, box.top);
    context.lineTo(at, box.bottom);
  }
  context.stroke();
  context.textBaseline = "alphabetic";
  context.textAlign = "center";
  let taken = -Infinity;
  const room = Math.max(40, (box.right - box.left) / Math.max(1, xTicks.length) - 8);
  for (const tick of xTicks) {
    const label = shortened(context, tick.label, room);
    const half = context.measureText(label).width / 2;
    const at = Math.min(Math.max(toPixel(x, tick.at), box.left + half), box.right - half);
    if (at - half < taken + 6) continue;
    context.fillText(label, at, box.bottom + 14);
    taken = at + half;
  }
  context.textAlign = "right";
  context.fillText(shortened(context, data.x.title, box.right - box.left), box.right, box.bottom + 29);
  context.textAlign = "left";
  context.fillText(shortened(context, data.y.title, (box.right - box.left) * (data.legend ? 0.45 : 1)), 2, 11);
}

/** At the top right: a ramp with its ends, or a dot for each word. @param {CanvasRenderingContext2D} context @param {ScatterFrame} frame @param {RampLegend | WordLegend} legend @param {ScatterOptions} options */
function drawLegend(context, { box }, legend, { ink }) {
  const least = box.left + (box.right - box.left) * 0.45;
  let at = box.right;
  const text = (/** @type {string} */ words) => {
    at -= context.measureText(words).width;
    context.fillText(words, at, 11);
  };
  context.textAlign = "left";
  context.fillStyle = ink.label;
  if ("stops" in legend) {
    text(legend.hi);
    at -= 6;
    const width = 6 * legend.stops.length;
    legend.stops.forEach((color, index) => {
      context.fillStyle = color;
      context.fillRect(at - width + index * 6, 4, 6, 8);
    });
    at -= width + 6;
    context.fillStyle = ink.label;
    text(`${shortened(context, legend.title, Math.max(20, at - least - 40))}  ${legend.lo}`);
    return;
  }
  for (const { label, color } of [...legend.entries].reverse()) {
    const words = shortened(context, label, 90);
    if (at - context.measureText(words).width - 12 < least) break;
    context.fillStyle = ink.label;
    text(words);
    context.fillStyle = color;
    context.fillRect(at - 11, 4, 8, 8);
    at -= 21;
  }
}

/** @param {CanvasRenderingContext2D} context @param {ScatterFrame} frame @param {NonNullable<ScatterFrame["fit"]>} fit @param {ScatterOptions} options */
function drawFit(context, { box }, { slope, intercept }, { ink }) {
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
  context.clip();
  context.strokeStyle = ink.muted;
  context.lineWidth = 1.2;
  context.setLineDash([5, 4]);
  context.beginPath();
  context.moveTo(box.left, intercept + slope * box.left);
  context.lineTo(box.right, intercept + slope * box.right);
  context.stroke();
  context.setLineDash([]);
  context.restore();
}

/** Radius of a dot: many are smaller. @param {number} count */
export function dotRadius(count) {
  if (count > 2000) return 2;
  return count > 300 ? 3 : 4;
}

/** @param {CanvasRenderingContext2D} context @param {ScatterFrame} frame @param {Dot[]} dots */
function drawDots(context, { px, py }, dots) {
  const radius = dotRadius(dots.length);
  context.globalAlpha = dots.length > 300 ? 0.7 : 0.88;
  dots.forEach((dot, i) => {
    if (!Number.isFinite(px[i] + py[i])) return;
    context.fillStyle = dot.color;
    context.beginPath();
    context.arc(px[i], py[i], radius, 0, 2 * Math.PI);
    context.fill();
  });
  context.globalAlpha = 1;
}
