/** Sets of rows as sorted Uint32Arrays: a million rows are 4 MB, and two sets are merged in one pass. */

/** @typedef {Uint32Array} Rows ascending, each once */

export const NO_ROWS = new Uint32Array(0);

/** Any rows as a set. @param {ArrayLike<number>} rows @returns {Rows} */
export function rowSet(rows) {
  const sorted = new Uint32Array(rows);
  if (isAscending(sorted)) return sorted;
  sorted.sort();
  let kept = 0;
  for (let i = 0; i < sorted.length; i += 1) if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[kept++] = sorted[i];
  return sorted.slice(0, kept);
}

/** @param {Uint32Array} rows */
function isAscending(rows) {
  for (let i = 1; i < rows.length; i += 1) if (rows[i] <= rows[i - 1]) return false;
  return true;
}

/** @param {Rows} a @param {Rows} b @returns {Rows} */
export const union = (a, b) => merged(a, b, true, true, true);

/** @param {Rows} a @param {Rows} b @returns {Rows} what is in `a` and not in `b` */
export const without = (a, b) => merged(a, b, true, false, false);

/** @param {Rows} a @param {Rows} b @returns {Rows} */
export const common = (a, b) => merged(a, b, false, true, false);

/** @param {Rows} a @param {Rows} b @param {boolean} onlyA @param {boolean} both @param {boolean} onlyB which of them are kept */
function merged(a, b, onlyA, both, onlyB) {
  const kept = new Uint32Array((onlyA ? a.length : Math.min(a.length, b.length)) + (onlyB ? b.length : 0));
  let [i, j, n] = [0, 0, 0];
  while (i < a.length || j < b.length) {
    const [left, right] = [i < a.length ? a[i] : Infinity, j < b.length ? b[j] : Infinity];
    if (left === right ? both : left < right ? onlyA : onlyB) kept[n++] = Math.min(left, right);
    if (left <= right) i += 1;
    if (right <= left) j += 1;
  }
  return kept.length === n ? kept : kept.slice(0, n);
}

/** A set after a gesture: `rows` in its place, added to it, taken from it. @param {Rows} before @param {Rows} rows @param {"replace" | "add" | "remove"} how @returns {Rows} */
export function changedSet(before, rows, how) {
  if (how === "replace") return rows;
  return how === "add" ? union(before, rows) : without(before, rows);
}

/** Rows that are not in the set; of those that a mask leaves in sight. @param {Rows} rows @param {number} count of all rows @param {Uint8Array | null} mask @returns {Rows} */
export function inverted(rows, count, mask) {
  const left = new Uint8Array(count).fill(1);
  if (mask) left.set(mask);
  for (const row of rows) left[row] = 0;
  return rowsOf(left);
}

/** Whether two sets hold the same. @param {Rows} a @param {Rows} b */
export const sameRows = (a, b) => a === b || (a.length === b.length && a.every((row, place) => row === b[place]));

/** Where a row is in a set; −1 for nowhere. @param {Rows} rows @param {number} row */
export function placeOf(rows, row) {
  let [low, high] = [0, rows.length - 1];
  while (low <= high) {
    const middle = (low + high) >> 1;
    if (rows[middle] === row) return middle;
    if (rows[middle] < row) low = middle + 1;
    else high = middle - 1;
  }
  return -1;
}

/** Rows where a mask is not 0. @param {Uint8Array} mask @returns {Rows} */
export function rowsOf(mask) {
  let count = 0;
  for (let row = 0; row < mask.length; row += 1) if (mask[row]) count += 1;
  const rows = new Uint32Array(count);
  for (let row = 0, n = 0; n < count; row += 1) if (mask[row]) rows[n++] = row;
  return rows;
}
