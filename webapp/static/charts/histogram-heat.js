/** Histograms over the steps: as colours, a column each, and as bands between percentiles. */

import { levelOf, rasterOnce } from "../lib/bucket-raster.js";
import { colorAlong } from "../lib/ramp.js";
import { toPixel } from "../lib/scale.js";

/** @typedef {import("./histogram-frame.js").Item} Item */
/** @typedef {import("./histogram-frame.js").RunItems} RunItems */
/** @typedef {import("./histogram-frame.js").HistogramOptions} HistogramOptions */
/** @typedef {import("./line-frame.js").Frame} Frame */

const SHADES = 64;
const BANDS = [[0, 8, 0.12], [1, 7, 0.16], [2, 6, 0.2], [3, 5, 0.24]]; // percentiles from, to, and how dense
const MEDIAN = 4;
const MARK = 3; // pixels high
const LONE = 24; // pixels of the only histogram there is

/** @param {readonly string[]} stops @returns {string[]} shade 0 is for the least that is drawn at all */
export function shadesOf(stops) {
  return Array.from({ length: SHADES }, (_, shade) => colorAlong(stops, shade / (SHADES - 1)));
}

/** Where each column lies, in whole pixels: halfway to its neighbours. @param {Item[]} items @param {Frame} frame @returns {[number, number][]} */
export function columnSpans(items, { box, x }) {
  const at = items.map((item) => toPixel(x, item.x));
  const edge = (/** @type {number} */ pixel) => Math.round(Math.max(box.left, Math.min(box.right, pixel)));
  if (at.length === 1) return [[edge(at[0] - LONE / 2), edge(at[0] + LONE / 2)]];
  return at.map((middle, i) => {
    const before = i > 0 ? (at[i - 1] + middle) / 2 : middle - (at[1] - middle) / 2;
    const behind = i < at.length - 1 ? (middle + at[i + 1]) / 2 : middle + (middle - at[i - 1]) / 2;
    return [edge(before), edge(behind)];
  });
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {RunItems} run @param {HistogramOptions} options */
export function drawHeat(context, frame, { items }, options) {
  const { box } = frame;
  const shades = shadesOf(options.stops);
  const height = Math.round(box.bottom - box.top);
  columnSpans(items, frame).forEach(([from, to], i) => {
    if (to <= from) return;
    const raster = rasterOnce(items[i].histogram, frame.y, box.top, height, options.how);
    let begin = 0;
    let shade = -1;
    for (let pixel = 0; pixel <= height; pixel += 1) {
      const level = pixel < height ? levelOf(raster[pixel], options.peak, options) : 0;
      const own = pixel < height && raster[pixel] > 0 ? Math.round(level * (SHADES - 1)) : -1;
      if (own === shade) continue;
      if (shade >= 0) {
        context.fillStyle = shades[shade];
        context.fillRect(from, box.top + begin, to - from, pixel - begin);
      }
      [begin, shade] = [pixel, own];
    }
  });
  drawUncounted(context, frame, items, options);
}

/** Marks at the top where values were no finite numbers. @param {CanvasRenderingContext2D} context @param {Frame} frame @param {Item[]} items @param {HistogramOptions} options */
function drawUncounted(context, frame, items, { ink }) {
  context.fillStyle = ink.bad ?? ink.accent;
  columnSpans(items, frame).forEach(([from, to], i) => {
    const { outside, low, high } = items[i].histogram;
    if (outside + low + high > 0) context.fillRect(from, frame.box.top, Math.max(1, to - from), MARK);
  });
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {RunItems} run @param {HistogramOptions} options */
export function drawBands(context, frame, { items, color }, options) {
  const { ink } = options;
  drawUncounted(context, frame, items, options);
  const known = items.filter(({ histogram }) => histogram.percentiles && !Number.isNaN(histogram.percentiles[MEDIAN]));
  if (known.length === 0) return;
  const spans = columnSpans(known, frame);
  const points = known.length === 1 ? [{ at: spans[0][0], ...known[0] }, { at: spans[0][1], ...known[0] }] : known.map((item) => ({ at: toPixel(frame.x, item.x), ...item }));
  const y = (/** @type {Item} */ { histogram }, /** @type {number} */ share) => placeOf(frame, /** @type {ArrayLike<number>} */ (histogram.percentiles)[share]);
  context.fillStyle = color;
  for (const [low, high, alpha] of BANDS) {
    context.globalAlpha = ink.rawAlpha > 0.28 ? alpha * 1.35 : alpha;
    context.beginPath();
    for (const point of points) context.lineTo(point.at, y(point, high));
    for (const point of [...points].reverse()) context.lineTo(point.at, y(point, low));
    context.closePath();
    context.fill();
  }
  context.globalAlpha = 1;
  context.strokeStyle = color;
  context.lineWidth = 1.8;
  context.lineJoin = "round";
  context.beginPath();
  for (const point of points) context.lineTo(point.at, y(point, MEDIAN));
  context.stroke();
}

/** A place on the axis of values; what lies below a logarithmic one is at its foot. @param {Frame} frame @param {number} value */
function placeOf({ box, y }, value) {
  return y.log && !(value > 0) ? box.bottom : toPixel(y, value);
}
