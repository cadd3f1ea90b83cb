/** Figures of a chart's lines over the chosen or the visible part of x, under the chart. The server counts every point. */

import { formatOnAxis, wireAxis } from "../lib/axis.js";
import { fetchStatistics } from "../state/api.js";
import { settingsOf } from "../state/chart-settings.js";
import { groupColors, grouped } from "../state/grouping.js";
import * as store from "../state/store.js";
import { h, iconButton } from "../ui/dom.js";
import { isDark } from "../ui/ink.js";
import { statisticsTable } from "../ui/statistics-table.js";
import { lineName } from "./run-lines.js";
import { runColors } from "./run-panel.js";

/** @typedef {import("../lib/types.js").Range} Range */

const SETTLE = 150; // ms: ranges being dragged and points streaming in ask once

/** @param {string} tag @param {Range | null} range null: what the chart shows; of a chart without statistics: they come into sight */
export function setStatistics(tag, range) {
  store.statistics.set(new Map(store.statistics.get()).set(tag, range));
}

/** @param {string} tag */
export function toggleStatistics(tag) {
  const next = new Map(store.statistics.get());
  if (!next.delete(tag)) next.set(tag, null);
  store.statistics.set(next);
}

/** @param {string} tag */
export function cardStatistics(tag) {
  const isGroup = () => settingsOf(tag).grouped && grouped.get() !== null;
  const table = statisticsTable({
    colorOf: (run) => (isGroup() ? groupColors(isDark() ? "dark" : "light") : runColors())(run),
    nameOf: (run) => (isGroup() ? run : lineName(run)),
  });
  const where = h("span", { className: "quiet" });
  const whole = h("button", { type: "button", className: "link", onclick: () => setStatistics(tag, null) }, "what is shown");
  const copy = h("button", { type: "button", className: "link", title: "Copy the table for a spreadsheet" }, "copy");
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(table.copy());
    copy.textContent = "copied";
    setTimeout(() => (copy.textContent = "copy"), 1500);
  });
  const message = h("p", { className: "bad", role: "alert", hidden: true });
  const element = h("div", { className: "card-statistics" },
    h("div", { className: "statistics-head" }, h("b", {}, "Statistics"), where, whole, h("span", { className: "grow" }), copy, iconButton("close", "Hide the statistics", () => toggleStatistics(tag))),
    message, h("div", { className: "statistics-rows" }, table.element));
  let asked = "";
  let timer = 0;

  const ask = async (/** @type {string} */ key, /** @type {object} */ query) => {
    try {
      const { rows } = await fetchStatistics(query);
      if (key !== asked) return; // answers overtake each other
      table.show(rows);
      message.hidden = true;
    } catch (problem) {
      if (key !== asked) return;
      message.hidden = false;
      message.textContent = /** @type {Error} */ (problem).message;
    }
  };
  return {
    element,
    /** @param {import("./chart-wants.js").Shown[]} points what the chart shows @param {Range | null} visible */
    update(points, visible) {
      const [{ want, dataset }] = points;
      const chosen = store.statistics.get().get(tag) ?? null;
      const range = chosen ?? visible;
      where.textContent = range ? range.map((end) => formatOnAxis(want.look.x, end)).join(" – ") : "all points";
      whole.hidden = !chosen;
      const series = [want.groups ? { tag } : { tag, runs: want.runs.filter((run) => dataset.runs.get(run)?.length) }];
      const query = { x: wireAxis(want.look.x), range, segments: want.look.segments, derivative: Boolean(want.look.derivative), series, ...(want.groups ? { groups: want.groups } : {}) };
      const key = JSON.stringify([query, dataset.revision]);
      if (key === asked) return;
      asked = key;
      clearTimeout(timer);
      timer = window.setTimeout(() => ask(key, query), SETTLE);
    },
  };
}
