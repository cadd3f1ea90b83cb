/** A logged table: its columns, which rows are shown in which order, and how it differs from another. */

import { cellText } from "./cell-text.js";
import { columnOf, openFrame } from "./frame.js";
import { alignedNumber, decimalsOf } from "./number-align.js";
import { isMissing, textAt } from "./table-data.js";
import { orderedRows } from "./table-order.js";
import { longestTime, utcText } from "./utc-time.js";

const SECONDS = "2024-05-01 12:30:05".length;

/** @typedef {import("./table-frame.js").TableColumn} TableColumn */
/** @typedef {import("./table-order.js").SortKey} SortKey */

/**
 * @typedef {TableColumn & {picture: boolean, whole: boolean, nan: ReadonlySet<number>, time: number}} SheetColumn `name` is the place of the column; `nan`: rows with a NaN that was logged; `time`: characters that its times take
 * @typedef {{rows: number, columns: SheetColumn[]}} Sheet
 *
 * @typedef {object} Difference to another table
 * @property {(row: number) => number} rowOf its row for a row of this one; −1 where it has none
 * @property {number[]} columns its column for each of this one's; −1 where it has none
 * @property {Sheet} base
 */

/** @param {ArrayBuffer} buffer @returns {Sheet} @throws {Error} when the bytes are no such answer */
export function parseSheet(buffer) {
  const { header, base } = openFrame(buffer);
  const columns = header.columns.map((/** @type {any} */ { title, kind, strings = [], nan = [], array }, /** @type {number} */ index) => {
    const values = columnOf(buffer, base + array.at, array.dtype, header.rows);
    return {
      name: String(index), title, strings, error: null, nan: new Set(nan), picture: kind === "image", whole: kind === "int",
      kind: kind === "int" || kind === "image" ? "number" : kind, values, time: kind === "time" ? longestTime(values) : 0,
    };
  });
  return { rows: header.rows, columns };
}

/** What a cell says; "" where it is empty. @param {SheetColumn} column @param {number} row */
export function sheetText(column, row) {
  if (column.nan.has(row)) return "NaN";
  if (column.whole && !isMissing(column, row)) return String(column.values[row]).replace("-", "−");
  if (column.kind === "time" && !isMissing(column, row)) return utcText(column.values[row], Math.min(column.time, SECONDS));
  return cellText(column, row);
}

/** Every digit, for titles and copies. @param {SheetColumn} column @param {number} row */
export function exactText(column, row) {
  if (column.nan.has(row)) return "NaN";
  if (isMissing(column, row)) return "";
  if (column.kind === "time") return utcText(column.values[row], longestTime([column.values[row]])); // whatever else its column holds: tables are compared
  return column.kind === "number" ? String(column.values[row]) : cellText(column, row);
}

/** Rows that hold a text, in order. @param {Sheet} sheet @param {string} filter @param {readonly SortKey[]} order @returns {Int32Array} */
export function shownRows(sheet, filter, order) {
  const rows = matchingRows(sheet, filter);
  const keys = order.flatMap(({ name, descending }) => {
    const column = sheet.columns[Number(name)];
    return column ? [{ column, descending }] : [];
  });
  return orderedRows(rows, keys);
}

/** @param {Sheet} sheet @param {string} filter @returns {Int32Array} */
function matchingRows({ rows, columns }, filter) {
  const all = Int32Array.from({ length: rows }, (_, row) => row);
  const wanted = filter.trim().toLowerCase();
  if (!wanted) return all;
  const tests = columns.filter(({ picture }) => !picture).map((column) => matcher(column, wanted));
  return all.filter((row) => tests.some((test) => test(row)));
}

/** A text is looked at once, however many rows have it. @param {SheetColumn} column @param {string} wanted @returns {(row: number) => boolean} */
function matcher(column, wanted) {
  if (column.kind !== "text") return (row) => sheetText(column, row).toLowerCase().includes(wanted) || (column.kind !== "bool" && exactText(column, row).toLowerCase().includes(wanted));
  const fits = column.strings.map((text) => text.toLowerCase().includes(wanted));
  return (row) => fits[column.values[row]] === true;
}

/**
 * Which rows and columns of two tables belong together.
 *
 * @param {Sheet} sheet @param {Sheet} base
 * @param {string} key title of the column whose values name the rows; "": rows at the same place
 * @returns {Difference}
 */
export function differenceTo(sheet, base, key) {
  const used = new Set();
  const columns = sheet.columns.map(({ title }) => {
    const found = base.columns.findIndex((column, index) => column.title === title && !used.has(index)); // a title may be there twice
    used.add(found);
    return found;
  });
  const own = sheet.columns.findIndex(({ title }) => title === key);
  const other = own < 0 ? -1 : columns[own];
  if (other < 0) return { base, columns, rowOf: (row) => (row < base.rows ? row : -1) };
  const places = new Map();
  for (let row = base.rows - 1; row >= 0; row -= 1) places.set(exactText(base.columns[other], row), row);
  return { base, columns, rowOf: (row) => places.get(exactText(sheet.columns[own], row)) ?? -1 };
}

/**
 * What a cell was in the other table.
 *
 * @param {Difference} difference @param {SheetColumn} column @param {number} row
 * @returns {{was: string, change: number} | null} null where it is the same; `change` is NaN unless both are numbers
 */
export function changeOf({ base, columns, rowOf }, column, row) {
  const before = base.columns[columns[Number(column.name)]];
  const place = rowOf(row);
  if (!before || place < 0) return { was: "not there", change: NaN };
  const [now, was] = [exactText(column, row), exactText(before, place)];
  if (now === was) return null;
  const change = column.kind === "number" && before.kind === "number" ? column.values[row] - before.values[place] : NaN;
  return { was: was === "" ? "empty" : sheetText(before, place), change };
}

/** How much differs. @param {Sheet} sheet @param {Difference} difference */
export function countChanges(sheet, difference) {
  let [cells, added, kept] = [0, 0, 0];
  const seen = new Set();
  for (let row = 0; row < sheet.rows; row += 1) {
    const place = difference.rowOf(row);
    if (place < 0) added += 1;
    else {
      kept += 1;
      seen.add(place);
      for (const column of sheet.columns) if (changeOf(difference, column, row)) cells += 1;
    }
  }
  return { cells, added, kept, gone: difference.base.rows - seen.size };
}

/** As sheetText, with room behind numbers for the decimals of others. @param {SheetColumn} column @param {number} row */
export function alignedText(column, row) {
  if (column.kind === "text") return textAt(column, row);
  const text = sheetText(column, row);
  return column.kind === "number" && !column.whole ? alignedNumber(text, decimalsOf(column)) : text;
}

/** Columns as wide as what the first rows hold, within limits. @param {SheetColumn} column */
export function usualWidth(column) {
  if (column.picture) return 96;
  let longest = Math.min(24, column.title.length + 2);
  const rows = Math.min(column.values.length, 100);
  for (let row = 0; row < rows; row += 1) longest = Math.max(longest, Math.min(40, alignedText(column, row).length));
  return Math.max(64, Math.round(24 + 7.8 * longest));
}
