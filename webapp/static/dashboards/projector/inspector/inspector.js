/** The right-hand panel of the Projector page: what is searched, selected, near, filtered, clustered and kept of the points. */

import { Atom, oncePerTask } from "../../../lib/atom.js";
import { formatCompact } from "../../../lib/format.js";
import { clusters } from "../../../state/projector-clusters.js";
import { neighborsOf, wakeNeighbors } from "../../../state/projector-neighbors.js";
import { emphasis, selection } from "../../../state/projector-points.js";
import { filters } from "../../../state/projector-settings.js";
import { h } from "../../../ui/dom.js";
import { tabs } from "../../../ui/tabs.js";
import { clustersPanel } from "./clusters-panel.js";
import { filtersPanel } from "./filters-panel.js";
import { neighborsPanel } from "./neighbors-panel.js";
import { pointsPanel } from "./points-panel.js";
import { savedPanel } from "./saved-panel.js";
import { pointSearchBox } from "./search-box.js";
import { selectionBar } from "./selection-bar.js";
import { selectionMenu } from "./selection-menu.js";

/** Which of its panels is in sight. */
const openTab = new Atom("points");

/**
 * @param {{onFit: (rows: Uint32Array) => void}} events `onFit` brings points into sight
 * @param {readonly string[]} [parts] ids of the tabs that are of use where this is shown; all
 */
export function inspector({ onFit }, parts = ["points", "neighbors", "filters", "clusters", "saved"]) {
  const onOpen = (/** @type {number} */ row) => onFit(Uint32Array.of(row));
  const search = pointSearchBox(onOpen);
  const filtering = filtersPanel();
  const told = h("p", { className: "inspector-told bad", role: "alert", hidden: true });
  const tell = (/** @type {string} */ text) => {
    told.textContent = text;
    told.hidden = text === "";
  };
  const neighbours = () => {
    neighborsOf.set(emphasis.get() === null || selection.get().length > 1 ? "selection" : "point");
    openTab.set("neighbors");
  };
  const panels = tabs("Of the points", [
    { id: "points", title: "Points", panel: pointsPanel({ onFit, onNeighbors: () => (neighborsOf.set("point"), openTab.set("neighbors")) }) },
    { id: "neighbors", title: "Neighbours", panel: neighborsPanel(onOpen) },
    { id: "filters", title: "Filters", panel: filtering.element },
    { id: "clusters", title: "Clusters", panel: clustersPanel({ onFit }) },
    { id: "saved", title: "Saved", panel: savedPanel(tell) },
  ].filter(({ id }) => parts.includes(id)), openTab);
  const element = h("div", { className: "inspector" }, search.element, selectionBar({ onFit, onMenu: (button) => selectionMenu(button, tell, parts.includes("saved")) }), told, panels.element);
  const mark = oncePerTask(() => {
    panels.mark("filters", filters.get().size ? String(filters.get().size) : "");
    if (parts.includes("clusters")) panels.mark("clusters", clusters.get() ? formatCompact(clusters.get()?.clusters.length ?? 0) : "");
  });
  for (const atom of [filters, clusters]) atom.subscribe(mark);
  let awake = true;
  const wake = () => wakeNeighbors(awake && openTab.get() === "neighbors");
  openTab.subscribe(wake);
  mark();
  return {
    element,
    focusSearch: search.focus,
    /** Shows the neighbours of the selected points. */
    neighbours,
    recolor: filtering.recolor,
    show: () => ((awake = true), wake()),
    hide: () => ((awake = false), wake()),
  };
}
