/** Rows in the order of one or several columns: over typed arrays, what is missing always last. */

import { naturalCompare } from "./tags.js";

/** @typedef {import("./table-frame.js").TableColumn} TableColumn */
/** @typedef {{name: string, descending: boolean}} SortKey */

/** @type {WeakMap<TableColumn, Float64Array | Int32Array>} */
const ranksOf = new WeakMap();

/** Numbers that order as the column does; NaN where a value is missing. @param {TableColumn} column */
export function sortRanks(column) {
  let ranks = ranksOf.get(column);
  if (!ranks) {
    ranks = column.kind === "text" ? textRanks(column.values, column.strings) : column.values;
    ranksOf.set(column, ranks);
  }
  return ranks;
}

/** @param {Float64Array | Int32Array} codes @param {string[]} strings */
function textRanks(codes, strings) {
  const order = strings.map((_, code) => code).sort((a, b) => naturalCompare(strings[a], strings[b]));
  const rank = new Float64Array(strings.length);
  order.forEach((code, place) => (rank[code] = place));
  return Float64Array.from(codes, (code) => (code < 0 ? NaN : rank[code]));
}

/**
 * @param {Int32Array} rows in natural order, which decides between equals
 * @param {{column: TableColumn, descending: boolean}[]} keys the first decides, the next between equals
 * @returns {Int32Array}
 */
export function orderedRows(rows, keys) {
  if (keys.length === 0) return rows;
  const orders = keys.map(({ column, descending }) => ({ ranks: sortRanks(column), sign: descending ? -1 : 1 }));
  const compare = (/** @type {number} */ a, /** @type {number} */ b) => {
    for (const { ranks, sign } of orders) {
      const [x, y] = [ranks[a], ranks[b]];
      if (x === y) continue;
      if (x < y) return -sign;
      if (x > y) return sign;
      if (x !== x && y !== y) continue;
      return x !== x ? 1 : -1; // NaN goes last whichever way
    }
    return a - b;
  };
  return rows.slice().sort(compare);
}

/** What a click on a column's title makes of the order: this way, the other way, not at all. @param {readonly SortKey[]} keys @param {string} name @param {boolean} first descending at the first click @param {boolean} add keep the other columns (Shift) @returns {SortKey[]} */
export function nextOrder(keys, name, first, add) {
  const known = keys.find((key) => key.name === name);
  /** @type {SortKey[]} */
  let own = [{ name, descending: first }];
  if (known && (add || keys.length === 1)) own = known.descending === first ? [{ name, descending: !first }] : [];
  if (!add) return own;
  return known ? keys.flatMap((key) => (key === known ? own : [key])) : [...keys, ...own];
}
