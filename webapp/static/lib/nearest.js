/** Which of the values of a run is nearest to a cursor, and which places a cursor can go to. */

import { axisTag } from "./axis.js";

/** @typedef {import("./blob-frame.js").Values} Values */
/** @typedef {import("./types.js").XAxis} XAxis */

/** @type {WeakMap<Values, Uint32Array>} values in order of wall time, where that is not the order of step */
const byTime = new WeakMap();

/** Where a value is on the axis; another scalar along x says nothing about values that are none: they are at their step. @param {Values} values @param {number} index @param {XAxis} axis */
export function placeOf({ step, wall, start }, index, axis) {
  if (axis === "wall") return wall[index];
  return axis === "relative" ? wall[index] - start : step[index];
}

/**
 * The value nearest to the cursor; of several at one place the one logged last.
 *
 * @param {Values} values @param {number | null} at in units of the axis; null: the latest
 * @param {XAxis} axis
 * @returns {number} −1 where there is none
 */
export function nearestIndex(values, at, axis) {
  const { n } = values;
  if (n === 0 || at === null || axisTag(axis) !== null) return n - 1;
  const order = orderOf(values, axis);
  const place = (/** @type {number} */ rank) => placeOf(values, order ? order[rank] : rank, axis);
  let rank = ranksUpTo(n, place, at) - 1; // the last at or before the cursor
  if (rank < 0) rank = ranksUpTo(n, place, place(0)) - 1;
  else if (rank + 1 < n && place(rank + 1) - at < at - place(rank)) rank = ranksUpTo(n, place, place(rank + 1)) - 1;
  return order ? order[rank] : rank;
}

/**
 * The place next to one.
 *
 * @param {Float64Array} places rising @param {number} at @param {1 | -1} direction
 * @returns {number | null} null where there is none in that direction
 */
export function nextPlace(places, at, direction) {
  let rank = ranksUpTo(places.length, (index) => places[index], at);
  if (direction < 0) rank -= places[rank - 1] === at ? 2 : 1;
  return places[rank] ?? null;
}

/** Every place where one of the runs has a value, in order, each once. @param {Iterable<Values>} runs @param {XAxis} axis */
export function allPlaces(runs, axis) {
  const places = new Set();
  for (const values of runs) for (let i = 0; i < values.n; i += 1) places.add(placeOf(values, i, axis));
  return Float64Array.from(places).sort();
}

/** How many of the places are at or before `at`. @param {number} n @param {(rank: number) => number} place rising @param {number} at */
function ranksUpTo(n, place, at) {
  let lo = 0;
  let hi = n;
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    if (place(middle) <= at) lo = middle + 1;
    else hi = middle;
  }
  return lo;
}

/** Values lie in order of step; a restarted run goes back in steps, not in time. @param {Values} values @param {XAxis} axis @returns {Uint32Array | null} null where the order is theirs */
function orderOf(values, axis) {
  if (axis !== "wall" && axis !== "relative") return null;
  let order = byTime.get(values);
  if (!order) {
    order = Uint32Array.from({ length: values.n }, (_, index) => index).sort((a, b) => values.wall[a] - values.wall[b] || a - b);
    byTime.set(values, order);
  }
  return order;
}
