/** All that is known of the point that was picked, or is pointed at: its picture and every cell of its row. */

import { oncePerFrame } from "../../../lib/atom.js";
import { formatCount, formatValue } from "../../../lib/format.js";
import { placeOf } from "../../../lib/row-sets.js";
import { emphasis, hovered, selection, selectRows } from "../../../state/projector-points.js";
import { cellsOf, pointName, rowsProblem, rowsVersion } from "../../../state/projector-rows.js";
import { shownEmbedding } from "../../../state/projector-shown.js";
import { setFilter } from "../../../state/projector-filters.js";
import { valuesBrush } from "../../../lib/brush.js";
import { h, iconButton } from "../../../ui/dom.js";
import { showThumbnail, thumbnail } from "./point-list.js";

const PICTURE = 192; // pixels asked for
const LONG = 400; // characters of a cell that are shown at once

/** @param {{onFit: (rows: Uint32Array) => void, onNeighbors: () => void, isOverList: () => boolean}} events `isOverList`: the pointer is in the list below, which would move away from under it */
export function pointDetails({ onFit, onNeighbors, isOverList }) {
  const picture = thumbnail();
  picture.className = "point-picture";
  const name = h("h3", {});
  const where = h("small", { className: "quiet" });
  const cells = h("dl", { className: "details-facts point-cells" });
  const hint = h("p", { className: "quiet" }, "Point at a point to see what it is, click one to keep it here.");
  const select = h("button", { type: "button" });
  const actions = h("div", { className: "trace-buttons" }, select,
    h("button", { type: "button", title: "The nearest points in the original space (n)", onclick: onNeighbors }, "Neighbours"),
    iconButton("fit", "Bring the point into sight", () => withRow((row) => onFit(Uint32Array.of(row)))),
    iconButton("close", "Forget the point", () => emphasis.set(null)));
  const head = h("div", { className: "point-head" }, picture, h("div", {}, name, where, actions));
  const element = h("section", { className: "point-details", "aria-label": "Point" }, hint, head, cells);
  select.onclick = () => withRow((row) => selectRows(Uint32Array.of(row), placeOf(selection.get(), row) < 0 ? "add" : "remove"));
  const update = oncePerFrame(() => {
    const row = emphasis.get() ?? (isOverList() ? null : hovered.get());
    hint.hidden = row !== null;
    head.hidden = cells.hidden = row === null;
    if (row === null) return;
    const known = cellsOf(row);
    picture.hidden = !showThumbnail(picture, row, PICTURE);
    name.replaceChildren(h("bdi", {}, pointName(row)));
    where.textContent = `row ${formatCount(row)}${emphasis.get() === null ? ", pointed at" : ""}`;
    actions.hidden = emphasis.get() === null;
    select.textContent = placeOf(selection.get(), row) < 0 ? "Select" : "Deselect";
    if (known) cells.replaceChildren(...Object.entries(known).flatMap(([column, value]) => [h("dt", {}, h("bdi", {}, column)), h("dd", {}, ...cellParts(column, value))]));
    else cells.replaceChildren(h("dt", { className: rowsProblem.get() ? "bad" : "quiet" }, rowsProblem.get() || "Reading …"));
  });
  for (const atom of [emphasis, hovered, rowsVersion, selection, shownEmbedding]) atom.subscribe(update);
  update();
  return element;
}

/** @param {(row: number) => void} act */
function withRow(act) {
  const row = emphasis.get();
  if (row !== null) act(row);
}

/** A cell, and the way to all points that say the same. @param {string} column @param {string | number | null} value @returns {import("../../../ui/dom.js").Child[]} */
function cellParts(column, value) {
  if (value === null || value === "") return [h("span", { className: "quiet" }, "–")];
  const text = typeof value === "number" ? formatValue(value, 6) : value;
  if (text.length > LONG) return [h("details", {}, h("summary", {}, `${text.slice(0, LONG)} …`), text)];
  const kind = shownEmbedding.get()?.info.columns.find(({ name }) => name === column)?.kind;
  const words = h("bdi", {}, text);
  if (kind !== "category") return [words];
  return [h("button", { type: "button", className: "link", title: `Only points with ${column} = ${text}`, onclick: () => setFilter(column, valuesBrush([String(value)])) }, words)];
}
