/** The nearest points of a point or of the selection's centroid, and how many of them the picture shows near. */

import { Atom, oncePerTask } from "../../../lib/atom.js";
import { formatCount, formatValue, plural } from "../../../lib/format.js";
import { barShare, partOf } from "../../../lib/neighbor-sets.js";
import { rowSet } from "../../../lib/row-sets.js";
import { foundNeighbors, METRICS, MOST_NEIGHBORS, neighborsComing, neighborsOf, neighborsProblem, neighborsWithin, neighborTarget, retryNeighbors } from "../../../state/projector-neighbors.js";
import { emphasis, isolated, selection, selectRows } from "../../../state/projector-points.js";
import { neighborCount, neighborMetric } from "../../../state/projector-settings.js";
import { isolate } from "../../../state/projector-selection.js";
import { pointName, rowsVersion } from "../../../state/projector-rows.js";
import { bind, dropDown, segmented, slider, toggle } from "../../../ui/controls.js";
import { h } from "../../../ui/dom.js";
import { showMessage } from "../../../ui/message.js";
import { PointList } from "./point-list.js";

/** @typedef {import("../../../lib/neighbor-sets.js").NeighborPart} NeighborPart */

const METRIC_TITLES = new Map(METRICS);
/** Which of them are listed. */
const listed = new Atom(/** @type {NeighborPart} */ ("all"));

/** @param {(row: number) => void} onOpen brings a point into sight */
export function neighborsPanel(onOpen) {
  const title = h("p", { className: "neighbors-title" });
  const problem = h("div", { className: "panel-problem", hidden: true });
  const shares = shareBar();
  const told = h("p", { className: "quiet", role: "status" });
  /** @type {import("../../../lib/neighbor-sets.js").Neighbor[]} */
  let shown = [];
  let most = 0;
  const list = new PointList({ label: "Neighbours", onOpen, more: (place) => distanceBar(shown[place], most) });
  const use = (/** @type {(rows: Uint32Array) => void} */ act) => () => act(rowSet([...(foundNeighbors.get()?.of ?? []), ...shown.map(({ row }) => row)]));
  const actions = h("div", { className: "trace-buttons" },
    h("button", { type: "button", title: "Select these points and what they are the neighbours of", onclick: use((rows) => selectRows(rows)) }, "Select"),
    h("button", { type: "button", title: "Leave only these points in sight", onclick: use(isolate) }, "Isolate"));
  const update = oncePerTask(() => {
    const found = foundNeighbors.get();
    const target = neighborTarget();
    title.replaceChildren(...titleParts(target));
    showMessage(problem, neighborsProblem.get() || null, retryNeighbors);
    shown = found ? partOf(found.neighbors, found.compared ? listed.get() : "all") : [];
    most = (found?.neighbors ?? []).reduce((top, { distance }) => (distance > top ? distance : top), 0);
    told.textContent = found ? toldOf(found) : neighborsComing.get() ? "Searching …" : "";
    told.hidden = told.textContent === "";
    shares.update(found);
    actions.hidden = shown.length === 0;
    list.update(shown.map(({ row }) => row));
  });
  for (const atom of [foundNeighbors, neighborsProblem, neighborsComing, neighborsOf, emphasis, selection, listed, rowsVersion]) atom.subscribe(update);
  update();
  return h("div", { className: "inspector-panel neighbors-panel" }, controls(), title, problem, shares.element, told, actions, list.element);
}

/** @param {import("../../../state/projector-neighbors.js").FoundNeighbors} found */
function toldOf({ neighbors, notes }) {
  return [...(neighbors.length ? [] : ["There is no other point."]), ...notes].join(" ");
}

function controls() {
  const of = segmented("Neighbours of", [["point", "Point", "Of the point that is looked at"], ["selection", "Centroid", "Of the mean of the selected points' vectors"]]);
  bind(of, neighborsOf);
  const metric = dropDown("Metric", METRICS);
  bind(metric, neighborMetric);
  const count = slider("Neighbours", { min: 1, max: 200, step: 1, boxMax: MOST_NEIGHBORS, digits: 0 });
  bind(count, neighborCount, (value) => neighborCount.set(Math.round(value)));
  const within = toggle("Isolated only", "Only among the isolated points");
  bind(within, neighborsWithin);
  const show = () => (within.hidden = isolated.get() === null);
  isolated.subscribe(show);
  show();
  return h("div", { className: "neighbors-controls" }, h("div", { className: "row" }, of, metric), h("div", { className: "row" }, count, within));
}

/** @param {Uint32Array} target @returns {(Node | string)[]} */
function titleParts(target) {
  const metric = METRIC_TITLES.get(neighborMetric.get()) ?? neighborMetric.get();
  if (target.length === 0) return [h("span", { className: "quiet" }, neighborsOf.get() === "point" ? "Pick a point, in the picture or in a list." : "Select points first.")];
  if (neighborsOf.get() === "point") return ["Nearest to ", h("b", {}, h("bdi", {}, pointName(target[0]))), h("span", { className: "quiet" }, ` · ${metric.toLowerCase()}`)];
  return [`Nearest to the centroid of ${plural(target.length, "point")}`, h("span", { className: "quiet" }, ` · ${metric.toLowerCase()}`)];
}

/** How many neighbours the picture shares with the original space, as a bar whose parts choose what is listed. */
function shareBar() {
  const parts = /** @type {[NeighborPart, string, string][]} */ ([
    ["all", "All", "The nearest points in the original space"],
    ["shared", "Both", "Near in the original space and in the picture"],
    ["original", "Only there", "Near in the original space, far in the picture"],
    ["here", "Only here", "Near in the picture, far in the original space"],
  ]);
  const buttons = parts.map(([part, text, hint]) => h("button", { type: "button", className: "share-part", title: hint, onclick: () => listed.set(part) }, h("b", {}), h("span", {}, text)));
  const words = h("p", { className: "quiet" });
  const meter = h("div", { className: "share-meter", role: "img" }, h("i", {}));
  const element = h("section", { className: "share", "aria-label": "Here and in the original space" }, words, meter, h("div", { className: "share-parts", role: "group", "aria-label": "Which neighbours" }, ...buttons));
  const update = (/** @type {import("../../../state/projector-neighbors.js").FoundNeighbors | null} */ found) => {
    element.hidden = !found?.compared || found.neighbors.length === 0;
    if (element.hidden || !found) return;
    const [all, shared] = [partOf(found.neighbors, "all").length, partOf(found.neighbors, "shared").length];
    const share = all ? Math.round((100 * shared) / all) : 0;
    words.textContent = `The picture keeps ${formatCount(shared)} of ${plural(all, "neighbour")} (${share} %).`;
    meter.setAttribute("aria-label", `${share} % shared`);
    /** @type {HTMLElement} */ (meter.firstElementChild).style.width = `${share}%`;
    buttons.forEach((button, place) => {
      /** @type {HTMLElement} */ (button.firstElementChild).textContent = formatCount(partOf(found.neighbors, parts[place][0]).length);
      button.setAttribute("aria-pressed", String(parts[place][0] === listed.get()));
    });
  };
  return { element, update };
}

/** @param {import("../../../lib/neighbor-sets.js").Neighbor | undefined} neighbor @param {number} most */
function distanceBar(neighbor, most) {
  if (!neighbor) return [];
  const bar = h("i", {});
  bar.style.width = `${100 * barShare(neighbor.distance, most)}%`;
  const mark = neighbor.here ? h("span", { className: "here-mark", title: "Near in the picture, too", role: "img", "aria-label": "near in the picture" }) : h("span", { className: "here-mark none" });
  return [mark, h("span", { className: "distance-bar", "aria-hidden": "true" }, bar), h("small", { className: "distance" }, Number.isNaN(neighbor.distance) ? "far" : formatValue(neighbor.distance, 3))];
}
