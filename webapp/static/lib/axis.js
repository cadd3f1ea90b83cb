/** The horizontal axis: "step", "relative", "wall", or "tag:NAME", the value of another scalar of the run at the same step. */

import { clockTicks, durationTicks, stepTicks, valueTicks } from "./scale.js";
import { formatCount, formatDuration, formatStep, formatTime, formatValue } from "./format.js";

/** @typedef {import("./types.js").XAxis} XAxis */

const TAG = "tag:";

/** @param {string} tag @returns {XAxis} */
export const tagAxis = (tag) => /** @type {XAxis} */ (TAG + tag);

/** The scalar along the axis; null when it is no scalar. @param {XAxis} axis @returns {string | null} */
export function axisTag(axis) {
  return axis.startsWith(TAG) ? axis.slice(TAG.length) : null;
}

/** As requests and view files spell it. @param {XAxis} axis @returns {"step" | "relative" | "wall" | {tag: string}} */
export function wireAxis(axis) {
  const tag = axisTag(axis);
  return tag === null ? /** @type {"step"} */ (axis) : { tag };
}

/** The other way round; anything unknown is "step". @param {unknown} wire @returns {XAxis} */
export function axisOf(wire) {
  if (typeof wire === "object" && wire !== null && "tag" in wire && typeof wire.tag === "string") return tagAxis(wire.tag);
  return wire === "relative" || wire === "wall" ? wire : "step";
}

/** @type {Record<string, string>} */
const TITLES = { step: "step", relative: "time since the start", wall: "time" };

/** @param {XAxis} axis */
export function axisTitle(axis) {
  return axisTag(axis) ?? TITLES[axis] ?? axis;
}

/** @param {import("./scale.js").Scale} scale @param {XAxis} axis @param {number} count wanted at most */
export function axisTicks(scale, axis, count) {
  if (axis === "step") return stepTicks(scale, count);
  if (axis === "relative") return durationTicks(scale, count);
  return axis === "wall" ? clockTicks(scale, count) : valueTicks(scale, count);
}

/** One place on the axis, in full. @param {XAxis} axis @param {number} x */
export function formatOnAxis(axis, x) {
  if (axis === "step") return Math.abs(x) < 1e12 ? formatCount(x) : formatStep(x);
  if (axis === "relative") return formatDuration(x);
  return axis === "wall" ? formatTime(x) : formatValue(x);
}
