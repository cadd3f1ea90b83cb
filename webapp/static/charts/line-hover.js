/** What lies under the pointer: the nearest point of every line, and the marks that show it. */

import { fromPixel, toPixel } from "../lib/scale.js";
import { bandOf, nearestIndex, xOf } from "../lib/series.js";
import { scaleOf } from "./line-frame.js";
import { strokeLine } from "./line-layers.js";

/** @typedef {import("./line-frame.js").Frame} Frame */
/** @typedef {import("./line-frame.js").Line} Line */
/** @typedef {import("./line-frame.js").LineOptions} LineOptions */

/** A line whose data end more than this far from the pointer has nothing to say there, pixels. */
const REACH = 24;

/**
 * @typedef {import("../lib/types.js").PointRow & {x: number, line: Line}} HoverRow
 *
 * @param {Frame} frame @param {Line[]} lines @param {LineOptions} options
 * @param {number} x in data units
 * @param {number | null} pixelY where the pointer is; null when there is none
 * @returns {HoverRow[]}
 */
export function rowsAt(frame, lines, options, x, pixelY) {
  const rows = [];
  const pixel = toPixel(frame.x, x);
  for (const line of lines) {
    const { series } = line;
    const { column, offset } = xOf(series, options.axis);
    const i = nearestIndex(column, x - offset);
    if (i < 0) continue;
    const at = column[i] + offset;
    const beyond = (i === 0 && x < at) || (i === column.length - 1 && x > at);
    if (beyond && Math.abs(toPixel(frame.x, at) - pixel) > REACH) continue;
    const smooth = series.smooth ? series.smooth[i] : null;
    const height = toPixel(scaleOf(frame, line), smooth ?? series.value[i]);
    const band = bandOf(series);
    const distance = pixelY === null || !Number.isFinite(height) ? Infinity : Math.abs(height - pixelY);
    rows.push({
      label: line.label, color: line.color, line, smooth, distance, value: series.value[i], step: series.step[i],
      wall: series.start + series.time[i], relative: series.time[i], x: at, run: series.run,
      low: band ? band[0][i] : null, high: band ? band[1][i] : null, count: series.count ? series.count[i] : null,
    });
  }
  return rows;
}

/** @param {HoverRow[]} rows @returns {HoverRow | null} */
export function nearestRow(rows) {
  let best = null;
  for (const row of rows) if (row.distance < (best?.distance ?? Infinity)) best = row;
  return best;
}

/**
 * @param {CanvasRenderingContext2D} context @param {Frame} frame @param {LineOptions} options
 * @param {{rows: HoverRow[], strong: Line[], dots: number, veil: boolean}} what `strong` lines are drawn again, on top of a veil over the rest
 */
export function drawHover(context, frame, options, { rows, strong, dots, veil }) {
  context.save();
  context.beginPath();
  context.rect(frame.box.left, frame.box.top - 6, frame.box.right - frame.box.left + 4, frame.box.bottom - frame.box.top + 7);
  context.clip();
  context.lineJoin = "round";
  if (veil && strong.length) {
    context.globalAlpha = 0.5;
    context.fillStyle = options.ink.surface;
    context.fillRect(frame.box.left, 0, frame.box.right - frame.box.left + 4, frame.box.bottom);
  }
  for (const line of strong) {
    context.lineWidth = 5;
    strokeLine(context, frame, { ...line, color: options.ink.surface }, options, { smooth: true, alpha: 0.8, thin: 1 });
    context.lineWidth = 2.4;
    strokeLine(context, frame, line, options, { smooth: true, alpha: 1, thin: 1 });
  }
  context.globalAlpha = 1;
  for (const row of rows.slice(0, dots)) {
    const px = toPixel(frame.x, row.x);
    const py = toPixel(scaleOf(frame, row.line), row.smooth ?? row.value);
    if (!Number.isFinite(px + py)) continue;
    context.beginPath();
    context.arc(px, py, 3.5, 0, 2 * Math.PI);
    context.fillStyle = row.color;
    context.strokeStyle = options.ink.surface;
    context.lineWidth = 1.5;
    context.fill();
    context.stroke();
  }
  context.restore();
}

/** The x of the next point to the left or right of `x` over all lines. @param {Line[]} lines @param {LineOptions} options @param {number} x @param {1 | -1} direction */
export function nextX(lines, options, x, direction) {
  let best = direction > 0 ? Infinity : -Infinity;
  for (const { series } of lines) {
    const { column, offset } = xOf(series, options.axis);
    let i = nearestIndex(column, x - offset);
    if (i < 0) continue;
    while (column[i] !== undefined && (column[i] + offset - x) * direction <= 0) i += direction;
    if (column[i] !== undefined && (column[i] + offset - best) * direction < 0) best = column[i] + offset;
  }
  return Number.isFinite(best) ? best : null;
}

/** @param {Frame} frame @param {number} pixel @returns {number} */
export function xAtPixel(frame, pixel) {
  return fromPixel(frame.x, Math.max(frame.box.left, Math.min(frame.box.right, pixel)));
}
