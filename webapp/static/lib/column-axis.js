/** An axis that shows a column of the run table: numbers, times, durations, or words side by side. */

import { clockTicks, durationTicks, makeScale, valueTicks } from "./scale.js";
import { formatDuration, formatTime, formatValue } from "./format.js";

/** @typedef {import("./scale.js").Scale} Scale */
/** @typedef {import("./scale.js").Tick} Tick */
/** @typedef {import("./types.js").Range} Range */
/** @typedef {import("./table-frame.js").TableColumn} TableColumn */

/**
 * @typedef {object} ColumnAxis
 * @property {string} title
 * @property {"number" | "time" | "duration" | "words"} kind
 * @property {string[]} words value i stands for words[i]; empty for the other kinds
 *
 * @param {TableColumn} column
 * @returns {ColumnAxis}
 */
export function columnAxis({ title, kind, strings }) {
  if (kind === "text") return { title, kind: "words", words: strings };
  if (kind === "bool") return { title, kind: "words", words: ["false", "true"] };
  return { title, kind, words: [] };
}

/** Value of a row, NaN where there is none. @param {TableColumn} column @param {number} row */
export function valueAt(column, row) {
  const value = column.values[row];
  return column.kind === "text" && value < 0 ? NaN : value;
}

/**
 * The scale that holds these values with some room; words stand in the middle of equal parts.
 *
 * @param {ColumnAxis} axis @param {Iterable<number>} values finite ones count @param {Range} pixels @param {boolean} log
 * @returns {Scale}
 */
export function columnScale(axis, values, pixels, log) {
  if (axis.kind === "words") return makeScale([-0.5, Math.max(0.5, axis.words.length - 0.5)], pixels, false);
  let [lo, hi] = [Infinity, -Infinity];
  for (const value of values) {
    if (!Number.isFinite(value) || (log && value <= 0)) continue;
    if (value < lo) lo = value;
    if (value > hi) hi = value;
  }
  if (lo > hi) [lo, hi] = log ? [0.1, 10] : [0, 1];
  if (log) {
    const room = Math.max(0.05, Math.log10(hi / lo) * 0.06);
    return makeScale([lo / 10 ** room, hi * 10 ** room], pixels, true);
  }
  const room = hi * 0.06 - lo * 0.06 || Math.abs(hi) * 0.1 || 1;
  return makeScale([lo - room, hi + room], pixels, false);
}

/** @param {ColumnAxis} axis @param {Scale} scale @param {number} count wanted at most @returns {Tick[]} */
export function columnTicks(axis, scale, count) {
  if (axis.kind === "words") {
    const stride = Math.max(1, Math.ceil(axis.words.length / Math.max(1, count)));
    return axis.words.map((label, at) => ({ at, label })).filter(({ at }) => at % stride === 0);
  }
  if (axis.kind === "time") return clockTicks(scale, count);
  return axis.kind === "duration" ? durationTicks(scale, count) : valueTicks(scale, count);
}

/** @param {ColumnAxis} axis @param {number} value @param {number} [digits] significant ones of a number */
export function formatOnColumn(axis, value, digits = 5) {
  if (axis.kind === "words") return axis.words[value] ?? "–";
  if (Number.isNaN(value)) return "–";
  if (axis.kind === "time") return formatTime(value);
  return axis.kind === "duration" ? formatDuration(value) : formatValue(value, digits);
}
