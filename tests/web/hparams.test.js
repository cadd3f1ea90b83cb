import assert from "node:assert/strict";
import { test } from "node:test";

import { brushTest, brushText, decodeBrushes, encodeBrushes, rangeBrush, valuesBrush } from "../../webapp/static/lib/brush.js";
import { makeAxis } from "../../webapp/static/lib/parallel-axis.js";

const numbers = (values, kind = "number") => ({ name: "x", title: "x", kind, values: Float64Array.from(values), strings: [], error: null });
const texts = (codes, strings) => ({ name: "x", title: "x", kind: "text", values: Int32Array.from(codes), strings, error: null });
const passing = (column, brush) => [...column.values.keys()].filter(brushTest(column, brush));

test("a range holds its ends, and what is missing only where it says so", () => {
  const column = numbers([0.1, 0.2, 0.3, NaN]);
  assert.deepEqual(passing(column, rangeBrush(0.1, 0.2)), [0, 1]);
  assert.deepEqual(passing(column, rangeBrush(0.25, Infinity, true)), [2, 3]);
  assert.deepEqual(passing(column, rangeBrush(Infinity, -Infinity, true)), [3]);
});

test("values are those of texts and booleans", () => {
  assert.deepEqual(passing(texts([0, 1, -1, 0], ["sgd", "lion"]), valuesBrush(["sgd"])), [0, 3]);
  assert.deepEqual(passing(numbers([1, 0, NaN], "bool"), valuesBrush(["true"], true)), [0, 2]);
});

test("brushes survive the way through a link, odd names too", () => {
  const brushes = new Map([
    ["lr", rangeBrush(0.001, 0.01)], ["a:b;c", rangeBrush(-Infinity, -1e-7, true)], ["`x y`.max", valuesBrush(["a,b", "=?;:"], false)],
    ["none", rangeBrush(Infinity, -Infinity, true)], ["adam", valuesBrush([], true)],
  ]);
  assert.deepEqual(decodeBrushes(encodeBrushes(brushes)), brushes);
  assert.equal(encodeBrushes(new Map([["lr", rangeBrush(0.001, Infinity)]])), "lr:0.001..");
});

test("brushes in words", () => {
  assert.equal(brushText(rangeBrush(0.001, 0.01)), "0.001 – 0.01");
  assert.equal(brushText(rangeBrush(0.9, Infinity)), "≥ 0.9");
  assert.equal(brushText(valuesBrush(["adam", "sgd"], true)), "adam, sgd or missing");
  assert.equal(brushText(rangeBrush(Infinity, -Infinity, true)), "missing");
  assert.equal(brushText(valuesBrush([])), "nothing");
});

test("numbers that crowd over decades get a logarithmic axis, others a straight one", () => {
  assert.equal(makeAxis(numbers([1e-5, 1e-4, 1e-3, 1e-2, 1e-1]), undefined).scale, "log");
  assert.equal(makeAxis(numbers([0.001, 0.2, 0.3, 0.4, 0.5]), undefined).scale, "linear");
  assert.equal(makeAxis(numbers([0, 1, 1000]), "log").scale, "linear"); // nought has no logarithm
});

test("places on an axis lead back to the values", () => {
  const values = [1, 2, 4, 100, 1000];
  for (const scale of ["linear", "log", "quantile"]) {
    const axis = makeAxis(numbers(values), scale);
    values.forEach((value, row) => assert.ok(Math.abs(axis.valueAt(axis.places[row]) - value) < 1e-9, `${scale} ${value}`));
    assert.equal(axis.places[0], 0);
    assert.equal(axis.places[4], 1);
  }
});

test("quantiles lie equally far apart; equal values share a place", () => {
  assert.deepEqual([...makeAxis(numbers([5, 1, 1, 1000, NaN]), "quantile").places], [0.5, 0, 0, 1, NaN]);
});

test("missing has no place; infinite values lie at the ends; one value lies in the middle", () => {
  const axis = makeAxis(numbers([NaN, 1, 2, Infinity, -Infinity]), "linear");
  assert.deepEqual([...axis.places], [NaN, 0, 1, 1, 0]);
  assert.equal(axis.gaps, true);
  assert.deepEqual([...makeAxis(numbers([7, 7]), undefined).places], [0.5, 0.5]);
  assert.doesNotThrow(() => makeAxis(numbers([NaN, NaN]), undefined));
});

test("categories lie in natural order, booleans from false to true", () => {
  const axis = makeAxis(texts([0, 1, -1], ["layer10", "layer2"]), undefined);
  assert.deepEqual(axis.categories, ["layer2", "layer10"]);
  assert.deepEqual([...axis.places], [0.75, 0.25, NaN]);
  assert.deepEqual(axis.brush(0.5, 1, false), valuesBrush(["layer10"]));
  assert.deepEqual(makeAxis(numbers([1], "bool"), undefined).categories, ["false", "true"]);
});

test("a brush dragged to the end of an axis has no end there", () => {
  const axis = makeAxis(numbers([0, 10]), "linear");
  assert.deepEqual(axis.brush(0.5, 1.1, false), rangeBrush(5, Infinity));
  assert.deepEqual(axis.spans(rangeBrush(5, Infinity)), [[0.5, 1]]);
});

test("few different numbers are the ticks themselves; one alone stands in the middle", () => {
  assert.deepEqual(makeAxis(numbers([8, 48, 8]), undefined).ticks, [{ at: 0, label: "8" }, { at: 1, label: "48" }]);
  const [only, ...others] = makeAxis(numbers([64, 64, NaN]), undefined).ticks;
  assert.deepEqual([only.label, only.at.toFixed(6), others.length], ["64", "0.500000", 0]);
});

test("a flipped axis is the same upside down", () => {
  const column = numbers([0, 10, 4, NaN]);
  const axis = makeAxis(column, "linear", true);
  assert.deepEqual([...axis.places], [1, 0, 0.6, NaN]);
  assert.deepEqual(axis.brush(0.5, 1, false), rangeBrush(-Infinity, 5));
  assert.deepEqual(axis.spans(rangeBrush(-Infinity, 5)), [[0.5, 1]]);
  assert.equal(makeAxis(column, "linear", true), axis, "made once");
});

test("lines of equal values never reach the next value", () => {
  const axis = makeAxis(numbers([0, 0.01, 1]), "linear");
  assert.ok(axis.spread > 0 && axis.spread < 0.005);
  assert.equal(makeAxis(numbers([...Array(50).keys()]), "linear").spread, 0);
});
