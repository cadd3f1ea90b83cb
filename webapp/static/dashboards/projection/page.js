/** An embedding in a file of its own: its layouts, its points, and what there is to know of them. No server, no method panel. */

import { oncePerTask } from "../../lib/atom.js";
import { formatTime, plural } from "../../lib/format.js";
import { sentenceOf } from "../../lib/sentence.js";
import { wakeEmbeddings } from "../../state/projector-catalog.js";
import { runOf, runsVersion, shownJob, wakeRuns } from "../../state/projector-jobs.js";
import { emphasis } from "../../state/projector-points.js";
import { downloadRows } from "../../state/projector-questions.js";
import { clearSelection, isolate, undoIsolation } from "../../state/projector-selection.js";
import { pointViews } from "../../state/projector-settings.js";
import { shownEmbedding, wakeShown } from "../../state/projector-shown.js";
import { layoutNow } from "../../state/projector-steps.js";
import { h, icon, iconButton } from "../../ui/dom.js";
import { isDark } from "../../ui/ink.js";
import { openMenu } from "../../ui/menu.js";
import { notice } from "../../ui/notice.js";
import { saveBlob } from "../../ui/save-blob.js";
import { clearFocus } from "../scalar-keys.js";
import { colorPicker, labelPicker } from "../projector/color-picker.js";
import { extrasMenu } from "../projector/extras-menu.js";
import { inspector } from "../projector/inspector/inspector.js";
import { listenToProjectorKeys } from "../projector/keys.js";
import { projectorLegend } from "../projector/legend.js";
import { modePicker } from "../projector/mode-picker.js";
import { pointMode } from "../projector/point-mode.js";
import { qualityBox } from "../projector/quality-box.js";
import { ViewStage } from "../projector/stage.js";
import { keepPictures } from "./kept-pictures.js";

/** @typedef {{title: string, source: string, made: number, stepscope: string}} KeptAbout `made`: seconds since 1970 */

const PARTS = ["points", "neighbors", "filters", "clusters"]; // what can be told without a server

export class ProjectionPage {
  #stage = new ViewStage();
  #legend = projectorLegend();
  #told = notice();
  #inspector = inspector({ onFit: (/** @type {ArrayLike<number>} */ rows) => this.#stage.fit(rows) }, PARTS);
  #size = h("p", { className: "quiet" });
  #notes = h("ul", { className: "projection-notes", hidden: true, "aria-label": "About the data" });
  #points = h("aside", { className: "projector-inspector", "aria-label": "Points" }, this.#notes, qualityBox(), this.#inspector.element);
  #theme = iconButton("theme", "Light or dark", () => this.#toggleTheme());
  #save = iconButton("download", "Export", () => this.#export());
  #about;
  element;
  soon = oncePerTask(() => this.#update());

  /** @param {KeptAbout} about */
  constructor(about) {
    this.#about = about;
    const list = iconButton("list", "Points: search, details, neighbours", () => this.#points.classList.toggle("shown"));
    list.classList.add("narrow-only");
    const bar = h("div", { className: "bar projector-bar", role: "toolbar", "aria-label": "Picture" }, h("div", { className: "projection-title" }, h("h1", {}, about.title), this.#size), colorPicker(), labelPicker(), extrasMenu(), modePicker(), h("span", { className: "bar-end" }, this.#save, this.#theme, list));
    const middle = h("section", { className: "projector-middle", "aria-label": "Views" }, this.#stage.element, this.#legend.element);
    this.element = h("div", { className: "projection-page" }, bar, h("main", { className: "projector-body" }, middle, this.#points), this.#told.element);
    for (const atom of [shownEmbedding, runsVersion, pointViews]) atom.subscribe(this.soon);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.#recolor());
    const forget = shownEmbedding.subscribe((shown) => {
      if (!shown?.info.sprite) return;
      forget();
      void keepPictures(shown.info.sprite);
    });
    this.#listen();
    for (const wake of [wakeEmbeddings, wakeShown, wakeRuns]) wake(true);
  }

  #listen() {
    const none = () => {};
    listenToProjectorKeys({
      search: () => {
        this.#points.classList.add("shown");
        this.#inspector.focusSearch();
      },
      run: none, step: none, play: none,
      fit: () => this.#stage.fit(),
      dims: (dims) => this.#stage.active.setDims(dims),
      mode: (mode) => pointMode.set(pointMode.get() === mode ? "pan" : mode),
      isolate, undo: undoIsolation,
      neighbors: () => this.#inspector.neighbours(),
      clear: () => clearFocus(() => {
        clearSelection();
        emphasis.set(null);
      }),
    });
  }

  #update() {
    const info = shownEmbedding.get()?.info;
    if (!info) return;
    const { source, made, stepscope } = this.#about;
    this.#size.textContent = `${plural(info.points, "point")} · ${plural(info.dimensions, "dimension")} · ${formatTime(made)}`;
    this.#size.title = [source, `stepscope ${stepscope}`].filter(Boolean).join(" · ");
    const notes = new Set([...info.notes, ...pointViews.get().flatMap(({ id }) => runOf(id)?.state.get().notes ?? [])]);
    this.#notes.hidden = notes.size === 0;
    this.#notes.replaceChildren(...[...notes].map((note) => h("li", {}, note)));
    pointViews.get().forEach(({ id }, place) => this.#stage.element.children[place].classList.toggle("flat", (layoutNow(id)?.width ?? 0) < 3));
    if (pointViews.get().every(({ id }) => layoutNow(id))) requestAnimationFrame(() => (document.documentElement.dataset.drawn = "true"));
  }

  #toggleTheme() {
    document.documentElement.dataset.theme = isDark() ? "light" : "dark";
    this.#theme.replaceChildren(icon(isDark() ? "moon" : "sun"));
    this.#recolor();
  }

  #recolor() {
    this.#legend.update();
    this.#stage.recolor();
    this.#inspector.recolor();
  }

  #export() {
    const shown = shownEmbedding.get();
    if (!shown) return;
    const save = (/** @type {string} */ form, /** @type {() => Promise<Blob>} */ make) => async () => {
      try {
        saveBlob(await make(), `${this.#about.title}.${form}`);
      } catch (problem) {
        this.#told.show(sentenceOf(problem));
      }
    };
    const all = Uint32Array.from({ length: shown.info.points }, (_, row) => row);
    openMenu(this.#save, [
      { label: "Coordinates and metadata as CSV", act: save("csv", () => downloadRows(shown.ref, all, "csv", shownJob.get())) },
      { label: "Picture as PNG", act: save("png", () => this.#stage.active.picture("png")) },
      { label: "Picture as SVG", act: save("svg", () => this.#stage.active.picture("svg")) },
    ]);
  }
}
