/** What is done with the selected points: inverted, isolated, and brought back. The atoms are in projector-points.js. */

import { Atom } from "../lib/atom.js";
import { common, inverted, NO_ROWS, sameRows } from "../lib/row-sets.js";
import { isolated, selection, visibleMask } from "./projector-points.js";
import { shownEmbedding } from "./projector-shown.js";

/** @typedef {import("../lib/row-sets.js").Rows} Rows */

const MOST_STEPS = 50; // of undo

/** What was isolated before, the last one first: what undo goes back to. */
export const isolationPast = new Atom(/** @type {readonly (Rows | null)[]} */ ([]));

let ours = isolated.get(); // what this module set: another value came with another embedding or a bookmark

/** Points of the embedding in sight. */
export const pointCount = () => shownEmbedding.get()?.info.points ?? 0;

export const clearSelection = () => selection.set(NO_ROWS);

/** Selects what is in sight and is not selected. */
export const invertSelection = () => selection.set(inverted(selection.get(), pointCount(), visibleMask.get()));

/** Leaves only these points in sight. @param {Rows} [rows] the selected ones */
export function isolate(rows = selection.get()) {
  const now = isolated.get();
  if (rows.length > 0) setIsolation(now ? common(now, rows) : rows);
}

export const showAllPoints = () => setIsolation(null);

export function undoIsolation() {
  const [before, ...past] = isolationPast.get();
  if (before === undefined) return;
  put(before, past);
}

/** @param {Rows | null} rows */
export function setIsolation(rows) {
  const now = isolated.get();
  if (now === rows || (now && rows && sameRows(now, rows))) return;
  put(rows, [now, ...isolationPast.get()].slice(0, MOST_STEPS));
}

/** @param {Rows | null} rows @param {readonly (Rows | null)[]} past */
function put(rows, past) {
  ours = rows;
  isolated.set(rows);
  isolationPast.set(past);
}

isolated.subscribe((rows) => {
  if (rows === ours) return;
  ours = rows;
  isolationPast.set([]);
});
