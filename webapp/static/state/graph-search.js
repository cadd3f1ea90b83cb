/** The search within the graph in sight. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { askGraph, graphAddress } from "./api.js";
import { shownGraph } from "./graph-shown.js";

/**
 * @typedef {{id: string, label: string, op: string, where: string, text?: string}} GraphHit `where`: the field it was found in, `text`: what it says there
 * @typedef {{total: number, hits: GraphHit[]}} SearchAnswer
 */

/** Where is searched. @type {[field: string, title: string][]} */
export const SEARCH_FIELDS = [["name", "Name"], ["op", "Operation"], ["attribute", "Attribute"], ["shape", "Shape"]];

const SETTLE = 150; // ms: a person is still typing

export const searchText = new Atom("");
export const searchFields = new Atom(/** @type {ReadonlySet<string>} */ (new Set(SEARCH_FIELDS.map(([field]) => field))));
export const searchPattern = new Atom(false);
/** null: nothing is searched for. */
export const searchAnswer = new Atom(/** @type {SearchAnswer | null} */ (null));
/** What is wrong with the pattern, or with the search; "" when all is well. */
export const searchProblem = new Atom("");

let asking = new AbortController();
let timer = 0;

async function ask() {
  asking.abort();
  const [graph, text] = [shownGraph.get(), searchText.get()];
  searchProblem.set("");
  if (!graph || text === "") return searchAnswer.set(null);
  const mine = (asking = new AbortController());
  try {
    const address = graphAddress("search", graph, { q: text, in: [...searchFields.get()].join(","), regex: searchPattern.get() ? "1" : "0" });
    const answer = await askGraph(address, mine.signal);
    if (!mine.signal.aborted) searchAnswer.set(answer);
  } catch (problem) {
    if (mine.signal.aborted) return;
    searchAnswer.set(null);
    searchProblem.set(/** @type {Error} */ (problem).message);
  }
}

const soon = oncePerTask(() => void ask());
for (const atom of [shownGraph, searchFields, searchPattern]) atom.subscribe(() => searchText.get() && soon());
searchText.subscribe((text) => {
  clearTimeout(timer);
  timer = window.setTimeout(soon, text ? SETTLE : 0);
});
