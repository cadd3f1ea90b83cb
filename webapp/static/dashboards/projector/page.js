/** The page "Projector": how an embedding is laid out, the pictures, and what there is to know of its points. */

import { oncePerTask } from "../../lib/atom.js";
import { coloring } from "../../state/projector-colors.js";
import { embeddings, embeddingsProblem, wakeEmbeddings } from "../../state/projector-catalog.js";
import { opening, openEmbeddingFiles, openingProblem } from "../../state/projector-files.js";
import { runOf, runsVersion, wakeRuns } from "../../state/projector-jobs.js";
import { emphasis } from "../../state/projector-points.js";
import { clearSelection, isolate, undoIsolation } from "../../state/projector-selection.js";
import { inspectorShown, methodShown, pointViews } from "../../state/projector-settings.js";
import { shownEmbedding, shownProblem, shownRef, wakeShown } from "../../state/projector-shown.js";
import { layoutNow, layoutsVersion } from "../../state/projector-steps.js";
import * as store from "../../state/store.js";
import { h, iconButton } from "../../ui/dom.js";
import { listenToDrops } from "../../ui/file-drop.js";
import { notice } from "../../ui/notice.js";
import { clearFocus } from "../scalar-keys.js";
import { exportMenu, openMenuOf } from "./export-menu.js";
import { inspector } from "./inspector/inspector.js";
import { listenToProjectorKeys, PROJECTOR_KEY_HELP } from "./keys.js";
import { projectorLegend } from "./legend.js";
import { MethodPanel } from "./method-panel.js";
import { pointMode } from "./point-mode.js";
import { toggleRun } from "./run-control.js";
import { ViewStage } from "./stage.js";
import { stepsBar } from "./steps-bar.js";
import { projectorMessage } from "./told.js";
import { projectorToolbar } from "./toolbar.js";

export const projector = {
  id: "projector",
  title: "Projector",
  /** @param {HTMLElement} root @returns {import("../page-deck.js").MountedPage} */
  mount(root) {
    return new ProjectorPage(root);
  },
};

const FILES = ".tsv,.csv,.txt,.npy,.npz,.parquet,.safetensors,.html";

class ProjectorPage {
  #stage = new ViewStage();
  #legend = projectorLegend();
  #steps = stepsBar();
  #notice = h("div", { className: "page-notice" });
  #told = notice();
  #file = h("input", { type: "file", multiple: true, hidden: true, "aria-label": "Embedding file", tabIndex: -1, accept: FILES });
  #inspector = inspector({ onFit: (/** @type {ArrayLike<number>} */ rows) => this.#stage.fit(rows) });
  #labelsOf = ""; // the opened file that the next file holds labels of
  #narrow = matchMedia("(max-width: 720px)");
  #tight = matchMedia("(max-width: 1000px)");
  #drawer = ""; // which panel lies over the picture of a phone
  #toolbar = projectorToolbar({
    onMethod: () => this.#togglePanel("method"),
    onInspector: () => this.#togglePanel("inspector"),
    onExport: (button) => exportMenu(button, (form) => this.#stage.active.picture(form), this.#told.show),
    onOpenFile: (button) => openMenuOf(button, () => this.#ask(), (of) => this.#ask(of)),
  });
  #method = panel("projector-method", "Layout", new MethodPanel().element, () => this.#togglePanel("method"));
  #points = panel("projector-inspector", "Points", this.#inspector.element, () => this.#togglePanel("inspector"));
  #body = h("div", { className: "projector-body" }, this.#method, h("section", { className: "projector-middle", "aria-label": "Views" }, this.#stage.element, this.#legend.element), this.#points);
  #stopListening = () => {};
  keys = PROJECTOR_KEY_HELP;
  soon = oncePerTask(() => this.#arrange());

  /** @param {HTMLElement} root */
  constructor(root) {
    root.append(this.#toolbar.element, this.#notice, this.#body, this.#steps.element, this.#told.element, this.#file);
    listenToDrops(root, (files) => void openEmbeddingFiles(files));
    this.#file.addEventListener("change", () => {
      if (this.#file.files) void openEmbeddingFiles(this.#file.files, this.#labelsOf || undefined);
      this.#file.value = ""; // the same file may be chosen again
    });
    for (const atom of [embeddings, embeddingsProblem, shownRef, shownEmbedding, shownProblem, methodShown, inspectorShown, runsVersion, layoutsVersion, pointViews, coloring, store.complete, store.status]) atom.subscribe(this.soon);
    this.#narrow.addEventListener("change", this.soon);
    for (const atom of [opening, openingProblem]) atom.subscribe(() => this.#told.show(openingProblem.get() || (opening.get() && `Opening ${opening.get()} …`)));
    this.show();
  }

  show() {
    for (const wake of [wakeEmbeddings, wakeShown, wakeRuns]) wake(true);
    this.#stopListening = listenToProjectorKeys(this.#keyTarget());
    this.#inspector.show();
    this.soon();
  }

  hide() {
    for (const wake of [wakeEmbeddings, wakeShown, wakeRuns]) wake(false);
    this.#steps.stop();
    this.#inspector.hide();
    this.#stopListening();
  }

  recolor() {
    this.#legend.update();
    this.#stage.recolor();
    this.#inspector.recolor();
  }

  /** @returns {import("./keys.js").ProjectorKeyTarget} */
  #keyTarget() {
    return {
      search: () => {
        this.#showPanel("inspector");
        this.#inspector.focusSearch();
      },
      run: toggleRun,
      fit: () => this.#stage.fit(),
      dims: (dims) => this.#stage.active.setDims(dims),
      mode: (mode) => pointMode.set(pointMode.get() === mode ? "pan" : mode),
      isolate, undo: undoIsolation,
      neighbors: () => {
        this.#showPanel("inspector");
        this.#inspector.neighbours();
      },
      step: this.#steps.move,
      play: this.#steps.toggle,
      clear: () => clearFocus(() => {
        clearSelection();
        emphasis.set(null);
      }),
    };
  }

  /** Asks for files. @param {string} [of] the opened file that they hold labels of */
  #ask(of = "") {
    this.#labelsOf = of;
    this.#file.click();
  }

  /** @param {"method" | "inspector"} which */
  #togglePanel(which) {
    const atom = which === "method" ? methodShown : inspectorShown;
    if (this.#narrow.matches) this.#drawer = this.#drawer === which ? "" : which;
    else if (this.#tight.matches) this.#showAlone(which, !atom.get() || (which === "method" && inspectorShown.get()));
    else atom.set(!atom.get());
    this.soon();
  }

  /** @param {"method" | "inspector"} which */
  #showPanel(which) {
    if (this.#narrow.matches) this.#drawer = which;
    else if (this.#tight.matches) this.#showAlone(which, true);
    else (which === "method" ? methodShown : inspectorShown).set(true);
    this.#arrange(); // what is focused next is in sight
  }

  /** Where there is no room for both panels. @param {"method" | "inspector"} which @param {boolean} on */
  #showAlone(which, on) {
    methodShown.set(which === "method" && on);
    inspectorShown.set(which === "inspector" && on);
  }

  #arrange() {
    if (store.page.get() !== "projector") return;
    const message = projectorMessage(() => this.#ask());
    this.#notice.replaceChildren(...(message ? [message] : []));
    this.#body.hidden = message !== null || shownRef.get() === null;
    const narrow = this.#narrow.matches;
    this.#method.hidden = narrow ? this.#drawer !== "method" : !methodShown.get();
    this.#points.hidden = narrow ? this.#drawer !== "inspector" : !inspectorShown.get();
    this.#toolbar.press({ method: !this.#method.hidden, inspector: !this.#points.hidden });
    if (message || pointViews.get().every(isSettled)) requestAnimationFrame(() => store.page.get() === "projector" && (document.documentElement.dataset.drawn = "true"));
    else delete document.documentElement.dataset.drawn;
  }
}

/** Whether a view shows what it will show as long as nobody does anything. @param {import("../../lib/point-views.js").ViewSetting} view */
function isSettled({ id }) {
  const state = runOf(id)?.state.get();
  if (!shownEmbedding.get() || !state) return false;
  if (state.phase === "idle" || state.phase === "failed") return true;
  return layoutNow(id) !== null && state.phase !== "waiting";
}

/** @param {string} className @param {string} title @param {HTMLElement} content @param {() => void} onClose */
function panel(className, title, content, onClose) {
  return h("aside", { className, "aria-label": title }, h("div", { className: "panel-head" }, h("h2", {}, title), iconButton("close", `Close ${title.toLowerCase()}`, onClose)), content);
}
