/** The bar above the charts: the metric, what the colours say, which columns are axes. */

import { quoteName, scalarColumn } from "../../lib/column-list.js";
import * as store from "../../state/store.js";
import { h } from "../../ui/dom.js";
import { defaultStatistic, hparamColumn, splitMetric, STATISTICS } from "./choices.js";

/** @typedef {import("../../lib/column-list.js").ColumnsAnswer} ColumnsAnswer */
/** @typedef {{metric: string, axes: readonly string[], matrix: readonly string[], colorBy: string}} Shown */

export function hparamsToolbar() {
  const tag = h("select", { "aria-label": "Metric", oninput: () => chooseTag(tag.value) });
  const field = h("select", { "aria-label": "Statistic of the metric", oninput: () => chooseMetric(scalarColumn(tag.value, field.value)) },
    ...STATISTICS.map((name) => h("option", { value: name }, name)));
  const color = h("select", { "aria-label": "Colour by", oninput: () => store.colorBy.set(color.value) });
  const menu = columnMenu();
  const count = h("span", { className: "quiet tag-count", role: "status" });
  const element = h("div", { className: "bar hp-bar-top", role: "toolbar", "aria-label": "Hyperparameters" },
    h("label", { className: "drop-down" }, h("span", {}, "Metric"), tag, field),
    h("label", { className: "drop-down" }, h("span", {}, "Colour by"), color), menu.element, count);
  return {
    element,
    /** @param {ColumnsAnswer} known @param {Shown} shown @param {string} text */
    update(known, shown, text) {
      const metric = splitMetric(known, shown.metric);
      offer(tag, [...(metric ? [] : [["", shown.metric || "no scalars"]]), ...known.scalars.map((name) => [name, name])], metric?.tag ?? "");
      field.value = metric?.field ?? "last";
      const columns = [...known.hparams.map(({ name }) => [hparamColumn(known, name), name]), ...(shown.metric ? [[shown.metric, shown.metric.replaceAll("`", "")]] : [])];
      offer(color, [["", "metric"], ["run", "run"], ...columns.filter(([column]) => column !== shown.metric)], store.colorBy.get());
      menu.update(known, shown, columns);
      count.textContent = text;
    },
  };
}

/** @param {string} tag */
function chooseTag(tag) {
  if (tag) chooseMetric(scalarColumn(tag, defaultStatistic(tag)));
}

/** Axes that somebody arranged keep their places; the metric among them is replaced. @param {string} metric */
function chooseMetric(metric) {
  const before = store.metric.get();
  for (const atom of [store.axes, store.matrix]) {
    const columns = atom.get();
    if (columns && before) atom.set([...new Set(columns.map((name) => (name === before ? metric : name)))]);
  }
  store.metric.set(metric);
}

/** Options are made anew only where they differ: an open list stays open. @param {HTMLSelectElement} list @param {string[][]} options @param {string} value */
function offer(list, options, value) {
  const key = JSON.stringify(options);
  if (list.dataset.options !== key) {
    list.dataset.options = key;
    list.replaceChildren(...options.map(([name, text]) => h("option", { value: name }, text)));
  }
  list.value = value;
}

/** A list of columns, each an axis or not and a part of the matrix or not. */
function columnMenu() {
  const button = h("button", { type: "button", "aria-haspopup": "true" }, "Columns");
  const panel = h("div", { className: "popover hp-columns", popover: "auto" });
  panel.addEventListener("beforetoggle", () => {
    const { left, bottom } = button.getBoundingClientRect();
    panel.style.top = `${bottom + 6}px`;
    panel.style.left = `${Math.max(8, Math.min(left, innerWidth - 340))}px`;
  });
  button.addEventListener("click", () => panel.togglePopover());
  /** @type {Map<string, HTMLInputElement[]>} */
  const boxes = new Map();
  return {
    element: h("span", {}, button, panel),
    /** @param {ColumnsAnswer} known @param {Shown} shown @param {string[][]} columns */
    update(known, shown, columns) {
      const all = [...columns, ...known.scalars.map((tag) => [scalarColumn(tag, defaultStatistic(tag)), `${tag} · ${defaultStatistic(tag)}`]).filter(([name]) => name !== shown.metric), ["duration", "duration"], ["last_step", "last step"]];
      const key = JSON.stringify(all);
      if (panel.dataset.columns !== key) {
        panel.dataset.columns = key;
        boxes.clear();
        panel.replaceChildren(h("table", {}, h("tr", {}, h("th", {}, "Column"), h("th", {}, "Axis"), h("th", {}, "Matrix")), ...all.map(([name, text]) => {
          const pair = [store.axes, store.matrix].map((atom, at) => h("input", {
            type: "checkbox", "aria-label": `${text}: ${at ? "in the scatter matrix" : "an axis"}`,
            onchange: () => toggle(atom, at ? current.matrix : current.axes, name),
          }));
          boxes.set(name, pair);
          return h("tr", {}, h("td", {}, h("bdi", {}, text)), ...pair.map((box) => h("td", {}, box)));
        })));
      }
      current = shown;
      for (const [name, [axis, cell]] of boxes) {
        axis.checked = shown.axes.includes(name);
        cell.checked = shown.matrix.includes(name);
      }
    },
  };
}

/** @type {Shown} what the menu was last told */
let current = { metric: "", axes: [], matrix: [], colorBy: "" };

/** @param {import("../../lib/atom.js").Atom<readonly string[] | null>} atom @param {readonly string[]} shown @param {string} name */
function toggle(atom, shown, name) {
  atom.set(shown.includes(name) ? shown.filter((other) => other !== name) : [...shown, name]);
}

/** A name as people wrote it. @param {string} column */
export function plainName(column) {
  return column === quoteName(column) ? column.replace(/^hparams\./, "") : column.replaceAll("`", "").replace(/^hparams\./, "");
}
