/** Which of a column's values is the best, where its name says so. */

import { isMissing } from "./table-data.js";

/** @typedef {import("./table-frame.js").TableColumn} TableColumn */

const LOWER = /(?:^|[^a-z])(?:loss|err|error|nll|ppl|perplexity|wer|cer|mae|mse|rmse|fid|bpc|bpb|cost|regret|latency|divergence)(?:[^a-z]|$)/i;
const HIGHER = /(?:^|[^a-z])(?:acc|accuracy|f1|auc|auroc|ap|map|bleu|rouge|reward|return|score|iou|miou|dice|precision|recall|psnr|ssim|r2|top[15]|throughput|success)(?:[^a-z]|$)/i;

/** @param {string} name of a column @returns {1 | -1 | 0} 1: higher is better, −1: lower, 0: nobody can tell */
export function betterDirection(name) {
  const words = name.replace(/([a-z])([A-Z])/g, "$1_$2").replace(/(?<=[a-z])\d+\b/g, "");
  if (/\.(std|count|nan|inf|step_at_min|step_at_max|first)$/.test(name)) return 0;
  if (LOWER.test(words)) return -1;
  return HIGHER.test(name) || HIGHER.test(words) ? 1 : 0;
}

/**
 * @param {TableColumn} column
 * @param {Iterable<number>} rows those in sight of the filter
 * @returns {number} the best value among them; NaN where there is none, or it would mean nothing
 */
export function bestValue(column, rows) {
  const direction = betterDirection(column.name);
  if (direction === 0 || column.kind !== "number") return NaN;
  let best = NaN;
  let count = 0;
  for (const row of rows) {
    if (isMissing(column, row)) continue;
    const value = column.values[row];
    count += 1;
    if (!(direction > 0 ? value <= best : value >= best)) best = value;
  }
  return count > 1 ? best : NaN;
}
