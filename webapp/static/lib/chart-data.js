/** What a view's chart draws, out of series or columns that are there already: no fetching, so reports use it as well. */

import { columnAxis, formatOnColumn, valueAt } from "./column-axis.js";
import { rampColor, rampStops } from "./ramp.js";
import { slotColor } from "./color.js";
import { naturalCompare } from "./tags.js";
import { seriesName } from "./view-file.js";

/** @typedef {import("./view-file.js").Chart} Chart */
/** @typedef {import("./view-file.js").SeriesSpec} SeriesSpec */
/** @typedef {import("./types.js").Series} Series */
/** @typedef {import("./table-frame.js").TableColumn} TableColumn */
/** @typedef {import("./column-axis.js").ColumnAxis} ColumnAxis */

/**
 * @typedef {object} Dot
 * @property {string} run
 * @property {string} label
 * @property {string} color
 * @property {number} x
 * @property {number} y
 * @property {string} [shade] what its colour says, in words
 *
 * @typedef {{title: string, stops: string[], lo: string, hi: string}} RampLegend
 * @typedef {{title: string, entries: {label: string, color: string}[]}} WordLegend
 * @typedef {{dots: Dot[], x: ColumnAxis, y: ColumnAxis, legend: RampLegend | WordLegend | null}} ScatterData
 *
 * @typedef {object} Bar
 * @property {string} key run or group
 * @property {string} label
 * @property {string} color
 * @property {number} value
 * @property {number} [low] lower end of the spread of a group
 * @property {number} [high]
 * @property {number} [count] runs of the group
 *
 * @typedef {{bars: Bar[], axis: ColumnAxis}} BarData bars in the order drawn
 *
 * @typedef {object} Look how runs are shown
 * @property {"light" | "dark"} theme
 * @property {(run: string) => string} colorOf
 * @property {(run: string) => string} labelOf
 *
 * @typedef {{label: string, color: string, axis: "left" | "right", dash: number}} LegendEntry
 */

const MOST_LINES = 1000; // a chart; more cannot be told apart
const MOST_WORDS = 24; // colours

/**
 * Lines of a chart: coloured by run and dashed by tag, or, where only one run is drawn, coloured by tag.
 *
 * @param {SeriesSpec[]} entries @param {string[]} runs or groups
 * @param {(entry: SeriesSpec, run: string) => Series[]} seriesOf
 * @param {Look} look
 * @returns {{lines: {series: Series, label: string, color: string, axis: "left" | "right", dash: number}[], legend: LegendEntry[], leftOut: number}}
 */
export function chartLines(entries, runs, seriesOf, { theme, colorOf, labelOf }) {
  const present = runs.filter((run) => entries.some((entry) => seriesOf(entry, run).length > 0));
  const shown = present.slice(0, Math.max(1, Math.floor(MOST_LINES / Math.max(1, entries.length))));
  const alone = shown.length === 1 && entries.length > 1;
  const legend = entries.map((entry, index) => ({
    label: seriesName(entry), axis: entry.axis ?? "left", color: alone ? slotColor(index % 24, theme) : "", dash: alone ? 0 : index,
  }));
  const lines = entries.flatMap((entry, index) => shown.flatMap((run) => seriesOf(entry, run).filter(({ n }) => n > 0).map((series) => {
    const restart = series.segment > 0 ? ` · restart ${series.segment}` : "";
    const label = entries.length > 1 ? `${legend[index].label} · ${labelOf(run)}${restart}` : labelOf(run) + restart;
    const { axis, dash } = legend[index];
    return { series, label, color: legend[index].color || colorOf(run), axis, dash };
  })));
  return { lines, legend: entries.length > 1 ? legend : [], leftOut: present.length - shown.length };
}

/**
 * A margin of TensorBoard's custom scalars: the value with the band between two other tags around it.
 *
 * @param {Series} value @param {Series | undefined} lower @param {Series | undefined} upper
 * @returns {Series}
 */
export function withMargin(value, lower, upper) {
  if (!lower || !upper) return value;
  const steps = value.step;
  return { ...value, smooth: null, low: Float64Array.from(steps, at(lower)), high: Float64Array.from(steps, at(upper)) };
}

/** Value at a step, on the straight line between points; NaN outside. @param {Series} series @returns {(step: number) => number} */
function at({ step, value }) {
  let i = 0;
  return (wanted) => {
    if (i > 0 && step[i - 1] > wanted) i = 0;
    while (i < step.length && step[i] < wanted) i += 1;
    if (step[i] === wanted) return value[i];
    if (i === 0 || i === step.length) return NaN;
    return value[i - 1] + ((value[i] - value[i - 1]) * (wanted - step[i - 1])) / (step[i] - step[i - 1]);
  };
}

/** Columns of the run table a chart shows. @param {Chart} chart @returns {string[]} */
export function columnsOf(chart) {
  if (chart.type === "bar") return [chart.column ?? ""].filter(Boolean);
  if (chart.type !== "scatter") return [];
  return [chart.x_column, chart.y_column, chart.color_column].filter((name) => name !== undefined && name !== "").map(String);
}

/**
 * @param {{x: TableColumn, y: TableColumn, color?: TableColumn}} columns
 * @param {{runs: string[], rowOf: (run: string) => number}} rows runs to show and their rows
 * @param {Look} look
 * @returns {ScatterData}
 */
export function scatterData({ x, y, color }, { runs, rowOf }, look) {
  const shade = color ? shadesOf(color, runs.map(rowOf), look) : null;
  const dots = runs.map((run) => {
    const row = rowOf(run);
    return {
      run, label: look.labelOf(run), x: valueAt(x, row), y: valueAt(y, row),
      color: shade ? shade.colorOf(row) : look.colorOf(run), shade: color && formatOnColumn(columnAxis(color), valueAt(color, row)),
    };
  });
  return { dots, x: columnAxis(x), y: columnAxis(y), legend: shade?.legend ?? null };
}

const MISSING = "#8a94a3"; // grey in both themes

/** Colours of rows by a column, and their legend. @param {TableColumn} column @param {number[]} rows @param {{theme: "light" | "dark"}} look */
export function shadesOf(column, rows, { theme }) {
  const axis = columnAxis(column);
  if (axis.kind === "words") {
    const used = new Set(rows.map((row) => valueAt(column, row)).filter((value) => !Number.isNaN(value)));
    const order = [...used].sort((a, b) => naturalCompare(axis.words[a], axis.words[b]));
    const colors = new Map(order.map((value, index) => [value, slotColor(index % MOST_WORDS, theme)]));
    const entries = order.slice(0, MOST_WORDS).map((value) => ({ label: axis.words[value], color: String(colors.get(value)) }));
    return { colorOf: (/** @type {number} */ row) => colors.get(valueAt(column, row)) ?? MISSING, legend: { title: axis.title, entries } };
  }
  const values = rows.map((row) => valueAt(column, row)).filter(Number.isFinite);
  const lo = values.reduce((least, value) => Math.min(least, value), Infinity);
  const hi = values.reduce((most, value) => Math.max(most, value), -Infinity);
  const log = lo > 0 && hi / lo > 100; // learning rates: equal factors, equal steps of colour
  const share = (/** @type {number} */ value) => (hi > lo ? (log ? Math.log(value / lo) / Math.log(hi / lo) : (value - lo) / (hi - lo)) : 0.5);
  return {
    colorOf(/** @type {number} */ row) {
      const value = valueAt(column, row);
      return Number.isFinite(value) ? rampColor(share(value), theme) : MISSING;
    },
    legend: { title: axis.title, stops: rampStops(theme), lo: formatOnColumn(axis, values.length ? lo : NaN, 3), hi: formatOnColumn(axis, values.length ? hi : NaN, 3) },
  };
}

/**
 * @param {TableColumn} column @param {Chart["sort"]} sort
 * @param {{runs: string[], rowOf: (run: string) => number}} rows
 * @param {Look} look
 * @returns {{data: BarData, leftOut: number}} runs without a value are left out
 */
export function barData(column, sort, { runs, rowOf }, look) {
  const bars = runs.map((run) => ({ key: run, label: look.labelOf(run), color: look.colorOf(run), value: valueAt(column, rowOf(run)) }));
  const present = bars.filter(({ value }) => Number.isFinite(value));
  return { data: { bars: sortBars(present, sort), axis: columnAxis(column) }, leftOut: bars.length - present.length };
}

/**
 * @param {{name: string, value: number, low: number, high: number, count: number}[]} rows as the server answers
 * @param {TableColumn} column @param {Chart["sort"]} sort @param {(group: string) => string} colorOf
 * @returns {BarData}
 */
export function groupBarData(rows, column, sort, colorOf) {
  const bars = rows.map(({ name, ...rest }) => ({ key: name, label: name, color: colorOf(name), ...rest }));
  return { bars: sortBars(bars, sort), axis: columnAxis(column) };
}

/** @template {{label: string, value: number}} B @param {B[]} bars @param {Chart["sort"]} sort largest first unless "name" @returns {B[]} */
function sortBars(bars, sort) {
  return bars.sort((a, b) => (sort === "name" ? 0 : b.value - a.value) || naturalCompare(a.label, b.label));
}
