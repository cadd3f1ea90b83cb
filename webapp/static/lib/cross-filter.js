/**
 * Filters of several columns at once. Each says of every row whether it fails; the charts of a column count what no other
 * column's filter stops, so that its own filter can still be widened.
 */

/** @typedef {import("./column-bins.js").MetadataColumn} MetadataColumn */
/** @typedef {import("./column-bins.js").Bins} Bins */
/** @typedef {import("./brush.js").Brush} Brush */

/** 1 for each row that does not pass. @param {MetadataColumn} column @param {Brush} brush @returns {Uint8Array} */
export function failing(column, brush) {
  return column.kind === "number" ? failingNumbers(column.values, brush) : failingTexts(column, brush);
}

/** @param {Float32Array | Float64Array} values @param {Brush} brush */
function failingNumbers(values, { lo, hi, values: listed, missing }) {
  const fails = new Uint8Array(values.length);
  const wanted = listed && new Set(listed.map(Number));
  const isNarrow = values instanceof Float32Array; // an end such as 0.1 is the nearest number the column can hold
  const [low, high] = isNarrow ? [Math.fround(lo), Math.fround(hi)] : [lo, hi];
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    const passes = Number.isNaN(value) ? missing : wanted ? wanted.has(value) : value >= low && value <= high;
    if (!passes) fails[row] = 1;
  }
  return fails;
}

/** @param {import("./column-bins.js").TextColumn} column @param {Brush} brush */
function failingTexts({ codes, names }, { values: listed }) {
  const fails = new Uint8Array(codes.length);
  if (!listed) return fails;
  const wanted = new Set(listed);
  const fate = Uint8Array.from(names, (name) => (wanted.has(name) ? 0 : 1));
  for (let row = 0; row < codes.length; row += 1) fails[row] = fate[codes[row]];
  return fails;
}

/** How many of the filters stop each row. @param {number} count of rows @param {Uint8Array[]} filters at most 255 */
export function stoppedBy(count, filters) {
  const stopped = new Uint8Array(count);
  for (const fails of filters) for (let row = 0; row < count; row += 1) stopped[row] += fails[row];
  return stopped;
}

/** 1 for each row that no filter stops. @param {readonly Uint8Array[]} filters at least one, of one length */
export function passing([first, ...others]) {
  const mask = new Uint8Array(first.length);
  for (let row = 0; row < mask.length; row += 1) mask[row] = 1 - first[row];
  for (const fails of others) for (let row = 0; row < mask.length; row += 1) mask[row] &= 1 - fails[row];
  return mask;
}

/** Rows of each bin that nothing stops but, perhaps, `own`. @param {Bins} bins @param {Uint8Array} stopped @param {Uint8Array | null} own filter of the same column */
export function countPassing({ of, count }, stopped, own) {
  const counts = new Float64Array(count + 1);
  if (own) for (let row = 0; row < stopped.length; row += 1) stopped[row] === own[row] && (counts[of[row]] += 1);
  else for (let row = 0; row < stopped.length; row += 1) stopped[row] === 0 && (counts[of[row]] += 1);
  return counts;
}
