/** The nearest vectors of some points' centroid, in the page: for files that carry the vectors. */

/** @typedef {"cosine" | "euclidean" | "dot" | "manhattan"} Metric */

/**
 * @param {Float32Array} vectors one behind the other @param {number} width numbers of each
 * @param {readonly number[]} of rows; one asks for its neighbours, several for those of their centroid. They are not listed themselves
 * @param {number} k @param {Metric} metric @param {ReadonlySet<number> | null} within rows that may be listed; null: all
 * @returns {{rows: Uint32Array, distances: Float32Array}} the nearest first, of equal ones the lower row; "dot": the product, the largest first
 */
export function nearestVectors(vectors, width, of, k, metric, within) {
  const center = centroid(vectors, width, of);
  const measure = METRICS[metric](center);
  const asked = new Set(of);
  /** @type {[row: number, distance: number][]} */
  const found = [];
  for (let row = 0; row * width < vectors.length; row += 1) {
    if (asked.has(row) || (within && !within.has(row))) continue;
    const distance = measure(vectors, row * width);
    if (Number.isFinite(distance)) found.push([row, distance]);
  }
  const sign = metric === "dot" ? -1 : 1;
  const nearest = found.sort(([a, x], [b, y]) => sign * (x - y) || a - b).slice(0, k);
  return { rows: Uint32Array.from(nearest, ([row]) => row), distances: Float32Array.from(nearest, ([, distance]) => distance) };
}

/** @param {Float32Array} vectors @param {number} width @param {readonly number[]} rows */
function centroid(vectors, width, rows) {
  const center = new Float64Array(width);
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
      return 1 - product / (length * Math.sqrt(square));
    };
  },
  euclidean: (center) => (vectors, at) => Math.sqrt(center.reduce((sum, one, i) => sum + (one - vectors[at + i]) ** 2, 0)),
  manhattan: (center) => (vectors, at) => center.reduce((sum, one, i) => sum + Math.abs(one - vectors[at + i]), 0),
  dot: (center) => (vectors, at) => center.reduce((sum, one, i) => sum + one * vectors[at + i], 0),
};
