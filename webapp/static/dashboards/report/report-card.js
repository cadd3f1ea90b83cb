/** One chart of a report. */

import { renderChart } from "../../charts/render-chart.js";
import { axisOf, axisTitle } from "../../lib/axis.js";
import { bandTitle } from "../../lib/band-title.js";
import { barData, chartLines, groupBarData, scatterData, withMargin } from "../../lib/chart-data.js";
import { formatOnColumn } from "../../lib/column-axis.js";
import { formatCount, plural } from "../../lib/format.js";
import { chartProblem, chartSize, chartTitle, expandSeries } from "../../lib/view-file.js";
import { h, iconButton } from "../../ui/dom.js";
import { seriesOf, tableOf } from "./report-file.js";

/** @typedef {import("../../lib/view-file.js").Chart} Chart */
/** @typedef {import("./report-file.js").Report} Report */
/** @typedef {import("./report-file.js").ChartEntry} ChartEntry */
/** @typedef {import("../../lib/chart-data.js").Look} Look */

const ROW = 240; // pixels of a chart one row high

/**
 * @typedef {object} Surroundings what all cards share
 * @property {(entry: ChartEntry) => {names: string[], look: Look}} shown runs or groups to draw, and how
 * @property {() => any} ink
 * @property {(axis: any, lines: any[], entry: ChartEntry) => import("../../lib/types.js").Mark[]} marks events among the runs that are shown
 * @property {(x: number | null) => void} onCursor
 * @property {(hover: any) => void} onHover
 * @property {import("./report-markdown.js").ShowText} showText
 * @property {(words: string[], clientX: number, clientY: number) => void} onWords what a dot or a bar says; none: nothing is pointed at
 *
 * @typedef {ReturnType<typeof reportCard>} ReportCard
 *
 * @param {Report} report @param {Chart} chart @param {ChartEntry} entry @param {Surroundings} around
 */
export function reportCard(report, chart, entry, around) {
  const { columns, rows } = chartSize(chart);
  const axis = axisOf(chart.x ?? report.view.settings?.x);
  let view = { x: chart.range?.x ?? null, y: chart.range?.y ?? null };
  const reset = iconButton("reset", "Show all data (double click)", () => zoom({ x: null, y: null }), { className: "icon-button reset", hidden: true });
  const plot = h("div", { className: "plot-area" });
  const notes = h("span", { className: "notes" });
  const points = h("span", { className: "points" });
  const legend = h("div", { className: "card-legend" });
  const element = h("section", { className: `card report-card span-${columns} of-${chart.type === "text" ? "text" : "data"}`, "aria-label": chartTitle(chart) },
    h("div", { className: "card-head" }, h("h3", { title: chartTitle(chart) }, h("bdi", {}, chartTitle(chart))), reset), legend,
    h("div", { className: "plot" }, plot), h("div", { className: "card-foot" }, notes, points));
  const height = rows * ROW;
  /** @type {import("../../charts/render-chart.js").Rendered | null} */
  let drawn = null;
  const data = dataOf(report, chart, entry);

  const zoom = (/** @type {any} */ next) => {
    view = next;
    draw();
  };
  const draw = () => {
    const problem = entry.error ?? chartProblem(chart);
    if (problem) return void plot.replaceChildren(h("p", { className: "card-problem" }, problem));
    const { names, look } = around.shown(entry);
    const made = data(names, look);
    if (!made) return void plot.replaceChildren(h("p", { className: "card-problem" }, "The log holds nothing of what this chart shows."));
    if (chart.type !== "text") plot.style.height = `${height}px`;
    const marks = chart.type === "line" ? around.marks(axis, made.data.lines, entry) : [];
    const options = { width: plot.clientWidth, marks, height, ink: around.ink(), axis, view, robust: Boolean(/** @type {any} */ (report.view.settings)?.robust), xTitle: axis === "step" ? "" : axisTitle(axis) };
    const events = { onView: zoom, onCursor: around.onCursor, onHover: around.onHover, showText: around.showText, ...wordsOf(made.data, around.onWords) };
    if (drawn) drawn.update(chart, made.data, options);
    else drawn = renderChart(plot, chart, made.data, options, events);
    reset.hidden = !(view.x || view.y);
    legend.replaceChildren(...made.legend.map(legendEntry));
    notes.textContent = [...made.notes, ...drawn.notes()].join(" · ");
    points.textContent = made.points;
  };
  return { element, draw, axis, line: () => drawn?.line() ?? null, highlight: (/** @type {string | null} */ run) => drawn?.highlight(run) };
}

/**
 * @typedef {{data: any, legend: import("../../lib/chart-data.js").LegendEntry[], notes: string[], points: string}} Made
 *
 * @param {Report} report @param {Chart} chart @param {ChartEntry} entry
 * @returns {(names: string[], look: Look) => Made | null}
 */
function dataOf(report, chart, entry) {
  if (chart.type === "text") return () => ({ data: null, legend: [], notes: [], points: "" });
  if (chart.type === "line") return lineData(report, chart, entry);
  const table = tableOf(report, entry);
  const rows = new Map((table?.runs ?? []).map((run, index) => [run, index]));
  const column = (/** @type {string | undefined} */ name) => table?.columns.find((one) => one.name === name);
  return (names, look) => {
    const shown = { runs: names.filter((run) => rows.has(run)), rowOf: (/** @type {string} */ run) => rows.get(run) ?? -1 };
    if (chart.type === "bar") {
      const values = column(chart.column);
      if (!values) return null;
      if (entry.bars) {
        const bars = groupBarData(entry.bars.filter(({ name }) => names.includes(name)), values, chart.sort, look.colorOf);
        return { data: bars, legend: [], notes: bandNotes(entry), points: plural(bars.bars.length, "group") };
      }
      const { data, leftOut } = barData(values, chart.sort, shown, look);
      return { data, legend: [], notes: leftOut ? [`${leftOut} without a value`] : [], points: plural(data.bars.length, "run") };
    }
    const [x, y] = [column(chart.x_column), column(chart.y_column)];
    if (!x || !y) return null;
    return { data: scatterData({ x, y, color: column(chart.color_column) }, shown, look), legend: [], notes: [], points: plural(shown.runs.length, "run") };
  };
}

/** @param {Report} report @param {Chart} chart @param {ChartEntry} entry @returns {(names: string[], look: Look) => Made | null} */
function lineData(report, chart, entry) {
  const find = seriesOf(report, entry);
  const plain = expandSeries(chart, report.tags);
  const margins = (chart.margins ?? []).map((margin) => ({ tag: margin.value, margin }));
  return (names, look) => {
    const made = chartLines([...plain, ...margins], names, (spec, run) => {
      const margin = /** @type {any} */ (spec).margin;
      if (!margin) return find(spec.tag ?? spec.formula ?? "", run);
      const [lower, upper] = [margin.lower, margin.upper].map((tag) => find(tag, run)[0]);
      return find(margin.value, run).map((series) => withMargin(series, lower, upper));
    }, look);
    const points = made.lines.reduce((sum, { series }) => sum + series.value.length, 0);
    const of = made.lines.reduce((sum, { series }) => sum + series.n, 0);
    const told = [plural(names.filter((name) => made.lines.some(({ series }) => series.run === name)).length, entry.groups ? "group" : "run")];
    return { data: { lines: made.lines }, legend: made.legend, notes: [...told, ...bandNotes(entry)], points: points < of ? `${formatCount(points)} of ${plural(of, "point")}` : plural(points, "point") };
  };
}

/** How the groups are drawn. @param {ChartEntry} entry @returns {string[]} */
function bandNotes({ band }) {
  if (!band) return [];
  return [bandTitle(band)];
}

/** What the dot or bar under the pointer says. @param {any} data of a scatter or bar chart @param {Surroundings["onWords"]} onWords */
function wordsOf(data, onWords) {
  return {
    onDot: (/** @type {any} */ dot, /** @type {number} */ x, /** @type {number} */ y) => onWords(dot ? [dot.label, `${data.x.title}: ${formatOnColumn(data.x, dot.x)}`, `${data.y.title}: ${formatOnColumn(data.y, dot.y)}`, ...(dot.shade ? [dot.shade] : [])] : [], x, y),
    onBar: (/** @type {any} */ bar, /** @type {number} */ x, /** @type {number} */ y) => onWords(bar ? [bar.label, `${data.axis.title}: ${formatOnColumn(data.axis, bar.value)}`, ...spreadOf(bar, data)] : [], x, y),
  };
}

/** @param {any} bar @param {any} data */
function spreadOf({ low, high, count }, { axis }) {
  if (count === undefined) return [];
  const ends = Number.isFinite(low) && Number.isFinite(high) ? [`${formatOnColumn(axis, low)} – ${formatOnColumn(axis, high)}`] : [];
  return [...ends, plural(count, "run")];
}

const DASHES = ["solid", "dashed", "dotted", "double"];

/** @param {import("../../lib/chart-data.js").LegendEntry} entry */
function legendEntry({ label, color, axis, dash }) {
  const stroke = h("span", { className: "stroke" });
  stroke.style.borderTopStyle = DASHES[dash % DASHES.length];
  if (color) stroke.style.borderTopColor = color;
  return h("span", {}, stroke, label, axis === "right" ? " (right)" : "");
}
