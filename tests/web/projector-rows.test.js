import assert from "node:assert/strict";
import test from "node:test";

import { binsOf, countRows, shareOf, valueAtShare } from "../../webapp/static/lib/column-bins.js";
import { countPassing, failing, passing, stoppedBy } from "../../webapp/static/lib/cross-filter.js";
import { rangeBrush, valuesBrush } from "../../webapp/static/lib/brush.js";
import { barShare, compareNeighbors, partOf } from "../../webapp/static/lib/neighbor-sets.js";
import { decodeRows, encodeRows } from "../../webapp/static/lib/row-set-text.js";
import { changedSet, common, inverted, placeOf, rowSet, rowsOf, union, without } from "../../webapp/static/lib/row-sets.js";

const rows = (/** @type {number[]} */ ...numbers) => Uint32Array.from(numbers);

test("sets of rows are joined, cut and taken from each other", () => {
  assert.deepEqual(rowSet([5, 1, 5, 3]), rows(1, 3, 5));
  assert.deepEqual(union(rows(1, 3, 5), rows(2, 3, 9)), rows(1, 2, 3, 5, 9));
  assert.deepEqual(without(rows(1, 3, 5), rows(3, 4)), rows(1, 5));
  assert.deepEqual(common(rows(1, 3, 5), rows(0, 3, 5, 7)), rows(3, 5));
  assert.deepEqual(changedSet(rows(1), rows(2), "add"), rows(1, 2));
  assert.deepEqual(changedSet(rows(1, 2), rows(2), "remove"), rows(1));
  assert.deepEqual([placeOf(rows(2, 4, 8), 4), placeOf(rows(2, 4, 8), 5)], [1, -1]);
});

test("the inverse of a set keeps to what is in sight", () => {
  assert.deepEqual(inverted(rows(0, 2), 4, null), rows(1, 3));
  assert.deepEqual(inverted(rows(0, 2), 4, Uint8Array.of(1, 1, 1, 0)), rows(1));
  assert.deepEqual(rowsOf(Uint8Array.of(0, 1, 0, 1)), rows(1, 3));
});

test("any set of rows keeps itself through text, and scattered ones stay short", () => {
  const scattered = rowsOf(Uint8Array.from({ length: 60_000 }, (_, row) => ((row * 2654435761) % 97) % 3 === 0 ? 1 : 0));
  const stretch = Uint32Array.from({ length: 1000 }, (_, i) => i + 70_000);
  for (const set of [rows(), rows(0), rows(7), rows(0, 1, 2, 9), rows(4_000_000_000), stretch, scattered]) assert.deepEqual(decodeRows(encodeRows(set)), set);
  assert.equal(encodeRows(rows(2, 3, 4, 8)), "2-2,3");
  assert.ok(encodeRows(stretch).length < 12);
  assert.ok(encodeRows(scattered).length < 60_000 / 6 + 10);
  for (const wrong of ["a b", "1,,x!", "1-", "zzzzzzzzzz", "~%"]) assert.throws(() => decodeRows(wrong), wrong);
});

test("numbers fall into bins of equal width, whole ones into bins of their own", () => {
  const even = binsOf({ kind: "number", values: Float32Array.from({ length: 400 }, (_, i) => i / 4 + 0.1) });
  assert.deepEqual([even.count, even.all[0], even.all[39], even.all[40]], [40, 10, 10, 0]);
  const labels = binsOf({ kind: "number", values: Float64Array.of(3, 3, 5, NaN, Infinity) });
  assert.deepEqual([...labels.all], [2, 0, 1, 2]);
  assert.deepEqual([...(labels.edges ?? [])], [2.5, 3.5, 4.5, 5.5]);
  assert.equal(binsOf({ kind: "number", values: Float64Array.of(NaN) }).count, 0);
  assert.equal(binsOf({ kind: "number", values: Float64Array.of(0.5, 0.5) }).all[0], 2);
});

test("numbers over many powers of ten are binned by their logarithm", () => {
  const wide = binsOf({ kind: "number", values: Float64Array.from({ length: 300 }, (_, i) => 10 ** (i / 50)) });
  assert.ok(wide.log);
  assert.ok(Math.max(...wide.all) < 12);
  const middle = valueAtShare(wide, 0.5);
  assert.ok(Math.abs(shareOf(wide, middle) - 0.5) < 1e-9);
  assert.deepEqual([shareOf(wide, -1), shareOf(wide, 1e9)], [0, 1]);
});

test("a chart counts what the other columns let through, its own filter aside", () => {
  const size = /** @type {const} */ ({ kind: "number", values: Float64Array.of(1, 2, 3, NaN) });
  const kind = /** @type {const} */ ({ kind: "category", codes: Uint8Array.of(0, 1, 0, 1), names: ["cat", "dog"] });
  const small = failing(size, rangeBrush(1, 2));
  const cats = failing(kind, valuesBrush(["cat"]));
  const stopped = stoppedBy(4, [small, cats]);
  assert.deepEqual([...passing([small, cats])], [1, 0, 0, 0]);
  assert.deepEqual([...countPassing(binsOf(kind), stopped, cats)], [1, 1, 0]);
  assert.deepEqual([...countPassing(binsOf(kind), stopped, null)], [1, 0, 0]);
  assert.deepEqual([...failing(size, rangeBrush(-Infinity, Infinity, true))], [0, 0, 0, 0]);
  assert.deepEqual([...countRows(binsOf(kind), rows(1, 3))], [0, 2, 0]);
});

test("the end of a range is met by numbers of half the precision", () => {
  const column = /** @type {const} */ ({ kind: "number", values: Float32Array.of(0.1, 0.2) });
  assert.deepEqual([...failing(column, rangeBrush(0.1, 0.1))], [0, 1]);
});

test("neighbours here and in the original space: shared, and which differ", () => {
  const all = compareNeighbors(rows(4, 7, 9), Float32Array.of(0.1, 0.2, 0.4), rows(7, 8));
  assert.deepEqual(partOf(all, "all").map(({ row }) => row), [4, 7, 9]);
  assert.deepEqual(partOf(all, "shared").map(({ row }) => row), [7]);
  assert.deepEqual(partOf(all, "original").map(({ row }) => row), [4, 9]);
  assert.deepEqual(partOf(all, "here").map(({ row, distance }) => [row, distance]), [[8, NaN]]);
  assert.deepEqual([barShare(0.2, 0.4), barShare(NaN, 1), barShare(-0.1, 1)], [0.5, 0, 0]);
});

test("a million rows are filtered and counted in a moment", () => {
  const count = 1_000_000;
  const size = /** @type {const} */ ({ kind: "number", values: Float32Array.from({ length: count }, (_, i) => (i * 7919) % 1000) });
  const bins = binsOf(size);
  const own = failing(size, rangeBrush(100, 300));
  const work = () => countPassing(bins, stoppedBy(count, [failing(size, rangeBrush(100, 300)), own]), own);
  work(); // compiled by now
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  assert.ok(user + system < 200_000, `${(user + system) / 1000} ms of CPU`);
});
