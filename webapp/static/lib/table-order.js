/** Rows in the order of one or several columns: over typed arrays, what is missing always last. */

import { naturalCompare } from "./tags.js";

/** @typedef {import("./table-frame.js").TableColumn} TableColumn */
/** @typedef {{name: string, descending: boolean}} SortKey */

/** @typedef {{ranks: Int32Array, distinct: number}} Ranks 0 … distinct − 1 in ascending order; `distinct` where a value is missing */

/** @type {WeakMap<TableColumn, Ranks>} */
const ranksOf = new WeakMap();

/** Small whole numbers that order as the column does. @param {TableColumn} column @returns {Ranks} */
function sortRanks(column) {
  let ranks = ranksOf.get(column);
  if (!ranks) {
    ranks = column.kind === "text" ? textRanks(column.values, column.strings) : numberRanks(column.values);
    ranksOf.set(column, ranks);
  }
  return ranks;
}

/** @param {Float64Array | Int32Array} codes @param {string[]} strings @returns {Ranks} */
function textRanks(codes, strings) {
  const order = strings.map((_, code) => code).sort((a, b) => naturalCompare(strings[a], strings[b]));
  const rank = new Int32Array(strings.length);
  order.forEach((code, place) => (rank[code] = place));
  return { ranks: Int32Array.from(codes, (code) => (code < 0 ? strings.length : rank[code])), distinct: strings.length };
}

/** @param {Float64Array | Int32Array} values @returns {Ranks} */
function numberRanks(values) {
  const places = new Map();
  for (const value of values.slice().sort()) if (value === value && !places.has(value)) places.set(value, places.size); // NaN has no place
  return { ranks: Int32Array.from(values, (value) => places.get(value) ?? places.size), distinct: places.size };
}

/**
 * @param {Int32Array} rows in natural order, which decides between equals
 * @param {{column: TableColumn, descending: boolean}[]} keys the first decides, the next between equals
 * @returns {Int32Array}
 */
export function orderedRows(rows, keys) {
  if (keys.length === 0 || rows.length === 0) return rows;
  const orders = keys.map(({ column, descending }) => ({ ...sortRanks(column), descending }));
  const most = rows.reduce((top, row) => Math.max(top, row), 0) + 1;
  const room = orders.reduce((product, { distinct }) => product * (distinct + 1), most);
  return room <= Number.MAX_SAFE_INTEGER ? orderedAtOnce(rows, orders, most) : orderedInTurns(rows, orders);
}

/** @typedef {Ranks & {descending: boolean}} Order */

/** The place of a rank; what is missing stays last whichever way. @param {Order} order @param {number} row */
function placeOf({ ranks, distinct, descending }, row) {
  const rank = ranks[row];
  return descending && rank < distinct ? distinct - 1 - rank : rank;
}

/** All ranks of a row in one number: such numbers sort without calling back, ten times as fast. @param {Int32Array} rows @param {Order[]} orders @param {number} most */
function orderedAtOnce(rows, orders, most) {
  const packed = new Float64Array(rows.length);
  rows.forEach((row, index) => {
    let number = 0;
    for (const order of orders) number = number * (order.distinct + 1) + placeOf(order, row);
    packed[index] = number * most + row;
  });
  return Int32Array.from(packed.sort(), (number) => number % most);
}

/** @param {Int32Array} rows @param {Order[]} orders */
function orderedInTurns(rows, orders) {
  return rows.slice().sort((a, b) => {
    for (const order of orders) {
      const change = placeOf(order, a) - placeOf(order, b);
      if (change) return change;
    }
    return a - b;
  });
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
