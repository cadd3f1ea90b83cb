/** Reference lines, the chosen part of x, and events in a lane below the plot: told apart by shape, gathered where they crowd. */

import { toPixel } from "../lib/scale.js";
import { FONT } from "./line-frame.js";

/** @typedef {import("./line-frame.js").Frame} Frame */
/** @typedef {import("./line-frame.js").LineOptions} LineOptions */
/** @typedef {import("../lib/types.js").Mark} Mark */
/** @typedef {{px: number, marks: Mark[]}} Cluster events that share a place */

const APART = 9; // events nearer than this share one sign, pixels
const REACH = 6; // of the pointer, pixels
/** The sign of a cluster is that of its most urgent event. */
const URGENCY = ["alert", "note", "restart", "text", "checkpoint"];

/** @param {Frame} frame @param {LineOptions} options @returns {Cluster[]} */
function clustersOf(frame, { marks = [] }) {
  /** @type {Cluster[]} */
  const clusters = [];
  for (const mark of marks) {
    const px = toPixel(frame.x, mark.x);
    if (!(px >= frame.box.left - 1 && px <= frame.box.right + 1)) continue;
    const last = clusters[clusters.length - 1];
    if (last && px - last.px < APART) last.marks.push(mark);
    else clusters.push({ px, marks: [mark] });
  }
  return clusters;
}

/** The events under the pointer. @param {Frame} frame @param {LineOptions} options @param {number} px @returns {Cluster | null} */
export function clusterAt(frame, options, px) {
  let best = null;
  for (const cluster of clustersOf(frame, options)) {
    if (Math.abs(cluster.px - px) <= Math.min(REACH, best ? Math.abs(best.px - px) : REACH)) best = cluster;
  }
  return best;
}

/** What lies behind the lines. @param {CanvasRenderingContext2D} context @param {Frame} frame @param {LineOptions} options */
export function drawSelection(context, frame, { selection, ink }) {
  if (!selection) return;
  const { box } = frame;
  const [left, right] = selection.map((x) => Math.max(box.left, Math.min(box.right, toPixel(frame.x, x))));
  context.fillStyle = ink.accent;
  context.globalAlpha = 0.1;
  context.fillRect(left, box.top, Math.max(1, right - left), box.bottom - box.top);
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {LineOptions} options */
export function drawMarks(context, frame, options) {
  for (const line of options.lines ?? []) drawReference(context, frame, line, options.ink);
  for (const cluster of clustersOf(frame, options)) drawSign(context, cluster, frame.box.bottom + 6, options.ink);
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {import("../lib/types.js").ReferenceLine} line @param {import("../lib/types.js").Ink} ink */
function drawReference(context, { box, x, y, right }, { axis, value, label }, ink) {
  const scale = { x, y, y_right: right }[axis];
  const at = scale ? Math.round(toPixel(scale, value)) + 0.5 : NaN;
  const [lo, hi] = axis === "x" ? [box.left, box.right] : [box.top, box.bottom];
  if (!(at >= lo - 1 && at <= hi + 1)) return;
  context.strokeStyle = ink.muted;
  context.lineWidth = 1;
  context.setLineDash([6, 4]);
  context.beginPath();
  if (axis === "x") {
    context.moveTo(at, box.top);
    context.lineTo(at, box.bottom);
  } else {
    context.moveTo(box.left, at);
    context.lineTo(box.right, at);
  }
  context.stroke();
  context.setLineDash([]);
  if (label) writeLabel(context, box, { axis, at, label }, ink);
}

/** Beside the line, on the side with room, over a patch of the surface. @param {CanvasRenderingContext2D} context @param {import("./line-frame.js").Box} box @param {{axis: string, at: number, label: string}} line @param {import("../lib/types.js").Ink} ink */
function writeLabel(context, box, { axis, at, label }, ink) {
  context.font = FONT;
  const width = context.measureText(label).width;
  const after = at + 4 + width < box.right;
  const left = axis === "x" ? (after ? at + 4 : at - 4 - width) : box.right - width - 2;
  const base = axis === "x" ? box.top + 10 : at - box.top > 16 ? at - 4 : at + 12;
  context.fillStyle = ink.surface;
  context.globalAlpha = 0.75;
  context.fillRect(left - 2, base - 10, width + 4, 13);
  context.globalAlpha = 1;
  context.fillStyle = ink.muted;
  context.textAlign = "left";
  context.fillText(label, left, base);
}

/** @param {CanvasRenderingContext2D} context @param {Cluster} cluster @param {number} y @param {import("../lib/types.js").Ink} ink */
function drawSign(context, { px, marks }, y, ink) {
  const kind = URGENCY.find((candidate) => marks.some((mark) => mark.kind === candidate)) ?? "text";
  const x = Math.round(px);
  context.fillStyle = kind === "alert" ? ink.bad ?? ink.accent : ink.muted;
  context.strokeStyle = context.fillStyle;
  context.lineWidth = 1.3;
  context.beginPath();
  SHAPES[kind](context, x, y);
  if (kind === "restart" || kind === "text") context.stroke();
  else context.fill();
  if (marks.length > 1) { // a bar below says there are more
    context.beginPath();
    context.moveTo(x - 4, y + 5.5);
    context.lineTo(x + 4, y + 5.5);
    context.stroke();
  }
}

/** @type {Record<string, (context: CanvasRenderingContext2D, x: number, y: number) => void>} */
const SHAPES = {
  alert(context, x, y) { // a triangle
    context.moveTo(x, y - 4);
    context.lineTo(x + 4.5, y + 3.5);
    context.lineTo(x - 4.5, y + 3.5);
    context.closePath();
  },
  note(context, x, y) { // a dot
    context.moveTo(x + 3.2, y);
    context.arc(x, y, 3.2, 0, 2 * Math.PI);
  },
  restart(context, x, y) { // an open ring
    context.moveTo(x + 3, y - 1.5);
    context.arc(x, y, 3.3, -0.45, 1.5 * Math.PI);
  },
  checkpoint(context, x, y) { // a square
    context.rect(x - 2.8, y - 2.8, 5.6, 5.6);
  },
  text(context, x, y) { // two lines of writing
    context.moveTo(x - 3.5, y - 2);
    context.lineTo(x + 3.5, y - 2);
    context.moveTo(x - 3.5, y + 1.5);
    context.lineTo(x + 1.5, y + 1.5);
  },
};
