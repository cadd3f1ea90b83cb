/** The frame of a precision-recall or ROC curve: scales, grid, guide lines, and the curves in pixels. */

import { makeScale, toPixel, valueTicks } from "../lib/scale.js";
import { drawFrame, FONT } from "./line-frame.js";

/** @typedef {import("../lib/types.js").Range} Range */
/** @typedef {import("../lib/types.js").View} View */
/** @typedef {import("../lib/threshold-curve.js").CurveMode} CurveMode */
/** @typedef {import("../lib/scale.js").Scale} Scale */

/**
 * @typedef {object} CurveLine
 * @property {string} run
 * @property {string} label
 * @property {string} color
 * @property {Float64Array} x by threshold; NaN where the curve has no point
 * @property {Float64Array} y
 * @property {number} alpha 1 for the curve at the cursor, less for those of earlier steps
 * @property {number} mark index of the threshold that is looked at; −1 where none is
 *
 * @typedef {object} CurveOptions
 * @property {CurveMode} mode
 * @property {number} width CSS pixels
 * @property {number} height CSS pixels
 * @property {boolean} guides lines of equal F1, or the diagonal of guessing
 * @property {View} view
 * @property {import("../lib/types.js").Ink} ink
 *
 * @typedef {import("./line-frame.js").Frame} Frame
 */

const AXES = { pr: { x: "recall", y: "precision" }, roc: { x: "false positive rate", y: "true positive rate" } };
const WHOLE = /** @type {Range} */ ([0, 1]);
const SLACK = 0.02; // beyond 0 and 1, so that a curve along the edge is seen
const F1_LEVELS = [0.2, 0.4, 0.6, 0.8, 0.9];
const LABELS = 18; // pixels below the plot
const TITLE = 15;

/** What the axes show. @param {CurveMode} mode */
export const curveAxes = (mode) => AXES[mode];

/** @param {CanvasRenderingContext2D} context for measuring labels @param {CurveOptions} options @returns {Frame} */
export function curveFrame(context, { width, height, view }) {
  context.font = FONT;
  const [top, bottom] = [6 + TITLE, height - LABELS - TITLE];
  const y = makeScale(around(view.y), [bottom, top], false);
  const yTicks = within(valueTicks(y, Math.max(2, Math.floor(height / 42))));
  const left = Math.ceil(Math.max(22, ...yTicks.map(({ label }) => context.measureText(label).width))) + 8;
  const box = { left, top, right: width - 8, bottom };
  const x = makeScale(around(view.x), [box.left, box.right], false);
  return { box, x, y, right: null, xTicks: within(valueTicks(x, Math.max(2, Math.floor((box.right - box.left) / 60)))), yTicks, rightTicks: [], raw: false, clipped: false, blank: false };
}

/** @param {Range | null} range @returns {Range} */
function around(range) {
  return range && range[1] > range[0] ? range : [WHOLE[0] - SLACK, WHOLE[1] + SLACK];
}

/** There are no ratios below 0 and above 1. @param {import("../lib/scale.js").Tick[]} ticks */
function within(ticks) {
  return ticks.filter(({ at }) => at >= -1e-9 && at <= 1 + 1e-9);
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {CurveLine[]} lines @param {CurveOptions} options */
export function drawCurves(context, frame, lines, options) {
  const axes = AXES[options.mode];
  drawFrame(context, frame, { ...options, xTitle: axes.x, yTitle: axes.y, axis: "step", logX: false, logY: false, robust: false });
  context.save();
  const { box } = frame;
  context.beginPath();
  context.rect(box.left, box.top, box.right - box.left, box.bottom - box.top);
  context.clip();
  if (options.guides) drawGuides(context, frame, options);
  context.lineJoin = "round";
  for (const line of lines) if (line.alpha < 1) strokeCurve(context, frame, line, 1);
  for (const line of lines) if (line.alpha === 1) strokeCurve(context, frame, line, 1.8);
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {CurveOptions} options */
function drawGuides(context, frame, { mode, ink }) {
  context.strokeStyle = ink.label;
  context.fillStyle = ink.label;
  context.globalAlpha = 0.45;
  context.lineWidth = 1;
  context.setLineDash([3, 4]);
  if (mode === "roc") strokePath(context, frame, [0, 1], [0, 1]);
  else for (const level of F1_LEVELS) drawLevel(context, frame, level);
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** F1 = 2 P R / (P + R), so P = F R / (2 R − F). @param {CanvasRenderingContext2D} context @param {Frame} frame @param {number} level */
function drawLevel(context, frame, level) {
  const recalls = Array.from({ length: 60 }, (_, i) => level / (2 - level) + (i / 59) * (1 - level / (2 - level)));
  strokePath(context, frame, recalls, recalls.map((recall) => (level * recall) / (2 * recall - level)));
  const text = `F1 ${level}`;
  const end = toPixel(frame.x, 1) - context.measureText(text).width - 3;
  if (end > frame.box.left) context.fillText(text, Math.min(end, frame.box.right - context.measureText(text).width - 3), toPixel(frame.y, level / (2 - level)) - 4);
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {CurveLine} line @param {number} width */
export function strokeCurve(context, frame, line, width) {
  context.globalAlpha = line.alpha;
  context.strokeStyle = line.color;
  context.lineWidth = width;
  const lone = strokePath(context, frame, line.x, line.y);
  if (lone) drawDot(context, frame, line, lone.index, 3, line.color);
  context.globalAlpha = 1;
}

/**
 * @param {CanvasRenderingContext2D} context @param {Frame} frame @param {ArrayLike<number>} x @param {ArrayLike<number>} y
 * @returns {{index: number} | null} the only point, where there is no line to draw
 */
function strokePath(context, frame, x, y) {
  let drawn = 0;
  let last = -1;
  context.beginPath();
  for (let i = 0; i < x.length; i += 1) {
    const [px, py] = [toPixel(frame.x, x[i]), toPixel(frame.y, y[i])];
    if (!Number.isFinite(px + py)) continue;
    if (drawn === 0) context.moveTo(px, py);
    else context.lineTo(px, py);
    drawn += 1;
    last = i;
  }
  context.stroke();
  return drawn === 1 ? { index: last } : null;
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {CurveLine} line @param {number} index @param {number} radius @param {string} ring colour around the dot */
export function drawDot(context, frame, line, index, radius, ring) {
  const [px, py] = [toPixel(frame.x, line.x[index]), toPixel(frame.y, line.y[index])];
  if (!Number.isFinite(px + py)) return;
  context.beginPath();
  context.arc(px, py, radius, 0, 2 * Math.PI);
  context.fillStyle = line.color;
  context.strokeStyle = ring;
  context.lineWidth = 1.5;
  context.fill();
  context.stroke();
}

/**
 * The point of a curve at the cursor that is nearest to a pixel.
 *
 * @param {Frame} frame @param {CurveLine[]} lines @param {{x: number, y: number}} pixel @param {number} reach pixels
 * @returns {{line: CurveLine, index: number} | null}
 */
export function nearestPoint(frame, lines, pixel, reach) {
  let found = null;
  let least = reach;
  for (const line of lines) {
    if (line.alpha < 1) continue;
    for (let i = 0; i < line.x.length; i += 1) {
      const distance = Math.hypot(toPixel(frame.x, line.x[i]) - pixel.x, toPixel(frame.y, line.y[i]) - pixel.y);
      if (distance < least) [found, least] = [{ line, index: i }, distance];
    }
  }
  return found;
}
