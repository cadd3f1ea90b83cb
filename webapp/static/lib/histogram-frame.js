/** The answer of /api/histograms: buckets as they were stored, their edges put together again bit for bit. */

import { columnOf, openFrame } from "./frame.js";

/** @typedef {import("./types.js").Column} Column */
/** @typedef {import("./frame.js").ColumnPlace} ColumnPlace */

/**
 * @typedef {object} Histogram bucket i counts the values in [its left edge, right[i])
 * @property {number} index among the values of the run
 * @property {number} step
 * @property {number} wall seconds since 1970
 * @property {number} first where the first bucket begins
 * @property {ArrayLike<number>} right
 * @property {ArrayLike<number> | null} lefts where buckets begin, if not where the one before ends
 * @property {ArrayLike<number>} counts
 * @property {number} min as the writer said
 * @property {number} max
 * @property {number} num
 * @property {number} outside values in no bucket: NaN, and infinities of writers whose buckets end before them
 * @property {number} low values that are −∞
 * @property {number} high values that are +∞
 * @property {number} [sum]
 * @property {number} [sumSquares]
 * @property {ArrayLike<number> | null} percentiles at 0, 6.68, 15.87, 30.85, 50, 69.15, 84.13, 93.32 and 100 %
 *
 * @typedef {object} RunHistograms
 * @property {string} run
 * @property {number} n values that the run has; those in `items` were chosen evenly along the axis
 * @property {number} check a checksum of these values: with `n` what the server is told when it is asked again
 * @property {number} from how many values were known: `items` are behind them
 * @property {Histogram[]} items
 * @property {{index: number, step: number, error: string}[]} problems values that cannot be read
 * @property {number} bytes held
 */

const SHARES = 9; // percentiles of a histogram

/**
 * @param {ArrayBuffer} buffer
 * @returns {{version: number, runs: Map<string, RunHistograms>}}
 * @throws {Error} when the bytes are no such frame
 */
export function parseHistograms(buffer) {
  const { header, base } = openFrame(buffer);
  const pool = header.edges.pool ? columnOf(buffer, base + header.edges.pool.at, header.edges.pool.dtype, header.edges.n) : null;
  const bytes = buffer.byteLength / Math.max(1, header.series.length);
  return { version: header.version, runs: new Map(header.series.map((/** @type {any} */ entry) => [entry.run, runOf(entry, buffer, base, { kind: header.edges.kind, pool, bytes })])) };
}

/** @typedef {{kind: string, pool: Column | null, bytes: number}} Edges */

/** @param {any} entry @param {ArrayBuffer} buffer @param {number} base @param {Edges} edges @returns {RunHistograms} */
function runOf(entry, buffer, base, edges) {
  const places = entry.arrays;
  const column = (/** @type {string} */ name, count = entry.sent) => (places[name] ? columnOf(buffer, base + places[name].at, places[name].dtype, count) : null);
  const single = (/** @type {string} */ name) => column(name) ?? new Float64Array(entry.sent);
  const buckets = single("buckets");
  let total = 0;
  for (const count of buckets) total += count;
  const counts = countsOf(entry, buffer, base, total);
  const lefts = column("lefts", total);
  const rightOf = rightEdges(edges, (name, count) => (places[name]?.dtype === "u2" ? new Uint16Array(buffer, base + places[name].at, count) : column(name, count)), total);
  const percentiles = column("percentiles", entry.sent * SHARES);
  const columns = Object.fromEntries(["index", "step", "wall", "left", "min", "max", "num", "outside", "low", "high"].map((name) => [name, single(name)]));
  const [sum, sumSquares] = [column("sum"), column("sum_squares")];
  /** @type {Histogram[]} */
  const items = [];
  let at = 0;
  for (let i = 0; i < entry.sent; i += 1) {
    const end = at + buckets[i];
    items.push({
      index: columns.index[i], step: columns.step[i], wall: columns.wall[i], first: columns.left[i],
      right: counts ? rightOf(i, at, end, columns.left[i]) : [], lefts: lefts && lefts.subarray(at, end), counts: counts ? counts.subarray(at, end) : [],
      min: columns.min[i], max: columns.max[i], num: columns.num[i], outside: columns.outside[i], low: columns.low[i], high: columns.high[i],
      ...(sum && sumSquares && { sum: sum[i], sumSquares: sumSquares[i] }),
      percentiles: percentiles && percentiles.subarray(i * SHARES, (i + 1) * SHARES),
    });
    at = end;
  }
  return { run: entry.run, n: entry.n, check: entry.check, from: entry.from ?? 0, items, problems: entry.problems, bytes: edges.bytes + 4 * total + 300 * entry.sent };
}

/** Known histograms and those behind them that an answer has. @param {RunHistograms | null} before @param {RunHistograms} more @returns {RunHistograms} */
export function grown(before, more) {
  if (!before || more.from === 0) return more;
  return { ...more, from: 0, items: [...before.items, ...more.items], problems: [...before.problems, ...more.problems], bytes: before.bytes + more.bytes };
}

/** @param {any} entry @param {ArrayBuffer} buffer @param {number} base @param {number} total @returns {Column | null} */
function countsOf(entry, buffer, base, total) {
  const place = entry.arrays.counts;
  if (!place) return null;
  if (entry.counts === "varint") return varints(new Uint8Array(buffer, base + place.at), total);
  if (entry.counts === "difference") return summed(varints(new Uint8Array(buffer, base + place.at), total));
  return columnOf(buffer, base + place.at, place.dtype, total);
}

/** Whole numbers, seven bits a byte, the lowest first; the eighth bit says that more follow. @param {Uint8Array} bytes @param {number} count */
export function varints(bytes, count) {
  const numbers = new Uint32Array(count);
  let at = 0;
  for (let i = 0; i < count; i += 1) {
    let byte = bytes[at++];
    let number = byte & 127;
    for (let shift = 7; byte > 127; shift += 7) {
      byte = bytes[at++];
      number |= (byte & 127) << shift;
    }
    numbers[i] = number;
  }
  return numbers;
}

/** Differences to the number before, 2 d or, below 0, -2 d - 1 → the numbers, in their place. @param {Uint32Array} differences */
function summed(differences) {
  let number = 0;
  for (let i = 0; i < differences.length; i += 1) {
    number += (differences[i] >>> 1) ^ -(differences[i] & 1);
    differences[i] = number;
  }
  return differences;
}

/**
 * The right edges of one histogram, by the rules of the server's bucket_edges.py.
 *
 * @param {Edges} edges @param {(name: string, count?: number) => ArrayLike<number> & {subarray?: any} | null} column @param {number} total
 * @returns {(i: number, at: number, end: number, left: number) => ArrayLike<number>} of the histogram i, whose buckets are at … end
 */
function rightEdges({ kind, pool }, column, total) {
  if (kind === "even" || kind === "spread") {
    const [first, last] = [column("first"), /** @type {Column} */ (column("last"))];
    return (i, at, end, left) => (first ? evenEdges(first[i], last[i], end - at, 0) : evenEdges(left, last[i], end - at, 1));
  }
  if (kind === "shared" && pool) {
    const begin = /** @type {Column} */ (column("begin"));
    return (i, at, end) => pool.subarray(begin[i], begin[i] + end - at);
  }
  const right = /** @type {Column} */ (column("right", total) ?? new Float64Array(0));
  if (kind === "pooled" && pool) return (_, at, end) => Float64Array.from(right.subarray(at, end), (place) => pool[place]);
  return (_, at, end) => right.subarray(at, end);
}

/** @param {number} first edge @param {number} last @param {number} count of right edges @param {0 | 1} skipped 1: the first edge is no right one */
function evenEdges(first, last, count, skipped) {
  const edges = new Float64Array(count);
  const step = (last - first) / Math.max(1, count - 1 + skipped);
  for (let i = 0; i < count - 1; i += 1) edges[i] = first + (i + skipped) * step;
  if (count) edges[count - 1] = last;
  return edges;
}
