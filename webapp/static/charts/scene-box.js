/** The box around a scene, with the ends of its three axes. */

import { toPicture } from "../lib/camera.js";
import { formatValue } from "../lib/format.js";

/** @typedef {import("../lib/camera.js").Vector} Vector */
/** @typedef {{width: number, height: number}} Size */

const AXES = ["x", "y", "z"];

/**
 * @param {CanvasRenderingContext2D} context @param {Size} size of the picture @param {ArrayLike<number>} matrix of `viewProjection`
 * @param {{low: Vector, high: Vector}} bounds @param {import("../lib/scene-data.js").SceneFrame} frame @param {{line: string, label: string}} ink
 */
export function drawBox(context, size, matrix, bounds, frame, ink) {
  const corner = (/** @type {number} */ bits) => {
    const at = [0, 1, 2].map((axis) => ((bits >> axis) & 1 ? bounds.high : bounds.low)[axis]).map((value, axis) => (value - frame.center[axis]) / frame.scale);
    return toPicture(matrix, at[0], at[1], at[2], size);
  };
  const corners = Array.from({ length: 8 }, (_, bits) => corner(bits));
  context.strokeStyle = ink.line;
  context.lineWidth = 1;
  context.beginPath();
  for (let bits = 0; bits < 8; bits += 1) {
    for (const bit of [1, 2, 4]) {
      const [from, to] = [corners[bits], corners[bits | bit]];
      if (bits & bit || !from || !to) continue;
      context.moveTo(from[0], from[1]);
      context.lineTo(to[0], to[1]);
    }
  }
  context.stroke();
  context.font = "10px system-ui, sans-serif";
  context.fillStyle = ink.label;
  context.textBaseline = "middle";
  [0, 1, 2].forEach((axis) => labelAxis(context, axis, corners, bounds));
}

/** The axis' name and ends along that of its four edges which is lowest in the picture. @param {CanvasRenderingContext2D} context @param {number} axis @param {(Vector | null)[]} corners @param {{low: Vector, high: Vector}} bounds */
function labelAxis(context, axis, corners, bounds) {
  if (!(bounds.high[axis] > bounds.low[axis])) return;
  let best = null;
  for (let bits = 0; bits < 8; bits += 1) {
    const [from, to] = [corners[bits], corners[bits | (1 << axis)]];
    if (bits & (1 << axis) || !from || !to) continue;
    const side = axis === 1 ? -(from[0] + to[0]) : from[1] + to[1]; // upright edges are read at the left
    if (!best || side > best.side) best = { from, to, side };
  }
  if (!best) return;
  const { from, to } = best;
  const middle = corners.reduce((sum, at) => sum + (at ? at[0] : 0), 0) / 8;
  const say = (/** @type {string} */ text, /** @type {Vector} */ at, /** @type {number} */ share) => {
    const x = from[0] + (to[0] - from[0]) * share;
    const y = from[1] + (to[1] - from[1]) * share;
    context.textAlign = x < middle - 6 ? "right" : x > middle + 6 ? "left" : "center";
    context.fillText(text, x + Math.sign(x - middle) * 5, y + (axis === 1 ? 0 : 7));
  };
  say(formatValue(bounds.low[axis], 3), from, 0.14);
  say(AXES[axis], from, 0.5);
  say(formatValue(bounds.high[axis], 3), to, 0.86);
}
