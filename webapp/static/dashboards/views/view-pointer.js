/** One cursor and one tooltip for the charts of a view; what a dot or a bar says. */

import { formatOnColumn } from "../../lib/column-axis.js";
import { EVERYTHING, only } from "../../lib/selection.js";
import { openView } from "../../state/views.js";
import * as store from "../../state/store.js";
import { h } from "../../ui/dom.js";
import { axisOfChart } from "./chart-model.js";
import { chartTip } from "../chart-tip.js";
import { toggleMembers } from "../group-legend.js";

/** @typedef {import("./chart-card.js").ViewCard} ViewCard */

/** @param {() => ViewCard[]} cards */
export function viewPointer(cards) {
  const tip = chartTip();
  const words = h("div", { className: "tip dot-tip", role: "status", hidden: true });
  const axisOf = (/** @type {ViewCard} */ card) => axisOfChart(card.spec, openView.get().view?.settings ?? {});
  const spread = (/** @type {number | null} */ x, /** @type {ViewCard | null} */ source) => {
    const axis = source ? axisOf(source) : store.axis.get();
    for (const card of cards()) if (card !== source && card.visible && axisOf(card) === axis) card.chart()?.showCursor(x);
  };
  store.cursor.subscribe((x) => spread(x, null));
  store.highlighted.subscribe((run) => {
    for (const card of cards()) card.highlight(run);
  });
  /** @param {string | null} run @param {[string, string][]} rows @param {string} color @param {number} x @param {number} y */
  const tell = (run, rows, color, x, y) => {
    words.hidden = run === null;
    if (run === null) return;
    const swatch = h("span", { className: "swatch" });
    swatch.style.background = color;
    words.replaceChildren(h("span", { className: "tip-run" }, swatch, h("bdi", {}, run)), h("table", {}, ...rows.map(([name, value]) => h("tr", {}, h("th", {}, name), h("td", {}, value)))));
    // Inside a dialog the tooltip would lie below it: the dialog is in the top layer.
    (document.querySelector("dialog[open]") ?? document.body).append(words);
    words.style.left = `${Math.max(8, Math.min(x + 14, innerWidth - words.offsetWidth - 8))}px`;
    words.style.top = `${Math.max(8, Math.min(y + 14, innerHeight - words.offsetHeight - 8))}px`;
  };
  return {
    element: tip.element,
    /** @param {ViewCard} card @returns {import("../../charts/render-chart.js").RenderEvents} */
    eventsOf: (card) => ({
      onCursor: (x) => spread(x ?? store.cursor.get(), x === null ? null : card),
      onHover: (hover) => (hover ? tip.show(hover, store.tooltipSort.get()) : tip.hide()),
      onClick: (hover) => tip.pin(hover, store.tooltipSort.get()),
      onDot(dot, x, y) {
        const { data } = card;
        if (dot === null || !data?.dots) return tell(null, [], "", 0, 0);
        const rows = /** @type {[string, string][]} */ ([[data.x.title, formatOnColumn(data.x, dot.x)], [data.y.title, formatOnColumn(data.y, dot.y)]]);
        if (dot.shade !== undefined && data.legend) rows.push([data.legend.title, dot.shade]);
        tell(dot.label, rows, dot.color, x, y);
      },
      onBar(bar, x, y) {
        const { data } = card;
        if (bar === null || !data?.bars) return tell(null, [], "", 0, 0);
        const text = (/** @type {number} */ value) => formatOnColumn(data.axis, value);
        const rows = /** @type {[string, string][]} */ ([[data.axis.title, text(bar.value)]]);
        if (bar.low !== undefined && bar.high !== undefined) rows.push(["spread", `${text(bar.low)} … ${text(bar.high)}`]);
        if (bar.count !== undefined) rows.push(["runs", String(bar.count)]);
        tell(bar.label, rows, bar.color, x, y);
      },
      onRun: (run) => store.chosen.set(only([run])),
      onRuns: (runs) => store.chosen.set(runs ? only(runs) : EVERYTHING),
      onChoose: (bar) => (bar.count === undefined ? store.chosen.set(only([bar.key])) : toggleMembers(bar.key)),
    }),
    clear() {
      tip.unpin();
      words.hidden = true;
      store.cursor.set(null);
      spread(null, null);
    },
  };
}
