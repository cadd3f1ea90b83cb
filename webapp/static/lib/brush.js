/** Brushes: the part of a column that was chosen on an axis. What a run must pass, as text for people and for the URL. */

import { formatValue } from "./format.js";
import { escapeName } from "./names.js";
import { isMissing, textAt } from "./table-data.js";

/** @typedef {import("./table-frame.js").TableColumn} TableColumn */

/**
 * @typedef {object} Brush what passes: numbers from `lo` to `hi`, or one of `values`; and runs without a value, where `missing`
 * @property {number} lo −∞ where there is no lower end
 * @property {number} hi
 * @property {readonly string[] | null} values null: the range counts
 * @property {boolean} missing
 *
 * @typedef {ReadonlyMap<string, Brush>} Brushes by column
 */

/** @param {number} lo @param {number} hi @param {boolean} [missing] @returns {Brush} */
export const rangeBrush = (lo, hi, missing = false) => ({ lo, hi, values: null, missing });

/** @param {readonly string[]} values @param {boolean} [missing] @returns {Brush} */
export const valuesBrush = (values, missing = false) => ({ lo: -Infinity, hi: Infinity, values, missing });

/** What a category's row is called: texts as they are, booleans by their names. @param {TableColumn} column @param {number} row */
export function categoryAt(column, row) {
  if (column.kind === "bool") return column.values[row] ? "true" : "false";
  return textAt(column, row);
}

/** @param {TableColumn} column */
export const isCategory = (column) => column.kind === "text" || column.kind === "bool";

/** @param {TableColumn} column @param {Brush} brush @returns {(row: number) => boolean} */
export function brushTest(column, brush) {
  const wanted = brush.values && new Set(brush.values);
  return (row) => {
    if (isMissing(column, row)) return brush.missing;
    if (wanted) return isCategory(column) ? wanted.has(categoryAt(column, row)) : wanted.has(String(column.values[row]));
    return isCategory(column) || (column.values[row] >= brush.lo && column.values[row] <= brush.hi);
  };
}

/** "0.001 – 0.01", "≥ 0.9", "adam, sgd", "adam or missing". @param {Brush} brush */
export function brushText({ lo, hi, values, missing }) {
  const parts = values ? [...values] : [rangeText(lo, hi)].filter(Boolean);
  if (missing) parts.push("missing");
  return parts.length ? parts.join(", ").replace(/, missing$/, " or missing") : "nothing";
}

/** @param {number} lo @param {number} hi */
function rangeText(lo, hi) {
  if (lo > hi) return "";
  const [from, to] = [lo, hi].map((end) => formatValue(end, 3));
  if (lo === -Infinity && hi === Infinity) return "any value";
  if (lo === -Infinity) return `≤ ${to}`;
  if (hi === Infinity) return `≥ ${from}`;
  return from === to ? from : `${from} – ${to}`;
}

/** "lr:0.001..0.01;opt:=adam,sgd;wd:?..0.1": "?" lets missing pass. @param {Brushes} brushes */
export function encodeBrushes(brushes) {
  const end = (/** @type {number} */ value) => (Number.isFinite(value) ? String(Number(value.toPrecision(9))) : "");
  return [...brushes].map(([name, { lo, hi, values, missing }]) => {
    const body = values ? `=${values.map(escapeName).join(",")}` : lo > hi ? "-" : `${end(lo)}..${end(hi)}`;
    return `${escapeName(name)}:${missing ? "?" : ""}${body}`;
  }).join(";");
}

/** @param {string} text @returns {Brushes} */
export function decodeBrushes(text) {
  return new Map(text.split(";").filter((part) => part.includes(":")).map((part) => {
    const [name, rest] = part.split(":");
    return [decodeURIComponent(name), decodeBrush(rest)];
  }));
}

/** @param {string} text @returns {Brush} */
function decodeBrush(text) {
  const missing = text.startsWith("?");
  const body = missing ? text.slice(1) : text;
  if (body.startsWith("=")) return valuesBrush(body.slice(1).split(",").filter(Boolean).map(decodeURIComponent), missing);
  if (body === "-") return rangeBrush(Infinity, -Infinity, missing);
  const [lo, hi] = body.split("..");
  const number = (/** @type {string | undefined} */ end, /** @type {number} */ none) => (end && Number.isFinite(Number(end)) ? Number(end) : none);
  return rangeBrush(number(lo, -Infinity), number(hi, Infinity), missing);
}
