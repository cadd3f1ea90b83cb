/** The page "Hyperparameters": parallel coordinates, what matters, and every pair of columns. */

import { parallelChart } from "../../charts/parallel-chart.js";
import { scatterMatrix } from "../../charts/scatter-matrix.js";
import { oncePerFrame } from "../../lib/atom.js";
import { cellText } from "../../lib/cell-text.js";
import { plural } from "../../lib/format.js";
import { brushMatch, setBrush } from "../../state/brush.js";
import { drawnVersion } from "../../state/listed-runs.js";
import { knownColumns, knownVersion, table, tableProblem, wantColumns } from "../../state/run-table.js";
import * as store from "../../state/store.js";
import { displayName, userState } from "../../state/user-state.js";
import { h, iconButton } from "../../ui/dom.js";
import { readInk } from "../../ui/ink.js";
import { axisHeads } from "./axis-heads.js";
import { brushChips, brushLimits } from "./brush-controls.js";
import { hparamColumn } from "./choices.js";
import { colorLegend, pictureLegend } from "./colors.js";
import { axesOf, chartModel } from "./model.js";
import { shownColumns } from "./shown.js";
import { rowTip } from "./row-tip.js";
import { messageOf, notesOf } from "./told.js";
import { hparamsToolbar, plainName } from "./toolbar.js";
import { watchImportance } from "./watch-importance.js";

/** @typedef {import("../../charts/parallel-paint.js").ParallelModel} ParallelModel */
/** @typedef {import("./toolbar.js").Shown} Shown */

const PARALLEL_HEIGHT = 354;
const AXIS_ROOM = 88; // pixels that an axis needs, at least
const CELL_ROOM = 84; // pixels that a column of the matrix needs, at least
const [LOWEST_CELL, HIGHEST_CELL] = [92, 170]; // pixels

export const hparams = {
  id: "hparams",
  title: "Hyperparameters",
  /** @param {HTMLElement} root @returns {import("../page-deck.js").MountedPage} */
  mount(root) {
    const page = new HparamsPage(root);
    page.soon();
    return { show: () => page.soon(), recolor: () => page.recolor() };
  },
};

class HparamsPage {
  #toolbar = hparamsToolbar();
  #chips = brushChips();
  #limits = brushLimits();
  #heads = axisHeads((names) => store.axes.set(names));
  #tip = rowTip();
  #importance = watchImportance();
  #notice = h("div", { className: "hp-message" });
  #legend = h("div", { className: "hp-legend" });
  #notes = h("p", { className: "quiet hp-notes", role: "note" });
  #noted = ""; // what the notes were made of
  #help = h("p", { className: "quiet hp-help" });
  #parallelPlot = h("div", { className: "plot hp-plot", role: "group" });
  #matrixPlot = h("div", { className: "plot hp-plot", role: "img" });
  #matrixScroll = h("div", { className: "hp-scroll" }, this.#matrixPlot);
  #matrixSeen = false; // whether the matrix is in sight: what nobody sees is not drawn while a brush is dragged
  #ink = readInk();
  /** @type {ReturnType<typeof parallelChart> | null} */ #parallel = null;
  /** @type {ReturnType<typeof scatterMatrix> | null} */ #matrix = null;
  /** @type {HTMLElement} */ #charts;
  /** @type {HTMLElement} */ #scroll;
  /** @type {HTMLElement} */ #matrixCard;
  /** @type {import("../../charts/picture.js").LegendEntry[]} */ #pictureLegend = [];
  soon = oncePerFrame(() => this.#arrange());

  /** @param {HTMLElement} root */
  constructor(root) {
    const wide = h("div", { className: "hp-wide" }, this.#heads.element, this.#parallelPlot);
    this.#scroll = h("div", { className: "hp-scroll" }, wide);
    this.#matrixCard = card("Scatter matrix", () => this.#save("matrix"), this.#matrixScroll);
    this.#charts = h("div", { className: "hp-grid" },
      card("Parallel coordinates", () => this.#save("parallel"), this.#legend, this.#scroll, this.#notes, this.#help, this.#limits.element),
      this.#importance.element, this.#matrixCard);
    root.append(this.#toolbar.element, h("div", { className: "scroll" }, this.#notice, this.#chips.element, this.#charts), this.#tip.element);
    const watched = [knownColumns, knownVersion, table, tableProblem, drawnVersion, brushMatch, store.brushes, store.metric, store.axes, store.matrix, store.axisScales, store.flippedAxes, store.bareRuns, store.colorBy, store.colors, userState, store.complete];
    for (const atom of watched) atom.subscribe(this.soon);
    store.highlighted.subscribe((run) => this.#parallel?.highlight(run === null ? -1 : (table.get().rows.get(run) ?? -1)));
    new ResizeObserver(this.soon).observe(this.#charts);
    new IntersectionObserver(([entry]) => {
      this.#matrixSeen = entry.isIntersecting;
      this.soon();
    }, { rootMargin: "200px" }).observe(this.#matrixCard);
  }

  recolor() {
    this.#ink = readInk();
    this.soon();
  }

  #arrange() {
    if (store.page.get() !== "hparams") return;
    const known = knownColumns.get();
    const message = messageOf(known);
    this.#notice.replaceChildren(...(message ? [message] : []));
    this.#charts.hidden = this.#toolbar.element.hidden = !known || known.hparams.length === 0;
    if (!known || known.hparams.length === 0) return tellDrawn(store.complete.get() && isCurrent());
    const shown = shownColumns(known);
    wantColumns("hparams", [...new Set([...shown.axes, ...shown.matrix, ...(shown.metric ? [shown.metric] : []), ...(shown.colorBy === "run" ? [] : [shown.colorBy]), ...store.brushes.get().keys()])].filter(Boolean));
    const { model, colors, bare } = chartModel(known, shown, this.#ink);
    this.#legend.replaceChildren(...colorLegend(colors, plainName(shown.colorBy)));
    this.#pictureLegend = pictureLegend(colors);
    this.#toolbar.update(known, shown, `${plural(known.hparams.length, "hyperparameter")} · ${plural(model.rows.length, "run")}`);
    this.#showNotes(known, bare);
    const titles = new Map([...table.get().columns].map(([name, column]) => [name, column.title]));
    this.#chips.update((name) => titles.get(name) ?? plainName(name), model.rows.filter(model.passes).length, model.rows.length);
    const complete = this.#paint(shown, model);
    this.#importance.ask(shown.metric, model.rows.map((row) => table.get().runs[row]), shown.axes.filter((name) => name !== shown.metric).map(plainName), (name) => store.colorBy.set(hparamColumn(known, name)));
    return tellDrawn(complete && store.complete.get());
  }

  /** @param {import("../../lib/column-list.js").ColumnsAnswer} known @param {number} bare */
  #showNotes(known, bare) {
    const key = JSON.stringify([bare, store.bareRuns.get(), known.hparams]);
    if (this.#noted === key) return;
    this.#noted = key;
    this.#notes.replaceChildren(...notesOf(known, bare));
  }

  /** @param {Shown} shown @param {ParallelModel} model @returns {boolean} whether all columns have come */
  #paint(shown, model) {
    const { columns } = table.get();
    const axes = axesOf(shown.axes, true);
    const size = { width: Math.max(this.#scroll.clientWidth, axes.length * AXIS_ROOM), height: PARALLEL_HEIGHT };
    this.#parallelPlot.style.width = `${size.width}px`;
    this.#parallelPlot.style.height = `${size.height}px`;
    this.#parallel ??= parallelChart(this.#parallelPlot, { ...model, axes }, size, { onBrush: setBrush, onHover: (hover) => this.#hovered(hover), onPick: pick });
    this.#parallel.update({ ...model, axes }, size);
    this.#heads.update(axes, this.#parallel.geometry().xs);
    this.#limits.update(axes);
    this.#help.textContent = `Drag along an axis to brush it; a click takes the brush away. A click on a line selects its run.${axes.some(({ gaps }) => gaps) ? " Runs without a value lie below the axis." : ""}`;
    this.#parallelPlot.setAttribute("aria-label", `Parallel coordinates of ${plural(model.rows.length, "run")} over ${axes.map(({ title }) => title).join(", ")}`);
    this.#paintMatrix(axesOf(shown.matrix, false), model);
    return [...shown.axes, ...shown.matrix].every((name) => columns.has(name));
  }

  /** @param {import("../../lib/parallel-axis.js").Axis[]} axes @param {ParallelModel} model */
  #paintMatrix(axes, model) {
    this.#matrixCard.hidden = axes.length < 2;
    if (axes.length < 2) return;
    const width = Math.max(this.#matrixScroll.clientWidth, axes.length * CELL_ROOM + CELL_ROOM);
    const size = { width, height: Math.round(axes.length * Math.max(LOWEST_CELL, Math.min(HIGHEST_CELL, (width / axes.length) * 0.7)) + 40) };
    this.#matrixPlot.style.width = `${size.width}px`;
    this.#matrixPlot.style.height = `${size.height}px`;
    if (!this.#matrixSeen) return;
    this.#matrix ??= scatterMatrix(this.#matrixPlot, { ...model, axes }, size, {
      onBrush: (brushes) => brushes.forEach(([name, brush]) => setBrush(name, brush)),
      onHover: (hover) => this.#hovered(hover), onPick: pick,
    });
    this.#matrix.update({ ...model, axes }, size);
    this.#matrixPlot.setAttribute("aria-label", `Scatter matrix of ${axes.map(({ title }) => title).join(", ")}`);
  }

  /** @param {{row: number, clientX: number, clientY: number} | null} hover */
  #hovered(hover) {
    const { runs, columns } = table.get();
    store.highlighted.set(hover ? runs[hover.row] : null);
    if (!hover) return this.#tip.hide();
    const known = knownColumns.get();
    const shown = known ? shownColumns(known) : null;
    const lines = [...new Set([...(shown?.axes ?? []), ...(shown?.matrix ?? [])])].flatMap((name) => {
      const column = columns.get(name);
      return column ? [/** @type {[string, string]} */ ([column.title, cellText(column, hover.row) || "missing"])] : [];
    });
    return this.#tip.show(displayName(runs[hover.row]), lines, hover);
  }

  /** @param {"parallel" | "matrix"} which */
  async #save(which) {
    const chart = which === "matrix" ? this.#matrix : this.#parallel;
    if (!chart) return;
    const title = which === "matrix" ? "Scatter matrix" : "Parallel coordinates";
    const { savePicture } = await import("../picture-dialog.js");
    savePicture({ title, name: `hyperparameters_${which}`, ...chart.picture(), legend: this.#pictureLegend, ink: this.#ink });
  }
}

/** @param {string} title @param {() => void} onSave @param {...import("../../ui/dom.js").Child} children */
function card(title, onSave, ...children) {
  return h("section", { className: "hp-card", "aria-label": title },
    h("div", { className: "hp-card-head" }, h("h3", {}, title), iconButton("download", `Save ${title.toLowerCase()} as SVG or PNG`, onSave)), ...children);
}

/** A run is picked in the run table, or no more where it was the only one. @param {number} row @param {boolean} add to those that are picked */
function pick(row, add) {
  const run = table.get().runs[row];
  const before = store.selectedRuns.get();
  const alone = before.size === 1 && before.has(run);
  store.selectedRuns.set(add ? store.toggled(before, run) : new Set(alone ? [] : [run]));
}

/** Whether the columns are those of the runs that are listed. */
const isCurrent = () => knownVersion.get() >= store.catalog.get().version;

/** @param {boolean} done */
function tellDrawn(done) {
  if (done) document.documentElement.dataset.drawn = "true";
  else delete document.documentElement.dataset.drawn;
}
