/** How many points are selected and isolated, and what is done with them. */

import { oncePerTask } from "../../../lib/atom.js";
import { formatCount, plural } from "../../../lib/format.js";
import { isolated, selection, visibleCount, visibleMask } from "../../../state/projector-points.js";
import { clearSelection, invertSelection, isolate, isolationPast, pointCount, showAllPoints, undoIsolation } from "../../../state/projector-selection.js";
import { clearFilters } from "../../../state/projector-filters.js";
import { filters } from "../../../state/projector-settings.js";
import { shownEmbedding } from "../../../state/projector-shown.js";
import { h, iconButton } from "../../../ui/dom.js";

/** @param {{onFit: (rows: Uint32Array) => void, onMenu: (button: HTMLElement) => void}} events */
export function selectionBar({ onFit, onMenu }) {
  const count = h("span", { className: "grow", role: "status" });
  const menu = iconButton("more", "More to do with the selection", () => onMenu(menu));
  const only = h("button", { type: "button", title: "Leave only the selected points in sight (i)", onclick: () => isolate() }, "Isolate");
  const fit = iconButton("fit", "Bring the selected points into sight", () => onFit(selection.get()));
  const clear = iconButton("close", "Clear the selection (Esc)", clearSelection);
  const invert = iconButton("swap", "Invert the selection among the points in sight", invertSelection);
  const sight = h("span", { className: "grow quiet", role: "status" });
  const undo = iconButton("undo", "Undo the last isolation (u)", undoIsolation);
  const all = h("button", { type: "button", className: "link", onclick: () => (clearFilters(), showAllPoints()) }, "Show all");
  const second = h("div", { className: "selection-row" }, sight, undo, all);
  const element = h("div", { className: "selection-bar", role: "group", "aria-label": "Selection" }, h("div", { className: "selection-row" }, count, only, fit, invert, clear, menu), second);
  const update = oncePerTask(() => {
    const [selected, points, visible] = [selection.get().length, pointCount(), visibleCount()];
    count.replaceChildren(h("b", {}, formatCount(selected)), " selected");
    for (const button of [only, fit, clear]) button.disabled = selected === 0;
    invert.disabled = points === 0;
    const narrowed = visibleMask.get() !== null;
    second.hidden = !narrowed && isolationPast.get().length === 0;
    sight.textContent = narrowed ? `${formatCount(visible)} of ${plural(points, "point")} in sight` : "All points in sight";
    undo.disabled = isolationPast.get().length === 0;
    all.hidden = isolated.get() === null && filters.get().size === 0;
  });
  for (const atom of [selection, isolated, isolationPast, visibleMask, shownEmbedding, filters]) atom.subscribe(update);
  update();
  return element;
}
