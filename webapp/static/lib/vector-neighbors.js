/** The nearest vectors of some points' centroid, in the page: for files that carry the vectors. */

/** @typedef {"cosine" | "euclidean" | "dot" | "manhattan"} Metric */

/**
 * @param {Float32Array} vectors one behind the other @param {number} width numbers of each
 * @param {readonly number[]} of rows; one asks for its neighbours and is none itself, several for those of their centroid, where they may be among them
 * @param {number} k @param {Metric} metric @param {ReadonlySet<number> | null} within rows that may be listed; null: all
 * @throws {Error} with a sentence, for a row that is near to nothing
 * @returns {{rows: Uint32Array, distances: Float32Array}} the nearest first, of equal ones the lower row; "dot": the product, the largest first
 */
export function nearestVectors(vectors, width, of, k, metric, within) {
  const center = centroid(vectors, width, of.filter((row) => isFinite(vectors, width, row)));
  if (!center.every(Number.isFinite)) throw new Error(`row ${of[0]} holds NaN or infinity and is near to nothing: choose another point`);
  if (metric === "cosine" && center.every((one) => one === 0)) throw new Error(`${of.length > 1 ? "the centroid" : `row ${of[0]}`} is all zeros and has no direction: choose another metric than cosine for it`);
  const measure = METRICS[metric](center);
  const self = of.length === 1 ? of[0] : -1;
  /** @type {[row: number, distance: number][]} */
  const found = [];
  for (let row = 0; row * width < vectors.length; row += 1) {
    if (row === self || (within && !within.has(row))) continue;
    if (isFinite(vectors, width, row)) found.push([row, measure(vectors, row * width)]);
  }
  const sign = metric === "dot" ? -1 : 1;
  const nearest = found.sort(([a, x], [b, y]) => sign * (x - y) || a - b).slice(0, k);
  return { rows: Uint32Array.from(nearest, ([row]) => row), distances: Float32Array.from(nearest, ([, distance]) => distance) };
}

/** @param {Float32Array} vectors @param {number} width @param {number} row */
function isFinite(vectors, width, row) {
  for (let at = row * width; at < (row + 1) * width; at += 1) if (!Number.isFinite(vectors[at])) return false;
  return true;
}

/** NaN of no rows. @param {Float32Array} vectors @param {number} width @param {readonly number[]} rows */
function centroid(vectors, width, rows) {
  const center = new Float64Array(width).fill(rows.length ? 0 : NaN);
  for (const row of rows) for (let i = 0; i < width; i += 1) center[i] += vectors[row * width + i] / rows.length;
  return center;
}

/** @type {Record<Metric, (center: Float64Array) => (vectors: Float32Array, at: number) => number>} */
const METRICS = {
  cosine: (center) => {
    const length = Math.sqrt(center.reduce((sum, one) => sum + one * one, 0));
    return (vectors, at) => {
      let [product, square] = [0, 0];
      for (let i = 0; i < center.length; i += 1) {
        product += center[i] * vectors[at + i];
        square += vectors[at + i] ** 2;
      }
      return square > 0 ? 1 - product / (length * Math.sqrt(square)) : 1; // zeros have no direction: at right angles to all
    };
  },
  euclidean: (center) => (vectors, at) => Math.sqrt(center.reduce((sum, one, i) => sum + (one - vectors[at + i]) ** 2, 0)),
  manhattan: (center) => (vectors, at) => center.reduce((sum, one, i) => sum + Math.abs(one - vectors[at + i]), 0),
  dot: (center) => (vectors, at) => center.reduce((sum, one, i) => sum + one * vectors[at + i], 0),
};
