/** The page "Graph": the tree of modules, the picture, and what there is to know of the selected box. */

import { oncePerTask } from "../../lib/atom.js";
import { encodeGraph } from "../../lib/graph-choice.js";
import { endFirstPicture, keepRoom } from "../../state/first-picture.js";
import { graphs, graphsProblem, wakeGraphs } from "../../state/graph-catalog.js";
import { openFiles, opening, openingProblem } from "../../state/graph-files.js";
import { closeAll, openOneLevel, sceneProblem, shownScene, wakeScene } from "../../state/graph-scene.js";
import { graphColor, selectedBox, treeShown, treeWidth } from "../../state/graph-settings.js";
import { offeredGraphs, shownGraph } from "../../state/graph-shown.js";
import { clearTrace, pathStart, startTrace, trace } from "../../state/graph-trace.js";
import { graphValues, valuesProblem } from "../../state/graph-values.js";
import { drawnVersion } from "../../state/listed-runs.js";
import * as store from "../../state/store.js";
import { h, iconButton } from "../../ui/dom.js";
import { edgeGrip } from "../../ui/edge-grip.js";
import { listenToDrops } from "../../ui/file-drop.js";
import { notice } from "../../ui/notice.js";
import { clearFocus } from "../scalar-keys.js";
import { compareBar, toggleCompare } from "./compare-bar.js";
import { breadcrumb } from "./crumbs.js";
import { boxDetails } from "./details.js";
import { exportMenu } from "./export-menu.js";
import { GRAPH_KEY_HELP, listenToGraphKeys } from "./keys.js";
import { graphLegend } from "./legend.js";
import { graphFoot } from "./notes.js";
import { GraphStage } from "./stage.js";
import { messageOf } from "./told.js";
import { graphToolbar } from "./toolbar.js";
import { ModuleTree } from "./tree.js";

export const graph = {
  id: "graph",
  title: "Graph",
  /** @param {HTMLElement} root @param {import("../page-deck.js").PageContext} context @returns {import("../page-deck.js").MountedPage} */
  mount(root, context) {
    return new GraphPage(root, context);
  },
};

class GraphPage {
  #stage = new GraphStage();
  #legend = graphLegend();
  #notice = h("div", { className: "page-notice" });
  #told = notice();
  #file = h("input", { type: "file", multiple: true, hidden: true, "aria-label": "Graph file", tabIndex: -1, accept: ".onnx,.pt2,.pb,.pbtxt,.meta,.json,.keras,.h5,.hdf5,.xml,.csv,.tsv,.txt" });
  #narrow = matchMedia("(max-width: 720px)");
  #drawer = false; // whether the tree lies over the picture of a phone
  #toolbar = graphToolbar({
    onTree: () => this.#toggleTree(),
    onExport: (button) => exportMenu(button, (format, part) => this.#stage.picture(format, part), this.#told.show),
    onOpenFile: () => this.#file.click(),
    onCompare: toggleCompare,
  });
  #tree = h("aside", { className: "graph-tree", "aria-label": "Tree of modules" },
    h("div", { className: "panel-head" }, h("h2", {}, "Modules"), iconButton("close", "Close the tree", () => this.#toggleTree())), new ModuleTree().element, edgeGrip("Width of the tree", { least: 200, most: 720 }, treeWidth));
  #body = h("div", { className: "graph-body" }, this.#tree,
    h("section", { className: "graph-middle", "aria-label": "Picture" }, breadcrumb(), this.#stage.element, this.#legend.element, graphFoot()), boxDetails());
  #stopListening;
  #target;
  keys = GRAPH_KEY_HELP;
  soon = oncePerTask(() => this.#arrange());

  /** @param {HTMLElement} root @param {import("../page-deck.js").PageContext} context */
  constructor(root, { focusRunFilter }) {
    root.append(this.#toolbar.element, compareBar(), this.#notice, this.#body, this.#told.element, this.#file);
    this.#target = this.#keyTarget(focusRunFilter);
    this.#stopListening = listenToGraphKeys(this.#target);
    listenToDrops(root, (files) => void openFiles(files));
    this.#file.addEventListener("change", () => {
      if (this.#file.files) void openFiles(this.#file.files);
      this.#file.value = ""; // the same file may be chosen again
    });
    this.#watch();
    addEventListener("pagehide", () => keepRoom(this.#stage.element));
    wakeGraphs(true);
    wakeScene(true);
    this.soon();
  }

  #watch() {
    for (const atom of [graphs, graphsProblem, offeredGraphs, shownGraph, shownScene, sceneProblem, graphValues, valuesProblem, store.complete, drawnVersion, treeShown, treeWidth]) atom.subscribe(this.soon);
    store.status.subscribe(this.soon);
    this.#narrow.addEventListener("change", this.soon);
    selectedBox.subscribe((id) => {
      if (id) this.#drawer = false; // what was picked in it is to be seen
      this.soon();
    });
    for (const atom of [opening, openingProblem]) atom.subscribe(() => this.#told.show(openingProblem.get() || (opening.get() && `Opening ${opening.get()} …`)));
  }

  /** @param {() => void} focusRunFilter @returns {import("./keys.js").GraphKeyTarget} */
  #keyTarget(focusRunFilter) {
    return {
      search: () => this.#toolbar.focusSearch(),
      focusRunFilter,
      expand: openOneLevel,
      collapse: closeAll,
      trace: (direction) => selectedBox.get() && void startTrace({ question: "trace", id: selectedBox.get(), direction }),
      clear: () => clearFocus(() => (trace.get() || pathStart.get() ? clearTrace() : selectedBox.set(""))),
    };
  }

  #toggleTree() {
    if (this.#narrow.matches) {
      this.#drawer = !this.#drawer;
      this.soon();
    } else treeShown.set(!treeShown.get());
  }

  show() {
    wakeGraphs(true);
    wakeScene(true);
    this.#stopListening = listenToGraphKeys(this.#target);
    this.soon();
  }

  hide() {
    wakeGraphs(false);
    wakeScene(false);
    this.#stopListening();
  }

  recolor() {
    this.#legend.update();
    this.#stage.soon();
  }

  #arrange() {
    if (store.page.get() !== "graph") return;
    const message = messageOf(() => this.#file.click());
    this.#notice.replaceChildren(...(message ? [message] : []));
    this.#body.hidden = message !== null;
    const tree = this.#narrow.matches ? this.#drawer : treeShown.get();
    this.#tree.hidden = !tree;
    this.#toolbar.showTree(tree);
    this.#body.style.setProperty("--tree", `${treeWidth.get()}px`);
    const shown = shownScene.get();
    const fits = shown !== null && encodeGraph(shown.graph) === encodeGraph(shownGraph.get());
    const colored = graphColor.get() === "none" || valuesProblem.get() !== "" || graphValues.get()?.of === shown;
    const drawn = message !== null || sceneProblem.get() !== "" || (fits && colored);
    if (drawn) requestAnimationFrame(() => this.#drawn());
    else delete document.documentElement.dataset.drawn;
  }

  #drawn() {
    if (store.page.get() !== "graph") return;
    document.documentElement.dataset.drawn = "true";
    endFirstPicture();
  }
}
