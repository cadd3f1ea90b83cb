/** Logged tables: order, filter, and what differs from another table. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { changeOf, countChanges, differenceTo, exactText, sheetText, shownRows } from "../../webapp/static/lib/table-sheet.js";
import { longestTime } from "../../webapp/static/lib/utc-time.js";
import { decodeTableViews, encodeTableViews } from "../../webapp/static/state/table-views.js";

/** @param {string} title @param {number} place @param {(number | null)[]} values @param {object} [more] */
const numbers = (title, place, values, more = {}) => ({
  name: String(place), title, kind: /** @type {const} */ ("number"), strings: [], error: null, picture: false, whole: true, nan: new Set(), time: 0, values: Float64Array.from(values, (value) => value ?? NaN), ...more,
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

/** @param {string[]} texts */
const times = (...texts) => {
  const seconds = texts.map((text) => (text ? Date.parse(text) / 1000 : null));
  return numbers("when", 0, seconds, { kind: "time", whole: false, time: longestTime(Float64Array.from(seconds, (one) => one ?? NaN)) });
};

test("times are those that were logged, wherever the browser is, as exact as their column needs", () => {
  const shown = (/** @type {string[]} */ ...texts) => texts.map((_, row) => sheetText(times(...texts), row));
  assert.deepEqual(shown("2020-01-01T00:00Z", "", "0001-01-01T00:00Z"), ["2020-01-01", "", "0001-01-01"]);
  assert.deepEqual(shown("2020-01-01T00:00Z", "1969-12-31T23:59Z"), ["2020-01-01 00:00", "1969-12-31 23:59"]);
  assert.deepEqual(shown("2020-01-01T00:00:07.250Z"), ["2020-01-01 00:00:07"]);
  assert.equal(exactText(times("2020-01-01T00:00:07.250Z"), 0), "2020-01-01 00:00:07.250");
  assert.equal(exactText(numbers("t", 0, [-0.000001], { kind: "time", whole: false, time: 26 }), 0), "1969-12-31 23:59:59.999999");
  assert.equal(sheetText(numbers("t", 0, [9e12], { kind: "time", whole: false, time: 10 }), 0), "9000000000000 s since 1970");
});

test("times that differ by a second differ, and a day is the same day in any column", () => {
  const base = { rows: 2, columns: [times("2020-01-01T00:00Z", "2020-01-02T00:00:01Z")] };
  const own = { rows: 2, columns: [times("2020-01-01T00:00Z", "2020-01-02T00:00Z")] };
  const difference = differenceTo(own, base, "");
  assert.equal(changeOf(difference, own.columns[0], 0), null);
  assert.equal(changeOf(difference, own.columns[0], 1)?.was, "2020-01-02 00:00:01");
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
