/** A column of metadata put into bins once, so that counting those of any rows is one pass over bytes. */

/**
 * @typedef {{kind: "number", values: Float32Array | Float64Array}} NumberColumn NaN: no value
 * @typedef {{kind: "category" | "text", codes: import("./arrays-frame.js").NamedArray, names: string[]}} TextColumn `codes`: place of each row's text in `names`
 * @typedef {NumberColumn | TextColumn} MetadataColumn
 *
 * @typedef {object} Bins
 * @property {import("./arrays-frame.js").NamedArray} of the bin of each row; the last bin holds rows without a value
 * @property {number} count of bins, without that last one
 * @property {Float64Array} all rows of each bin and, last, those without a value
 * @property {Float64Array | null} edges of numbers: one more than bins; null: a bin is a text
 * @property {boolean} log whether the edges lie evenly on a logarithmic scale
 * @property {boolean} whole whether each bin holds one whole number
 */

const MOST_BINS = 40;
const WIDE = 1000; // positive numbers that span this factor …
const CROWDED = 0.6; // … and crowd in the first linear bin by this share are binned by their logarithm

/** @type {WeakMap<MetadataColumn, Bins>} columns are replaced, never changed */
const made = new WeakMap();

/** @param {MetadataColumn} column @returns {Bins} the same object for the same column */
export function binsOf(column) {
  const known = made.get(column);
  if (known) return known;
  const bins = column.kind === "number" ? numberBins(column.values) : textBins(column);
  made.set(column, bins);
  return bins;
}

/** @param {TextColumn} column @returns {Bins} */
function textBins({ codes, names }) {
  const all = new Float64Array(names.length + 1);
  for (let row = 0; row < codes.length; row += 1) all[codes[row]] += 1;
  return { of: codes, count: names.length, all, edges: null, log: false, whole: false };
}

/** @param {Float32Array | Float64Array} values @returns {Bins} */
function numberBins(values) {
  const { least, most, isWhole } = rangeOf(values);
  if (least > most) return { of: new Uint8Array(values.length), count: 0, all: Float64Array.of(values.length), edges: new Float64Array(1), log: false, whole: false };
  const whole = isWhole && most - least < MOST_BINS;
  const edges = whole ? evenly(least - 0.5, most + 0.5, most - least + 1) : evenly(least, most > least ? most : least + 1, MOST_BINS);
  const linear = filled(values, edges, false);
  const crowded = linear.all[0] > CROWDED * (values.length - linear.all[linear.count]);
  if (whole || !crowded || least <= 0 || most / least < WIDE) return { ...linear, whole };
  const powers = evenly(Math.log(least), Math.log(most), MOST_BINS).map(Math.exp);
  return { ...filled(values, powers, true), whole: false };
}

/** @param {Float32Array | Float64Array} values */
function rangeOf(values) {
  let [least, most, isWhole] = [Infinity, -Infinity, true];
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    if (!Number.isFinite(value)) continue;
    if (value < least) least = value;
    if (value > most) most = value;
    if (isWhole && value !== Math.round(value)) isWhole = false;
  }
  return { least, most, isWhole };
}

/** @param {number} from @param {number} to @param {number} parts */
const evenly = (from, to, parts) => Float64Array.from({ length: parts + 1 }, (_, i) => from + ((to - from) * i) / parts);

/** @param {Float32Array | Float64Array} values @param {Float64Array} edges @param {boolean} log */
function filled(values, edges, log) {
  const count = edges.length - 1;
  const of = new Uint8Array(values.length);
  const all = new Float64Array(count + 1);
  const place = (/** @type {number} */ value) => (log ? Math.log(value) : value);
  const from = place(edges[0]);
  const scale = count / (place(edges[count]) - from);
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    const bin = Number.isFinite(value) ? Math.max(0, Math.min(count - 1, Math.floor(((log ? Math.log(value) : value) - from) * scale))) : count;
    of[row] = bin;
    all[bin] += 1;
  }
  return { of, count, all, edges, log };
}

/** Rows of each bin among some. @param {Bins} bins @param {import("./row-sets.js").Rows} rows */
export function countRows({ of, count }, rows) {
  const counts = new Float64Array(count + 1);
  for (let i = 0; i < rows.length; i += 1) counts[of[rows[i]]] += 1;
  return counts;
}

/** Where a number lies along the bins: 0 … 1, beyond them at their ends. @param {Bins} bins @param {number} value */
export function shareOf({ edges, log }, value) {
  if (!edges || edges.length < 2) return 0;
  const place = (/** @type {number} */ number) => (log ? Math.log(Math.max(number, Number.MIN_VALUE)) : number);
  const [from, to] = [place(edges[0]), place(edges[edges.length - 1])];
  return Math.max(0, Math.min(1, (place(value) - from) / (to - from)));
}

/** The number at a place along the bins. @param {Bins} bins @param {number} share 0 … 1 */
export function valueAtShare({ edges, log }, share) {
  if (!edges || edges.length < 2) return 0;
  const [from, to] = [edges[0], edges[edges.length - 1]];
  return log ? from * (to / from) ** share : from + (to - from) * share;
}
