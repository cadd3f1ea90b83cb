/** The page "Hyperparameters": parallel coordinates, what matters, and every pair of columns. */

import { parallelChart } from "../../charts/parallel-chart.js";
import { scatterMatrix } from "../../charts/scatter-matrix.js";
import { oncePerFrame } from "../../lib/atom.js";
import { cellText } from "../../lib/cell-text.js";
import { formatCount, plural } from "../../lib/format.js";
import { makeAxis } from "../../lib/parallel-axis.js";
import { brushMatch, setBrush } from "../../state/brush.js";
import { drawnVersion, unbrushedRuns } from "../../state/listed-runs.js";
import { knownColumns, table, tableProblem, wantColumns } from "../../state/run-table.js";
import * as store from "../../state/store.js";
import { displayName, userState } from "../../state/user-state.js";
import { h, iconButton } from "../../ui/dom.js";
import { readInk } from "../../ui/ink.js";
import { axisHeads } from "./axis-heads.js";
import { brushChips, brushLimits } from "./brush-controls.js";
import { hparamColumn } from "./choices.js";
import { colorsOf, colorLegend, pictureLegend } from "./colors.js";
import { shownColumns } from "./shown.js";
import { rowTip } from "./row-tip.js";
import { hparamsToolbar, plainName } from "./toolbar.js";
import { watchImportance } from "./watch-importance.js";

/** @typedef {import("../../charts/parallel-paint.js").ParallelModel} ParallelModel */
/** @typedef {import("./toolbar.js").Shown} Shown */

const PARALLEL_HEIGHT = 340;
const AXIS_ROOM = 88; // pixels that an axis needs, at least
const CELL = 170; // height of a row of the matrix, at most

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
  #notes = h("p", { className: "quiet hp-notes" });
  #parallelPlot = h("div", { className: "plot hp-plot", role: "img" });
  #matrixPlot = h("div", { className: "plot hp-plot", role: "img" });
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
    this.#matrixCard = card("Scatter matrix", () => this.#save("matrix"), this.#matrixPlot);
    this.#charts = h("div", { className: "hp-grid" },
      card("Parallel coordinates", () => this.#save("parallel"), this.#legend, this.#scroll, this.#notes, this.#limits.element),
      this.#importance.element, this.#matrixCard);
    root.append(this.#toolbar.element, h("div", { className: "scroll" }, this.#notice, this.#chips.element, this.#charts), this.#tip.element);
    const watched = [knownColumns, table, tableProblem, drawnVersion, brushMatch, store.brushes, store.metric, store.axes, store.matrix, store.axisScales, store.colorBy, store.colors, userState, store.complete];
    for (const atom of watched) atom.subscribe(this.soon);
    new ResizeObserver(this.soon).observe(this.#charts);
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
    if (!known || known.hparams.length === 0) return tellDrawn(Boolean(known) && store.complete.get());
    const shown = shownColumns(known);
    wantColumns("hparams", [...new Set([...shown.axes, ...shown.matrix, ...(shown.metric ? [shown.metric] : []), ...(shown.colorBy === "run" ? [] : [shown.colorBy]), ...store.brushes.get().keys()])].filter(Boolean));
    const model = this.#model(shown);
    this.#toolbar.update(known, shown, `${plural(known.hparams.length, "hyperparameter")} · ${plural(model.rows.length, "run")}`);
    const titles = new Map([...table.get().columns].map(([name, column]) => [name, column.title]));
    this.#chips.update((name) => titles.get(name) ?? plainName(name), model.rows.filter(model.passes).length, model.rows.length);
    const complete = this.#paint(shown, model);
    this.#importance.ask(shown.metric, model.rows.map((row) => table.get().runs[row]), (name) => store.colorBy.set(hparamColumn(known, name)));
    return tellDrawn(complete && store.complete.get());
  }

  /** @param {Shown} shown @returns {ParallelModel} of the axes; the matrix takes the same with its own */
  #model(shown) {
    const { runs, columns } = table.get();
    const drawn = unbrushedRuns();
    const rows = runs.flatMap((run, row) => (drawn.has(run) ? [row] : []));
    const match = brushMatch.get();
    const passing = Uint8Array.from(runs, (run) => Number(match.empty || match.test(run)));
    const colors = colorsOf(columns.get(shown.colorBy), rows, runs, this.#ink.dark);
    this.#legend.replaceChildren(...colorLegend(colors, plainName(shown.colorBy)));
    this.#pictureLegend = pictureLegend(colors);
    return {
      axes: [], rows, brushes: store.brushes.get(), ink: this.#ink, colorOf: colors.colorOf,
      passes: (row) => passing[row] === 1, labelOf: (row) => displayName(runs[row]),
    };
  }

  /** @param {readonly string[]} names */
  #axesOf(names) {
    const { columns } = table.get();
    return names.flatMap((name) => {
      const column = columns.get(name);
      return column && !column.error ? [makeAxis(column, store.axisScales.get().get(name))] : [];
    });
  }

  /** @param {Shown} shown @param {ParallelModel} model @returns {boolean} whether all columns have come */
  #paint(shown, model) {
    const { columns } = table.get();
    const axes = this.#axesOf(shown.axes);
    const size = { width: Math.max(this.#scroll.clientWidth, axes.length * AXIS_ROOM), height: PARALLEL_HEIGHT };
    this.#parallelPlot.style.width = `${size.width}px`;
    this.#parallelPlot.style.height = `${size.height}px`;
    this.#parallel ??= parallelChart(this.#parallelPlot, { ...model, axes }, size, { onBrush: setBrush, onHover: (hover) => this.#hovered(hover) });
    this.#parallel.update({ ...model, axes }, size);
    this.#heads.update(axes, this.#parallel.geometry().xs);
    this.#limits.update(axes);
    const lacking = axes.filter(({ gaps }) => gaps).length;
    this.#notes.textContent = `Drag along an axis to brush it; a click takes the brush away.${lacking ? ` Runs without a value lie below the axis.` : ""}`;
    this.#parallelPlot.setAttribute("aria-label", `Parallel coordinates of ${plural(model.rows.length, "run")} over ${axes.map(({ title }) => title).join(", ")}`);
    this.#paintMatrix(this.#axesOf(shown.matrix), model);
    return [...shown.axes, ...shown.matrix].every((name) => columns.has(name));
  }

  /** @param {import("../../lib/parallel-axis.js").Axis[]} axes @param {ParallelModel} model */
  #paintMatrix(axes, model) {
    this.#matrixCard.hidden = axes.length < 2;
    if (axes.length < 2) return;
    const size = { width: Math.max(280, this.#matrixPlot.parentElement?.clientWidth ?? 0) - 24, height: (axes.length - 1) * Math.min(CELL, Math.max(110, 620 / (axes.length - 1))) + 40 };
    this.#matrixPlot.style.width = `${size.width}px`;
    this.#matrixPlot.style.height = `${size.height}px`;
    this.#matrix ??= scatterMatrix(this.#matrixPlot, { ...model, axes }, size, {
      onBrush: (brushes) => brushes.forEach(([name, brush]) => setBrush(name, brush)),
      onHover: (hover) => this.#hovered(hover),
    });
    this.#matrix.update({ ...model, axes }, size);
    this.#matrixPlot.setAttribute("aria-label", `Scatter matrix of ${axes.map(({ title }) => title).join(", ")}`);
  }

  /** @param {{row: number, clientX: number, clientY: number} | null} hover */
  #hovered(hover) {
    const { runs, columns } = table.get();
    store.highlighted.set(hover ? runs[hover.row] : null);
    this.#parallel?.highlight(hover?.row ?? -1);
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

/** @param {boolean} done */
function tellDrawn(done) {
  if (done) document.documentElement.dataset.drawn = "true";
  else delete document.documentElement.dataset.drawn;
}

const EXAMPLE = 'writer.add_hparams({"lr": 0.1, "adam": True}, {"val/acc": 0.93})';

/** What to say where there are no charts. @param {import("../../lib/column-list.js").ColumnsAnswer | null} known */
function messageOf(known) {
  if (tableProblem.get()) return h("p", { className: "bad", role: "alert" }, tableProblem.get());
  if (!known || !store.complete.get()) return known?.hparams.length ? null : h("p", { className: "quiet", role: "status" }, "Reading hyperparameters …");
  if (known.hparams.length) return null;
  return h("section", { className: "start" }, h("h1", {}, "No hyperparameters in these runs"),
    h("p", {}, "One line logs them, and the metrics they led to:"), h("pre", {}, h("code", {}, EXAMPLE)),
    h("p", { className: "quiet" }, `Looked at ${formatCount(store.catalog.get().runs.length)} runs. Those of PyTorch, Lightning, tensorboardX and TensorFlow's hparams API are read as they are.`));
}
