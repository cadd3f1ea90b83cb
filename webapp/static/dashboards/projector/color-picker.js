/** What the colours, sizes and labels of points stand for. */

import { formatCount } from "../../lib/format.js";
import { MOST_CATEGORIES } from "../../lib/point-palette.js";
import { clusters } from "../../state/projector-clusters.js";
import { colorNow } from "../../state/projector-colors.js";
import { overTime } from "../../state/projector-jobs.js";
import { allSteps, colorBy, labelBy, sizeBy } from "../../state/projector-settings.js";
import { shownEmbedding, shownSeries } from "../../state/projector-shown.js";
import { h } from "../../ui/dom.js";

/** @typedef {import("../../state/projector-shown.js").ColumnInfo} ColumnInfo */

/** @param {string} text @param {string} title @param {import("../../lib/atom.js").Atom<string>} atom @param {() => HTMLElement[]} options @param {() => string} [now] */
function picker(text, title, atom, options, now = () => atom.get()) {
  const list = h("select", { "aria-label": title, title });
  const element = h("label", { className: "drop-down" }, h("span", {}, text), list);
  list.addEventListener("input", () => atom.set(list.value));
  const update = () => {
    const next = options();
    const key = next.map((one) => [one.textContent, ...[...one.querySelectorAll("option")].map(({ value, disabled }) => `${value} ${disabled}`)].join("\n")).join("\n");
    if (list.dataset.key !== key) list.replaceChildren(...next);
    list.dataset.key = key;
    list.value = now();
  };
  for (const one of [atom, shownEmbedding, shownSeries, allSteps, clusters]) one.subscribe(update);
  update();
  return element;
}

const columnsNow = () => shownEmbedding.get()?.info.columns ?? [];

/** @param {string} value @param {string} text @param {boolean} [disabled] */
const option = (value, text, disabled = false) => h("option", { value, disabled }, text);

export const colorPicker = () => picker("Colour", "Colour points by", colorBy, () => [
  option("none", "nothing"),
  ...columnGroup(columnsNow().map((column) => option(`column:${column.name}`, columnText(column), column.kind === "text" && column.distinct > 4 * MOST_CATEGORIES))),
  h("optgroup", { label: "Measured" }, option("faithfulness", "faithfulness of each point"), ...(overTime() ? [option("drift", "drift since the step before")] : []), ...(clusters.get() ? [option("cluster", "cluster")] : [])),
], colorNow);

export const sizePicker = () => picker("Size of points", "Size points by", sizeBy, () => [option("", "all alike"), ...columnsNow().filter(({ kind }) => kind === "number").map(({ name }) => option(name, name))]);

export const labelPicker = () => picker("Labels", "Label points with", labelBy, () => [option("", "none"), ...columnsNow().map(({ name }) => option(name, name))]);

/** @param {HTMLElement[]} options */
const columnGroup = (options) => (options.length ? [h("optgroup", { label: "Metadata" }, ...options)] : []);

/** @param {ColumnInfo} column */
const columnText = ({ name, kind, distinct }) => (kind === "number" ? `${name} (numbers)` : `${name} (${formatCount(distinct)})`);
