/** The box that the layouts of all steps share: points move in it, and it stays. */

import { layoutsOverTime } from "../../state/projector-steps.js";

/** @typedef {import("../../lib/points-cloud.js").Bounds} Bounds */

/** @type {WeakMap<Float32Array, Bounds>} */
const known = new WeakMap();

/** @param {import("../../lib/point-views.js").ViewSetting} view @returns {Bounds | undefined} undefined: each layout has its own */
export function sharedBounds({ id, dims }) {
  const all = layoutsOverTime(id).filter(({ layout }) => layout.width === dims).map(({ layout }) => boundsOf(layout.coordinates, dims));
  if (all.length < 2) return undefined;
  const most = (/** @type {number[][]} */ ends, /** @type {(...numbers: number[]) => number} */ pick) => /** @type {Bounds["low"]} */ ([0, 1, 2].map((axis) => pick(...ends.map((end) => end[axis]))));
  return { low: most(all.map(({ low }) => low), Math.min), high: most(all.map(({ high }) => high), Math.max) };
}

/** @param {Float32Array} coordinates @param {2 | 3} dims @returns {Bounds} */
function boundsOf(coordinates, dims) {
  const found = known.get(coordinates);
  if (found) return found;
  /** @type {Bounds} */
  const bounds = dims === 3 ? { low: [Infinity, Infinity, Infinity], high: [-Infinity, -Infinity, -Infinity] } : { low: [Infinity, Infinity, 0], high: [-Infinity, -Infinity, 0] };
  for (let at = 0; at < coordinates.length; at += 1) {
    const [axis, value] = [at % dims, coordinates[at]];
    if (value < bounds.low[axis]) bounds.low[axis] = value;
    if (value > bounds.high[axis]) bounds.high[axis] = value;
  }
  known.set(coordinates, bounds);
  return bounds;
}
