/** Builds and edits one chart, with a live preview beside the choices. Loaded when somebody wants it. */

import { tidyChart } from "../../lib/view-file.js";
import { dropDown, segmented } from "../../ui/controls.js";
import { showDialog } from "../../ui/dialog.js";
import { h } from "../../ui/dom.js";
import { marginsField } from "./builder-margins.js";
import { comboBox, field, groupingField, linesField, smoothingField, switchBox, titleAndSize } from "./builder-parts.js";
import { seriesEditor } from "./builder-series.js";

/** @typedef {import("../../lib/view-file.js").Chart} Chart */

/**
 * @typedef {object} BuilderTask
 * @property {Chart} chart to begin with
 * @property {boolean} fresh it is not in the view yet
 * @property {string[]} tags
 * @property {string[]} columns of the run table
 * @property {string[]} keys hyperparameters
 * @property {Record<string, Partial<Chart>>} examples what a type begins with
 * @property {HTMLElement} preview
 * @property {(chart: Chart) => void} onPreview
 * @property {(chart: Chart | null) => void} onDone null: given up
 *
 * @param {BuilderTask} task
 */
export function showBuilder(task) {
  /** What was chosen for each type stays while another is looked at. @type {Record<string, Chart>} */
  const drafts = { [task.chart.type]: task.chart };
  let chart = task.chart;
  let done = /** @type {Chart | null} */ (null);
  const form = h("div", { className: "builder-form" });
  /** @type {ReturnType<typeof seriesEditor> | null} */
  let series = null;
  const change = (/** @type {Partial<Chart>} */ part) => {
    chart = { ...chart, ...part };
    drafts[chart.type] = chart;
    series?.clearProblem();
    task.onPreview(tidyChart(chart));
  };
  const show = () => {
    const shared = titleAndSize(chart, change);
    series = null;
    if (chart.type === "line") {
      series = seriesEditor(chart.series ?? [], task.tags, (entries) => change({ series: entries }));
      form.replaceChildren(series.element, ...lineFields(chart, change, task), ...shared);
    } else if (chart.type === "scatter") form.replaceChildren(...scatterFields(chart, change, task), ...shared);
    else if (chart.type === "bar") form.replaceChildren(...barFields(chart, change, task), ...shared);
    else form.replaceChildren(textField(chart, change), ...shared);
  };
  const type = segmented("Type of chart", [["line", "Lines"], ["scatter", "Scatter"], ["bar", "Bars"], ["text", "Text"]]);
  type.value = chart.type;
  type.addEventListener("input", () => {
    const { title, columns, rows } = chart;
    chart = drafts[type.value] ?? { title, columns, rows, ...task.examples[type.value], type: type.value };
    show();
    task.onPreview(tidyChart(chart));
  });
  const finish = h("button", { type: "button", className: "primary", onclick: () => ((done = tidyChart(chart)), dialog.close()) }, task.fresh ? "Add chart" : "Done");
  const dialog = showDialog(task.fresh ? "New chart" : "Edit chart",
    h("div", { className: "builder" }, h("div", { className: "builder-side" }, type, form),
      h("div", { className: "builder-preview" }, task.preview, h("div", { className: "row builder-end" }, h("button", { type: "button", onclick: () => dialog.close() }, "Cancel"), finish))));
  dialog.classList.add("builder-dialog");
  dialog.addEventListener("close", () => task.onDone(done));
  show();
  task.onPreview(tidyChart(chart));
  return {
    /** What the server said of a formula; "" when all is well. @param {string} formula @param {string} message @param {[number, number] | null} at */
    showProblem(formula, message, at) {
      if (message) series?.showProblem(formula, message, at);
      else series?.clearProblem();
    },
  };
}

/** @param {Chart} chart @param {import("./builder-parts.js").OnChange} change @param {BuilderTask} task */
function lineFields(chart, change, task) {
  const told = chart.x === undefined ? "" : typeof chart.x === "object" ? "tag" : chart.x;
  const axis = dropDown("", [["", "as the view"], ["step", "step"], ["relative", "relative time"], ["wall", "wall time"], ["tag", "another scalar"]]);
  axis.value = told;
  const tag = comboBox("Scalar along x", typeof chart.x === "object" ? chart.x.tag : "", task.tags, (name) => name && change({ x: { tag: name } }), "epoch");
  tag.hidden = told !== "tag";
  axis.addEventListener("input", () => {
    tag.hidden = axis.value !== "tag";
    if (axis.value !== "tag") change({ x: axis.value === "" ? undefined : /** @type {"step"} */ (axis.value) });
    else tag.querySelector("input")?.focus();
  });
  return [
    field("Horizontal", axis, tag),
    field("Logarithmic", switchBox("x", "Logarithmic horizontal axis", Boolean(chart.log_x), (on) => change({ log_x: on })),
      switchBox("y", "Logarithmic left axis", Boolean(chart.log_y), (on) => change({ log_y: on })),
      switchBox("y, right", "Logarithmic right axis", Boolean(chart.log_y_right), (on) => change({ log_y_right: on }))),
    smoothingField(chart, change), groupingField(chart, change, task.keys), marginsField(chart, change, task.tags), linesField(chart, change),
  ];
}

/** @param {Chart} chart @param {import("./builder-parts.js").OnChange} change @param {BuilderTask} task */
function scatterFields(chart, change, { columns }) {
  const column = (/** @type {string} */ label, /** @type {"x_column" | "y_column" | "color_column"} */ key) =>
    comboBox(label, chart[key] ?? "", columns, (name) => change({ [key]: name }), key === "color_column" ? "the run" : "lr");
  return [
    field("Across", column("Column across", "x_column"), switchBox("log", "Logarithmic", Boolean(chart.log_x), (on) => change({ log_x: on }))),
    field("Up", column("Column up", "y_column"), switchBox("log", "Logarithmic", Boolean(chart.log_y), (on) => change({ log_y: on }))),
    field("Colour", column("Colour by", "color_column")),
    field("Fit", switchBox("Regression line", "Least squares through the dots as drawn", Boolean(chart.regression), (on) => change({ regression: on }))),
  ];
}

/** @param {Chart} chart @param {import("./builder-parts.js").OnChange} change @param {BuilderTask} task */
function barFields(chart, change, { columns, keys }) {
  const order = segmented("Order", [["value", "largest first"], ["name", "by name"]]);
  order.value = chart.sort ?? "value";
  order.addEventListener("input", () => change({ sort: order.value }));
  return [
    field("Column", comboBox("Column", chart.column ?? "", columns, (name) => change({ column: name }), "val/acc.max"), switchBox("log", "Logarithmic", Boolean(chart.log_x), (on) => change({ log_x: on }))),
    field("Order", order), groupingField(chart, change, keys),
  ];
}

/** @param {Chart} chart @param {import("./builder-parts.js").OnChange} change */
function textField(chart, change) {
  const box = h("textarea", { rows: 8, "aria-label": "Text", placeholder: "What is to be seen here" });
  box.value = chart.text ?? "";
  box.addEventListener("input", () => change({ text: box.value }));
  return field("Text", box);
}
