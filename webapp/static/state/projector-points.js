/** What is selected, pointed at, and left out of the picture: the same in all views. Rows count from 0, as in the data. */

import { Atom } from "../lib/atom.js";
import { changedSet, NO_ROWS, rowSet } from "../lib/row-sets.js";
import { chosenRows, loneRows } from "./projector-settings.js";
import { shownEmbedding } from "./projector-shown.js";

/** Rows that are selected, rising. */
export const selection = chosenRows;
/** The row under the pointer, in whichever view or list. */
export const hovered = new Atom(/** @type {number | null} */ (null));
/** The row whose details are shown. */
export const emphasis = new Atom(/** @type {number | null} */ (null));
/** Rows that are shown alone, rising; null: all. */
export const isolated = loneRows;
/** Which rows each filter lets through, by who set it ("legend", "histograms"): 1 where it does. */
export const rowMasks = new Atom(/** @type {ReadonlyMap<string, Uint8Array>} */ (new Map()));
/** Rows that are drawn: 1 where all filters and the isolation let them through; null: all. */
export const visibleMask = new Atom(/** @type {Uint8Array | null} */ (null));

/** @param {string} who @param {Uint8Array | null} mask one number a row; null: everything is let through */
export function setMask(who, mask) {
  const next = new Map(rowMasks.get());
  if (mask) next.set(who, mask);
  else if (!next.delete(who)) return;
  rowMasks.set(next);
}

/** Selects rows: instead of those there are, beside them, or takes them out. @param {Uint32Array} rows @param {"replace" | "add" | "remove"} [how] */
export const selectRows = (rows, how = "replace") => selection.set(changedSet(selection.get(), rowSet(rows), how));

let counted = { mask: /** @type {Uint8Array | null} */ (null), count: 0 };

/** Points that are drawn. @returns {number} */
export function visibleCount() {
  const mask = visibleMask.get();
  if (!mask) return shownEmbedding.get()?.info.points ?? 0;
  if (counted.mask !== mask) {
    let count = 0;
    for (let row = 0; row < mask.length; row += 1) count += mask[row];
    counted = { mask, count };
  }
  return counted.count;
}

function meet() {
  const points = shownEmbedding.get()?.info.points ?? 0;
  const masks = [...rowMasks.get().values()].filter(({ length }) => length === points);
  const alone = isolated.get();
  if (!alone && masks.length < 2) return visibleMask.set(masks[0] ?? null); // as it is: nobody writes into a mask
  const mask = new Uint8Array(points).fill(alone ? 0 : 1);
  for (const row of alone ?? []) mask[row] = 1;
  for (const other of masks) for (let row = 0; row < points; row += 1) mask[row] &= other[row];
  visibleMask.set(mask);
}
rowMasks.subscribe(meet);
isolated.subscribe(meet);

let known = ""; // of which rows all of this is

/** Rows of another matrix are other things, unless it is the same one at another step: as many rows, with the same columns. */
shownEmbedding.subscribe((shown) => {
  if (!shown) return;
  const { points, columns } = shown.info;
  const now = JSON.stringify([points, columns.map(({ name }) => name)]);
  if (now === known) return;
  if (known) { // what came with a link stays
    selection.set(NO_ROWS);
    isolated.set(null);
  }
  known = now;
  hovered.set(null);
  emphasis.set(null);
  rowMasks.set(new Map());
});
