/** Histograms: the answer of the server, buckets, and what a pixel shows of them. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { columnSpans } from "../../webapp/static/charts/histogram-heat.js";
import { someOf } from "../../webapp/static/charts/histogram-frame.js";
import { levelOf, rasterize, valueAtLevel } from "../../webapp/static/lib/bucket-raster.js";
import { bucketAt, filledRange, interval, totalOf, valueRange } from "../../webapp/static/lib/buckets.js";
import { grown, parseHistograms, varints } from "../../webapp/static/lib/histogram-frame.js";
import { fromPixel, makeScale, toPixel, valueTicks } from "../../webapp/static/lib/scale.js";

const HUGE = Number.MAX_VALUE;

/** @param {number} first @param {number[]} right @param {number[]} counts @param {object} [more] */
function histogram(first, right, counts, more = {}) {
  const num = counts.reduce((sum, count) => sum + count, 0);
  return { index: 0, step: 0, wall: 0, first, right, lefts: null, counts, min: first, max: right[right.length - 1] ?? 0, num, outside: 0, low: 0, high: 0, percentiles: null, ...more };
}

/** A frame of one run. @param {object} edges @param {Record<string, ArrayBufferView>} arrays @param {object} entry */
function frame(edges, arrays, entry) {
  const names = { Int32Array: "i4", Float64Array: "f8", Float32Array: "f4", Uint8Array: "u1", Uint16Array: "u2" };
  const bodies = [];
  let at = 0;
  const places = Object.fromEntries(Object.entries(arrays).map(([name, array]) => {
    const place = { at, dtype: names[array.constructor.name] };
    const body = new Uint8Array(Math.ceil(array.byteLength / 8) * 8);
    body.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength));
    bodies.push(body);
    at += body.length;
    return [name, place];
  }));
  const { pool, ...own } = places;
  const header = { version: 3, edges: { ...edges, ...(pool && { pool, n: arrays.pool.length }) }, series: [{ run: "a", n: 9, start: 0, problems: [], counts: "varint", ...entry, arrays: own }] };
  let text = JSON.stringify(header);
  text += " ".repeat((8 - (text.length % 8)) % 8);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, text.length, true);
  return new Blob(["SSB1", length, text, ...bodies]).arrayBuffer();
}

const ONE = { index: Int32Array.of(0, 4), step: Int32Array.of(0, 40), wall: Float64Array.of(1, 2), buckets: Int32Array.of(2, 3), left: Float64Array.of(-1, 0), min: Float64Array.of(-1, 0), max: Float64Array.of(2, 2), num: Int32Array.of(300, 6), counts: Uint8Array.of(0, 172, 2, 1, 2, 3) };

test("edges that are neighbours in a pool are looked up there, counts are unpacked", async () => {
  const buffer = await frame({ kind: "shared" }, { ...ONE, pool: Float64Array.of(0, 1, 2), begin: Int32Array.of(1, 0) }, { sent: 2 });
  const run = parseHistograms(buffer).runs.get("a");
  assert.deepEqual(run.items.map(({ step, first, right, counts }) => [step, first, [...right], [...counts]]), [[0, -1, [1, 2], [0, 300]], [40, 0, [0, 1, 2], [1, 2, 3]]]);
  assert.equal(run.n, 9);
});

test("what came behind known histograms is put behind them, and what is no continuation replaces them", async () => {
  const arrays = { ...ONE, pool: Float64Array.of(0, 1, 2), begin: Int32Array.of(1, 0) };
  const read = async (/** @type {object} */ entry) => parseHistograms(await frame({ kind: "shared" }, arrays, { sent: 2, ...entry })).runs.get("a");
  const before = await read({ n: 5, check: 7, problems: [{ index: 1, step: 10, error: "bad" }] });
  const more = await read({ n: 9, check: 8, from: 5 });
  const whole = grown(before, more);
  assert.deepEqual([whole.n, whole.check, whole.from, whole.items.length, whole.problems.length], [9, 8, 0, 4, 1]);
  assert.equal(whole.items[0], before.items[0]);
  const anew = await read({ n: 9, check: 8, from: 0 });
  assert.equal(grown(before, anew), anew);
  assert.equal(grown(null, more), more);
});

test("even edges are those of numpy", async () => {
  const spread = await frame({ kind: "spread" }, { ...ONE, last: Float64Array.of(0.3, 1) }, { sent: 2 });
  const { items } = parseHistograms(spread).runs.get("a");
  assert.deepEqual([...items[1].right], [1 / 3, 2 / 3, 1]);
  const even = await frame({ kind: "even" }, { ...ONE, first: Float64Array.of(0.1, 0.1), last: Float64Array.of(0.3, 0.3) }, { sent: 2 });
  assert.deepEqual([...parseHistograms(even).runs.get("a").items[1].right], [0.1, 0.1 + (0.3 - 0.1) / 2, 0.3]);
});

test("whole numbers of seven bits a byte", () => {
  assert.deepEqual([...varints(Uint8Array.of(0, 127, 128, 1, 255, 255, 255, 255, 15), 4)], [0, 127, 128, 2 ** 32 - 1]);
});

test("counts as differences to the one before, over the ends of histograms", async () => {
  const arrays = { ...ONE, pool: Float64Array.of(0, 1, 2), begin: Int32Array.of(1, 0), counts: Uint8Array.of(200, 1, 3, 0, 6, 195, 1) };
  const { items } = parseHistograms(await frame({ kind: "shared" }, arrays, { sent: 2, counts: "difference" })).runs.get("a");
  assert.deepEqual(items.map(({ counts }) => [...counts]), [[100, 98], [98, 101, 3]]);
  const wide = { ...arrays, buckets: Int32Array.of(0, 3), counts: Uint8Array.of(254, 255, 255, 255, 15, 0, 253, 255, 255, 255, 15) };
  const { items: [, last] } = parseHistograms(await frame({ kind: "shared" }, wide, { sent: 2, counts: "difference" })).runs.get("a");
  assert.deepEqual([...last.counts], [2 ** 31 - 1, 2 ** 31 - 1, 0]);
});

test("a bucket without an end ends at the extremes the writer gave", () => {
  const open = histogram(-HUGE, [0, HUGE], [1, 2], { min: -3, max: 5 });
  assert.deepEqual([interval(open, 0), interval(open, 1)], [[-3, 0], [0, 5]]);
});

test("infinities have no place: neither in the range nor in what is drawn", () => {
  const odd = histogram(-1e20, [-1e20, 0, 1, HUGE], [3, 0, 10, 1], { min: 0.2, max: 0.9, low: 3, high: 1 });
  assert.deepEqual(filledRange(odd), [0, 1]);
  assert.equal(totalOf(odd), 10);
  assert.deepEqual([...rasterize(odd, makeScale([-1, 2], [0, 3], false), 0, 3, "count")], [0, 10, 0]);
});

test("the bucket at a value: [a, b), the last with its end, one without width by its place", () => {
  const plain = histogram(0, [1, 2, 4], [1, 0, 3]);
  assert.deepEqual([-0.1, 0, 1, 2, 3.9, 4, 4.1].map((value) => bucketAt(plain, value)), [-1, 0, 1, 2, 2, 2, -1]);
  const flat = histogram(5, [5, 5], [0, 7]);
  assert.equal(bucketAt(flat, 5.01, 0.02), 1);
  const gaps = histogram(0, [1, 4], [1, 1], { lefts: [0, 3] });
  assert.equal(bucketAt(gaps, 2), -1);
});

test("values all the same have a range around them", () => {
  assert.deepEqual(valueRange([histogram(5, [5], [3])], false), [4.75, 5.25]);
  assert.deepEqual(valueRange([histogram(0, [0], [3])], false), [-0.5, 0.5]);
  assert.equal(valueRange([histogram(0, [1], [0])], false), null);
});

test("values at the ends of all numbers have an axis, and densities stay numbers", () => {
  const HOW = /** @type {const} */ ("density");
  for (const [lo, hi] of [[-1e308, 1e308], [1e-320, 2e-320], [5e-324, 5e-324], [0, 1e-310]]) {
    const odd = histogram(lo, [hi], [5]);
    for (const positive of [false, true]) {
      const range = valueRange([odd], positive);
      const scale = makeScale(range, [0, 100], positive);
      assert.ok(Number.isFinite(scale.factor) && scale.factor > 0, `${range}`);
      assert.ok(valueTicks(scale, 5).length <= 60);
      assert.ok(rasterize(odd, scale, 0, 100, HOW).every(Number.isFinite));
    }
  }
});

test("each pixel shows the density of the bucket it lies in", () => {
  const raster = rasterize(histogram(0, [1, 4], [1, 3]), makeScale([0, 4], [0, 8], false), 0, 8, "density");
  assert.deepEqual([...raster], [0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25, 0.25]);
});

test("buckets that share a pixel add up to its density, or show their greatest count", () => {
  const fine = histogram(0, [0.25, 0.5, 0.75, 1], [1, 2, 3, 4]);
  const scale = makeScale([0, 2], [0, 2], false);
  assert.ok(Math.abs(rasterize(fine, scale, 0, 2, "density")[0] - 1) < 1e-6);
  assert.deepEqual([...rasterize(fine, scale, 0, 2, "count")], [4, 0]);
});

test("a bucket without width is as wide as a pixel", () => {
  assert.deepEqual([...rasterize(histogram(1.5, [1.5], [4]), makeScale([0, 4], [0, 4], false), 0, 4, "density")], [0, 1, 0, 0]);
});

test("buckets without width at either end of the axis are in its outermost pixels", () => {
  const ends = histogram(1, [1, 3, 3], [5, 4, 2]);
  for (const pixels of /** @type {[number, number][]} */ ([[0, 4], [4, 0]])) {
    const counts = [...rasterize(ends, makeScale([1, 3], pixels, false), 0, 4, "count")];
    assert.deepEqual(pixels[0] === 0 ? counts : counts.reverse(), [5, 4, 4, 4]);
    const shares = [...rasterize(ends, makeScale([1, 3], pixels, false), 0, 4, "density")].map((density) => density / 2);
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-6);
  }
  assert.deepEqual([...rasterize(histogram(4, [8], [9]), makeScale([0, 4], [0, 4], false), 0, 4, "count")], [0, 0, 0, 0]);
});

test("on an axis that points upwards, and on a logarithmic one", () => {
  assert.deepEqual([...rasterize(histogram(0, [1], [2]), makeScale([0, 4], [4, 0], false), 0, 4, "count")], [0, 0, 0, 2]);
  assert.deepEqual([...rasterize(histogram(-1, [10], [2]), makeScale([1, 100], [0, 4], true), 0, 4, "count")], [2, 2, 0, 0]);
});

test("levels and their values are each other's inverse", () => {
  for (const how of /** @type {const} */ (["density", "count"])) {
    for (const log of [false, true]) assert.ok(Math.abs(levelOf(valueAtLevel(0.4, 50, { how, log }), 50, { how, log }) - 0.4) < 1e-9);
  }
});

test("a symmetric logarithm goes through 0 and back", () => {
  const scale = makeScale([-100, 100], [0, 200], false, 0.1);
  for (const value of [-100, -1, 0, 0.05, 100]) assert.ok(Math.abs(fromPixel(scale, toPixel(scale, value)) - value) < 1e-9);
  assert.equal(toPixel(scale, 0), 100);
  assert.deepEqual(valueTicks(scale, 9).map(({ at }) => at), [-100, -10, -1, -0.1, 0, 0.1, 1, 10, 100]);
});

test("columns of a heat map meet halfway and fill the plot", () => {
  const box = { left: 10, right: 110, top: 0, bottom: 50 };
  const spans = columnSpans([0, 50, 100].map((x) => ({ x, histogram: histogram(0, [1], [1]) })), { box, x: makeScale([0, 100], [10, 110], false) });
  assert.deepEqual(spans, [[10, 35], [35, 85], [85, 110]]);
});

test("of many histograms some are drawn, evenly, with the last", () => {
  const items = Array.from({ length: 100 }, (_, x) => ({ x, histogram: histogram(0, [1], [1]) }));
  const some = someOf(items, 10).map(({ x }) => x);
  assert.ok(some.length <= 10);
  assert.equal(some.at(-1), 99);
});
