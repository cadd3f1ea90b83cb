/** The rows of a table of columns: found by words, put in order, written as text. */

import { separatedLine } from "./separated-line.js";

/**
 * @typedef {{name: string, unit: string, text: boolean, values: (string | number | null)[]}} DataColumn
 * @typedef {{column: string, down: boolean}} Order
 */

/** How many rows there are. @param {readonly DataColumn[]} columns */
export const rowCount = (columns) => columns[0]?.values.length ?? 0;

/** The rows that hold every word in some of their texts; a word behind "-" must not be there. @param {readonly DataColumn[]} columns @param {string} query @returns {number[]} */
export function rowsWith(columns, query) {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const rows = Array.from({ length: rowCount(columns) }, (_, row) => row);
  if (words.length === 0) return rows;
  const texts = columns.filter(({ text }) => text);
  const holds = (/** @type {number} */ row, /** @type {string} */ word) => texts.some(({ values }) => String(values[row] ?? "").toLowerCase().includes(word));
  return rows.filter((row) => words.every((word) => (word.startsWith("-") && word.length > 1 ? !holds(row, word.slice(1)) : holds(row, word))));
}

/** The rows in the order of a column; what is missing comes last. @param {readonly DataColumn[]} columns @param {readonly number[]} rows @param {Order | null} order null: as they are */
export function rowsInOrder(columns, rows, order) {
  const values = columns.find(({ name }) => name === order?.column)?.values;
  if (!values || !order) return [...rows];
  const sign = order.down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [x, y] = [values[a], values[b]];
    if (x === null || y === null) return Number(x === null) - Number(y === null);
    return x === y ? a - b : sign * (x < y ? -1 : 1);
  });
}

/** The order after a click on a head: numbers begin with the greatest, texts with the first; the third click ends it. @param {Order | null} order @param {DataColumn} column @returns {Order | null} */
export function nextOrder(order, { name, text }) {
  if (order?.column !== name) return { column: name, down: !text };
  return order.down === !text ? { column: name, down: !order.down } : null;
}

/** Every digit, with a line of names. @param {readonly DataColumn[]} columns @param {readonly number[]} rows @param {"," | "\t"} separator */
export function rowsAsText(columns, rows, separator) {
  const head = columns.map(({ name, unit }) => (unit ? `${name} (${unit})` : name));
  return [head, ...rows.map((row) => columns.map(({ values }) => values[row]))].map((line) => `${separatedLine(line, separator)}\n`).join("");
}
