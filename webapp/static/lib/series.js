/** Questions a chart asks of its series: which x, which point is nearest, which range holds them. */

import { axisTag } from "./axis.js";

/** @typedef {import("./types.js").Series} Series */
/** @typedef {import("./types.js").Column} Column */
/** @typedef {import("./types.js").XAxis} XAxis */
/** @typedef {import("./types.js").Range} Range */

const NOTHING = new Float64Array(0);

/**
 * x of point i is `offset + column[i]`: wall time is told without a copy of the column.
 *
 * @param {Series} series @param {XAxis} axis
 * @returns {{column: Column, offset: number}}
 */
export function xOf(series, axis) {
  if (axis === "step") return { column: series.step, offset: 0 };
  if (axisTag(axis) !== null) return { column: series.x ?? NOTHING, offset: 0 };
  return { column: series.time, offset: axis === "wall" ? series.start : 0 };
}

/** The edges of a group's band that belong to the line drawn: those around the smoothed one, where it is smoothed. @param {Series} series @returns {[Column, Column] | null} */
export function bandOf(series) {
  const [low, high] = series.smooth && series.smoothLow ? [series.smoothLow, series.smoothHigh] : [series.low, series.high];
  return low && high ? [low, high] : null;
}

/** @type {WeakMap<Column, boolean>} */
const SORTED = new WeakMap();

/** Whether a column never goes back; remembered per column. @param {Column} column */
function isSorted(column) {
  const known = SORTED.get(column);
  if (known !== undefined) return known;
  let sorted = true;
  for (let i = 1; i < column.length && sorted; i += 1) sorted = column[i] >= column[i - 1];
  SORTED.set(column, sorted);
  return sorted;
}

/** First index whose element is ≥ `target`, in a sorted column. @param {Column} column @param {number} target */
function lowerBound(column, target) {
  let lo = 0;
  let hi = column.length;
  while (lo < hi) {
    const middle = (lo + hi) >> 1;
    if (column[middle] < target) lo = middle + 1;
    else hi = middle;
  }
  return lo;
}

/** Index of the element nearest to `target`, −1 in an empty column. @param {Column} column @param {number} target */
export function nearestIndex(column, target) {
  if (column.length === 0) return -1;
  if (!isSorted(column)) return nearestByScan(column, target);
  const after = lowerBound(column, target);
  if (after === 0) return 0;
  if (after === column.length) return after - 1;
  return column[after] - target < target - column[after - 1] ? after : after - 1;
}

/** @param {Column} column @param {number} target */
function nearestByScan(column, target) {
  let best = 0;
  for (let i = 1; i < column.length; i += 1) {
    if (Math.abs(column[i] - target) < Math.abs(column[best] - target)) best = i;
  }
  return best;
}

/** The part of a series inside an x range, one point more on each side: [first, last + 1]. @param {Column} column @param {number} lo @param {number} hi @returns {Range} */
export function span(column, lo, hi) {
  if (!isSorted(column)) return [0, column.length];
  const first = lowerBound(column, lo);
  let end = lowerBound(column, hi);
  while (end < column.length && column[end] <= hi) end += 1;
  return [Math.max(0, first - 1), Math.min(column.length, end + 1)];
}

/**
 * @param {Series[]} seriesList @param {XAxis} axis
 * @param {boolean} log only x > 0 counts
 * @returns {Range | null} null when there is no point
 */
export function xExtent(seriesList, axis, log) {
  let lo = Infinity;
  let hi = -Infinity;
  for (const series of seriesList) {
    const { column, offset } = xOf(series, axis);
    const [first, last] = columnExtent(column, offset, log);
    if (first < lo) lo = first;
    if (last > hi) hi = last;
  }
  return lo <= hi ? [lo, hi] : null;
}

/** @param {Column} column @param {number} offset @param {boolean} log @returns {Range} */
function columnExtent(column, offset, log) {
  if (column.length && isSorted(column)) {
    const first = log ? lowerBound(column, Number.MIN_VALUE - offset) : 0;
    return first < column.length ? [offset + column[first], offset + column[column.length - 1]] : [Infinity, -Infinity];
  }
  let lo = Infinity;
  let hi = -Infinity;
  for (let i = 0; i < column.length; i += 1) {
    const x = offset + column[i];
    if (log && x <= 0) continue;
    if (x < lo) lo = x;
    if (x > hi) hi = x;
  }
  return [lo, hi];
}

const SAMPLES = 4_000;
const TAIL = 0.025; // share of the values each end of the robust range may leave out
const WORTH_CLIPPING = 3; // the whole range must be this many times larger, or nothing is left out

/**
 * The y range of what is visible. With `robust`, outliers do not set it: when a few values make the range several times
 * larger than where 95 % of them are, that middle is shown.
 *
 * @param {{series: Series, raw: boolean, smooth: boolean}[]} layers which columns are drawn
 * @param {XAxis} axis @param {Range | null} x visible range @param {{log: boolean, robust: boolean}} options
 * @returns {{range: Range, clipped: boolean} | null} null when no finite value is visible
 */
export function yExtent(layers, axis, x, { log, robust }) {
  /** @type {[Column, number, number][]} */
  const parts = [];
  /** @type {[Column, number, number][]} */
  const judged = []; // smoothing makes many values of one outlier: where raw ones are drawn, they tell
  for (const { series, raw, smooth } of layers) {
    const { column, offset } = xOf(series, axis);
    const [first, end] = x ? span(column, x[0] - offset, x[1] - offset) : [0, column.length];
    if (raw) parts.push([series.value, first, end]);
    if (smooth && series.smooth) parts.push([series.smooth, first, end]);
    judged.push([raw || !series.smooth ? series.value : series.smooth, first, end]);
    for (const edge of bandOf(series) ?? []) {
      parts.push([edge, first, end]);
      judged.push([edge, first, end]);
    }
  }
  const range = rangeOf(parts, log);
  if (!range) return null;
  const middle = robust ? middleOf(judged, log) : null;
  if (middle && measure(range, log) > WORTH_CLIPPING * measure(middle, log) && measure(middle, log) > 0) {
    return { range: padded(middle, log), clipped: true };
  }
  return { range: padded(range, log), clipped: false };
}

/** @param {[Column, number, number][]} parts @param {boolean} log @returns {Range | null} */
function rangeOf(parts, log) {
  let lo = Infinity;
  let hi = -Infinity;
  for (const [column, first, end] of parts) {
    for (let i = first; i < end; i += 1) {
      const value = column[i];
      if (value < lo && (!log || value > 0) && value > -Infinity) lo = value;
      if (value > hi && (!log || value > 0) && value < Infinity) hi = value;
    }
  }
  return lo <= hi ? [lo, hi] : null;
}

/** The range that leaves out TAIL of the values at each end, estimated from an even sample. @param {[Column, number, number][]} parts @param {boolean} log @returns {Range | null} */
function middleOf(parts, log) {
  const total = parts.reduce((sum, [, first, end]) => sum + end - first, 0);
  const stride = Math.max(1, Math.floor(total / SAMPLES));
  const sample = new Float64Array(Math.ceil(total / stride) + parts.length);
  let count = 0;
  for (const [column, first, end] of parts) {
    for (let i = first; i < end; i += stride) {
      if (Number.isFinite(column[i]) && (!log || column[i] > 0)) sample[count++] = column[i];
    }
  }
  if (count < 20) return null;
  const sorted = sample.subarray(0, count).sort();
  return [sorted[Math.floor(count * TAIL)], sorted[Math.ceil(count * (1 - TAIL)) - 1]];
}

/** @param {Range} range @param {boolean} log */
function measure([lo, hi], log) {
  return log ? Math.log10(hi / lo) : hi - lo;
}

/** Room above and below; a constant gets room in proportion to its size. @param {Range} range @param {boolean} log @returns {Range} */
export function padded([lo, hi], log) {
  if (log) {
    const room = Math.max(0.02, Math.log10(hi / lo) * 0.04);
    return [lo / 10 ** room, hi * 10 ** room];
  }
  const room = hi * 0.05 - lo * 0.05 || Math.abs(hi) * 0.1 || 1;
  const next = /** @type {Range} */ ([Math.max(lo - room, -Number.MAX_VALUE), Math.min(hi + room, Number.MAX_VALUE)]);
  return next[0] < 0 && lo >= 0 ? [0 - room * 0.25, next[1]] : next;
}
