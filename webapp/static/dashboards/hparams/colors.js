/** Colours of the runs by a column, on the page and in its pictures. */

import { shadesOf } from "../../lib/chart-data.js";
import { h } from "../../ui/dom.js";
import { runColors } from "../run-panel.js";

/** @typedef {{colorOf: (row: number) => string, legend: ReturnType<typeof shadesOf>["legend"] | null}} Colors */

/** @param {import("../../lib/table-frame.js").TableColumn | undefined} column undefined: each run has its own @param {number[]} rows @param {string[]} runs @param {boolean} dark @returns {Colors} */
export function colorsOf(column, rows, runs, dark) {
  if (column && !column.error) return shadesOf(column, rows, { theme: dark ? "dark" : "light" });
  const colorOf = runColors();
  return { colorOf: (row) => colorOf(runs[row]), legend: null };
}

/** @param {Colors} colors @param {string} title */
export function colorLegend({ legend }, title) {
  if (!legend) return [h("span", { className: "quiet" }, "Each run in its own colour")];
  if ("stops" in legend && legend.stops) {
    const ramp = h("span", { className: "hp-ramp" });
    ramp.style.background = `linear-gradient(90deg, ${legend.stops.join(", ")})`;
    return [h("span", { className: "quiet" }, h("bdi", {}, title)), h("span", { className: "hp-entry" }, legend.lo, ramp, legend.hi)];
  }
  return [h("span", { className: "quiet" }, h("bdi", {}, title)), ...(legend.entries ?? []).map(({ label, color }) => {
    const swatch = h("span", { className: "swatch" });
    swatch.style.background = color;
    return h("span", { className: "hp-entry" }, swatch, h("bdi", {}, label));
  })];
}

/** @param {Colors} colors @returns {import("../../charts/picture.js").LegendEntry[]} */
export function pictureLegend({ legend }) {
  if (!legend) return [];
  if ("stops" in legend && legend.stops) return [{ label: `${legend.title} ${legend.lo} – ${legend.hi}`, color: legend.stops[0], stops: legend.stops }];
  return legend.entries ?? [];
}
