/** How faithful a layout is: measured by the server on a sample once the layout is done. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { sentenceOf } from "../lib/sentence.js";
import { fetchQuality } from "./projector-api.js";
import { runOf, runsVersion } from "./projector-jobs.js";
import { layoutQuery } from "./projector-layout-query.js";
import { activeView, pointViews, viewNow } from "./projector-settings.js";
import { shownEmbedding, shownStep } from "./projector-shown.js";

/** @typedef {{trustworthiness: number, recall: number, k: number, sample: number, points: number, notes?: string[]}} Quality `sample`: points it was measured on */

const [NEIGHBORS, SAMPLE] = [10, 5000];
const FEWEST = 4; // points: of fewer there is nothing to say

/** Of the view that the panel is about; null: not measured yet. */
export const quality = new Atom(/** @type {Quality | null} */ (null));
export const qualityComing = new Atom(false);
export const qualityProblem = new Atom("");

/** @type {Map<string, Quality>} by layout */
const known = new Map();
let asked = "";

async function measure() {
  const info = shownEmbedding.get()?.info;
  const points = info?.finite ?? info?.points ?? 0;
  const layout = points >= FEWEST && isOver(runOf(viewNow().id)?.state.get().phase) ? layoutQuery() : null;
  const key = layout ? JSON.stringify(layout) : "";
  if (key === asked) return;
  asked = key;
  qualityProblem.set("");
  quality.set(known.get(key) ?? null);
  qualityComing.set(Boolean(layout) && !known.has(key));
  if (!layout || known.has(key)) return;
  try {
    const found = await fetchQuality({ ...layout, k: Math.min(NEIGHBORS, Math.floor((points - 1) / 2)), sample: SAMPLE });
    known.set(key, found);
    if (asked === key) quality.set(found);
  } catch (problem) {
    if (asked === key) qualityProblem.set(sentenceOf(problem));
  }
  if (asked === key) qualityComing.set(false);
}

/** @param {string | undefined} phase */
const isOver = (phase) => phase === "done" || phase === "stopped";

const soon = oncePerTask(() => void measure());
for (const atom of [runsVersion, activeView, pointViews, shownStep]) atom.subscribe(soon);

/** Measures once more what could not be measured. */
export function retryQuality() {
  asked = "";
  soon();
}
