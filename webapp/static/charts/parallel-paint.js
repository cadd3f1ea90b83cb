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
 * @property {readonly number[]} [order] the rows as they are drawn, the last on top
 * @property {Float64Array} [aside] by row, from −1 to 1: where it lies among those that share its value, on axes with few values
 *
 * @typedef {object} Geometry pixels
 * @property {number} top of the axes
 * @property {number} bottom of the axes
 * @property {number} gap where rows without a value lie, below the axes
 * @property {number[]} xs of the axes
 */

const SIDE = 58; // beside the outer axes: half a title
export const HEAD = 54; // above the axes: titles and scales
const FOOT = 40;
const CROWD = 100; // rows

/** @param {number} axes @param {number} width @param {number} height @returns {Geometry} */
export function geometryOf(axes, width, height) {
  const room = width - 2 * SIDE;
  const xs = Array.from({ length: axes }, (_, at) => (axes === 1 ? width / 2 : SIDE + (at * room) / (axes - 1)));
  return { top: HEAD, bottom: height - FOOT, gap: height - 12, xs: xs.map(Math.round) };
}

/** Where the line of a row crosses an axis. @param {ParallelModel} model @param {Geometry} geometry @param {Axis} axis @param {number} row */
export function crossing({ aside }, geometry, { places, spread }, row) {
  return yOf(geometry, aside ? places[row] + spread * aside[row] : places[row]);
}

/** @param {Geometry} geometry @param {number} place 0 … 1, NaN: missing */
export function yOf({ top, bottom, gap }, place) {
  return Number.isNaN(place) ? gap : bottom - place * (bottom - top);
}

/** All of it, titles too: a picture. @param {CanvasRenderingContext2D} context @param {ParallelModel} model @param {Geometry} geometry */
export function paintParallel(context, model, geometry) {
  paintRest(context, model, geometry, model.rows.filter((row) => !model.passes(row)));
  paintPassing(context, model, geometry);
  paintAxes(context, model, geometry, true);
}

/** Rows that the brushes do not let through: faint. @param {CanvasRenderingContext2D} context @param {ParallelModel} model @param {Geometry} geometry @param {number[]} rows */
export function paintRest(context, model, geometry, rows) {
  context.strokeStyle = model.ink.line;
  context.globalAlpha = Math.min(0.5, opacityOf(rows.length));
  context.lineWidth = 1;
  for (const row of rows) strokeRow(context, model, geometry, row);
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {ParallelModel} model @param {Geometry} geometry */
export function paintPassing(context, model, geometry) {
  const passing = (model.order ?? model.rows).filter(model.passes);
  context.globalAlpha = opacityOf(passing.length);
  context.lineWidth = passing.length > 300 ? 1 : 1.5;
  for (const row of passing) {
    context.strokeStyle = model.colorOf(row);
    strokeRow(context, model, geometry, row);
  }
  context.globalAlpha = 1;
}

/** The more lines, the fainter each: where they lie thick shows through, and one line alone is still seen. @param {number} lines */
function opacityOf(lines) {
  return Math.max(0.07, Math.min(0.9, 6 / Math.sqrt(lines)));
}

/**
 * Where each row lies among those that share a value with it: in the order of the last axis, mostly the metric, so that a
 * bundle of lines shows how good its runs are. Undefined for so few rows that each can be followed.
 *
 * @param {Axis[]} axes @param {number[]} rows
 */
export function besideEachOther(axes, rows) {
  if (rows.length < CROWD || axes.length === 0) return undefined;
  const { places } = axes[axes.length - 1];
  const aside = new Float64Array(places.length);
  const order = [...rows].sort((a, b) => (Number.isNaN(places[a]) ? -1 : places[a]) - (Number.isNaN(places[b]) ? -1 : places[b]));
  order.forEach((row, at) => (aside[row] = (2 * at) / (order.length - 1) - 1));
  return aside;
}

/** Rows in an order that has nothing to do with their values: whichever is drawn last covers the others. @param {number[]} rows */
export function shuffled(rows) {
  const key = (/** @type {number} */ row) => Math.imul(row + 1, 0x9e3779b1) >>> 0;
  return [...rows].sort((a, b) => key(a) - key(b));
}

/** @param {CanvasRenderingContext2D} context @param {ParallelModel} model @param {Geometry} geometry @param {boolean} titled whether to paint the titles, too */
export function paintAxes(context, model, geometry, titled) {
  paintRail(context, model.axes, geometry, model.ink);
  model.axes.forEach((axis, at) => paintAxis(context, axis, at, model, geometry, titled));
}

/** @param {CanvasRenderingContext2D} context @param {ParallelModel} model @param {Geometry} geometry @param {number} row */
export function strokeRow(context, model, geometry, row) {
  context.beginPath();
  model.axes.forEach((axis, at) => {
    const y = crossing(model, geometry, axis, row);
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
export function rowAt(model, geometry, x, y) {
  const { axes, rows, passes } = model;
  const { xs } = geometry;
  const after = xs.findIndex((right) => right >= x);
  if (axes.length === 0 || (after === -1 && x > xs[xs.length - 1] + 8) || (after === 0 && x < xs[0] - 8)) return -1;
  const [left, right] = after <= 0 ? [Math.max(0, after === 0 ? 0 : xs.length - 1), after === 0 ? 0 : xs.length - 1] : [after - 1, after];
  const share = left === right ? 0 : (x - xs[left]) / (xs[right] - xs[left]);
  let [best, nearest] = [-1, 7]; // pixels
  for (const row of rows) {
    const from = crossing(model, geometry, axes[left], row);
    const to = crossing(model, geometry, axes[right], row);
    const slope = left === right ? 0 : (to - from) / (xs[right] - xs[left]);
    const distance = Math.abs(from + share * (to - from) - y) / Math.hypot(1, slope);
    if (distance < nearest && passes(row)) [best, nearest] = [row, distance];
  }
  return best;
}
