/** What people chose for precision-recall and ROC curves; saved in the URL, see url.js. */

import { Atom } from "../lib/atom.js";

/** @typedef {import("../lib/types.js").View} View */

/** The threshold that is looked at, by card; a card without an entry looks at the usual one. */
export const thresholds = new Atom(/** @type {ReadonlyMap<string, number | null>} */ (new Map()));
/**
 * Words for what is not as usual: "pr_curves:roc" and "roc_curves:pr" draw the other curve of the same counts,
 * "earlier" draws earlier steps behind, "bare" leaves the guide lines out, "still" the chart over steps.
 */
export const curveFlags = new Atom(/** @type {ReadonlySet<string>} */ (new Set()));
/** The part of a chart that is shown, by card. Not saved: it is found again with one drag. */
export const curveViews = new Atom(/** @type {ReadonlyMap<string, View>} */ (new Map()));

const OTHER = /** @type {const} */ ({ pr_curves: "roc", roc_curves: "pr" });
const OWN = /** @type {const} */ ({ pr_curves: "pr", roc_curves: "roc" });

/** @typedef {keyof typeof OWN} CurveKind */

/** Which curve the cards of a kind draw. @param {CurveKind} kind @returns {import("../lib/threshold-curve.js").CurveMode} */
export function modeOf(kind) {
  return curveFlags.get().has(`${kind}:${OTHER[kind]}`) ? OTHER[kind] : OWN[kind];
}

/** @param {CurveKind} kind @param {import("../lib/threshold-curve.js").CurveMode} mode */
export function setMode(kind, mode) {
  setFlag(`${kind}:${OTHER[kind]}`, mode === OTHER[kind]);
}

/** @param {string} flag @param {boolean} on */
export function setFlag(flag, on) {
  const next = new Set(curveFlags.get());
  if (on) next.add(flag);
  else next.delete(flag);
  curveFlags.set(next);
}

/** @param {string} card @param {number} threshold */
export function setThreshold(card, threshold) {
  thresholds.set(new Map(thresholds.get()).set(card, threshold));
}

/** @param {string} card @param {View} view */
export function setCurveView(card, view) {
  const next = new Map(curveViews.get());
  if (view.x || view.y) next.set(card, view);
  else next.delete(card);
  curveViews.set(next);
}
