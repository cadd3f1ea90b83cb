/** Precision-recall and ROC curves: what they say at a threshold, which steps are drawn. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { allThresholds, at, curvePoints, earlierPlaces, thinnedPlaces } from "../../webapp/static/lib/threshold-curve.js";

/** Thresholds 0, 0.5 and 1; above the last there is nothing. */
const curve = {
  run: "a", id: "", step: 0, wall: 0, notes: [], areas: { average_precision: null, precision_recall: null, roc: null },
  columns: {
    thresholds: Float64Array.of(0, 0.5, 1), true_positives: Float32Array.of(4, 3, 0), false_positives: Float32Array.of(6, 1, 0),
    true_negatives: Float32Array.of(0, 5, 6), false_negatives: Float32Array.of(0, 1, 4), precision: Float32Array.of(0.4, 0.75, 0), recall: Float32Array.of(1, 0.75, 0),
  },
};

test("a threshold tells counts and ratios", () => {
  const { tp, fp, tn, fn, precision, recall, f1, fall } = at(curve, 1);
  assert.deepEqual([tp, fp, tn, fn], [3, 1, 5, 1]);
  assert.deepEqual([precision, recall, f1], [0.75, 0.75, 0.75]);
  assert.equal(fall, 1 / 6);
});

test("where nothing is positive there is no precision, whatever the file says", () => {
  assert.ok(Number.isNaN(at(curve, 2).precision));
  assert.equal(at(curve, 2).recall, 0);
});

test("both curves come from the same counts", () => {
  assert.deepEqual([...curvePoints(curve, "pr").y], [Math.fround(0.4), 0.75, NaN]);
  const roc = curvePoints(curve, "roc");
  assert.deepEqual([...roc.x], [1, 1 / 6, 0]);
  assert.deepEqual([...roc.y], [1, 0.75, 0]);
});

test("counts alone give the ratios", () => {
  const { precision, recall, ...counts } = curve.columns;
  assert.equal(at({ ...curve, columns: counts }, 1).precision, precision[1]);
  assert.equal(at({ ...curve, columns: counts }, 1).recall, recall[1]);
});

test("thresholds of several curves come once each, without the infinite one", () => {
  const other = { ...curve, columns: { ...curve.columns, thresholds: Float64Array.of(-2, 0.5, Infinity) } };
  assert.deepEqual([...allThresholds([curve, other])], [-2, 0, 0.5, 1]);
});

test("steps are thinned so that a new one leaves the choice as it was", () => {
  assert.deepEqual(thinnedPlaces(5, 10), [0, 1, 2, 3, 4]);
  assert.deepEqual(thinnedPlaces(20, 10), [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 19]);
  assert.deepEqual(thinnedPlaces(0, 10), []);
  const [before, after] = [thinnedPlaces(1000, 200), thinnedPlaces(1001, 200)];
  assert.deepEqual(after.slice(0, before.length - 1), before.slice(0, -1));
});

test("earlier steps are spread up to the one before the cursor's", () => {
  assert.deepEqual(earlierPlaces(0, 8), []);
  assert.deepEqual(earlierPlaces(3, 8), [0, 1, 2]);
  assert.deepEqual(earlierPlaces(100, 4), [0, 25, 50, 75]);
});
