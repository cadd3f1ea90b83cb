/** The frame of a chart of histograms: values along one axis; along the other steps, or how many values there are. */

import { axisTicks } from "../lib/axis.js";
import { rasterOnce } from "../lib/bucket-raster.js";
import { makeScale, valueTicks } from "../lib/scale.js";
import { FONT } from "./line-frame.js";

/** @typedef {import("../lib/histogram-frame.js").Histogram} Histogram */
/** @typedef {import("../lib/types.js").Range} Range */
/** @typedef {import("../lib/scale.js").Scale} Scale */
/** @typedef {import("./line-frame.js").Frame} Frame */

/**
 * @typedef {"heat" | "bands" | "ridge" | "overlay" | "one"} HistogramMode over the steps: colours, percentiles, outlines
 *   one behind the other, outlines over one another; or the runs at one step
 * @typedef {{histogram: Histogram, x: number}} Item `x`: where it is on the axis of steps
 * @typedef {{run: string, label: string, color: string, items: Item[]}} RunItems in order of x
 *
 * @typedef {object} HistogramOptions
 * @property {HistogramMode} mode
 * @property {number} width CSS pixels
 * @property {number} height CSS pixels
 * @property {"step" | "relative" | "wall"} axis
 * @property {Range} steps the part of that axis that is shown
 * @property {Range} values the values that are shown
 * @property {"linear" | "log" | "symlog"} scale of the values
 * @property {"density" | "count"} how
 * @property {boolean} log whether counts are drawn by their logarithm
 * @property {number} peak the greatest count or density of all charts that are compared
 * @property {boolean} clipped whether a few go beyond it
 * @property {number | null} cursor on the axis of steps
 * @property {readonly string[]} stops colours from a single value to the most there are
 * @property {import("../lib/types.js").Ink} ink
 */

const LABELS = 18; // pixels below the plot
const TITLE = 15;
const DECADES = 1e4; // between the least and the greatest density on a logarithmic axis
const LEAST = 1e-290; // a peak below this has no powers of ten below it
const BEND = 1e-3; // of the greatest value: below this share of it a symmetric logarithm is straight
const USUAL = 0.97; // of the filled pixels are below what counts as usual
const OUTSTANDING = 2; // times as much is left to the darkest colour
const RIDGE = 0.34; // of the plot's height is the height of the highest outline

/** Whether steps go from left to right, and values upwards. @param {HistogramMode} mode */
export const stepsAcross = (mode) => mode === "heat" || mode === "bands";

/** @param {HistogramOptions} options @param {Range} pixels @returns {Scale} */
function valueScale({ values, scale }, pixels) {
  const bend = scale === "symlog" ? BEND * Math.max(Math.abs(values[0]), Math.abs(values[1])) : 0;
  return makeScale(values, pixels, scale === "log", bend);
}

/**
 * The greatest count or density that the plot shows; in a heat map what all but a few pixels stay below, where those few
 * would leave the others without colour.
 *
 * @param {CanvasRenderingContext2D} context for measuring labels @param {Iterable<Item>} items @param {HistogramOptions} options
 * @returns {{peak: number, clipped: boolean}}
 */
export function peakOf(context, items, options) {
  const { box, x, y } = histogramFrame(context, options);
  const [scale, start, end] = stepsAcross(options.mode) ? [y, box.top, box.bottom] : [x, box.left, box.right];
  let peak = 0;
  const filled = [];
  for (const { histogram } of items) {
    for (const value of rasterOnce(histogram, scale, start, Math.round(end - start), options.how)) {
      if (value > 0) filled.push(value);
      if (value > peak) peak = value;
    }
  }
  if (options.mode !== "heat" || options.log || filled.length === 0) return { peak, clipped: false };
  const usual = Float64Array.from(filled).sort()[Math.floor(USUAL * (filled.length - 1))];
  return usual < peak / OUTSTANDING ? { peak: usual, clipped: true } : { peak, clipped: false };
}

/** @param {CanvasRenderingContext2D} context for measuring labels @param {HistogramOptions} options @returns {Frame} */
export function histogramFrame(context, options) {
  const { mode, width, height } = options;
  context.font = FONT;
  const [top, bottom] = [6 + (mode === "one" || mode === "overlay" ? TITLE : 0), height - LABELS];
  const count = Math.max(2, Math.floor((bottom - top) / 38));
  const y = verticalScale(options, top, bottom);
  const yTicks = mode === "ridge" ? axisTicks(y, options.axis, count) : valueTicks(y, count);
  const left = Math.ceil(Math.max(22, ...yTicks.map(({ label }) => context.measureText(label).width))) + 8;
  const box = { left, top, right: width - 8, bottom };
  const x = stepsAcross(mode) ? makeScale(options.steps, [box.left, box.right], false) : valueScale(options, [box.left, box.right]);
  const room = Math.max(2, Math.floor((box.right - box.left) / (52 + (box.right - box.left) / 25)));
  const xTicks = stepsAcross(mode) ? axisTicks(x, options.axis, room) : valueTicks(x, room);
  return { box, x, y, right: null, xTicks, yTicks, rightTicks: [], raw: false, clipped: false, blank: false };
}

/** @param {HistogramOptions} options @param {number} top @param {number} bottom pixels @returns {Scale} */
function verticalScale(options, top, bottom) {
  const { mode, how, log, peak, steps } = options;
  if (stepsAcross(mode)) return valueScale(options, [bottom, top]);
  if (mode === "ridge") return makeScale(steps, [top + ridgeHeight(top, bottom), bottom], false);
  const most = peak > LEAST ? peak : 1;
  if (log && how === "density") return makeScale([most / DECADES, most], [bottom, top], true);
  return makeScale([0, most], [bottom, top], false, log ? 1 : 0);
}

/** @param {number} top @param {number} bottom */
export function ridgeHeight(top, bottom) {
  return RIDGE * (bottom - top);
}

/** Which of many items are drawn: about `most` of them, evenly along the axis, the last always. @param {Item[]} items @param {number} most */
export function someOf(items, most) {
  if (items.length <= most) return items;
  const [lo, hi] = [items[0].x, items[items.length - 1].x];
  const kept = [];
  let column = -1;
  for (const item of items) {
    const own = Math.min(most - 1, Math.floor(((item.x - lo) / (hi - lo || 1)) * (most - 1)));
    if (own === column) kept.pop();
    kept.push(item);
    column = own;
  }
  return kept;
}

/** The item nearest to a place on the axis. @param {Item[]} items @param {number} x @returns {Item | null} */
export function nearestItem(items, x) {
  let best = null;
  for (const item of items) if (!best || Math.abs(item.x - x) <= Math.abs(best.x - x)) best = item;
  return best;
}
