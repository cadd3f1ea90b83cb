/** The binary answer of /api/table: the same envelope as that of /api/scalars, one array a column. */

import { openFrame } from "./frame.js";

const NOTHING = -(2n ** 63n); // in columns of whole numbers, which have no NaN

/**
 * @typedef {object} TableColumn
 * @property {string} name as it was asked for
 * @property {string} title
 * @property {"number" | "text" | "bool" | "time" | "duration"} kind
 * @property {Float64Array | Int32Array} values a run each; text: index into `strings`, −1 where there is none; otherwise NaN
 * @property {string[]} strings
 * @property {{message: string, start: number, end: number} | null} error why the column holds nothing
 *
 * @typedef {{version: number, runs: string[], rowsTotal: number, columns: TableColumn[]}} Table
 *
 * @param {ArrayBuffer} buffer
 * @returns {Table}
 * @throws {Error} when the bytes are no such frame
 */
export function parseTable(buffer) {
  const { header, base } = openFrame(buffer);
  const rows = header.runs.length;
  const columns = header.columns.map((/** @type {any} */ column) => ({
    name: column.name, title: column.title, kind: column.kind, strings: column.strings ?? [], error: column.error ?? null,
    values: column.array ? valuesOf(buffer, base + column.array.at, column.array.dtype, rows) : new Float64Array(rows).fill(NaN),
  }));
  return { version: header.version, runs: header.runs, rowsTotal: header.rows_total ?? rows, columns };
}

/** @param {ArrayBuffer} buffer @param {number} at @param {string} dtype @param {number} rows */
function valuesOf(buffer, at, dtype, rows) {
  if (dtype === "i8") return Float64Array.from(new BigInt64Array(buffer, at, rows), (whole) => (whole === NOTHING ? NaN : Number(whole)));
  return dtype === "i4" ? new Int32Array(buffer, at, rows) : new Float64Array(buffer, at, rows);
}
