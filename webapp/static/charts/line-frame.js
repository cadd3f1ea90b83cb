/** The frame of a line chart: which part of the data is shown, where it lies in pixels, grid, labels and titles. */

import { axisTicks } from "../lib/axis.js";
import { makeScale, toPixel, valueTicks } from "../lib/scale.js";
import { padded, xExtent, yExtent } from "../lib/series.js";

/** @typedef {import("../lib/types.js").Series} Series */
/** @typedef {import("../lib/types.js").XAxis} XAxis */
/** @typedef {import("../lib/types.js").View} View */
/** @typedef {import("../lib/types.js").Range} Range */
/** @typedef {import("../lib/types.js").Mark} Mark */
/** @typedef {import("../lib/types.js").ReferenceLine} ReferenceLine */
/** @typedef {import("../lib/scale.js").Scale} Scale */
/** @typedef {import("../lib/scale.js").Tick} Tick */
/** @typedef {import("../lib/types.js").Ink} Ink */

/**
 * @typedef {object} Line a series and its look; a band is drawn where the series has one (`low`, `high`)
 * @property {Series} series
 * @property {string} label
 * @property {string} color
 * @property {"left" | "right"} [axis] the y axis it belongs to; left unless told
 * @property {string} [row] what is highlighted with it, where that is not its run
 * @property {number} [dash] style of the line: 0 solid, and more for further tags of the same run
 * @property {boolean} [faint] thin and in the background: a member of a group
 *
 * @typedef {object} LineOptions
 * @property {number} width CSS pixels
 * @property {number} height CSS pixels
 * @property {XAxis} axis
 * @property {boolean} logX
 * @property {boolean} logY
 * @property {boolean} [logRight]
 * @property {boolean} robust
 * @property {View} view
 * @property {Ink} ink
 * @property {string} [xTitle]
 * @property {string} [yTitle]
 * @property {string} [rightTitle]
 * @property {ReferenceLine[]} [lines] reference lines
 * @property {Mark[]} [marks] events on the x axis, in order of x
 * @property {Range | null} [selection] a part of x that is shaded
 *
 * @typedef {{left: number, top: number, right: number, bottom: number}} Box pixels of the plot area
 * @typedef {object} Frame
 * @property {Box} box
 * @property {Scale} x
 * @property {Scale} y
 * @property {Scale | null} right the second y axis; null when no line belongs to it
 * @property {Tick[]} xTicks
 * @property {Tick[]} yTicks
 * @property {Tick[]} rightTicks
 * @property {boolean} raw whether raw values are drawn behind the smoothed ones
 * @property {boolean} clipped whether outliers were left out of the y range
 * @property {boolean} blank whether no value has a place on a logarithmic axis
 */

export const FONT = '10.5px ui-sans-serif, system-ui, "Segoe UI", Inter, Roboto, sans-serif';
/** More raw lines or points than this behind smoothed ones are a fog that says nothing and costs the frame. */
export const MOST_RAW_LINES = 40;
const MOST_RAW_POINTS = 40_000;
const LABELS = 18; // pixels below the plot
const MARK_LANE = 12; // between the plot and its labels, where there are events
const TITLE = 15;

/**
 * @param {CanvasRenderingContext2D} context for measuring labels
 * @param {Line[]} lines @param {LineOptions} options
 * @returns {Frame}
 */
export function frameOf(context, lines, options) {
  const raw = showsRaw(lines);
  const left = lines.filter((line) => line.axis !== "right");
  const right = lines.filter((line) => line.axis === "right");
  const xRange = usable(options.view.x, options.logX) ?? xDomain(lines.map((line) => line.series), options);
  const mine = sideOf(left, options, { raw, x: xRange, log: options.logY, chosen: options.view.y, axis: "y" });
  const other = right.length ? sideOf(right, options, { raw, x: xRange, log: Boolean(options.logRight), chosen: options.view.right ?? null, axis: "y_right" }) : null;
  context.font = FONT;
  const top = options.yTitle || options.rightTitle ? 6 + TITLE : 6;
  const bottom = options.height - LABELS - (options.marks?.length ? MARK_LANE : 0) - (options.xTitle ? TITLE : 0);
  const count = Math.max(2, Math.floor(options.height / 38));
  const scales = [mine, other].map((side) => side && makeScale(side.range, [bottom, top], side.log));
  const [y, rightScale] = /** @type {[Scale, Scale | null]} */ (scales);
  const yTicks = valueTicks(y, count);
  const rightTicks = rightScale ? valueTicks(rightScale, count) : [];
  const box = { left: labelRoom(context, yTicks) + 8, top, right: options.width - (rightScale ? labelRoom(context, rightTicks) + 6 : 8), bottom };
  const x = makeScale(xRange, [box.left, box.right], options.logX);
  const width = box.right - box.left;
  const room = Math.max(2, Math.floor(width / (52 + width / 25))); // labels stand closer in a narrow chart
  return {
    box, x, y, right: rightScale, xTicks: axisTicks(x, options.axis, room), yTicks, rightTicks, raw,
    clipped: Boolean(mine.clipped || other?.clipped), blank: mine.blank,
  };
}

/** The y scale of a line. @param {Frame} frame @param {{axis?: "left" | "right"}} line */
export function scaleOf(frame, line) {
  return line.axis === "right" && frame.right ? frame.right : frame.y;
}

/** @param {Line[]} lines */
function showsRaw(lines) {
  const points = lines.reduce((sum, { series }) => sum + series.value.length, 0);
  return (lines.length <= MOST_RAW_LINES && points <= MOST_RAW_POINTS) || !lines.some(({ series }) => series.smooth);
}

/** Raw values of a group or of its members say nothing that the band does not. @param {Line} line @param {boolean} raw */
export function hasRaw({ series, faint }, raw) {
  return !series.smooth || (raw && !faint && series.members === undefined);
}

/**
 * @param {Line[]} lines those of one y axis @param {LineOptions} options
 * @param {{raw: boolean, x: Range, log: boolean, chosen: Range | null, axis: "y" | "y_right"}} side
 */
function sideOf(lines, options, { raw, x, log, chosen, axis }) {
  const layers = lines.map((line) => ({ series: line.series, raw: hasRaw(line, raw), smooth: true }));
  const extent = chosen ? null : yExtent(layers, options.axis, x, { log, robust: options.robust });
  const around = extent && withReferences(extent.range, options.lines, axis, log);
  const range = usable(chosen, log) ?? around ?? (log ? [0.1, 10] : [0, 1]);
  return { range: /** @type {Range} */ (range), log, clipped: extent?.clipped ?? false, blank: !chosen && !extent && (options.logX || log) };
}

/** A reference line is always in sight. @param {Range} range @param {ReferenceLine[] | undefined} lines @param {string} axis @param {boolean} log @returns {Range} */
function withReferences([lo, hi], lines, axis, log) {
  const values = (lines ?? []).filter((line) => line.axis === axis && (!log || line.value > 0)).map((line) => line.value);
  const outside = values.filter((value) => value < lo || value > hi);
  return outside.length ? padded([Math.min(lo, ...outside), Math.max(hi, ...outside)], log) : [lo, hi];
}

/** @param {CanvasRenderingContext2D} context @param {Tick[]} ticks */
function labelRoom(context, ticks) {
  return Math.ceil(Math.max(22, ...ticks.map((tick) => context.measureText(tick.label).width)));
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

/**
 * Grid lines and labels. Lines sit on whole device pixels, or they blur.
 *
 * @param {CanvasRenderingContext2D} context @param {Frame} frame @param {LineOptions} options
 */
export function drawFrame(context, frame, options) {
  const { box } = frame;
  const { ink } = options;
  context.font = FONT;
  context.strokeStyle = ink.grid;
  context.fillStyle = ink.label;
  context.lineWidth = 1;
  context.beginPath();
  context.textAlign = "right";
  context.textBaseline = "middle";
  for (const tick of frame.yTicks) {
    const at = Math.round(toPixel(frame.y, tick.at)) + 0.5;
    context.moveTo(box.left, at);
    context.lineTo(box.right, at);
    context.fillText(tick.label, box.left - 6, at);
  }
  context.stroke();
  context.textAlign = "left";
  for (const tick of frame.rightTicks) context.fillText(tick.label, box.right + 6, toPixel(/** @type {Scale} */ (frame.right), tick.at));
  context.textBaseline = "alphabetic";
  drawXLabels(context, frame, options);
  drawTitles(context, frame, options);
}

/** Labels at the ends turn inwards; one that would touch its neighbour is left out. @param {CanvasRenderingContext2D} context @param {Frame} frame @param {LineOptions} options */
function drawXLabels(context, frame, { height, xTitle }) {
  const { box, x } = frame;
  let taken = -Infinity;
  context.textAlign = "left";
  for (const tick of frame.xTicks) {
    const at = toPixel(x, tick.at);
    const width = context.measureText(tick.label).width;
    const left = Math.min(Math.max(at - width / 2, box.left), box.right - width);
    if (left < taken + 8) continue;
    context.fillText(tick.label, left, height - (xTitle ? TITLE : 0) - 4);
    taken = left + width;
  }
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {LineOptions} options */
function drawTitles(context, { box }, { width, height, xTitle, yTitle, rightTitle }) {
  context.textAlign = "left";
  if (yTitle) context.fillText(yTitle, 2, 11);
  context.textAlign = "right";
  if (rightTitle) context.fillText(rightTitle, width - 2, 11);
  context.textAlign = "center";
  if (xTitle) context.fillText(xTitle, (box.left + box.right) / 2, height - 4);
  context.textAlign = "left";
}
