/** Figures of lines over a range, one row each: sorted by a click on a head, copied as text for a spreadsheet. */

import { formatCount, formatStep, formatValue } from "../lib/format.js";
import { h } from "./dom.js";

/** @typedef {import("../lib/types.js").StatisticsRow} StatisticsRow */
/** @typedef {Exclude<keyof StatisticsRow, "tag">} Field */

/** @type {[Field, string, string][]} */
const COLUMNS = [
  ["run", "Run", "Run or group"],
  ["count", "Points", "Values in the range"],
  ["min", "Min", "Least value"],
  ["max", "Max", "Greatest value"],
  ["mean", "Mean", "Mean"],
  ["std", "Std", "Standard deviation"],
  ["change", "Change", "Last value less the first"],
  ["change_percent", "%", "Change in percent of the first value"],
  ["slope", "Slope", "Least squares, per unit of the axis"],
  ["step_at_min", "At min", "Step of the least value"],
  ["step_at_max", "At max", "Step of the greatest value"],
];

/**
 * @param {{colorOf: (run: string) => string, nameOf: (run: string) => string}} look
 * @returns {{element: HTMLElement, show: (rows: StatisticsRow[]) => void, copy: () => string}}
 */
export function statisticsTable({ colorOf, nameOf }) {
  /** @type {StatisticsRow[]} */
  let rows = [];
  /** @type {{field: Field, down: boolean} | null} */
  let order = null;
  const body = h("tbody");
  const heads = COLUMNS.map(([field, text, title]) => h("th", { scope: "col" }, h("button", { type: "button", className: "link", title, onclick: () => sortBy(field) }, text)));
  const element = h("table", { className: "statistics" }, h("thead", {}, h("tr", {}, ...heads)), body);
  const sorted = () => (order ? [...rows].sort(comparing(order.field, order.down)) : rows);
  const draw = () => {
    heads.forEach((head, index) => head.setAttribute("aria-sort", COLUMNS[index][0] !== order?.field ? "none" : order.down ? "descending" : "ascending"));
    body.replaceChildren(...sorted().map((row) => h("tr", {}, ...COLUMNS.map(([field]) => cell(row, field)))));
  };
  const cell = (/** @type {StatisticsRow} */ row, /** @type {Field} */ field) => {
    if (field !== "run") return h("td", {}, textOf(row, field));
    const swatch = h("span", { className: "swatch" });
    swatch.style.background = colorOf(row.run);
    return h("th", { scope: "row" }, h("span", { className: "tip-run" }, swatch, h("bdi", { title: row.run }, nameOf(row.run))));
  };
  const sortBy = (/** @type {Field} */ field) => {
    order = order?.field === field ? (order.down ? { field, down: false } : null) : { field, down: field !== "run" };
    draw();
  };
  return {
    element,
    show(next) {
      rows = next;
      draw();
    },
    copy: () => [COLUMNS.map(([, text]) => text), ...sorted().map((row) => COLUMNS.map(([field]) => row[field] ?? ""))].map((line) => line.join("\t")).join("\n"),
  };
}

/** What is missing comes last. @param {Field} field @param {boolean} down @returns {(a: StatisticsRow, b: StatisticsRow) => number} */
function comparing(field, down) {
  return (a, b) => {
    if (field === "run") return a.run < b.run === down ? 1 : -1;
    const [x, y] = [Number(a[field] ?? NaN), Number(b[field] ?? NaN)];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return x === y ? 0 : x > y === down ? -1 : 1;
  };
}

/** @param {StatisticsRow} row @param {Field} field */
function textOf(row, field) {
  if (row[field] === null || row[field] === undefined) return "–";
  const value = Number(row[field]);
  if (field === "count") return formatCount(value - row.nan) + (row.nan ? ` + ${formatCount(row.nan)} NaN` : "");
  if (field === "step_at_min" || field === "step_at_max") return value < 1e9 ? formatCount(value) : formatStep(value);
  return field === "change_percent" ? `${formatValue(value, 3)} %` : formatValue(value, 4);
}
