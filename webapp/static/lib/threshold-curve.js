/** Precision-recall and ROC curves: the answer of /api/curves, and what it says at a threshold. */

import { columnOf, openFrame } from "./frame.js";

/** @typedef {import("./types.js").Column} Column */

/**
 * @typedef {[value: number, low: number, high: number]} Area a figure, and the bounds of the one over the raw scores
 *
 * @typedef {object} Areas null where it cannot be told
 * @property {Area | null} average_precision
 * @property {number | null} precision_recall
 * @property {Area | null} roc
 *
 * @typedef {object} Curve one value of one run; columns have an entry for each threshold, rising
 * @property {string} run
 * @property {string} id
 * @property {number} step
 * @property {number} wall seconds since 1970
 * @property {Areas} areas
 * @property {string[]} notes what is odd about it
 * @property {Record<string, Column>} columns thresholds, true_positives …; empty where only the areas were asked for
 *
 * @typedef {{run: string, id: string, error: string}} BadCurve
 * @typedef {"pr" | "roc"} CurveMode
 */

const COUNTS = /** @type {const} */ (["true_positives", "false_positives", "true_negatives", "false_negatives"]);

/** @param {ArrayBuffer} buffer @returns {(Curve | BadCurve)[]} @throws {Error} when the bytes are no such frame */
export function parseCurves(buffer) {
  const { header, base } = openFrame(buffer);
  return header.series.map((/** @type {any} */ entry) => {
    const { run, id, error, step, wall, areas, notes, drawn, arrays } = entry;
    if (error) return { run, id, error };
    const columns = Object.entries(arrays).map(([name, { at, dtype }]) => [name, columnOf(buffer, base + at, dtype, drawn)]);
    return { run, id, step, wall: wall ?? NaN, areas, notes, columns: Object.fromEntries(columns) };
  });
}

/**
 * What a curve says at one threshold.
 *
 * @param {Curve} curve @param {number} index
 */
export function at({ columns }, index) {
  const [tp, fp, tn, fn] = COUNTS.map((name) => columns[name][index]);
  // Where nothing is above the threshold, files say 0 for a precision that there is none of.
  const precision = tp + fp > 0 ? columns.precision?.[index] ?? tp / (tp + fp) : NaN;
  const recall = tp + fn > 0 ? columns.recall?.[index] ?? tp / (tp + fn) : NaN;
  const f1 = 2 * tp + fp + fn > 0 ? (2 * tp) / (2 * tp + fp + fn) : NaN;
  return { threshold: columns.thresholds[index], tp, fp, tn, fn, precision, recall, f1, fall: fp + tn > 0 ? fp / (fp + tn) : NaN };
}

/** Where each threshold lies in the chart; NaN where a ratio is of nothing. @param {Curve} curve @param {CurveMode} mode @returns {{x: Float64Array, y: Float64Array}} */
export function curvePoints(curve, mode) {
  const n = curve.columns.thresholds.length;
  const x = new Float64Array(n);
  const y = new Float64Array(n);
  for (let i = 0; i < n; i += 1) {
    const { precision, recall, fall } = at(curve, i);
    x[i] = mode === "pr" ? recall : fall;
    y[i] = mode === "pr" ? precision : recall;
  }
  return { x, y };
}

/** The finite thresholds of several curves, each once, rising. @param {Iterable<Curve>} curves @returns {Float64Array} */
export function allThresholds(curves) {
  const found = new Set();
  for (const { columns } of curves) for (const threshold of columns.thresholds) if (Number.isFinite(threshold)) found.add(threshold);
  return Float64Array.from(found).sort();
}

/** Places of at most `most` of `n` values: each 2^k-th and the last, so that new values leave the choice as it was. @param {number} n @param {number} most @returns {number[]} */
export function thinnedPlaces(n, most) {
  let stride = 1;
  while (Math.ceil(n / stride) > most) stride *= 2;
  const places = [];
  for (let i = 0; i < n; i += stride) places.push(i);
  if (n > 0 && places[places.length - 1] !== n - 1) places.push(n - 1);
  return places;
}

/** Places before `index` to be drawn behind it, evenly spread, the nearest last. @param {number} index @param {number} most @returns {number[]} */
export function earlierPlaces(index, most) {
  const count = Math.min(most, index);
  return Array.from({ length: count }, (_, i) => Math.floor((i * index) / count));
}

/** The figure that belongs to a kind of curve. @param {Areas} areas @param {CurveMode} mode @returns {Area | null} */
export function leadingArea(areas, mode) {
  return mode === "pr" ? areas.average_precision : areas.roc;
}
