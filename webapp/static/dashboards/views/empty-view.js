/** Where a view has no chart yet: what it could show, out of the data, one click each. */

import { betterDirection } from "../../lib/best.js";
import { leadingScalars, quoteName, scalarColumn } from "../../lib/column-list.js";
import { addChart } from "../../lib/view-edits.js";
import { chartTitle } from "../../lib/view-file.js";
import { knownColumns } from "../../state/run-table.js";
import * as state from "../../state/views.js";
import { h } from "../../ui/dom.js";

/** @typedef {import("../../lib/view-file.js").Chart} Chart */

/** @type {Record<string, string>} */
const KINDS = { line: "Lines", scatter: "Scatter", bar: "Bars", text: "Text" };

/** @param {() => void} onBuild */
export function emptyView(onBuild) {
  const charts = suggestedCharts();
  const add = (/** @type {Chart[]} */ chosen) => {
    const { view } = state.openView.get();
    if (view) state.edit(chosen.reduce((next, chart) => addChart(next, chart), view));
  };
  return h("section", { className: "start small" }, h("h1", {}, "No chart yet"),
    h("p", {}, "Begin with one of these, or build your own from tags, formulas and columns of the run table."),
    h("div", { className: "view-ideas" }, ...charts.map((chart) => h("button", { type: "button", onclick: () => add([chart]) }, h("small", {}, KINDS[chart.type]), h("bdi", {}, chartTitle(chart))))),
    h("p", { className: "row" }, h("button", { type: "button", className: "primary", onclick: onBuild }, "Build a chart"),
      charts.length > 1 && h("button", { type: "button", onclick: () => add(charts) }, "Add all of these")));
}

/** Lines of what runs log most, how the first hyperparameter and the result go together, and the results side by side. @returns {Chart[]} */
function suggestedCharts() {
  const lines = state.suggestion().sections.flatMap(({ charts }) => charts);
  const known = knownColumns.get();
  const { scatter, bar } = examplesOf(known);
  const scattered = known?.hparams.some(({ distinct }) => distinct > 1) && scatter.y_column;
  return [...lines, ...(scattered ? [/** @type {Chart} */ ({ type: "scatter", ...scatter })] : []), ...(bar.column ? [/** @type {Chart} */ ({ type: "bar", ...bar })] : [])];
}

/** A chart of each type that shows something at once. @param {import("../../lib/column-list.js").ColumnsAnswer | null} known @returns {Record<string, Partial<Chart>>} */
export function examplesOf(known) {
  const [scalar] = leadingScalars(known?.scalars ?? [], 1);
  const best = scalar ? scalarColumn(scalar, betterDirection(scalar) > 0 ? "max" : betterDirection(scalar) < 0 ? "min" : "last") : "";
  const differing = (known?.hparams ?? []).filter(({ differs, distinct }) => differs && distinct > 1).sort((a, b) => a.missing - b.missing);
  const across = (differing.find(({ kind }) => kind === "number") ?? differing[0])?.name;
  return { line: { series: [] }, scatter: { x_column: across ? quoteName(across) : "duration", y_column: best }, bar: { column: best, sort: "value" }, text: { text: "" } };
}
