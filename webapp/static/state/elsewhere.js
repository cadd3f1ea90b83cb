/** What these runs have on other pages: for a page that has nothing to show itself. */

import { Atom } from "../lib/atom.js";
import { fetchGraphs } from "./api.js";
import { changes } from "./follow.js";
import { fetchEmbeddings } from "./projector-api.js";

/** @typedef {{page: string, title: string}} Elsewhere `title`: what is there */

/** Empty until `lookElsewhere` has been answered. */
export const elsewhere = new Atom(/** @type {Elsewhere[]} */ ([]));

let asked = NaN; // version of the log

/** Asks once for each state of the log. */
export async function lookElsewhere() {
  const { version } = changes.get();
  if (version === asked) return;
  asked = version;
  const [graphs, embeddings] = await Promise.allSettled([fetchGraphs(), fetchEmbeddings()]);
  const found = [
    ...(graphs.status === "fulfilled" && graphs.value.runs.length ? [{ page: "graph", title: "Model graphs" }] : []),
    ...(embeddings.status === "fulfilled" && embeddings.value.embeddings.length ? [{ page: "projector", title: "Embeddings" }] : []),
  ];
  if (JSON.stringify(found) !== JSON.stringify(elsewhere.get())) elsewhere.set(found);
}
