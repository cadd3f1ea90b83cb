/** Precision-recall curves. */

import { curveCard } from "./curve-card.js";
import { curveToolbar } from "./curve-toolbar.js";

/** @type {import("../media/kind.js").Kind} */
export const prCurves = {
  id: "pr_curves",
  title: "Precision-recall curves",
  code: 'writer.add_pr_curve("quality", labels, predictions, step)',
  layout: "card",
  width: 2,
  height: 450,
  card: (_, host) => curveCard("pr_curves", host),
  toolbar: () => curveToolbar("pr_curves"),
};
