/**
 * A column as an axis: where each row lies on it, 0 (bottom) … 1 (top), and back. Numbers lie on a linear, logarithmic or
 * quantile scale, categories and booleans in steps; a row without a value has no place (NaN), and is drawn below the axis.
 */

import { categoryAt, isCategory, rangeBrush, valuesBrush } from "./brush.js";
import { formatDuration, formatTime, formatValue } from "./format.js";
import { linearTicks, logTicks } from "./scale.js";
import { isMissing } from "./table-data.js";
import { naturalCompare } from "./tags.js";

/** @typedef {import("./table-frame.js").TableColumn} TableColumn */
/** @typedef {import("./brush.js").Brush} Brush */
/** @typedef {"linear" | "log" | "quantile"} AxisScale */

/**
 * @typedef {object} Axis
 * @property {string} name of the column
 * @property {string} title
 * @property {AxisScale | "category"} scale
 * @property {Float64Array} places of all rows, NaN: missing
 * @property {boolean} gaps whether a row is missing
 * @property {{at: number, label: string}[]} ticks
 * @property {[lowest: string, highest: string]} ends
 * @property {(share: number) => number} valueAt the number at a place; of a category its index
 * @property {readonly string[]} categories [] for numbers
 * @property {(from: number, to: number, missing: boolean) => Brush} brush what lies between two places
 * @property {(brush: Brush) => [number, number][]} spans the places that a brush covers
 * @property {number} spread how far to either side equal values may be drawn so that many lines do not hide each other; 0 for many values
 * @property {boolean} flipped whether the least value is at the top
 */

/** Numbers above nought are drawn logarithmically, where nobody chose, if they span this factor and half of them would crowd at the bottom. */
const WIDE = 30;
const CROWDED = 0.25;
const TICKS = 6;
/** So few different numbers, a batch size's or a depth's, are the ticks themselves. */
const FEW = 7;
/** Lines of one value are spread over this share of the axis, at most, or of the gap to the next value. */
const [WIDEST, OF_GAP] = [0.05, 0.35];

/** @type {WeakMap<TableColumn, Map<string, Axis>>} columns are replaced, never changed: a brush that is dragged sorts nothing again */
const made = new WeakMap();

/** @param {TableColumn} column @param {AxisScale | undefined} scale undefined: what fits the values @param {boolean} [flipped] @returns {Axis} the same object for the same question */
export function makeAxis(column, scale, flipped = false) {
  const axes = made.get(column) ?? new Map();
  made.set(column, axes);
  const key = `${scale} ${flipped}`;
  if (!axes.has(key)) {
    const axis = isCategory(column) ? categoryAxis(column) : numberAxis(column, scale);
    axes.set(key, flipped ? upsideDown(axis) : axis);
  }
  return axes.get(key);
}

/** @param {Axis} axis @returns {Axis} */
function upsideDown(axis) {
  return {
    ...axis, flipped: true, places: axis.places.map((place) => 1 - place),
    ticks: axis.ticks.map(({ at, label }) => ({ at: 1 - at, label })).reverse(),
    valueAt: (share) => axis.valueAt(1 - share),
    brush: (from, to, missing) => axis.brush(1 - to, 1 - from, missing),
    spans: (brush) => axis.spans(brush).map(([lo, hi]) => [1 - hi, 1 - lo]),
  };
}

/** @param {TableColumn} column @returns {Axis} */
function categoryAxis(column) {
  const rows = column.values.length;
  const used = new Set();
  for (let row = 0; row < rows; row += 1) if (!isMissing(column, row)) used.add(categoryAt(column, row));
  const categories = column.kind === "bool" ? ["false", "true"] : [...used].sort(naturalCompare);
  const index = new Map(categories.map((name, at) => [name, at]));
  const place = (/** @type {number} */ at) => (at + 0.5) / categories.length;
  const places = new Float64Array(rows).fill(NaN);
  for (let row = 0; row < rows; row += 1) if (!isMissing(column, row)) places[row] = place(/** @type {number} */ (index.get(categoryAt(column, row))));
  return {
    name: column.name, title: column.title, scale: "category", flipped: false, spread: Math.min(WIDEST, OF_GAP / Math.max(1, categories.length)), places, gaps: places.some(Number.isNaN), categories,
    ticks: categories.map((label, at) => ({ at: place(at), label })), ends: [categories[0] ?? "", categories[categories.length - 1] ?? ""],
    valueAt: (share) => Math.max(0, Math.min(categories.length - 1, Math.floor(share * categories.length))),
    brush: (from, to, missing) => valuesBrush(categories.filter((_, at) => place(at) >= from && place(at) <= to), missing),
    spans: (brush) => categories.flatMap((name, at) => (brush.values && !brush.values.includes(name) ? [] : [[at / categories.length, (at + 1) / categories.length]])),
  };
}

/** @param {TableColumn} column @param {AxisScale | undefined} wanted @returns {Axis} */
function numberAxis(column, wanted) {
  const finite = Float64Array.from(column.values).filter(Number.isFinite).sort();
  const scale = usableScale(finite, wanted);
  const { share, valueAt } = { linear: () => straight(finite, false), log: () => straight(finite, true), quantile: () => quantiles(finite) }[scale]();
  const bounded = (/** @type {number} */ value) => Math.max(0, Math.min(1, share(value)));
  const places = Float64Array.from(column.values, (value) => (Number.isNaN(value) ? NaN : bounded(value)));
  const at = (/** @type {number} */ value) => ({ at: bounded(value), label: labelOf(column, value) });
  const distinct = [...new Set(finite)];
  const gaps = distinct.map((value, index) => (index ? bounded(value) - bounded(distinct[index - 1]) : 1));
  const spread = distinct.length <= FEW ? Math.min(WIDEST, OF_GAP * Math.min(...gaps)) : 0;
  const [lo, hi] = finite.length ? [finite[0], finite[finite.length - 1]] : [0, 1];
  return {
    name: column.name, title: column.title, scale, flipped: false, spread, places, gaps: places.some(Number.isNaN), categories: [], valueAt,
    ticks: ticksOf(scale, distinct, valueAt).map(at), ends: [labelOf(column, lo), labelOf(column, hi)],
    brush: (from, to, missing) => (from > 1 || to < 0 ? rangeBrush(Infinity, -Infinity, missing) : rangeBrush(from <= 0 ? -Infinity : valueAt(from), to >= 1 ? Infinity : valueAt(to), missing)),
    spans: ({ lo: from, hi: to }) => (from > to ? [] : [[from === -Infinity ? 0 : bounded(from), to === Infinity ? 1 : bounded(to)]]),
  };
}

/** @param {Float64Array} sorted @param {AxisScale | undefined} wanted @returns {AxisScale} */
function usableScale(sorted, wanted) {
  const positive = sorted.length > 0 && sorted[0] > 0;
  if (wanted === "log") return positive ? "log" : "linear";
  if (wanted) return wanted;
  const [lo, middle, hi] = [sorted[0], sorted[sorted.length >> 1], sorted[sorted.length - 1]];
  return positive && hi / lo >= WIDE && middle - lo < CROWDED * (hi - lo) ? "log" : "linear";
}

/** @param {Float64Array} sorted @param {boolean} log */
function straight(sorted, log) {
  const f = log ? Math.log10 : (/** @type {number} */ value) => value;
  let [lo, hi] = sorted.length ? [f(sorted[0]), f(sorted[sorted.length - 1])] : [0, 1];
  if (lo === hi) [lo, hi] = log ? [lo - 0.5, hi + 0.5] : [lo - Math.max(0.5, Math.abs(lo) / 10), hi + Math.max(0.5, Math.abs(hi) / 10)];
  return {
    share: (/** @type {number} */ value) => (f(value) - lo) / (hi - lo),
    valueAt: (/** @type {number} */ at) => (log ? 10 ** (lo + at * (hi - lo)) : lo + at * (hi - lo)),
  };
}

/** Equal values share a place, neighbours lie equally far apart. @param {Float64Array} sorted */
function quantiles(sorted) {
  const distinct = sorted.filter((value, at) => at === 0 || value !== sorted[at - 1]);
  const last = Math.max(1, distinct.length - 1);
  return {
    share(/** @type {number} */ value) {
      let [below, above] = [0, distinct.length];
      while (below < above) {
        const middle = (below + above) >> 1;
        if (distinct[middle] < value) below = middle + 1;
        else above = middle;
      }
      const before = distinct[below - 1];
      const part = below > 0 && below < distinct.length ? (value - before) / (distinct[below] - before) - 1 : 0;
      return (below + part) / last;
    },
    valueAt(/** @type {number} */ at) {
      const place = Math.max(0, Math.min(distinct.length - 1, at * last));
      const low = Math.floor(place);
      return distinct.length ? distinct[low] + (place - low) * ((distinct[low + 1] ?? distinct[low]) - distinct[low]) : 0;
    },
  };
}

/** @param {AxisScale} scale @param {number[]} distinct @param {(share: number) => number} valueAt */
function ticksOf(scale, distinct, valueAt) {
  if (distinct.length <= FEW) return distinct;
  const [lo, hi] = [valueAt(0), valueAt(1)];
  if (scale === "quantile") return [...new Set([0, 0.25, 0.5, 0.75, 1].map(valueAt))];
  const ticks = scale === "log" ? logTicks(lo, hi, TICKS) : linearTicks(lo, hi, TICKS);
  return ticks.length >= 2 ? ticks : [lo, hi];
}

/** @param {TableColumn} column @param {number} value */
function labelOf({ kind }, value) {
  if (kind === "time") return formatTime(value).slice(5, 16);
  if (kind === "duration") return formatDuration(value);
  return formatValue(value, 3);
}
