/** Figures with units as people read them: one unit for all of a column, so that digits stand below each other. */

import { formatBytes, formatCompact, formatCount, formatValue } from "./format.js";

/** @typedef {"" | "ns" | "bytes" | "count" | "share" | "bytes/s" | "flop/s" | "flop"} Unit */
/** @typedef {{suffix: string, text: (value: number) => string}} Reading `suffix`: the unit, for a head; `text` leaves it out */

/** [from, nanoseconds, name] */
const TIMES = /** @type {const} */ ([[1e10, 1e9, "s"], [1e7, 1e6, "ms"], [0, 1e3, "µs"]]);
const DECIMAL = /** @type {const} */ ([[1e12, "T"], [1e9, "G"], [1e6, "M"], [1e3, "k"], [1, ""]]);

const FAR_APART = 1000; // times: in one unit the small sizes of a column would be nothing

/** A value by itself: "12.3 ms", "41.2 %", "1.5 GB". @param {number | null} value @param {Unit} unit */
export function formatUnit(value, unit) {
  if (value === null || Number.isNaN(value)) return "–";
  if (unit === "ns") return formatNanoseconds(value);
  if (unit === "share") return shareText(value);
  if (unit === "count") return formatCount(value);
  if (unit === "bytes") return value < 0 ? `−${formatBytes(-value)}` : formatBytes(value);
  if (unit === "bytes/s") return `${formatBytes(value)}/s`;
  if (unit === "flop" || unit === "flop/s") return `${formatCompact(value)}${/[A-Z a-z]$/.test(formatCompact(value)) ? "" : " "}${unit === "flop" ? "FLOP" : "FLOP/s"}`;
  return formatValue(value);
}

/** What is above 0 never reads as 0, what is below 1 never as all. @param {number} value */
function shareText(value) {
  if (value > 0 && value < 0.0005) return "< 0.1 %";
  return value < 1 && value >= 0.9995 ? "> 99.9 %" : `${fixed(value * 100, 1)} %`;
}

/** "850 ns", "12.3 µs", "4.56 ms", "1.2 s". @param {number} value */
export function formatNanoseconds(value) {
  const size = Math.abs(value);
  if (size < 1000) return `${fixed(value, 0)} ns`;
  const [scale, name] = size < 1e6 ? [1e3, "µs"] : size < 1e9 ? [1e6, "ms"] : [1e9, "s"];
  const shown = value / scale;
  return `${fixed(shown, Math.abs(shown) >= 100 ? 0 : Math.abs(shown) >= 10 ? 1 : 2)} ${name}`;
}

/** How the values of a column are written. @param {Unit} unit @param {Iterable<number | string | null>} values @returns {Reading} */
export function readingOf(unit, values) {
  if (unit === "bytes" && least(values) < greatest(values) / FAR_APART) return { suffix: "", text: (value) => formatUnit(value, unit) };
  if (unit === "ns") {
    const [, scale, name] = TIMES.find(([from]) => greatest(values) >= from) ?? TIMES[2];
    const digits = scale === 1e3 ? 1 : 3;
    return { suffix: name, text: (value) => fixed(value / scale, digits) };
  }
  if (unit === "share") return { suffix: "%", text: (value) => fixed(value * 100, 1) };
  if (unit === "count") return { suffix: "", text: formatCount };
  if (unit === "") return { suffix: "", text: (value) => formatValue(value) };
  const [scale, prefix] = DECIMAL.find(([from]) => greatest(values) >= from) ?? DECIMAL[4];
  const name = { bytes: "B", "bytes/s": "B/s", flop: "FLOP", "flop/s": "FLOP/s" }[unit];
  return { suffix: prefix + name, text: (value) => fixed(value / scale, scale === 1 ? 0 : 2) };
}

/** The smallest size above nothing. @param {Iterable<number | string | null>} values */
function least(values) {
  let found = Infinity;
  for (const value of values) if (typeof value === "number" && value !== 0) found = Math.min(found, Math.abs(value));
  return found;
}

/** @param {Iterable<number | string | null>} values */
function greatest(values) {
  let most = 0;
  for (const value of values) if (typeof value === "number") most = Math.max(most, Math.abs(value));
  return most;
}

/** With thousands separated. @param {number} value @param {number} digits behind the point */
function fixed(value, digits) {
  const [whole, part] = Math.abs(value).toFixed(digits).split(".");
  const text = formatCount(Number(whole)) + (part ? `.${part}` : "");
  return value < 0 && Number(text.replaceAll(",", "")) !== 0 ? `−${text}` : text;
}
