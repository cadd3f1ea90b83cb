/** What a view shows, in words: the method, what is along its axes, and what was done to the vectors before. */

import { formatCount, formatValue } from "../../lib/format.js";
import { methodOf } from "../../state/projector-catalog.js";
import { overTime } from "../../state/projector-jobs.js";
import { shownSeries } from "../../state/projector-shown.js";

/** @typedef {import("../../lib/point-views.js").ViewSetting} ViewSetting */
/** @typedef {import("../../state/projector-run.js").RunState} RunState */

/** @type {Record<string, string>} */
const DONE = { centre: "centred", l2: "scaled to length 1", standardise: "standardised" };

/** @type {Record<string, string>} */
const METHOD_TITLES = { pca: "PCA", tsne: "t-SNE", umap: "UMAP", axes: "Custom axes", random: "Random projection", given: "Given coordinates" };

/** @param {string} method */
export const methodTitle = (method) => METHOD_TITLES[method] ?? methodOf(method)?.title ?? method;

/** "centred, scaled to length 1". @param {ViewSetting} view */
export function preparedText({ method, preprocess }) {
  if (method === "given") return "";
  const chosen = preprocess ?? methodOf(method)?.preprocess ?? [];
  const steps = method === "pca" && chosen.at(-1) !== "centre" ? [...chosen, "centre"] : chosen; // principal components are those of centred vectors
  return steps.length ? steps.map((step) => DONE[step] ?? step).join(", then ") : "vectors as they are";
}

/** "PC1 31.2 % × PC2 12.0 %", "perplexity 30". @param {ViewSetting} view @param {RunState} state */
export function axesText({ method, dims, axes, parameters }, { details, width }) {
  if (overTime()) return `${shownSeries.get()?.steps.length} steps, each turned onto the one before`;
  if (method === "pca") return axes.slice(0, dims).filter((axis) => axis < Math.max(width, 1)).map((axis) => `PC${axis + 1}${shareText(details.explained_variance_ratio?.[axis])}`).join(" × ");
  const first = methodOf(method)?.parameters.find(({ kind }) => kind === "whole" || kind === "number");
  const value = first && (details[first.name] ?? parameters[first.name] ?? first.default);
  return first && method !== "random" && method !== "given" ? `${first.title.toLowerCase()} ${typeof value === "number" ? formatValue(value, 4) : value}` : "";
}

/** " 31.2 %". @param {number | undefined} share */
const shareText = (share) => (share === undefined || share === null ? "" : ` ${percent(share)}`);

/** @param {number} share */
export const percent = (share) => `${(100 * share).toFixed(share >= 0.0995 ? 1 : 2)} %`;

/** "350 of 1,000": how far a layout is that is not done. @param {RunState} state */
export function progressText({ phase, done, total }) {
  if (phase === "done" || phase === "idle" || phase === "failed") return "";
  const count = total > 1 ? `${formatCount(done)} of ${formatCount(total)}` : "";
  return [count, phase === "running" || phase === "waiting" ? "" : phase].filter(Boolean).join(" · ");
}
