/** What differs between the two graphs in sight, where two are compared. */

import { isPair } from "../lib/graph-choice.js";
import { graphAddress } from "./api.js";
import { graphForms } from "./graph-forms.js";
import { shownGraph } from "./graph-shown.js";

/** @typedef {import("../lib/graph-choice.js").GraphPair} GraphPair */

/**
 * @typedef {{field: string, a: string, b: string}} FieldChange
 * @typedef {{id: string, label: string, status: "added" | "removed" | "changed", what?: FieldChange[]}} Change
 * @typedef {{summary: {added: number, removed: number, changed: number, same: number}, changes: Change[]}} DiffAnswer
 */

/** @returns {GraphPair | null} null: a single graph is in sight */
export function comparedGraphs() {
  const graph = shownGraph.get();
  return graph && isPair(graph) ? graph : null;
}

/** @returns {import("./form-store.js").Found<DiffAnswer> | null} null: nothing is compared, or the answer is on its way */
export function graphDiff() {
  const pair = comparedGraphs();
  return pair && graphForms.get(graphAddress("diff", pair));
}

/** What became of a box. @param {string} id @returns {Change | null} null: nothing that is known */
export function changeOf(id) {
  return graphDiff()?.value?.changes.find((change) => change.id === id) ?? null;
}
