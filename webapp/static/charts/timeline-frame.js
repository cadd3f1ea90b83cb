/** One frame of a timeline: all that is drawn of it, on the screen and into files. */

import { rowsBetween } from "../lib/timeline-rows.js";
import { ticksOf } from "./timeline-axis.js";
import { paintCurve } from "./timeline-curves.js";
import { lanesOf, paintNames } from "./timeline-lanes.js";
import { paintGrid, paintPlaces, paintSteps, paintTimes } from "./timeline-overlay.js";

/** @typedef {import("./timeline-runs.js").Scene} Scene */
/** @typedef {import("./timeline-runs.js").Place} Place */
/** @typedef {import("../lib/timeline-rows.js").Row} Row */

/**
 * @typedef {object} Frame
 * @property {Scene} scene
 * @property {ReturnType<typeof import("../lib/timeline-rows.js").layRows>} layout
 * @property {{width: number, height: number}} size CSS pixels
 * @property {number} scrollTop CSS pixels
 *
 * @typedef {{paint: (context: CanvasRenderingContext2D, scene: Scene, lanes: import("./timeline-lanes.js").Lane[], width: number, ratio: number) => void}} LanePainter
 */

/** Rows in sight below the pinned ones. @param {Frame} frame @returns {Row[]} */
export function seenRows({ scene, layout, size, scrollTop }) {
  return rowsBetween(scene.rows, scrollTop, scrollTop + size.height - layout.pinnedHeight);
}

/** Where a slice is drawn; null where its row is not there. @param {Frame} frame @param {Place} place @returns {{top: number, height: number} | null} */
export function levelOfPlace({ scene, layout, scrollTop }, { line, band, lane }) {
  const own = (/** @type {Row} */ row) => row.sort === "band" && row.line === line && row.at === band;
  const pinned = scene.pinned.find(own);
  const row = pinned ?? scene.rows.find(own);
  if (!row) return null;
  const offset = pinned ? 0 : layout.pinnedHeight - scrollTop;
  return { top: offset + row.top + Math.min(lane, row.lanes - 1) * row.laneHeight, height: row.laneHeight - 1 };
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {LanePainter} painter */
export function paintFrame(context, frame, painter) {
  const { scene, layout, size, scrollTop } = frame;
  context.fillStyle = scene.ink.bg;
  context.fillRect(0, 0, size.width, size.height);
  paintGrid(context, scene, size, ticksOf(scene, size.width).ticks);
  paintSteps(context, scene, size);
  const top = layout.pinnedHeight;
  within(context, top, size.height - top, size.width, () => paintRows(context, frame, seenRows(frame), top - scrollTop, [top, size.height], painter));
  if (top) {
    context.fillStyle = scene.ink.surface;
    context.fillRect(0, 0, size.width, top);
    paintRows(context, frame, scene.pinned, 0, [0, top], painter);
    context.fillStyle = scene.ink.line;
    context.fillRect(0, top - 1, size.width, 1);
  }
  paintPlaces(context, scene, size, (place) => levelOfPlace(frame, place));
  paintTimes(context, scene, size);
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {readonly Row[]} rows @param {number} offset @param {[number, number]} sight @param {LanePainter} painter */
function paintRows(context, { scene, size: { width } }, rows, offset, sight, painter) {
  for (const row of rows) {
    const top = row.top + offset;
    context.fillStyle = row.sort === "group" ? scene.ink.surface : scene.ink.grid;
    if (row.sort === "group") context.fillRect(0, top, width, row.height);
    else context.fillRect(0, Math.round(top + row.height - 1), width, 1);
    if (row.sort === "curve") paintCurve(context, scene, row, top, width);
  }
  const lanes = lanesOf(rows, offset, ...sight);
  painter.paint(context, scene, lanes, width, devicePixelRatio || 1);
  paintNames(context, scene, lanes, width);
}

/** @param {CanvasRenderingContext2D} context @param {number} top @param {number} height @param {number} width @param {() => void} paint */
function within(context, top, height, width, paint) {
  context.save();
  context.beginPath();
  context.rect(0, top, width, height);
  context.clip();
  paint();
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {number} top CSS pixels @param {() => void} paint */
export function paintBelow(context, top, paint) {
  context.save();
  context.translate(0, top);
  paint();
  context.restore();
}
