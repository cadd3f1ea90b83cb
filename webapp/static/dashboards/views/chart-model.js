/** What a chart of a view needs, and what it shows out of what is there: series of the store, columns of the run table. */

import { axisOf } from "../../lib/axis.js";
import { barData, chartLines, columnsOf, groupBarData, scatterData, withMargin } from "../../lib/chart-data.js";
import { SLOT_COUNT, slotColor } from "../../lib/color.js";
import { chartProblem, expandSeries } from "../../lib/view-file.js";
import { table } from "../../state/run-table.js";
import * as store from "../../state/store.js";
import { displayName } from "../../state/user-state.js";
import { barsOf } from "../../state/view-bars.js";
import { groupsOf } from "../../state/view-groups.js";

/** @typedef {import("../../lib/view-file.js").Chart} Chart */
/** @typedef {import("../../lib/view-file.js").SeriesSpec} SeriesSpec */
/** @typedef {import("../../lib/view-file.js").ViewSettings} ViewSettings */
/** @typedef {import("../../lib/types.js").Series} Series */
/** @typedef {import("../../lib/types.js").View} Zoom */
/** @typedef {import("../../state/series-store.js").Want} Want */
/** @typedef {import("../../state/series-store.js").SeriesStore} SeriesStore */

/**
 * @typedef {object} Surroundings what all charts of a view share
 * @property {ViewSettings} settings
 * @property {string[]} runs that are drawn, in order
 * @property {(run: string) => string} colorOf
 * @property {"light" | "dark"} theme
 *
 * @typedef {object} Model
 * @property {any} data for renderChart; null while nothing can be drawn
 * @property {boolean} complete
 * @property {boolean} grouped whether its lines are groups
 * @property {string} error
 * @property {{formula: string, message: string, at: [number, number] | null} | null} mistake what is wrong with a formula, and where; other series may be drawn
 * @property {import("../../lib/chart-data.js").LegendEntry[]} legend
 * @property {string[]} notes
 * @property {unknown[]} stamp equal stamps look alike
 */

const PIXEL_STEP = 64;
const MOST_RUNS = 1000;

/** The axis of a chart: its own, the view's, the page's. @param {Chart} chart @param {ViewSettings} settings */
export function axisOfChart(chart, settings) {
  const told = chart.x ?? settings.x;
  return told === undefined ? store.axis.get() : axisOf(told);
}

/** @param {Chart} chart @param {ViewSettings} settings @param {number} width @param {Zoom} zoom @returns {import("../../state/datasets.js").Look} */
function lookOf(chart, settings, width, zoom) {
  const told = chart.smoothing ?? settings.smoothing;
  const { kind, amount } = typeof told === "object" && told ? told : { kind: told === undefined ? store.smoothingKind.get() : "ema", amount: told ?? store.smoothing.get() };
  return {
    x: axisOfChart(chart, settings), logX: Boolean(chart.log_x), kind: /** @type {any} */ (kind), smoothing: Number(amount) || 0,
    derivative: false, segments: store.segments.get(), range: zoom.x ?? null,
    pixels: Math.min(8192, Math.ceil(Math.max(1, width) / PIXEL_STEP) * PIXEL_STEP),
  };
}

/** @typedef {{entry: SeriesSpec, want: Want, role?: "lower" | "upper", margin?: number}} Part */

/**
 * @param {Chart} chart @param {Surroundings} around @param {number} width CSS pixels @param {Zoom} zoom
 * @returns {{parts: Part[], runs: string[], grouped: boolean, error: string, waiting: boolean}}
 */
export function needsOf(chart, around, width, zoom) {
  const nothing = { parts: [], runs: [], grouped: false, error: "", waiting: false };
  if (chart.type !== "line" || chartProblem(chart)) return nothing;
  const groups = groupsOf(chart.grouping === undefined ? around.settings.grouping : chart.grouping, around.runs);
  if (groups.error) return { ...nothing, error: groups.error };
  const set = groups.grouped?.set;
  const look = lookOf(chart, around.settings, width, zoom);
  const names = (set ? set.members.map(({ name }) => name) : around.runs).slice(0, MOST_RUNS);
  const wantOf = (/** @type {SeriesSpec} */ { tag, formula }) => (set
    ? { ...(formula ? { formula } : { tag }), runs: names, look: { ...look, segments: /** @type {const} */ ("latest") }, groups: set }
    : { ...(formula ? { formula } : { tag }), runs: formula ? names : withTag(names, tag ?? ""), look });
  /** @type {Part[]} */
  const parts = expandSeries(chart, store.catalog.get().tags).map((entry) => ({ entry, want: wantOf(entry) }));
  const bare = { ...look, smoothing: 0 }; // a band around smoothed values would not be the band that was logged
  (chart.margins ?? []).forEach(({ value, lower, upper }, margin) => {
    const part = (/** @type {string} */ tag) => ({ entry: { tag }, want: { tag, runs: withTag(around.runs, tag), look: bare }, margin });
    parts.push(part(value), { ...part(lower), role: "lower" }, { ...part(upper), role: "upper" });
  });
  return { parts, runs: set ? names : around.runs, grouped: Boolean(set), error: "", waiting: groups.waiting };
}

/** @param {string[]} runs @param {string} tag */
function withTag(runs, tag) {
  const having = new Set(store.catalog.get().runsOf(tag));
  return runs.filter((run) => having.has(run)).slice(0, MOST_RUNS);
}

/** @param {Chart} chart @param {Surroundings} around @param {SeriesStore} series @param {number} width @param {Zoom} zoom @returns {Model} */
export function modelOf(chart, around, series, width, zoom) {
  /** @type {Model} */
  const empty = { data: null, complete: true, grouped: false, error: chartProblem(chart) ?? "", mistake: null, legend: [], notes: [], stamp: [] };
  if (empty.error || chart.type === "text") return empty;
  return chart.type === "line" ? lineModel(empty, chart, around, series, width, zoom) : tableModel(empty, chart, around);
}

/** @param {Model} empty @param {Chart} chart @param {Surroundings} around @param {SeriesStore} series @param {number} width @param {Zoom} zoom @returns {Model} */
function lineModel(empty, chart, around, series, width, zoom) {
  const needs = needsOf(chart, around, width, zoom);
  if (needs.error) return { ...empty, error: needs.error };
  const looked = needs.parts.map((part) => ({ part, ...series.look(part.want) }));
  const failed = looked.find(({ dataset }) => dataset.error);
  const complete = !needs.waiting && looked.every((found) => found.complete || found.dataset.error);
  const stamp = looked.flatMap(({ dataset }) => [dataset, dataset.revision]);
  const { formula = "" } = failed?.part.entry ?? {};
  const mistake = formula && failed?.dataset.error ? { formula, message: failed.dataset.error, at: failed.dataset.errorAt } : null;
  if (failed?.dataset.error && looked.every(({ dataset }) => dataset.error || !mistake)) return { ...empty, complete, error: failed.dataset.error, mistake, stamp };
  const found = (/** @type {Part} */ part, /** @type {string} */ run) => looked.find((one) => one.part === part)?.dataset.runs.get(run) ?? [];
  const main = needs.parts.filter(({ role }) => !role);
  const entries = main.map(({ entry }) => entry);
  const seriesOf = (/** @type {SeriesSpec} */ entry, /** @type {string} */ run) => {
    const part = main[entries.indexOf(entry)];
    const values = found(part, run);
    if (part.margin === undefined) return values;
    const edge = (/** @type {string} */ role) => needs.parts.find((other) => other.margin === part.margin && other.role === role);
    const [lower, upper] = [edge("lower"), edge("upper")].map((other) => other && found(other, run));
    return values.map((value, index) => withMargin(value, lower?.[index], upper?.[index]));
  };
  const theme = around.theme;
  const look = needs.grouped ? { theme, colorOf: colorsOf(needs.runs, theme), labelOf: String } : { theme, colorOf: around.colorOf, labelOf: displayName };
  const { lines, legend: tags, leftOut } = chartLines(entries, needs.runs, seriesOf, look);
  const drawn = needs.grouped && tags.every(({ color }) => !color) ? [...new Set(lines.map(({ series: { run } }) => run))] : [];
  const groups = drawn.map((label) => ({ label, color: look.colorOf(label), axis: /** @type {const} */ ("left"), dash: 0 }));
  const legend = [...tags, ...groups];
  const notes = [...(mistake ? [`${mistake.formula}: ${mistake.message}`] : []), ...(leftOut ? [`${leftOut} more not drawn`] : [])];
  return { ...empty, data: lines.length ? { lines } : null, complete, grouped: needs.grouped, mistake, legend, notes, stamp };
}

/** Groups by their place among the groups, as on the scalars page. @param {string[]} groups @param {"light" | "dark"} theme @returns {(group: string) => string} */
function colorsOf(groups, theme) {
  const places = new Map(groups.map((name, index) => [name, index % SLOT_COUNT]));
  return (name) => slotColor(places.get(name) ?? 0, theme);
}

/** @param {Model} empty @param {Chart} chart @param {Surroundings} around @returns {Model} */
function tableModel(empty, chart, around) {
  const data = table.get();
  const columns = columnsOf(chart).map((name) => data.columns.get(name));
  const stamp = columns.map((column) => column?.values);
  const broken = columns.find((column) => column?.error);
  if (broken?.error) return { ...empty, error: `${broken.name}: ${broken.error.message}`, stamp };
  if (columns.includes(undefined)) return { ...empty, complete: false, stamp };
  const rows = { runs: around.runs.filter((run) => data.rows.has(run)), rowOf: (/** @type {string} */ run) => data.rows.get(run) ?? -1 };
  const look = { theme: around.theme, colorOf: around.colorOf, labelOf: displayName };
  const [first, second, third] = /** @type {import("../../lib/table-frame.js").TableColumn[]} */ (columns);
  if (chart.type === "scatter") {
    return { ...empty, data: rows.runs.length ? scatterData({ x: first, y: second, color: third }, rows, look) : null, stamp };
  }
  if (first.kind === "text") return { ...empty, error: `${first.name} holds words; bars show numbers.`, stamp };
  const groups = groupsOf(chart.grouping === undefined ? around.settings.grouping : chart.grouping, around.runs);
  if (groups.error) return { ...empty, error: groups.error, stamp };
  if (groups.grouped) return groupBars(empty, chart, first, groups.grouped.set, around.theme);
  const bars = barData(first, chart.sort, rows, look);
  return { ...empty, data: bars.data.bars.length ? bars.data : null, notes: bars.leftOut ? [`${bars.leftOut} without a value`] : [], stamp };
}

/** @param {Model} empty @param {Chart} chart @param {import("../../lib/table-frame.js").TableColumn} column @param {import("../../lib/types.js").GroupSet} set @param {"light" | "dark"} theme @returns {Model} */
function groupBars(empty, chart, column, set, theme) {
  const { rows, error } = barsOf(chart.column ?? "", set, column.values);
  const colorOf = colorsOf(set.members.map(({ name }) => name), theme);
  const data = groupBarData(rows ?? [], column, chart.sort, colorOf);
  return { ...empty, error, complete: rows !== null || Boolean(error), data: data.bars.length ? data : null, stamp: [rows, set] };
}
