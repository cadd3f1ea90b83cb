/** The frame of a line chart: which part of the data is shown, where it lies in pixels, grid and labels. */

import { clockTicks, durationTicks, makeScale, stepTicks, valueTicks } from "../lib/scale.js";
import { xExtent, yExtent } from "../lib/series.js";

/** @typedef {import("../lib/types.js").Series} Series */
/** @typedef {import("../lib/types.js").XAxis} XAxis */
/** @typedef {import("../lib/types.js").View} View */
/** @typedef {import("../lib/types.js").Range} Range */
/** @typedef {import("../lib/scale.js").Scale} Scale */
/** @typedef {import("../lib/scale.js").Tick} Tick */
/** @typedef {import("../lib/types.js").Ink} Ink */

/**
 * @typedef {{series: Series, label: string, color: string}} Line
 * @typedef {object} LineOptions
 * @property {number} width CSS pixels
 * @property {number} height CSS pixels
 * @property {XAxis} axis
 * @property {boolean} logX
 * @property {boolean} logY
 * @property {boolean} robust
 * @property {View} view
 * @property {Ink} ink
 *
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box pixels of the plot area
 * @typedef {object} Frame
 * @property {Box} box
 * @property {Scale} x
 * @property {Scale} y
 * @property {Tick[]} xTicks
 * @property {Tick[]} yTicks
 * @property {boolean} raw whether raw values are drawn behind the smoothed ones
 * @property {boolean} clipped whether outliers were left out of the y range
 * @property {boolean} blank whether no value has a place on a logarithmic axis
 */

const FONT = '10.5px ui-sans-serif, system-ui, "Segoe UI", Inter, Roboto, sans-serif';
/** More raw lines or points than this behind smoothed ones are a fog that says nothing and costs the frame. */
export const MOST_RAW_LINES = 40;
const MOST_RAW_POINTS = 40_000;
const BOTTOM = 18;

/**
 * @param {CanvasRenderingContext2D} context for measuring labels
 * @param {Line[]} lines @param {LineOptions} options
 * @returns {Frame}
 */
export function frameOf(context, lines, options) {
  const seriesList = lines.map((line) => line.series);
  const points = seriesList.reduce((sum, series) => sum + series.value.length, 0);
  const raw = (lines.length <= MOST_RAW_LINES && points <= MOST_RAW_POINTS) || !seriesList.some((series) => series.smooth);
  const xRange = usable(options.view.x, options.logX) ?? xDomain(seriesList, options);
  const layers = seriesList.map((series) => ({ series, raw: raw || !series.smooth, smooth: true }));
  const extent = options.view.y ? null : yExtent(layers, options.axis, xRange, { log: options.logY, robust: options.robust });
  const yRange = usable(options.view.y, options.logY) ?? extent?.range ?? (options.logY ? [0.1, 10] : [0, 1]);
  const blank = !options.view.y && !extent && (options.logX || options.logY);
  context.font = FONT;
  const bottom = options.height - BOTTOM;
  const y = makeScale(/** @type {Range} */ (yRange), [bottom, 6], options.logY);
  const yTicks = valueTicks(y, Math.max(2, Math.floor(options.height / 38)));
  const labels = yTicks.map((tick) => context.measureText(tick.label).width);
  const box = { left: Math.ceil(Math.max(22, ...labels)) + 8, top: 6, right: options.width - 8, bottom };
  const x = makeScale(xRange, [box.left, box.right], options.logX);
  const width = box.right - box.left;
  const room = Math.max(2, Math.floor(width / (52 + width / 25))); // labels stand closer in a narrow chart
  return { box, x, y, xTicks: xTicksOf(x, options.axis, room), yTicks, raw, clipped: extent?.clipped ?? false, blank };
}

/** @param {Range | null} range @param {boolean} log @returns {Range | null} */
function usable(range, log) {
  if (!range || !(range[1] > range[0])) return null;
  return log && range[0] <= 0 ? null : range;
}

/** @param {Series[]} seriesList @param {LineOptions} options @returns {Range} */
function xDomain(seriesList, { axis, logX }) {
  const extent = xExtent(seriesList, axis, logX);
  if (!extent) return logX ? [1, 10] : [0, 1];
  const [lo, hi] = extent;
  if (lo < hi) return [lo, hi];
  if (logX) return [lo / 2, hi * 2];
  const room = Math.max(axis === "step" ? 1 : 0.5, Math.abs(lo) * 1e-12); // a step of 2^60 plus 1 is the same number
  return [lo - room, hi + room];
}

/** @param {Scale} x @param {XAxis} axis @param {number} count */
function xTicksOf(x, axis, count) {
  if (axis === "step") return stepTicks(x, count);
  return axis === "relative" ? durationTicks(x, count) : clockTicks(x, count);
}

/**
 * Grid lines and labels. Lines sit on whole device pixels, or they blur.
 *
 * @param {CanvasRenderingContext2D} context @param {Frame} frame @param {Ink} ink
 */
export function drawFrame(context, frame, ink) {
  const { box } = frame;
  context.font = FONT;
  context.strokeStyle = ink.grid;
  context.fillStyle = ink.label;
  context.lineWidth = 1;
  context.beginPath();
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of frame.yTicks) {
    const at = Math.round(frame.y.offset + frame.y.factor * (frame.y.log ? Math.log10(tick.at) : tick.at)) + 0.5;
    context.moveTo(box.left, at);
    context.lineTo(box.right, at);
    context.fillText(tick.label, box.left - 6, at);
  }
  context.stroke();
  context.textBaseline = "alphabetic";
  drawXLabels(context, frame);
}

/** Labels at the ends turn inwards; one that would touch its neighbour is left out. @param {CanvasRenderingContext2D} context @param {Frame} frame */
function drawXLabels(context, frame) {
  const { box, x } = frame;
  let taken = -Infinity;
  context.textAlign = "left";
  for (const tick of frame.xTicks) {
    const at = x.offset + x.factor * (x.log ? Math.log10(tick.at) : tick.at);
    const width = context.measureText(tick.label).width;
    const left = Math.min(Math.max(at - width / 2, box.left), box.right - width);
    if (left < taken + 8) continue;
    context.fillText(tick.label, left, box.bottom + 14);
    taken = left + width;
  }
}
