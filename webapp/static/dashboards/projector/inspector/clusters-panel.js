/** Clusters of the layout in front, named by the words that set them apart. */

import { oncePerTask } from "../../../lib/atom.js";
import { formatCount, plural } from "../../../lib/format.js";
import { canFindClusters, clusters, clustersComing, clustersProblem, findClusters, forgetClusters, leastCluster, rowsOfCluster, termColumns } from "../../../state/projector-clusters.js";
import { runsVersion } from "../../../state/projector-jobs.js";
import { selectRows } from "../../../state/projector-points.js";
import { pointCount } from "../../../state/projector-selection.js";
import { colorBy, drawnExtras } from "../../../state/projector-settings.js";
import { shownEmbedding } from "../../../state/projector-shown.js";
import { toggled } from "../../../state/store.js";
import { bind, toggle } from "../../../ui/controls.js";
import { h } from "../../../ui/dom.js";
import { showMessage } from "../../../ui/message.js";
import { VirtualList } from "../../../ui/virtual-list.js";

/** @typedef {import("../../../state/projector-clusters.js").Cluster} Cluster */

const ROW = 36; // pixels

/** @param {{onFit: (rows: Uint32Array) => void}} events */
export function clustersPanel({ onFit }) {
  const find = h("button", { type: "button", className: "primary", onclick: async () => {
    await findClusters();
    if (clusters.get()) drawnExtras.set(new Set([...drawnExtras.get(), "names"])); // they are seen where they lie
  } }, "Find clusters");
  const forget = h("button", { type: "button", onclick: forgetClusters }, "Remove");
  const told = h("p", { className: "quiet", role: "status" });
  const problem = h("div", { className: "panel-problem", hidden: true });
  const list = new VirtualList({ label: "Clusters", rowHeight: ROW, fill, onActive: () => {}, onOpen: (place) => onFit(rowsAt(place)) });
  list.element.classList.add("cluster-list");
  list.element.addEventListener("click", (event) => {
    if (!(event.target instanceof Element) || !event.target.closest(".list-row")) return;
    const how = /** @type {MouseEvent} */ (event).shiftKey ? "add" : "replace";
    selectRows(rowsAt(list.active), how);
  });
  list.element.addEventListener("keydown", (event) => event.key === "Enter" && selectRows(rowsAt(list.active)), { capture: true });
  const rest = h("div", { className: "trace-buttons" },
    ...looks(),
    h("button", { type: "button", title: "Select the points that are in no cluster", onclick: () => selectRows(rowsOfCluster(-1)) }, "Select the rest"));
  const update = oncePerTask(() => {
    const found = clusters.get();
    find.disabled = !canFindClusters() || clustersComing.get() !== "";
    forget.hidden = !found && clustersComing.get() === "";
    showMessage(problem, clustersProblem.get() || null);
    told.textContent = clustersComing.get() || (found ? summary(found) : canFindClusters() ? "Dense groups of points in the picture get names from their metadata." : "There is no layout yet.");
    rest.hidden = list.element.hidden = !found?.clusters.length;
    list.update(found?.clusters.length ?? 0, { anew: true });
  });
  for (const atom of [clusters, clustersProblem, clustersComing, runsVersion, shownEmbedding]) atom.subscribe(update);
  update();
  return h("div", { className: "inspector-panel clusters-panel" }, h("div", { className: "row" }, find, forget), controls(), problem, told, rest, list.element);
}

/** @param {number} place @returns {Uint32Array} */
function rowsAt(place) {
  const cluster = clusters.get()?.clusters[place];
  return cluster ? rowsOfCluster(cluster.label) : new Uint32Array(0);
}

/** Names and colours of clusters in the picture. */
function looks() {
  const names = toggle("Names", "Names of clusters in the picture");
  bind(names, { get: () => drawnExtras.get().has("names"), set: () => {}, subscribe: (listener) => drawnExtras.subscribe((drawn) => listener(drawn.has("names"))) }, () => drawnExtras.set(toggled(drawnExtras.get(), "names")));
  const colors = toggle("Colours", "A colour for each cluster");
  bind(colors, { get: () => colorBy.get() === "cluster", set: () => {}, subscribe: (listener) => colorBy.subscribe((by) => listener(by === "cluster")) }, (on) => colorBy.set(on ? "cluster" : ""));
  return [names, colors];
}

/** @param {import("../../../state/projector-clusters.js").FoundClusters} found */
function summary({ clusters: list, notes }) {
  const inside = list.reduce((sum, { size }) => sum + size, 0);
  return [`${plural(list.length, "cluster")}; ${formatCount(pointCount() - inside)} of ${plural(pointCount(), "point")} in none.`, ...notes].join(" ");
}

/** @param {HTMLElement} row @param {number} place */
function fill(row, place) {
  const cluster = /** @type {Cluster} */ (clusters.get()?.clusters[place]);
  row.classList.add("cluster-row");
  row.title = "Click to select, with Shift to add; Enter selects, a double click brings it into sight";
  row.replaceChildren(h("bdi", {}, cluster.terms.join(", ") || `Cluster ${cluster.label + 1}`), h("small", {}, plural(cluster.size, "point")));
}

function controls() {
  const least = h("input", { type: "text", inputMode: "numeric", className: "number", "aria-label": "Least size of a cluster", placeholder: "auto" });
  least.addEventListener("change", () => {
    const value = Math.round(Number(least.value));
    leastCluster.set(value >= 2 ? value : 0);
    least.value = leastCluster.get() ? String(leastCluster.get()) : "";
  });
  const words = h("select", { "aria-label": "Names from" });
  const show = () => {
    const texts = shownEmbedding.get()?.info.columns.filter(({ kind }) => kind !== "number") ?? [];
    words.replaceChildren(h("option", { value: "" }, "all texts"), ...texts.map(({ name }) => h("option", { value: name }, name)));
    const chosen = termColumns.get()?.[0] ?? "";
    words.value = texts.some(({ name }) => name === chosen) ? chosen : "";
    if (words.value !== chosen) termColumns.set(null);
  };
  words.addEventListener("input", () => termColumns.set(words.value ? [words.value] : null));
  for (const atom of [shownEmbedding]) atom.subscribe(show);
  show();
  return h("div", { className: "row" }, h("label", { className: "drop-down" }, h("span", {}, "Least size"), least), h("label", { className: "drop-down" }, h("span", {}, "Names from"), words));
}
