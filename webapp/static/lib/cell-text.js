/** What a cell of the run table says: short in the cell, in full in its title, and against the baseline. */

import { formatCount, formatDuration, formatTime, formatValue } from "./format.js";
import { isMissing, textAt } from "./table-data.js";

/** @typedef {import("./table-frame.js").TableColumn} TableColumn */

const DIGITS = 4; // significant
const COUNTS = new Set(["last_step", "points"]);

/** @param {TableColumn} column @param {number} row @returns {string} "" where there is no value */
export function cellText(column, row) {
  if (isMissing(column, row)) return "";
  const value = column.values[row];
  switch (column.kind) {
    case "text": return textAt(column, row);
    case "bool": return value ? "true" : "false";
    case "time": return formatTime(value).slice(0, 16);
    case "duration": return formatDuration(value);
    default: return COUNTS.has(column.name) ? formatCount(value) : formatValue(value, DIGITS);
  }
}

/** Every digit. @param {TableColumn} column @param {number} row */
export function cellTitle(column, row) {
  if (isMissing(column, row)) return "";
  const value = column.values[row];
  if (column.kind === "time") return formatTime(value);
  if (column.kind === "duration") return `${value} s`;
  return column.kind === "number" ? String(value) : cellText(column, row);
}

/**
 * A number against the baseline's.
 *
 * @param {TableColumn} column @param {number} row @param {number} baseline row of the baseline
 * @returns {{difference: string, percent: string, direction: number} | null} null where there is nothing to compare
 */
export function againstBaseline(column, row, baseline) {
  if (column.kind === "text" || column.kind === "bool" || column.kind === "time" || row === baseline) return null;
  if (isMissing(column, row) || isMissing(column, baseline)) return null;
  const reference = column.values[baseline];
  const change = column.values[row] - reference;
  if (!Number.isFinite(change)) return null;
  const sign = change > 0 ? "+" : "";
  const difference = change === 0 ? "=" : sign + (column.kind === "duration" ? formatDuration(change) : formatValue(change, 3));
  const share = (100 * change) / Math.abs(reference);
  const percent = change === 0 || !Number.isFinite(share) ? "" : `${sign}${formatValue(share, 3)} %`;
  return { difference, percent, direction: Math.sign(change) };
}
