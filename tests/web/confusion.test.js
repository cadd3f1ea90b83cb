/** Confusion matrices: figures of classes, shares, pairs, differences, and what is seen of many classes. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { classFigures, countTexts, macroFigures, mostConfused, normalised, pooledPart, reordered, totalsOf } from "../../webapp/static/lib/confusion.js";
import { clampedPart, zoomedPart } from "../../webapp/static/charts/matrix-frame.js";

const pets = { n: 3, names: ["cat", "dog", "eel"], cells: Uint32Array.of(8, 2, 0, 1, 9, 0, 0, 0, 0) };

test("precision is of what was said, recall of what is true", () => {
  const [cat, dog, eel] = classFigures(pets, totalsOf(pets));
  assert.deepEqual([cat.precision, cat.recall, cat.support], [8 / 9, 0.8, 10]);
  assert.deepEqual([dog.precision, dog.recall], [9 / 11, 0.9]);
  assert.ok(Number.isNaN(eel.precision) && Number.isNaN(eel.recall));
});

test("classes that never occur do not count in the means", () => {
  const { balanced, f1 } = macroFigures(classFigures(pets, totalsOf(pets)));
  assert.ok(Math.abs(balanced - 0.85) < 1e-12);
  assert.ok(Math.abs(f1 - (16 / 19 + 18 / 21) / 2) < 1e-12);
});

test("cells as shares of rows and of columns", () => {
  const totals = totalsOf(pets);
  assert.deepEqual([...normalised(pets, totals, "true")].slice(0, 3), [0.8, 0.2, 0]);
  assert.equal(normalised(pets, totals, "predicted")[1], 2 / 11);
  assert.deepEqual([totals.all, totals.right], [20, 17]);
});

test("the pairs that are confused most come first", () => {
  assert.deepEqual(mostConfused(pets, totalsOf(pets), 2), [{ truth: 0, taken: 1, count: 2, share: 0.2 }, { truth: 1, taken: 0, count: 1, share: 0.1 }]);
});

test("the same classes in another order are compared by name, other classes are not", () => {
  const turned = { n: 2, names: ["b", "a"], cells: [4, 3, 2, 1] };
  assert.deepEqual([...(reordered(turned, { n: 2, names: ["a", "b"], cells: [] })?.cells ?? [])], [1, 2, 3, 4]);
  assert.equal(reordered(turned, { n: 2, names: ["a", "c"], cells: [] }), null);
  assert.equal(reordered(turned, pets), null);
});

test("cells that share a pixel show the one farthest from nought", () => {
  const values = Float64Array.from({ length: 16 }, () => 0);
  values[5] = -3;
  values[4] = 2;
  const { side, pooled, each } = pooledPart(values, 4, { top: 0, left: 0, size: 4 }, 2);
  assert.deepEqual([side, each, ...pooled], [2, 2, -3, 0, 0, 0]);
});

test("zooming stays within the matrix and keeps the cell in sight", () => {
  assert.deepEqual(zoomedPart({ top: 0, left: 0, size: 100 }, 100, 0.5, { row: 0, column: 99 }), { size: 50, top: 0, left: 50 });
  assert.equal(zoomedPart({ top: 10, left: 10, size: 60 }, 100, 2, { row: 20, column: 20 }), null);
  assert.deepEqual(clampedPart({ top: -5, left: 98, size: 10 }, 100), { size: 10, top: 0, left: 90 });
});

test("a count that has no room is written shorter", () => {
  assert.deepEqual(countTexts(1234), ["1,234", "1.23k", "1.2k"]);
  assert.deepEqual(countTexts(-12_345_678), ["−12,345,678", "−12.3M", "−12M"]);
  assert.deepEqual(countTexts(999_999), ["999,999", "1M", "1M"]);
  assert.deepEqual(countTexts(13.7062), ["13.71", "13.7", "14"]);
  assert.deepEqual(countTexts(7), ["7", "7", "7"]);
  assert.equal(countTexts(2 ** 60)[2], "1.2e18");
  assert.deepEqual(countTexts(Infinity), ["∞"]);
});
