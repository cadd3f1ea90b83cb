/** What people chose for histograms; saved in the URL, see url.js. */

import { Atom } from "../lib/atom.js";

/** @typedef {import("../lib/types.js").View} View */
/** @typedef {import("../lib/types.js").Range} Range */

export const MODES = /** @type {const} */ (["auto", "heat", "ridge", "overlay", "bands", "one"]);
export const SCALES = /** @type {const} */ (["linear", "symlog", "log"]);

/** How histograms are drawn; "auto" goes by how many steps there are. */
export const histogramMode = new Atom(/** @type {typeof MODES[number]} */ ("auto"));
/** The axis of values. */
export const histogramScale = new Atom(/** @type {typeof SCALES[number]} */ ("linear"));
/** Words for what is not as usual: "counts" draws counts instead of densities, "log" their logarithm. */
export const histogramFlags = new Atom(/** @type {ReadonlySet<string>} */ (new Set()));
/** The part that is shown, by card: `x` of the steps, `y` of the values. */
export const histogramViews = new Atom(/** @type {ReadonlyMap<string, View>} */ (new Map()));

const RIDGE_UP_TO = 7; // steps; more are a heat map

/** @param {number} steps the most that a run has @returns {Exclude<typeof MODES[number], "auto">} */
export function modeFor(steps) {
  const mode = histogramMode.get();
  if (mode !== "auto") return mode;
  return steps === 1 ? "one" : steps <= RIDGE_UP_TO ? "ridge" : "heat";
}

/** @param {string} flag @param {boolean} on */
export function setHistogramFlag(flag, on) {
  const next = new Set(histogramFlags.get());
  if (on) next.add(flag);
  else next.delete(flag);
  histogramFlags.set(next);
}

/** Shows a part of a card; an axis that is null stays as it is, null altogether shows everything. @param {string} card @param {{steps: Range | null, values: Range | null} | null} part */
export function zoomHistograms(card, part) {
  const next = new Map(histogramViews.get());
  const before = next.get(card);
  const view = { x: part?.steps ?? (part && before?.x) ?? null, y: part?.values ?? (part && before?.y) ?? null };
  if (view.x || view.y) next.set(card, view);
  else next.delete(card);
  histogramViews.set(next);
}
