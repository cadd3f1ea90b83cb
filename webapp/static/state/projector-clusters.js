/** Clusters that were found in the layout of a view, with the words that set each apart. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { NO_ROWS, rowsOf } from "../lib/row-sets.js";
import { sentenceOf } from "../lib/sentence.js";
import { waitingText } from "./patient-request.js";
import { runsVersion } from "./projector-jobs.js";
import { layoutQuery } from "./projector-layout-query.js";
import { askClusters } from "./projector-questions.js";
import { pointViews, viewNow } from "./projector-settings.js";
import { shownEmbedding, shownStep } from "./projector-shown.js";

/** @typedef {import("../lib/row-sets.js").Rows} Rows */

/**
 * @typedef {{label: number, terms: string[], size: number, x: number, y: number, z?: number}} Cluster `terms`: the words that are more frequent in it than elsewhere, the best first
 * @typedef {{view: number, layout: string, labels: Int32Array, clusters: Cluster[], notes: string[]}} FoundClusters `layout`: what they were found in; `labels`: of each row, −1 for none; clusters: the largest first
 */

/** null: nobody looked for any, or the layout has changed since. */
export const clusters = new Atom(/** @type {FoundClusters | null} */ (null));
/** Why they could not be found; "" when all is well. */
export const clustersProblem = new Atom("");
/** How far the search is; "" when there is none. */
export const clustersComing = new Atom("");
/** How many points a cluster has at least; 0: what suits their number. */
export const leastCluster = new Atom(0);
/** Columns whose words name clusters; null: all with texts. */
export const termColumns = new Atom(/** @type {readonly string[] | null} */ (null));

let asking = new AbortController();

/** Looks for clusters in the layout of the view in front. */
export async function findClusters() {
  const view = viewNow().id;
  const [layout, shown] = [layoutQuery(), shownEmbedding.get()];
  if (!layout || !shown) return;
  asking.abort();
  const mine = (asking = new AbortController());
  clustersProblem.set("");
  clustersComing.set("Looking for clusters …");
  const query = { ...shown.ref, ...layout, ...(leastCluster.get() ? { least: leastCluster.get() } : {}), ...(termColumns.get() ? { columns: termColumns.get() } : {}) };
  try {
    const { labels, clusters: found, notes } = await askClusters(query, mine.signal, (waiting) => clustersComing.set(waitingText(waiting)));
    if (mine.signal.aborted) return;
    clusters.set({ view, layout: JSON.stringify(layout), labels, clusters: [...found].sort((a, b) => b.size - a.size), notes });
  } catch (problem) {
    if (mine.signal.aborted) return;
    clustersProblem.set(sentenceOf(problem));
  }
  clustersComing.set("");
}

/** Takes names and colours of clusters away. */
export function forgetClusters() {
  asking.abort();
  clustersComing.set("");
  clustersProblem.set("");
  clusters.set(null);
}

/** The points of a cluster. @param {number} label @returns {Rows} */
export function rowsOfCluster(label) {
  const labels = clusters.get()?.labels;
  return labels ? rowsOf(Uint8Array.from(labels, (own) => (own === label ? 1 : 0))) : NO_ROWS;
}

/** Whether there is a layout that clusters can be looked for in. */
export const canFindClusters = () => layoutQuery() !== null;

const check = oncePerTask(() => {
  const found = clusters.get();
  if (found && found.view === viewNow().id && JSON.stringify(layoutQuery()) !== found.layout) forgetClusters();
});
for (const atom of [runsVersion, pointViews, shownStep]) atom.subscribe(check);
