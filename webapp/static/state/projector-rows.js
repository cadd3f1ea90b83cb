/** Metadata of single points, fetched when a list shows them and kept while there is room. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { refKey } from "../lib/embedding-choice.js";
import { askRows } from "./projector-questions.js";
import { labelBy } from "./projector-settings.js";
import { shownEmbedding } from "./projector-shown.js";

/** @typedef {Record<string, string | number | null>} Cells */

const MOST_ASKED = 200; // rows of one question: they stand in its address
const MOST_KEPT = 20_000;

/** Counts up when more have come, or could not be had. */
export const rowsVersion = new Atom(0);
/** Why they cannot be had; "" when all is well. */
export const rowsProblem = new Atom("");

/** @type {Map<number, Cells>} the last looked at behind the others */
let kept = new Map();
let of = ""; // the matrix they are of
let wanted = new Set(/** @type {Iterable<number>} */ ([]));
let asking = false;

/** All metadata of a point; null while it is on its way. @param {number} row @returns {Cells | null} */
export function cellsOf(row) {
  const found = kept.get(row);
  if (found) {
    kept.delete(row);
    kept.set(row, found);
    return found;
  }
  if (hasColumns()) {
    wanted.delete(row);
    wanted.add(row); // the last looked at are fetched first
    soon();
    return null;
  }
  return {};
}

const hasColumns = () => (shownEmbedding.get()?.info.columns.length ?? 0) > 0;

async function fetchWanted() {
  const shown = shownEmbedding.get();
  if (asking || !shown || wanted.size === 0) return;
  const rows = [...wanted].slice(-MOST_ASKED);
  wanted = new Set();
  asking = true;
  try {
    const answer = await askRows(shown.ref, rows);
    if (of === refKey(shown.ref)) for (const { row, cells } of answer.rows) kept.set(row, cells);
    rowsProblem.set("");
  } catch (problem) {
    rowsProblem.set(/** @type {Error} */ (problem).message);
  }
  asking = false;
  for (const row of kept.keys()) {
    if (kept.size <= MOST_KEPT) break;
    kept.delete(row);
  }
  rowsVersion.set(rowsVersion.get() + 1); // whoever still needs others asks for them
}

const soon = oncePerTask(() => void fetchWanted());

shownEmbedding.subscribe((shown) => {
  const key = refKey(shown?.ref ?? null);
  if (key === of) return;
  [of, kept, wanted] = [key, new Map(), new Set()];
  rowsProblem.set("");
  rowsVersion.set(rowsVersion.get() + 1);
});

/** The column that names points: the one that was chosen for labels, else the first with texts, else the first. */
function nameColumn() {
  const columns = shownEmbedding.get()?.info.columns ?? [];
  const chosen = columns.find(({ name }) => name === labelBy.get());
  return (chosen ?? columns.find(({ kind }) => kind !== "number") ?? columns[0])?.name ?? "";
}

/** What a point is called in a list; "…" while that is on its way. @param {number} row */
export function pointName(row) {
  const cells = cellsOf(row);
  if (!cells) return "…";
  const cell = cells[nameColumn()];
  return cell === undefined || cell === null || cell === "" ? `Point ${row}` : String(cell);
}
