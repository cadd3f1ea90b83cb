/** How parallel coordinates look: where axes and rows lie, and the calls that draw them on any 2D context. */

import { FONT } from "./line-frame.js";

/** @typedef {import("../lib/parallel-axis.js").Axis} Axis */
/** @typedef {import("../lib/types.js").Ink & {line: string, text: string}} Ink */

/**
 * @typedef {object} ParallelModel
 * @property {Axis[]} axes from left to right
 * @property {number[]} rows those that are drawn
 * @property {(row: number) => boolean} passes whether the brushes let a row through; the others are drawn faint
 * @property {(row: number) => string} colorOf
 * @property {(row: number) => string} labelOf
 * @property {import("../lib/brush.js").Brushes} brushes
 * @property {Ink} ink
 *
 * @typedef {object} Geometry pixels
 * @property {number} top of the axes
 * @property {number} bottom of the axes
 * @property {number} gap where rows without a value lie, below the axes
 * @property {number[]} xs of the axes
 */

const SIDE = 58; // beside the outer axes: half a title
export const HEAD = 46; // above the axes: titles and scales
const FOOT = 34;

/** @param {number} axes @param {number} width @param {number} height @returns {Geometry} */
export function geometryOf(axes, width, height) {
  const room = width - 2 * SIDE;
  const xs = Array.from({ length: axes }, (_, at) => (axes === 1 ? width / 2 : SIDE + (at * room) / (axes - 1)));
  return { top: HEAD, bottom: height - FOOT, gap: height - 12, xs: xs.map(Math.round) };
}

/** @param {Geometry} geometry @param {number} place 0 … 1, NaN: missing */
export function yOf({ top, bottom, gap }, place) {
  return Number.isNaN(place) ? gap : bottom - place * (bottom - top);
}

/** @param {CanvasRenderingContext2D} context @param {ParallelModel} model @param {Geometry} geometry @param {boolean} titled whether to paint the titles, too */
export function paintParallel(context, model, geometry, titled) {
  const { ink, axes } = model;
  paintRail(context, axes, geometry, ink);
  const passing = model.rows.filter(model.passes);
  if (passing.length < model.rows.length) {
    context.strokeStyle = ink.line;
    context.globalAlpha = 0.35;
    context.lineWidth = 1;
    for (const row of model.rows) if (!model.passes(row)) strokeRow(context, axes, geometry, row);
  }
  context.globalAlpha = passing.length > 300 ? 0.45 : passing.length > 60 ? 0.65 : 0.9;
  context.lineWidth = passing.length > 300 ? 1 : 1.4;
  for (const row of passing) {
    context.strokeStyle = model.colorOf(row);
    strokeRow(context, axes, geometry, row);
  }
  context.globalAlpha = 1;
  axes.forEach((axis, at) => paintAxis(context, axis, at, model, geometry, titled));
}

/** @param {CanvasRenderingContext2D} context @param {Axis[]} axes @param {Geometry} geometry @param {number} row */
export function strokeRow(context, axes, geometry, row) {
  context.beginPath();
  axes.forEach((axis, at) => {
    const y = yOf(geometry, axis.places[row]);
    if (at === 0) context.moveTo(geometry.xs[at], y);
    else context.lineTo(geometry.xs[at], y);
  });
  context.stroke();
}

/** The line on which rows lie that have no value. @param {CanvasRenderingContext2D} context @param {Axis[]} axes @param {Geometry} geometry @param {Ink} ink */
function paintRail(context, axes, { xs, gap }, ink) {
  if (!axes.some((axis) => axis.gaps)) return;
  context.strokeStyle = ink.grid;
  context.lineWidth = 1;
  context.setLineDash([2, 3]);
  context.beginPath();
  context.moveTo(xs[0], gap + 0.5);
  context.lineTo(xs[xs.length - 1], gap + 0.5);
  context.stroke();
  context.setLineDash([]);
  context.font = FONT;
  context.fillStyle = ink.label;
  context.textAlign = "right";
  context.textBaseline = "middle";
  context.fillText("missing", xs[0] - 7, gap);
}

/** @param {CanvasRenderingContext2D} context @param {Axis} axis @param {number} at @param {ParallelModel} model @param {Geometry} geometry @param {boolean} titled */
function paintAxis(context, axis, at, { ink, brushes }, geometry, titled) {
  const { top, bottom, gap, xs } = geometry;
  const x = xs[at];
  context.strokeStyle = ink.muted;
  context.lineWidth = 1;
  context.beginPath();
  context.moveTo(x + 0.5, top);
  context.lineTo(x + 0.5, bottom);
  if (axis.gaps) {
    context.moveTo(x - 3, gap + 0.5);
    context.lineTo(x + 4, gap + 0.5);
  }
  context.stroke();
  paintTicks(context, axis, at, geometry, ink);
  const brush = brushes.get(axis.name);
  if (brush) {
    context.fillStyle = ink.accent;
    const missing = brush.missing ? [[gap - 6, 12]] : [];
    for (const [y, height] of [...axis.spans(brush).map(([lo, hi]) => [yOf(geometry, hi), Math.max(2, (hi - lo) * (bottom - top))]), ...missing]) {
      context.globalAlpha = 0.28;
      context.fillRect(x - 6, y, 13, height);
      context.globalAlpha = 1;
      context.fillRect(x - 6, y, 13, 1.5);
      context.fillRect(x - 6, y + height - 1.5, 13, 1.5);
    }
  }
  if (!titled) return;
  const room = xs.length > 1 ? xs[1] - xs[0] - 8 : 200;
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.font = `600 ${FONT.replace(/^[\d.]+px/, "11.5px")}`;
  context.fillStyle = ink.text;
  context.fillText(cut(context, axis.title, room), x, 16);
  context.font = FONT;
  context.fillStyle = ink.label;
  if (axis.scale === "log" || axis.scale === "quantile") context.fillText(axis.scale, x, 31);
}

/** Labels stand at the left of their axis on a ground of their own, or the lines would strike them through. @param {CanvasRenderingContext2D} context @param {Axis} axis @param {number} at @param {Geometry} geometry @param {Ink} ink */
function paintTicks(context, axis, at, geometry, ink) {
  const x = geometry.xs[at];
  const room = (at === 0 ? SIDE : (geometry.xs[1] - geometry.xs[0]) * 0.6) - 10;
  context.font = FONT;
  context.textAlign = "right";
  context.textBaseline = "middle";
  let free = Infinity;
  for (const tick of axis.ticks) {
    const y = yOf(geometry, tick.at);
    if (y > free - 13) continue;
    free = y;
    const label = cut(context, tick.label, room);
    const width = context.measureText(label).width;
    context.globalAlpha = 0.78;
    context.fillStyle = ink.surface;
    context.fillRect(x - 9 - width, y - 7, width + 4, 14);
    context.globalAlpha = 1;
    context.fillStyle = ink.label;
    context.fillText(label, x - 7, y);
    context.fillRect(x - 3, Math.round(y), 3, 1);
  }
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {number} room pixels */
function cut(context, text, room) {
  if (context.measureText(text).width <= room) return text;
  let length = Math.min(text.length, 60);
  while (length > 1 && context.measureText(`${text.slice(0, length)}…`).width > room) length -= 1;
  return `${text.slice(0, length)}…`;
}

/** The row whose line passes a point, or −1. @param {ParallelModel} model @param {Geometry} geometry @param {number} x @param {number} y */
export function rowAt({ axes, rows, passes }, geometry, x, y) {
  const { xs } = geometry;
  const after = xs.findIndex((right) => right >= x);
  if (axes.length === 0 || (after === -1 && x > xs[xs.length - 1] + 8) || (after === 0 && x < xs[0] - 8)) return -1;
  const [left, right] = after <= 0 ? [Math.max(0, after === 0 ? 0 : xs.length - 1), after === 0 ? 0 : xs.length - 1] : [after - 1, after];
  const share = left === right ? 0 : (x - xs[left]) / (xs[right] - xs[left]);
  let [best, nearest] = [-1, 7]; // pixels
  for (const row of rows) {
    const from = yOf(geometry, axes[left].places[row]);
    const to = yOf(geometry, axes[right].places[row]);
    const slope = left === right ? 0 : (to - from) / (xs[right] - xs[left]);
    const distance = Math.abs(from + share * (to - from) - y) / Math.hypot(1, slope);
    if (distance < nearest && passes(row)) [best, nearest] = [row, distance];
  }
  return best;
}
