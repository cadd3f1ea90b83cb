/** Layouts of single steps, where all steps of a tag were laid out together: fetched when they are looked at and kept while there is room. */

import { Atom } from "../lib/atom.js";
import { fetchJobStep } from "./projector-api.js";
import { overTime, runOf } from "./projector-jobs.js";
import { shownEmbedding, shownStep } from "./projector-shown.js";

/** @typedef {{coordinates: Float32Array, width: number, drift: Float32Array | null}} Layout `drift`: how far each point came from the step before, in units of the layout */

const ROOM = 48e6; // bytes
const FLOAT = 4; // bytes of a number

/** Counts up when a layout has come. */
export const layoutsVersion = new Atom(0);

/** @type {Map<string, Layout>} by job and step, the last looked at behind the others */
const kept = new Map();
const asking = new Set(/** @type {string[]} */ ([]));

/** The layout of a step; null while it is on its way. @param {string} job @param {number} step @returns {Layout | null} */
export function layoutOf(job, step) {
  const key = `${job} ${step}`;
  const found = kept.get(key);
  if (found) {
    kept.delete(key);
    kept.set(key, found);
    return found;
  }
  if (!asking.has(key)) void ask(key, job, step);
  return null;
}

/** @param {string} key @param {string} job @param {number} step */
async function ask(key, job, step) {
  asking.add(key);
  try {
    const { header, arrays } = await fetchJobStep(job, step, new AbortController().signal);
    kept.set(key, { coordinates: /** @type {Float32Array} */ (arrays.coordinates), width: header.width ?? header.dims ?? 2, drift: /** @type {Float32Array | undefined} */ (arrays.drift) ?? null });
    makeRoom(key);
    asking.delete(key);
    layoutsVersion.set(layoutsVersion.get() + 1);
  } catch {
    // It stays among those asked for: the job's own message tells what is wrong.
  }
}

/** @param {string} newest */
function makeRoom(newest) {
  let bytes = 0;
  for (const { coordinates } of kept.values()) bytes += coordinates.byteLength;
  for (const [key, { coordinates }] of kept) {
    if (bytes <= ROOM || key === newest) return;
    kept.delete(key);
    bytes -= coordinates.byteLength;
  }
}

/** What a view shows now; null: nothing yet. @param {number} view its id @returns {Layout | null} */
export function layoutNow(view) {
  const state = runOf(view)?.state.get();
  const points = shownEmbedding.get()?.info.points ?? -1;
  if (!state) return null;
  const step = shownStep.get();
  const finished = overTime() && state.job && step !== null && state.steps.includes(step) ? layoutOf(state.job, step) : null;
  const live = state.coordinates ? { coordinates: state.coordinates, width: state.width, drift: null } : null;
  const found = finished ?? live;
  return found && found.coordinates.length === points * found.width ? found : null;
}

/** All steps of a view that are laid out, in their order, as far as they have come and have as many points. @param {number} view @returns {{step: number, layout: Layout}[]} */
export function layoutsOverTime(view) {
  const state = runOf(view)?.state.get();
  const points = shownEmbedding.get()?.info.points ?? -1;
  if (!state?.job || !overTime() || points * state.steps.length * 3 * FLOAT > ROOM) return []; // what does not fit is fetched step by step
  return state.steps.flatMap((step) => {
    const layout = layoutOf(state.job, step);
    return layout && layout.coordinates.length === points * layout.width ? [{ step, layout }] : [];
  });
}
