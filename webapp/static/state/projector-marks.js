/** Which points are marked in the picture, apart from those that are selected: what a search found, neighbours, the one that is looked at. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { rowSet, sameRows, union } from "../lib/row-sets.js";
import { foundNeighbors } from "./projector-neighbors.js";
import { emphasis } from "./projector-points.js";
import { searchHits } from "./projector-search.js";

/** @typedef {import("../lib/row-sets.js").Rows} Rows */

/** null: none. */
export const markedRows = new Atom(/** @type {Rows | null} */ (null));

function update() {
  const row = emphasis.get();
  /** @type {Rows} */
  let marked = Uint32Array.from(row === null ? [] : [row]);
  const [hits, near] = [searchHits.get(), foundNeighbors.get()];
  if (near) marked = union(marked, rowSet(near.neighbors.flatMap((neighbor) => (neighbor.original ? [neighbor.row] : []))));
  else if (hits) marked = union(marked, hits);
  const before = markedRows.get();
  if (marked.length === 0) markedRows.set(null);
  else if (!before || !sameRows(before, marked)) markedRows.set(marked);
}

const soon = oncePerTask(update);
for (const atom of [foundNeighbors, emphasis, searchHits]) atom.subscribe(soon);
