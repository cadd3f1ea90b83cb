/** The point that is looked at, and the list of those that are selected. */

import { oncePerTask } from "../../../lib/atom.js";
import { selection, selectRows } from "../../../state/projector-points.js";
import { shownEmbedding } from "../../../state/projector-shown.js";
import { h, iconButton } from "../../../ui/dom.js";
import { pointDetails } from "./point-details.js";
import { PointList } from "./point-list.js";

/** @param {{onFit: (rows: Uint32Array) => void, onNeighbors: () => void}} events */
export function pointsPanel({ onFit, onNeighbors }) {
  const list = new PointList({
    label: "Selected points", onOpen: (row) => onFit(Uint32Array.of(row)),
    more: (place) => {
      const row = selection.get()[place];
      return [h("small", {}, String(row)), iconButton("close", "Take it out of the selection", (event) => (event.stopPropagation(), selectRows(Uint32Array.of(row), "remove")), { tabIndex: -1 })];
    },
  });
  const hint = h("p", { className: "quiet" }, "Select points with Shift and drag, with the box (b) or the lasso (l), or by a search.");
  const update = oncePerTask(() => {
    list.update(selection.get());
    hint.hidden = selection.get().length > 0;
  });
  for (const atom of [selection, shownEmbedding]) atom.subscribe(update);
  list.element.addEventListener("keydown", (event) => {
    if (event.key !== "Delete" || list.active < 0) return;
    event.preventDefault();
    selectRows(Uint32Array.of(selection.get()[list.active]), "remove");
  });
  update();
  return h("div", { className: "inspector-panel points-panel" }, pointDetails({ onFit, onNeighbors, isOverList: () => list.element.matches(":hover") }), h("section", { className: "selected-points", "aria-label": "Selected" }, hint, list.element));
}
