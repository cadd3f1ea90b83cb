/** Filters of columns of metadata: what passes all of them stays in sight, and every histogram counts under the others. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { countPassing, failing, passing, stoppedBy } from "../lib/cross-filter.js";
import { columnNow, columnsVersion } from "./projector-columns.js";
import { isolated, rowMasks, setMask } from "./projector-points.js";
import { filters } from "./projector-settings.js";
import { shownEmbedding } from "./projector-shown.js";

/** @typedef {import("../lib/brush.js").Brush} Brush */
/** @typedef {import("../lib/column-bins.js").MetadataColumn} MetadataColumn */

const WHO = "histograms"; // the name of their mask among others

/** Counts up when other rows pass. */
export const filterVersion = new Atom(0);

/** @type {Map<string, {column: MetadataColumn, brush: Brush, fails: Uint8Array}>} */
let applied = new Map();
/** How many filters stop each row, everything that hides points counted; null: nothing is stopped. @type {Uint8Array | null} */
let stopped = null;

/** @param {string} column @param {Brush | null} brush null takes it away */
export function setFilter(column, brush) {
  const next = new Map(filters.get());
  if (brush) next.set(column, brush);
  else if (!next.delete(column)) return;
  filters.set(next);
}

export function clearFilters() {
  if (filters.get().size) filters.set(new Map());
}

/** Rows of each bin that pass everything but the column's own filter; null: all rows do. @param {string} name @param {import("../lib/column-bins.js").Bins} bins */
export function countsWithin(name, bins) {
  if (!stopped || stopped.length !== bins.of.length) return null;
  return countPassing(bins, stopped, applied.get(name)?.fails ?? null);
}

function update() {
  const points = shownEmbedding.get()?.info.points ?? 0;
  applied = new Map([...filters.get()].flatMap(([name, brush]) => {
    const column = columnNow(name)?.value; // one that has not come yet stops nothing
    if (!column) return [];
    const known = applied.get(name);
    if (known?.column === column && known.brush === brush) return [[name, known]];
    const fails = failing(column, brush);
    return fails.length === points ? [[name, { column, brush, fails }]] : [];
  }));
  const own = [...applied.values()].map(({ fails }) => fails);
  setMask(WHO, own.length ? passing(own) : null);
  countSoon();
}

/** Isolation and the masks of others stop rows, too. */
function count() {
  const points = shownEmbedding.get()?.info.points ?? 0;
  const others = [...rowMasks.get()].filter(([who, mask]) => who !== WHO && mask.length === points).map(([, mask]) => mask.map((passes) => 1 - passes));
  const alone = isolated.get();
  const stops = [...[...applied.values()].map(({ fails }) => fails), ...others, ...(alone ? [outside(alone, points)] : [])];
  stopped = stops.length > 1 ? stoppedBy(points, stops) : stops[0] ?? null;
  filterVersion.set(filterVersion.get() + 1);
}

/** @param {import("../lib/row-sets.js").Rows} rows @param {number} points */
function outside(rows, points) {
  const fails = new Uint8Array(points).fill(1);
  for (const row of rows) fails[row] = 0;
  return fails;
}

const countSoon = oncePerTask(count);
const soon = oncePerTask(update);
for (const atom of [filters, columnsVersion]) atom.subscribe(soon);
for (const atom of [isolated, rowMasks]) atom.subscribe(countSoon);
shownEmbedding.subscribe((shown) => {
  const known = new Set(shown?.info.columns.map(({ name }) => name));
  const kept = [...filters.get()].filter(([name]) => known.has(name));
  if (shown && kept.length < filters.get().size) filters.set(new Map(kept)); // those of another embedding
  soon();
});
