/** ROC curves. */

import { curveCard } from "./curve-card.js";
import { curveToolbar } from "./curve-toolbar.js";

/** @type {import("../media/kind.js").Kind} */
export const rocCurves = {
  id: "roc_curves",
  title: "ROC curves",
  code: 'writer.add_roc_curve("quality", labels, predictions, step)',
  layout: "card",
  width: 2,
  height: 450,
  card: (_, host) => curveCard("roc_curves", host),
  toolbar: () => curveToolbar("roc_curves"),
};
