/** Histograms as outlines along the axis of values: one behind the other, over one another, or the runs at one step. */

import { levelOf, rasterize } from "../lib/bucket-raster.js";
import { toPixel } from "../lib/scale.js";
import { nearestItem, ridgeHeight, someOf } from "./histogram-frame.js";

/** @typedef {import("./histogram-frame.js").Item} Item */
/** @typedef {import("./histogram-frame.js").RunItems} RunItems */
/** @typedef {import("./histogram-frame.js").HistogramOptions} HistogramOptions */
/** @typedef {import("./line-frame.js").Frame} Frame */

const ROW = 7; // pixels between two outlines of a ridge, at least
const MOST_LAID_OVER = 60; // outlines
const MOST_FILLED = 4; // runs that are filled: more hide each other

/** The items of a ridge. @param {Item[]} items @param {Frame} frame */
export function ridgeRows(items, { box }) {
  return someOf(items, Math.max(3, Math.floor((box.bottom - box.top - ridgeHeight(box.top, box.bottom)) / ROW)));
}

/** @param {Item[]} items */
export const overlayItems = (items) => someOf(items, MOST_LAID_OVER);

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {RunItems} run @param {HistogramOptions} options */
export function drawRidge(context, frame, { items, color }, options) {
  const rows = ridgeRows(items, frame);
  const chosen = options.cursor === null ? null : nearestItem(rows, options.cursor);
  const most = ridgeHeight(frame.box.top, frame.box.bottom);
  rows.forEach((row, rank) => {
    const base = toPixel(frame.y, row.x);
    const heights = heightsOf(row, frame, options).map((value) => levelOf(value, options.peak, options) * most);
    const age = rows.length > 1 ? rank / (rows.length - 1) : 1;
    const path = () => outline(context, heights, frame.box.left, (height) => base - height);
    path();
    context.fillStyle = options.ink.surface;
    context.globalAlpha = 0.88;
    context.fill();
    context.fillStyle = color;
    context.globalAlpha = 0.1 + 0.35 * age;
    context.fill();
    context.globalAlpha = row === chosen ? 1 : 0.55 + 0.35 * age;
    context.strokeStyle = row === chosen ? options.ink.accent : color;
    context.lineWidth = row === chosen ? 2 : 1;
    context.stroke();
    context.globalAlpha = 1;
  });
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {RunItems} run @param {HistogramOptions} options */
export function drawOverlay(context, frame, { items, color }, options) {
  const shown = overlayItems(items);
  const chosen = options.cursor === null ? shown[shown.length - 1] : nearestItem(shown, options.cursor);
  shown.forEach((item, rank) => {
    const age = shown.length > 1 ? rank / (shown.length - 1) : 1;
    strokeOutline(context, frame, item, options, { color, width: 1, alpha: 0.12 + 0.5 * age * age });
  });
  if (chosen) strokeOutline(context, frame, chosen, options, { color, width: 2.2, alpha: 1 });
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {RunItems[]} runs @param {HistogramOptions} options */
export function drawOne(context, frame, runs, options) {
  const filled = runs.length <= MOST_FILLED;
  for (const { items, color } of runs) {
    const item = items[0];
    if (!item) continue;
    if (filled) {
      outline(context, heightsOf(item, frame, options), frame.box.left, (value) => placeOf(frame, value));
      context.fillStyle = color;
      context.globalAlpha = runs.length === 1 ? 0.45 : 0.22;
      context.fill();
      context.globalAlpha = 1;
    }
    strokeOutline(context, frame, item, options, { color, width: 1.5, alpha: 1 });
  }
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {Item} item @param {HistogramOptions} options @param {{color: string, width: number, alpha: number}} look */
export function strokeOutline(context, frame, item, options, { color, width, alpha }) {
  outline(context, heightsOf(item, frame, options), frame.box.left, (value) => placeOf(frame, value));
  context.globalAlpha = alpha;
  context.strokeStyle = color;
  context.lineWidth = width;
  context.stroke();
  context.globalAlpha = 1;
}

/** @param {Item} item @param {Frame} frame @param {HistogramOptions} options */
export function heightsOf({ histogram }, { box, x }, { how }) {
  return rasterize(histogram, x, box.left, Math.round(box.right - box.left), how);
}

/** A count or density on its axis. @param {Frame} frame @param {number} value */
export function placeOf({ y }, value) {
  return toPixel(y, Math.max(y.lo, value));
}

/**
 * The path around the values of all pixels: up and down at the edges of buckets, never slanting from one to the next.
 *
 * @param {CanvasRenderingContext2D} context @param {Float64Array} values a pixel each @param {number} left pixel of the first
 * @param {(value: number) => number} place
 */
function outline(context, values, left, place) {
  let first = 0;
  let end = values.length;
  while (first < end && !(values[first] > 0)) first += 1;
  while (end > first && !(values[end - 1] > 0)) end -= 1;
  context.lineJoin = "miter";
  context.beginPath();
  if (first === end) return;
  context.moveTo(left + first, place(0));
  let height = place(values[first]);
  context.lineTo(left + first, height);
  for (let pixel = first + 1; pixel < end; pixel += 1) {
    if (values[pixel] === values[pixel - 1]) continue;
    context.lineTo(left + pixel, height);
    height = place(values[pixel]);
    context.lineTo(left + pixel, height);
  }
  context.lineTo(left + end, height);
  context.lineTo(left + end, place(0));
}
