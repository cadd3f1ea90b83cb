/** Precision-recall and ROC curves: both kinds can be drawn either way, from the same counts. */

import { curveCard } from "./curve-card.js";
import { curveToolbar } from "./curve-toolbar.js";

export const prCurves = curveKind("pr_curves", "Precision-recall curves", 'writer.add_pr_curve("quality", labels, predictions, step)');
export const rocCurves = curveKind("roc_curves", "ROC curves", 'writer.add_roc_curve("quality", labels, predictions, step)');

/** @param {import("../../state/curve-settings.js").CurveKind} id @param {string} title @param {string} code @returns {import("../media/kind.js").Kind} */
function curveKind(id, title, code) {
  return { id, title, code, layout: "card", width: 2, height: 450, card: (_, host) => curveCard(id, host), toolbar: () => curveToolbar(id) };
}
