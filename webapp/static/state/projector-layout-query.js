/** How the layout of a view is named in questions about it. */

import { overTime, runOf } from "./projector-jobs.js";
import { viewNow } from "./projector-settings.js";
import { shownStep } from "./projector-shown.js";

/** @typedef {{job: string, step?: number, components?: readonly number[]}} LayoutQuery `components`: which of the columns are shown */

/** The layout of the view in front; null while it has none that is finished or paused. @returns {LayoutQuery | null} */
export function layoutQuery() {
  const { id, method, dims, axes } = viewNow();
  const { job = "", phase = "idle" } = runOf(id)?.state.get() ?? {};
  if (!job || !["done", "stopped", "paused"].includes(phase)) return null;
  const step = overTime() ? shownStep.get() : null;
  return { job, ...(step === null ? {} : { step }), ...(method === "pca" && !overTime() ? { components: axes.slice(0, dims) } : {}) };
}

/** The same in an address. @param {LayoutQuery} query @returns {Record<string, string>} */
export const layoutInAddress = (query) => Object.fromEntries(Object.entries(query).map(([name, value]) => [name, String(value)]));
