/** Sums and measurements of graphs as people read them, in little room. */

import { formatBytes, formatCompact, formatCount, formatDuration, formatValue } from "./format.js";

/** 1_810_000_000 → "1.81 G"; null → "". @param {number | null | undefined} value */
export function shortCount(value) {
  if (value === null || value === undefined || !Number.isFinite(value)) return "";
  return Math.abs(value) < 10_000 ? formatValue(value, 4) : formatCompact(value);
}

/** @param {number | null | undefined} bytes */
export const shortBytes = (bytes) => (bytes === null || bytes === undefined ? "" : formatBytes(bytes));

/** @param {number | null | undefined} seconds */
export function shortTime(seconds) {
  if (seconds === null || seconds === undefined) return "";
  return seconds > 0 && seconds < 1e-3 ? `${formatValue(seconds * 1e6, 3)} µs` : formatDuration(seconds);
}

/** With its unit: "11,689,512 (11.7 M)". @param {number} value */
export function longCount(value) {
  return Math.abs(value) < 10_000 ? formatValue(value) : `${formatCount(value)} (${formatCompact(value)})`;
}

/** A number as its unit asks. @param {number} value @param {string} unit "bytes", "seconds", or what else the server says */
export function withUnit(value, unit) {
  if (unit === "bytes" || unit === "B") return shortBytes(value);
  if (unit === "seconds" || unit === "s") return shortTime(value);
  return unit ? `${shortCount(value)} ${unit}` : shortCount(value);
}
