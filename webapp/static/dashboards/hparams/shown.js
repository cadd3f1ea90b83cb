/** What is shown now: what people chose, else what fits the log. */

import * as store from "../../state/store.js";
import { defaultAxes, defaultMatrix, defaultMetric } from "./choices.js";

/** @param {import("../../lib/column-list.js").ColumnsAnswer} known @returns {import("./toolbar.js").Shown} */
export function shownColumns(known) {
  const metric = store.metric.get() || defaultMetric(known);
  return {
    metric,
    axes: store.axes.get() ?? defaultAxes(known, metric),
    matrix: store.matrix.get() ?? defaultMatrix(known, metric),
    colorBy: store.colorBy.get() || metric || "run",
  };
}
