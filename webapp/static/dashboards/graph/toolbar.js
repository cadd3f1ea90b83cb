/** The bar above the graph: which one, what is sought in it, how it is coloured and folded, and what is done with it. */

import { isPair } from "../../lib/graph-choice.js";
import { plural } from "../../lib/format.js";
import { graphs } from "../../state/graph-catalog.js";
import { closeAll, openOneLevel, openToDepth, shownScene } from "../../state/graph-scene.js";
import { chooseGraph, foldRepeats, unfoldedIds } from "../../state/graph-settings.js";
import { offeredGraphs, shownGraph } from "../../state/graph-shown.js";
import { bind, toggle } from "../../ui/controls.js";
import { h, icon, iconButton } from "../../ui/dom.js";
import { openMenu } from "../../ui/menu.js";
import { colorPicker } from "./color-picker.js";
import { graphSelect } from "./graph-select.js";
import { graphSearch } from "./search-box.js";

/** @typedef {import("../../lib/graph-choice.js").OneGraph} OneGraph */

const DEPTHS = 6; // levels offered one by one

/** @param {{onTree: () => void, onExport: (button: HTMLElement) => void, onOpenFile: () => void, onCompare: () => void}} events */
export function graphToolbar({ onTree, onExport, onOpenFile, onCompare }) {
  const search = graphSearch();
  const select = graphSelect("", () => single(shownGraph.get()), chooseGraph);
  const tree = iconButton("list", "Tree of modules", onTree);
  const fold = toggle("Fold", "Blocks that are alike are drawn as one box");
  fold.append(wide(" repeats"));
  bind(fold, foldRepeats, (on) => {
    unfoldedIds.set(new Set());
    foldRepeats.set(on);
  });
  const depth = h("button", { type: "button", className: "with-icon", title: "How far groups are open", onclick: () => openMenu(depth, depthEntries()) }, "Depth", icon("fold"));
  const compare = h("button", { type: "button", title: "Compare with another graph", onclick: onCompare }, "Compare");
  const save = iconButton("download", "Export", () => onExport(save));
  const needGraph = [search.element, fold, depth, compare, save];
  const element = h("div", { className: "bar graph-bar", role: "toolbar", "aria-label": "Graph" }, tree, select.element, search.element, colorPicker(), depth, fold,
    h("span", { className: "bar-end" }, compare, save, h("button", { type: "button", title: "Open a graph file, or a table of module path and number", onclick: onOpenFile }, "Open", wide(" file"))));
  const update = () => {
    const graph = shownGraph.get();
    const compared = graph !== null && isPair(graph);
    select.element.hidden = compared || (!graph && !graphs.get()?.files.length);
    for (const control of needGraph) control.toggleAttribute("inert", !graph);
    compare.setAttribute("aria-pressed", String(compared));
    compare.classList.add("toggle");
    if (!compared) select.update();
  };
  for (const atom of [graphs, offeredGraphs, shownGraph]) atom.subscribe(update);
  update();
  return { element, focusSearch: search.focus, showTree: (/** @type {boolean} */ on) => tree.setAttribute("aria-pressed", String(on)) };
}

/** What there is no room for on a phone. @param {string} text */
const wide = (text) => h("span", { className: "wide-only" }, text);

/** @param {import("../../lib/graph-choice.js").GraphChoice | null} graph @returns {OneGraph | null} */
const single = (graph) => (graph && !isPair(graph) ? graph : null);

/** @returns {import("../../ui/menu.js").MenuEntry[]} */
function depthEntries() {
  const deepest = shownScene.get()?.scene.graph.depth ?? 1;
  const levels = Array.from({ length: Math.min(DEPTHS, deepest) }, (_, index) => index + 1);
  return [
    { label: "Close all (c)", act: closeAll },
    { label: "One level more (e)", act: openOneLevel },
    ...levels.filter((level) => level < deepest).map((level) => ({ label: `Open ${plural(level, "level")}`, act: () => openToDepth(level) })),
    { label: "Open everything", act: () => openToDepth(deepest) },
  ];
}
