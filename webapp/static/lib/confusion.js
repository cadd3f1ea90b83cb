/** What a confusion matrix says: rows are the true classes, columns what they were taken for. */

import { formatCount, formatValue } from "./format.js";
import { columnOf, openFrame } from "./frame.js";

/**
 * @typedef {object} Confusion
 * @property {number} n classes
 * @property {string[]} names
 * @property {ArrayLike<number>} cells row after row
 *
 * @typedef {object} Totals
 * @property {Float64Array} rows how often each class was the true one
 * @property {Float64Array} columns how often each was said
 * @property {number} all
 * @property {number} right
 *
 * @typedef {{top: number, left: number, size: number}} Part cells in sight: a square
 * @typedef {"counts" | "true" | "predicted"} Norm
 * @typedef {{index: number, name: string, support: number, predicted: number, right: number, precision: number, recall: number, f1: number}} ClassFigures
 * @typedef {{truth: number, taken: number, count: number, share: number}} Confused `share` of the true class
 */

/** @param {ArrayBuffer} buffer @returns {Confusion} @throws {Error} when the bytes are no such answer */
export function parseConfusion(buffer) {
  const { header, base } = openFrame(buffer);
  const { at, dtype } = header.arrays.matrix;
  return { n: header.classes, names: header.names, cells: columnOf(buffer, base + at, dtype, header.classes ** 2) };
}

/** @param {Confusion} confusion @returns {Totals} cells that are no number count as nothing */
export function totalsOf({ n, cells }) {
  const rows = new Float64Array(n);
  const columns = new Float64Array(n);
  let right = 0;
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) {
      const count = cells[i * n + j];
      if (!Number.isFinite(count)) continue;
      rows[i] += count;
      columns[j] += count;
      if (i === j) right += count;
    }
  }
  return { rows, columns, right, all: rows.reduce((sum, count) => sum + count, 0) };
}

/** 0 / 0 is no number. @param {number} part @param {number} whole */
const share = (part, whole) => (whole > 0 ? part / whole : NaN);

/** @param {Confusion} confusion @param {Totals} totals @returns {ClassFigures[]} */
export function classFigures({ n, names, cells }, { rows, columns }) {
  return Array.from({ length: n }, (_, index) => {
    const right = cells[index * n + index];
    const [support, predicted] = [rows[index], columns[index]];
    return { index, name: names[index], support, predicted, right, precision: share(right, predicted), recall: share(right, support), f1: share(2 * right, support + predicted) };
  });
}

/** Means over the classes that have any: every class weighs the same. @param {ClassFigures[]} figures */
export function macroFigures(figures) {
  const mean = (/** @type {(one: ClassFigures) => number} */ of) => {
    const values = figures.filter(({ support }) => support > 0).map((one) => of(one));
    return values.length ? values.reduce((sum, value) => sum + (Number.isNaN(value) ? 0 : value), 0) / values.length : NaN;
  };
  return { balanced: mean(({ recall }) => recall), f1: mean(({ f1 }) => f1) };
}

/** Pairs of classes that were taken for one another most often. @param {Confusion} confusion @param {Totals} totals @param {number} most @returns {Confused[]} */
export function mostConfused({ n, cells }, { rows }, most) {
  /** @type {Confused[]} */
  let found = [];
  let least = 0;
  for (let i = 0; i < n; i += 1) {
    for (let j = 0; j < n; j += 1) {
      const count = cells[i * n + j];
      if (i === j || !(count > least)) continue;
      found.push({ truth: i, taken: j, count, share: share(count, rows[i]) });
      if (found.length < 4 * most) continue;
      found = found.sort((a, b) => b.count - a.count).slice(0, most);
      least = found[most - 1].count;
    }
  }
  return found.sort((a, b) => b.count - a.count).slice(0, most);
}

/** What the map shows of each cell. @param {Confusion} confusion @param {Totals} totals @param {Norm} norm @returns {Float64Array} */
export function normalised({ n, cells }, { rows, columns }, norm) {
  const values = Float64Array.from(cells);
  if (norm === "counts") return values;
  for (let i = 0; i < n; i += 1) for (let j = 0; j < n; j += 1) values[i * n + j] = share(values[i * n + j], norm === "true" ? rows[i] : columns[j]);
  return values;
}

/**
 * The same classes in the order of another matrix.
 *
 * @param {Confusion} confusion @param {Confusion} like
 * @returns {Confusion | null} null where the classes are others
 */
export function reordered(confusion, like) {
  const { n, names, cells } = confusion;
  if (n !== like.n) return null;
  if (names.every((name, index) => name === like.names[index])) return confusion;
  const places = new Map(names.map((name, index) => [name, index]));
  if (places.size !== n || !like.names.every((name) => places.has(name))) return null;
  const order = like.names.map((name) => Number(places.get(name)));
  const moved = new Float64Array(n * n);
  for (let i = 0; i < n; i += 1) for (let j = 0; j < n; j += 1) moved[i * n + j] = cells[order[i] * n + order[j]];
  return { n, names: like.names, cells: moved };
}

/**
 * Part of a matrix with at most `most` cells along a side: where several share a place, the one farthest from 0 shows.
 *
 * @param {ArrayLike<number>} values @param {number} n @param {Part} part @param {number} most
 * @returns {{side: number, pooled: Float64Array, each: number}} `each`: cells of the matrix along the side of one that is shown
 */
export function pooledPart(values, n, { top, left, size }, most) {
  const each = Math.ceil(size / most);
  const side = Math.ceil(size / each);
  const pooled = new Float64Array(side * side).fill(NaN);
  for (let i = 0; i < size; i += 1) {
    for (let j = 0; j < size; j += 1) {
      const value = values[(top + i) * n + left + j];
      const place = Math.floor(i / each) * side + Math.floor(j / each);
      if (Number.isNaN(pooled[place]) || Math.abs(value) > Math.abs(pooled[place])) pooled[place] = value;
    }
  }
  return { side, pooled, each };
}

/** Weights are no whole numbers. @param {number} count */
export function countText(count) {
  return Number.isInteger(count) ? formatCount(count) : formatValue(count, 4);
}

/** Ways to write a count in a cell, the most exact first: "1,234", "1.23k", "1.2k". @param {number} count @returns {string[]} */
export function countTexts(count) {
  if (!Number.isFinite(count)) return [countText(count)];
  return [countText(count), ...[3, 2].map((digits) => shortText(Number(count.toPrecision(digits)), digits))];
}

/** @param {number} count @param {number} digits */
function shortText(count, digits) {
  const power = Math.floor(Math.log10(Math.abs(count)) / 3 + 1e-9);
  if (!(power >= 1)) return formatValue(count, digits);
  if (power > 5) return count.toExponential().replace("e+", "e").replace("-", "−");
  return `${Number((count / 1000 ** power).toPrecision(digits))}${"kMGTP"[power - 1]}`.replace("-", "−");
}
