/** The nearest vectors of a point, or of the centroid of the selected ones; and whether the picture shows them near. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { refKey } from "../lib/embedding-choice.js";
import { compareNeighbors } from "../lib/neighbor-sets.js";
import { NO_ROWS } from "../lib/row-sets.js";
import { sentenceOf } from "../lib/sentence.js";
import { runsVersion } from "./projector-jobs.js";
import { layoutQuery } from "./projector-layout-query.js";
import { emphasis, isolated, selection } from "./projector-points.js";
import { askNeighbors } from "./projector-questions.js";
import { activeView, neighborCount, neighborMetric, pointViews } from "./projector-settings.js";
import { shownEmbedding, shownStep } from "./projector-shown.js";

/** @typedef {import("../lib/row-sets.js").Rows} Rows */
/** @typedef {import("../lib/neighbor-sets.js").Neighbor} Neighbor */
/** @typedef {{of: Rows, neighbors: Neighbor[], compared: boolean, notes: string[]}} FoundNeighbors `compared`: whether it is known which of them the picture shows near */

/** @type {[metric: string, title: string][]} */
export const METRICS = [["cosine", "Cosine"], ["euclidean", "Euclidean"], ["dot", "Dot product"], ["manhattan", "Manhattan"]];
export const MOST_NEIGHBORS = 1000;

/** Whose they are: of the point that is looked at, or of the centroid of the selection. */
export const neighborsOf = new Atom(/** @type {"point" | "selection"} */ ("point"));
/** Only among the isolated points. */
export const neighborsWithin = new Atom(false);
/** null: nothing is picked or selected, or the first answer is on its way. */
export const foundNeighbors = new Atom(/** @type {FoundNeighbors | null} */ (null));
export const neighborsProblem = new Atom("");
export const neighborsComing = new Atom(false);

let awake = false;
/** @type {readonly unknown[]} what the answer, or the problem, is the answer to; sets of rows are replaced, never changed */
let asked = [];
let asking = new AbortController();

/** Whose neighbours are wanted. @returns {Rows} */
export function neighborTarget() {
  if (neighborsOf.get() === "selection") return selection.get();
  const row = emphasis.get();
  return row === null ? NO_ROWS : Uint32Array.of(row);
}

async function ask() {
  if (!awake) return;
  const [shown, of] = [shownEmbedding.get(), neighborTarget()];
  const within = neighborsWithin.get() ? isolated.get() : null;
  const layout = layoutQuery();
  const key = [refKey(shown?.ref ?? null), neighborsOf.get() === "selection" ? of : emphasis.get(), neighborCount.get(), neighborMetric.get(), JSON.stringify(layout), within];
  if (key.every((part, place) => part === asked[place])) return;
  asked = key;
  asking.abort();
  neighborsProblem.set("");
  neighborsComing.set(false);
  if (!shown || of.length === 0) return foundNeighbors.set(null);
  const mine = (asking = new AbortController());
  neighborsComing.set(true);
  try {
    const { rows, distances, here, notes } = await askNeighbors({ ref: shown.ref, rows: of, k: neighborCount.get(), metric: neighborMetric.get(), layout, within }, mine.signal);
    if (mine.signal.aborted) return;
    foundNeighbors.set({ of, neighbors: compareNeighbors(rows, distances, here), compared: here !== null, notes });
  } catch (problem) {
    if (mine.signal.aborted) return;
    foundNeighbors.set(null);
    neighborsProblem.set(sentenceOf(problem));
  }
  neighborsComing.set(false);
}

const soon = oncePerTask(() => void ask());
for (const atom of [shownEmbedding, shownStep, emphasis, selection, isolated, neighborCount, neighborMetric, neighborsOf, neighborsWithin, activeView, pointViews, runsVersion]) atom.subscribe(soon);

/** The list is in sight, or no more. @param {boolean} on */
export function wakeNeighbors(on) {
  awake = on;
  if (on) return soon();
  asking.abort();
  asked = [];
  foundNeighbors.set(null);
}

/** Asks once more for what could not be had. */
export function retryNeighbors() {
  asked = [];
  soon();
}
