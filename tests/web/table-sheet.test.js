/** Logged tables: order, filter, and what differs from another table. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { changeOf, countChanges, differenceTo, exactText, sheetText, shownRows } from "../../webapp/static/lib/table-sheet.js";
import { decodeTableViews, encodeTableViews } from "../../webapp/static/state/table-views.js";

/** @param {string} title @param {number} place @param {(number | null)[]} values @param {object} [more] */
const numbers = (title, place, values, more = {}) => ({
  name: String(place), title, kind: /** @type {const} */ ("number"), strings: [], error: null, picture: false, whole: true, nan: new Set(), values: Float64Array.from(values, (value) => value ?? NaN), ...more,
});
/** @param {string} title @param {number} place @param {string[]} strings distinct */
const words = (title, place, strings) => ({ ...numbers(title, place, []), kind: /** @type {const} */ ("text"), whole: false, strings, values: Int32Array.from(strings, (_, code) => code) });
const sheet = { rows: 3, columns: [words("name", 0, ["pear", "apple", "fig"]), numbers("count", 1, [3, null, 1200])] };

test("rows are ordered by several columns, empty cells last", () => {
  assert.deepEqual([...shownRows(sheet, "", [{ name: "1", descending: true }])], [2, 0, 1]);
  assert.deepEqual([...shownRows(sheet, "", [{ name: "0", descending: false }])], [1, 2, 0]);
  assert.deepEqual([...shownRows(sheet, "", [{ name: "9", descending: false }])], [0, 1, 2]);
});

test("a filter finds texts and numbers in any column", () => {
  assert.deepEqual([...shownRows(sheet, "PEA", [])], [0]);
  assert.deepEqual([...shownRows(sheet, "1200", [])], [2]);
  assert.deepEqual([...shownRows(sheet, "nothing", [])], []);
});

test("a NaN that was logged is no empty cell", () => {
  const column = numbers("x", 0, [null, null], { nan: new Set([1]) });
  assert.deepEqual([sheetText(column, 0), sheetText(column, 1), exactText(column, 1)], ["", "NaN", "NaN"]);
});

test("tables are compared by row number or by a column that names the rows", () => {
  const base = { rows: 2, columns: [words("name", 0, ["apple", "pear"]), numbers("count", 1, [7, 3])] };
  const byPlace = differenceTo(sheet, base, "");
  assert.deepEqual(changeOf(byPlace, sheet.columns[1], 0), { was: "7", change: -4 });
  assert.equal(byPlace.rowOf(2), -1);
  const byName = differenceTo(sheet, base, "name");
  assert.equal(changeOf(byName, sheet.columns[1], 0), null);
  assert.equal(changeOf(byName, sheet.columns[1], 1)?.was, "7");
  assert.equal(changeOf(byName, sheet.columns[1], 2)?.was, "not there");
  assert.deepEqual(countChanges(sheet, byName), { cells: 1, added: 1, kept: 2, gone: 0 });
});

test("how a table is looked at survives the URL", () => {
  const view = { filter: "a:b;c", order: [{ name: "2", descending: true }, { name: "0", descending: false }], base: "run:x/y", key: "the id" };
  assert.deepEqual(decodeTableViews(encodeTableViews(new Map([["tables:a;b", view]]))), new Map([["tables:a;b", view]]));
});
