/** Figures of lines over a range, one row each: sorted by a click on a head, copied as text for a spreadsheet. */

import { formatCount, formatStep, formatValue } from "../lib/format.js";
import { h } from "./dom.js";
import { sortedTable } from "./sorted-table.js";

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
  const faceOf = (/** @type {StatisticsRow} */ row) => {
    const swatch = h("span", { className: "swatch" });
    swatch.style.background = colorOf(row.run);
    return h("span", { className: "tip-run" }, swatch, h("bdi", { title: row.run }, nameOf(row.run)));
  };
  /** @type {import("./sorted-table.js").FigureColumn<StatisticsRow>[]} */
  const columns = COLUMNS.map(([field, title, hint]) => {
    if (field === "run") return { title, hint, text: (row) => row.run, value: (row) => row.run, face: faceOf };
    return { title, hint, text: (row) => textOf(row, field), value: (row) => Number(row[field] ?? NaN) };
  });
  const { table, show, sorted } = sortedTable("Statistics", columns, Infinity);
  return {
    element: table,
    show,
    copy: () => [COLUMNS.map(([, text]) => text), ...sorted().map((row) => COLUMNS.map(([field]) => row[field] ?? ""))].map((line) => line.join("\t")).join("\n"),
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
