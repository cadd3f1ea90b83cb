/** Parts of the chart builder that several types of charts share. Each tells a change of the chart through `onChange`. */

import { SIZES } from "../../lib/view-file.js";
import { dropDown, toggle } from "../../ui/controls.js";
import { h, iconButton } from "../../ui/dom.js";

/** @typedef {import("../../lib/view-file.js").Chart} Chart */
/** @typedef {(change: Partial<Chart>) => void} OnChange */

/** @param {string} label @param {...import("../../ui/dom.js").Child} children */
export function field(label, ...children) {
  return h("div", { className: "builder-field" }, h("span", {}, label), ...children);
}

/** A box for one word of many, completed from a list. @param {string} label @param {string} value @param {string[]} choices @param {(value: string) => void} onValue @param {string} [placeholder] */
export function comboBox(label, value, choices, onValue, placeholder = "") {
  const id = `choices-${label.replace(/\W+/g, "-").toLowerCase()}`;
  const box = h("input", { type: "text", value, placeholder, "aria-label": label, list: id, autocomplete: "off", spellcheck: false, className: "wide-box" });
  box.addEventListener("change", () => onValue(box.value.trim()));
  return h("span", { className: "combo" }, box, h("datalist", { id }, ...choices.slice(0, 2000).map((choice) => h("option", { value: choice }))));
}

/** @param {string} text @param {string} hint @param {boolean} on @param {(on: boolean) => void} onValue */
export function switchBox(text, hint, on, onValue) {
  const control = toggle(text, hint);
  control.value = on;
  control.addEventListener("input", () => onValue(control.value));
  return control;
}

/** Title and size. @param {Chart} chart @param {OnChange} onChange */
export function titleAndSize(chart, onChange) {
  const title = h("input", { type: "text", value: chart.title ?? "", placeholder: "From its contents", "aria-label": "Title", className: "wide-box" });
  title.addEventListener("input", () => onChange({ title: title.value }));
  const size = (/** @type {"columns" | "rows"} */ key, /** @type {string} */ label) => {
    const box = dropDown(label, Array.from({ length: SIZES[key][1] }, (_, index) => /** @type {[string, string]} */ ([String(index + 1), String(index + 1)])));
    box.value = String(chart[key] ?? 1);
    box.addEventListener("input", () => onChange({ [key]: Number(box.value) }));
    return box;
  };
  return [field("Title", title), field("Size", size("columns", "columns"), size("rows", "rows"))];
}

/** @param {Chart} chart @param {OnChange} onChange @param {string[]} keys hyperparameters */
export function groupingField(chart, onChange, keys) {
  const kindOf = () => (chart.grouping === undefined ? "view" : chart.grouping === null ? "none" : "hparams");
  const choice = dropDown("", [["view", "as the view"], ["none", "each run for itself"], ["hparams", "by hyperparameters"]]);
  choice.value = kindOf();
  const names = comboBox("Group by", (chart.grouping?.by?.keys ?? []).join(", "), keys, () => tell(), "optimizer, lr");
  const box = /** @type {HTMLInputElement} */ (names.firstElementChild);
  const band = dropDown("", [["ci95", "95 % CI"], ["std", "standard deviation"], ["sem", "standard error"], ["minmax", "min–max"], ["quartiles", "quartiles"], ["none", "no band"]]);
  band.value = chart.grouping?.band ?? "ci95";
  const tell = () => {
    names.hidden = band.hidden = choice.value !== "hparams";
    const list = box.value.split(",").map((key) => key.trim()).filter(Boolean);
    if (choice.value === "view") onChange({ grouping: undefined });
    else if (choice.value === "none") onChange({ grouping: null });
    else if (list.length) onChange({ grouping: { by: { kind: "hparams", keys: list }, center: chart.grouping?.center ?? "mean", band: band.value } });
  };
  choice.addEventListener("input", tell);
  band.addEventListener("input", tell);
  names.hidden = band.hidden = choice.value !== "hparams";
  return field("Groups", choice, names, band);
}

/** @param {Chart} chart @param {OnChange} onChange */
export function smoothingField(chart, onChange) {
  const told = chart.smoothing;
  const before = typeof told === "number" ? { kind: "ema", amount: told } : told;
  const kind = dropDown("", [["", "as the view"], ["none", "none"], ["ema", "moving average"], ["time_ema", "moving average in time"], ["mean", "running mean"], ["median", "running median"], ["gaussian", "Gaussian"]]);
  kind.value = before ? (before.amount === 0 ? "none" : before.kind) : "";
  const amount = h("input", { type: "text", inputMode: "decimal", className: "number", "aria-label": "Smoothing, amount", value: String(before?.amount ?? 0.6) });
  const tell = () => {
    amount.hidden = kind.value === "" || kind.value === "none";
    const value = Number(amount.value.replace(",", "."));
    if (kind.value === "") onChange({ smoothing: undefined });
    else if (kind.value === "none") onChange({ smoothing: { kind: "ema", amount: 0 } });
    else if (Number.isFinite(value)) onChange({ smoothing: { kind: kind.value, amount: value } });
  };
  kind.addEventListener("input", () => {
    const usual = /** @type {Record<string, string>} */ ({ ema: "0.6", time_ema: "0.6", mean: "11", median: "11", gaussian: "5" })[kind.value];
    if (usual) amount.value = usual;
    tell();
  });
  amount.addEventListener("change", tell);
  amount.hidden = kind.value === "" || kind.value === "none";
  return field("Smoothing", kind, amount);
}

/** Reference lines: axis, value and label of each. @param {Chart} chart @param {OnChange} onChange */
export function linesField(chart, onChange) {
  const rows = h("div", { className: "builder-rows" });
  /** @type {import("../../lib/view-file.js").MarkLine[]} */
  let lines = [...(chart.lines ?? [])];
  const tell = () => onChange({ lines: lines.filter(({ value }) => Number.isFinite(value)) });
  const show = () => rows.replaceChildren(...lines.map((line, index) => {
    const axis = dropDown("", [["y", "y"], ["y_right", "y, right"], ["x", "x"]]);
    axis.value = line.axis;
    const change = (/** @type {object} */ part) => {
      lines = lines.with(index, { ...lines[index], ...part });
      tell();
    };
    axis.addEventListener("input", () => change({ axis: axis.value }));
    const value = h("input", { type: "text", inputMode: "decimal", className: "number", "aria-label": "Value of the line", value: Number.isFinite(line.value) ? String(line.value) : "", placeholder: "value" });
    value.addEventListener("input", () => change({ value: value.value.trim() === "" ? NaN : Number(value.value.replace(",", ".")) }));
    const label = h("input", { type: "text", "aria-label": "Label of the line", value: line.label ?? "", placeholder: "label" });
    label.addEventListener("input", () => change({ label: label.value || undefined }));
    return h("div", { className: "builder-row" }, axis, value, label, iconButton("close", "Remove line", () => {
      lines = lines.toSpliced(index, 1);
      show();
      tell();
    }));
  }));
  show();
  const add = h("button", { type: "button", onclick: () => {
    lines = [...lines, { axis: "y", value: NaN }];
    show();
  } }, "Add a line");
  return field("Reference lines", rows, add);
}
