/** The lines themselves: raw values faint, smoothed ones clear, lone points, and what is not a number. */

import { drawBands } from "./line-band.js";
import { MOST_RAW_LINES, hasRaw, scaleOf } from "./line-frame.js";
import { toPixel } from "../lib/scale.js";
import { span, xOf } from "../lib/series.js";

/** @typedef {import("./line-frame.js").Frame} Frame */
/** @typedef {import("./line-frame.js").Line} Line */
/** @typedef {import("./line-frame.js").LineOptions} LineOptions */
/** @typedef {import("../lib/types.js").Column} Column */
/** @typedef {import("../lib/scale.js").Scale} Scale */

/** Of segments, and of tags that share a chart. */
export const DASHES = [[], [7, 3], [2, 3], [9, 3, 2, 3]];
const MEMBER_ALPHA = 0.35;

/**
 * @param {CanvasRenderingContext2D} context @param {Frame} frame
 * @param {Line[]} lines @param {LineOptions} options
 */
export function drawLines(context, frame, lines, options) {
  const { box } = frame;
  const many = lines.length > MOST_RAW_LINES; // one device pixel wide: easier to tell apart, and drawn much faster
  context.save();
  context.beginPath();
  const slack = options.view.x ? 0 : 3; // a lone point at the end is a whole dot
  context.rect(box.left - slack, box.top - 6, box.right - box.left + 2 * slack, box.bottom - box.top + 7);
  context.clip();
  drawBands(context, frame, lines, options);
  context.lineJoin = many ? "bevel" : "round";
  context.lineWidth = many ? 1 / devicePixelRatio : 1;
  for (const line of lines) {
    if (line.faint) strokeLine(context, frame, line, options, { smooth: true, alpha: MEMBER_ALPHA, thin: 1 });
    if (line.series.smooth && hasRaw(line, frame.raw)) strokeLine(context, frame, line, options, { smooth: false, alpha: rawAlpha(line, frame, options), thin: 0 });
  }
  context.lineWidth = many ? 1 / devicePixelRatio : 1.6;
  for (const line of lines) {
    if (!line.faint) strokeLine(context, frame, line, options, { smooth: true, alpha: lines.length > 100 ? 0.75 : 1, thin: many ? 1.5 : 1 });
  }
  context.restore();
  for (const line of lines) {
    if (line.series.nan || line.series.inf) drawOdd(context, frame, line, options);
  }
}

/** Raw values so dense that they fill an area are drawn fainter, or they would hide the smoothed lines of other runs. @param {Line} line @param {Frame} frame @param {LineOptions} options */
function rawAlpha({ series }, { box }, { ink }) {
  return series.value.length > 2 * (box.right - box.left) ? ink.rawAlpha * 0.55 : ink.rawAlpha;
}

/**
 * @param {CanvasRenderingContext2D} context @param {Frame} frame @param {Line} line @param {LineOptions} options
 * @param {{smooth: boolean, alpha: number, thin: number}} look `thin`: smoothed points within this many pixels become one
 */
export function strokeLine(context, frame, line, options, { smooth, alpha, thin }) {
  const { series } = line;
  const values = smooth && series.smooth ? series.smooth : series.value;
  const { column, offset } = xOf(series, options.axis);
  const [first, end] = span(column, frame.x.lo - offset, frame.x.hi - offset);
  context.globalAlpha = alpha;
  context.strokeStyle = line.color;
  context.setLineDash(DASHES[(series.segment + (line.dash ?? 0)) % DASHES.length]);
  context.beginPath();
  const lone = tracePath(context, { x: frame.x, y: scaleOf(frame, line) }, { column, offset, values, first, end }, values === series.smooth ? thin : 0);
  context.stroke();
  context.setLineDash([]);
  if (lone.length) drawDots(context, lone, line.color);
  if (series.segment > 0 && smooth && first === 0) drawStart(context, frame, line, column[0] + offset, values[0]);
  context.globalAlpha = 1;
}

/**
 * Smoothed points that share a column of pixels are drawn as their mean: up and down strokes within a column would turn
 * the line into a band. (The raw values behind it show how far they swing.)
 *
 * @param {CanvasRenderingContext2D} context @param {{x: Scale, y: Scale}} scales
 * @param {{column: Column, offset: number, values: Column, first: number, end: number}} points
 * @param {number} thin width of such a column in pixels; 0 draws every point
 * @returns {number[]} x, y of points with no neighbour to draw a line to
 */
function tracePath(context, { x, y }, { column, offset, values, first, end }, thin) {
  /** @type {number[]} */
  const lone = [];
  let length = 0; // points since the last gap
  let count = 0; // points in the column being gathered, which began at pixel `from`
  let from = 0;
  let sumX = 0;
  let sumY = 0;
  const flush = () => {
    if (count === 0) return;
    if (length === 0) context.moveTo(sumX / count, clamped(sumY / count));
    else context.lineTo(sumX / count, clamped(sumY / count));
    length += 1;
    count = 0;
  };
  const gap = () => {
    if (length === 0 && count > 0) lone.push(sumX / count, sumY / count);
    flush();
    length = 0;
  };
  for (let i = first; i < end; i += 1) {
    const px = x.offset + x.factor * (x.log ? Math.log10(column[i] + offset) : column[i] + offset);
    const py = y.offset + y.factor * (y.log ? Math.log10(values[i]) : values[i]);
    if (!Number.isFinite(py) || !Number.isFinite(px)) {
      gap();
    } else if (count > 0 && Math.abs(px - from) < thin) {
      sumX += px;
      sumY += py;
      count += 1;
    } else {
      flush();
      count = 1;
      from = px;
      sumX = px;
      sumY = py;
    }
  }
  gap();
  return lone;
}

/** Rasterisers lose precision far outside of the canvas. @param {number} pixel */
function clamped(pixel) {
  return Math.max(-20_000, Math.min(20_000, pixel));
}

/** @param {CanvasRenderingContext2D} context @param {number[]} dots @param {string} color */
function drawDots(context, dots, color) {
  context.fillStyle = color;
  context.beginPath();
  for (let i = 0; i < dots.length; i += 2) {
    context.moveTo(dots[i] + 3, dots[i + 1]);
    context.arc(dots[i], dots[i + 1], 3, 0, 2 * Math.PI);
  }
  context.fill();
}

/** A restart: a ring where the segment begins. @param {CanvasRenderingContext2D} context @param {Frame} frame @param {Line} line @param {number} at @param {number} value */
function drawStart(context, frame, line, at, value) {
  const px = toPixel(frame.x, at);
  const py = toPixel(scaleOf(frame, line), value);
  if (!Number.isFinite(px + py)) return;
  context.strokeStyle = line.color;
  context.beginPath();
  context.arc(px, py, 3.5, 0, 2 * Math.PI);
  context.stroke();
}

/**
 * NaN: a hollow triangle on the x axis; infinities: filled ones at the edge they left through. One mark per few pixels,
 * or a run of NaN would be a wall.
 *
 * @param {CanvasRenderingContext2D} context @param {Frame} frame @param {Line} line @param {LineOptions} options
 */
function drawOdd(context, frame, { series, color }, { axis }) {
  const { column, offset } = xOf(series, axis);
  const [first, end] = span(column, frame.x.lo - offset, frame.x.hi - offset);
  const taken = new Map([["nan", -Infinity], ["up", -Infinity], ["down", -Infinity]]);
  context.strokeStyle = color;
  context.fillStyle = color;
  context.lineWidth = 1.2;
  for (let i = first; i < end; i += 1) {
    if (Number.isFinite(series.value[i])) continue;
    const px = toPixel(frame.x, column[i] + offset);
    const kind = oddKind(series.value[i]);
    if (!(px >= frame.box.left - 1 && px <= frame.box.right + 1) || px - /** @type {number} */ (taken.get(kind)) < 5) continue;
    taken.set(kind, px);
    drawTriangle(context, px, kind === "up" ? frame.box.top : frame.box.bottom, kind);
  }
}

/** @param {number} value */
function oddKind(value) {
  if (Number.isNaN(value)) return "nan";
  return value > 0 ? "up" : "down";
}

/** @param {CanvasRenderingContext2D} context @param {number} x @param {number} edge @param {string} kind */
function drawTriangle(context, x, edge, kind) {
  const inward = kind === "up" ? 6 : -6;
  const [tip, base] = kind === "nan" ? [edge + inward, edge] : [edge, edge + inward];
  context.beginPath();
  context.moveTo(x, tip);
  context.lineTo(x - 3.5, base);
  context.lineTo(x + 3.5, base);
  context.closePath();
  if (kind === "nan") context.stroke();
  else context.fill();
}
