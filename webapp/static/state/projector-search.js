/** The search in the metadata of the embedding in sight. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { sentenceOf } from "../lib/sentence.js";
import { unfinished } from "../lib/unfinished.js";
import { askSearch } from "./projector-questions.js";
import { shownEmbedding } from "./projector-shown.js";

/** @typedef {import("../lib/row-sets.js").Rows} Rows */

const SETTLE = 150; // ms: a person is still typing

export const pointSearch = new Atom("");
/** Whether the text is a regular expression. */
export const pointPattern = new Atom(false);
/** Columns that are searched; null: all. */
export const searchedColumns = new Atom(/** @type {readonly string[] | null} */ (null));
/** Every point it was found in, in their order; null: nothing is searched for. */
export const searchHits = new Atom(/** @type {Rows | null} */ (null));
/** What is wrong with the pattern, or with the search; "" when all is well. */
export const pointSearchProblem = new Atom("");
export const pointSearchComing = new Atom(false);

let asking = new AbortController();
let timer = 0;

async function ask() {
  asking.abort();
  const [shown, text] = [shownEmbedding.get(), pointSearch.get()];
  pointSearchProblem.set("");
  pointSearchComing.set(false);
  if (!shown || text === "") return searchHits.set(null);
  const lacking = pointPattern.get() ? unfinished(text) : "";
  if (lacking) {
    searchHits.set(null);
    return pointSearchProblem.set(lacking);
  }
  const mine = (asking = new AbortController());
  pointSearchComing.set(true);
  try {
    const hits = await askSearch(shown.ref, { text, pattern: pointPattern.get(), columns: searchedColumns.get() }, mine.signal);
    if (mine.signal.aborted) return;
    searchHits.set(hits);
  } catch (problem) {
    if (mine.signal.aborted) return;
    searchHits.set(null);
    pointSearchProblem.set(sentenceOf(problem));
  }
  pointSearchComing.set(false);
}

const soon = oncePerTask(() => void ask());
pointSearch.subscribe((text) => {
  clearTimeout(timer);
  timer = window.setTimeout(soon, text ? SETTLE : 0);
});
for (const atom of [pointPattern, searchedColumns]) atom.subscribe(() => pointSearch.get() && soon());
shownEmbedding.subscribe((shown) => {
  const known = new Set(shown?.info.columns.map(({ name }) => name));
  const chosen = searchedColumns.get();
  if (shown && chosen?.some((name) => !known.has(name))) searchedColumns.set(null); // of another embedding
  if (pointSearch.get()) soon();
});

/** Columns that are searched, by name. @returns {string[]} */
export const columnsSearched = () => shownEmbedding.get()?.info.columns.map(({ name }) => name).filter((name) => searchedColumns.get()?.includes(name) ?? true) ?? [];

/** Searches a column or not; the last one stays. @param {string} name */
export function toggleSearchedColumn(name) {
  const all = shownEmbedding.get()?.info.columns.map((column) => column.name) ?? [];
  const now = columnsSearched();
  const next = now.includes(name) ? now.filter((one) => one !== name) : [...now, name];
  if (next.length > 0) searchedColumns.set(next.length === all.length ? null : next);
}
