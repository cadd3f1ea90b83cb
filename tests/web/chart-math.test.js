import assert from "node:assert/strict";
import { test } from "node:test";
import { clockTicks, durationTicks, fromPixel, linearTicks, logTicks, makeScale, stepTicks, toPixel, valueTicks } from "../../webapp/static/lib/scale.js";
import { nearestIndex, span, xExtent, yExtent } from "../../webapp/static/lib/series.js";
import { inSight, layOut } from "../../webapp/static/lib/layout.js";
import { usualEnd } from "../../webapp/static/lib/step-range.js";

const series = (values, steps = values.map((_, i) => i)) => ({
  tag: "t", run: "r", segment: 0, epoch: 0, n: values.length, from: 0, start: 1000, nan: 0, inf: 0,
  step: Int32Array.from(steps), time: Float32Array.from(steps), value: Float32Array.from(values), smooth: null,
});
const labels = (ticks) => ticks.map(({ label }) => label);

test("scales go there and back, straight and logarithmic", () => {
  for (const log of [false, true]) {
    const scale = makeScale([1, 1000], [50, 350], log);
    assert.equal(toPixel(scale, 1), 50);
    assert.ok(Math.abs(toPixel(scale, 1000) - 350) < 1e-9);
    assert.ok(Math.abs(fromPixel(scale, toPixel(scale, 37)) - 37) < 1e-9);
  }
});

test("ticks are round and inside", () => {
  assert.deepEqual(linearTicks(0, 10, 5), [0, 2, 4, 6, 8, 10]);
  assert.deepEqual(labels(valueTicks(makeScale([0.12, 0.38], [0, 1], false), 5)), ["0.15", "0.20", "0.25", "0.30", "0.35"]);
  assert.deepEqual(logTicks(1, 1e6, 10), [1, 10, 100, 1000, 1e4, 1e5, 1e6]);
  assert.ok(logTicks(1e-300, 1e300, 6).length <= 8);
});

test("steps are whole, times are clock times", () => {
  assert.deepEqual(labels(stepTicks(makeScale([0, 3], [0, 1], false), 8)), ["0", "1", "2", "3"]);
  assert.deepEqual(labels(durationTicks(makeScale([0, 7200], [0, 1], false), 4)), ["0 s", "30 m", "1 h", "1 h 30 m", "2 h"]);
  assert.match(clockTicks(makeScale([1.7e9, 1.7e9 + 3600], [0, 1], false), 4)[0].label, /^\d\d:\d\d$/);
});

test("the nearest point is found, also where steps go back", () => {
  assert.equal(nearestIndex(Int32Array.of(0, 10, 20), 14), 1);
  assert.equal(nearestIndex(Int32Array.of(0, 10, 20), 99), 2);
  assert.equal(nearestIndex(Int32Array.of(0, 10, 5, 20), 6), 2);
  assert.equal(nearestIndex(new Int32Array(0), 1), -1);
});

test("a visible span reaches one point beyond each side, so that lines reach the edge", () => {
  assert.deepEqual(span(Int32Array.of(0, 10, 20, 30, 40), 12, 28), [1, 4]);
  assert.deepEqual(span(Int32Array.of(0, 10), -5, 50), [0, 2]);
});

test("x extents are in the units of the axis", () => {
  assert.deepEqual(xExtent([series([1, 2, 3])], "step", false), [0, 2]);
  assert.deepEqual(xExtent([series([1, 2, 3])], "wall", false), [1000, 1002]);
  assert.deepEqual(xExtent([series([1, 2, 3])], "step", true), [1, 2]);
  assert.equal(xExtent([series([])], "step", false), null);
});

const extent = (values, options) => yExtent([{ series: series(values), raw: true, smooth: false }], "step", null, { log: false, robust: false, ...options });

test("what is not a number sets no range", () => {
  assert.deepEqual(extent([NaN, Infinity]), null);
  const { range } = extent([1, NaN, Infinity, 2]);
  assert.ok(range[0] < 1 && range[0] > 0.9 && range[1] > 2 && range[1] < 2.1);
});

test("a few outliers do not squeeze the rest flat, unless asked to", () => {
  const values = Array.from({ length: 1000 }, (_, i) => (i === 500 ? 1e6 : Math.sin(i)));
  assert.ok(extent(values, { robust: true }).range[1] < 2);
  assert.equal(extent(values, { robust: true }).clipped, true);
  assert.ok(extent(values).range[1] > 1e6);
  assert.equal(extent(Array.from({ length: 1000 }, (_, i) => i), { robust: true }).clipped, false);
});

test("a constant has room around it", () => {
  const { range } = extent([5, 5, 5]);
  assert.ok(range[0] < 5 && range[1] > 5);
});

const sections = (count, each) => Array.from({ length: count }, (_, s) => ({
  key: `s${s}`, title: `s${s}`, collapsed: s === 1, tags: Array.from({ length: each }, (_, t) => `s${s}/t${t}`),
}));

test("cards fill rows; folded sections keep their head only", () => {
  const { sections: [first, second, third], height } = layOut(sections(3, 4), 1100, 340, () => false);
  assert.deepEqual(first.places.map(({ x }) => x === 0), [true, false, false, true]);
  assert.equal(second.places.length, 0);
  assert.equal(third.top, second.top + second.height);
  assert.equal(height, third.top + third.height);
});

test("a wide card has a row of its own", () => {
  const { sections: [section] } = layOut(sections(1, 3), 1100, 340, (_, tag) => tag === "s0/t1");
  const [before, wide, after] = section.places;
  assert.equal(wide.width, 1100);
  assert.ok(before.y < wide.y && wide.y < after.y);
  assert.equal(after.x, 0);
});

test("short sections stand side by side where there is room, a section that needs more begins a new row", () => {
  const open = (key, count) => ({ key, title: key, collapsed: false, tags: Array.from({ length: count }, (_, tag) => `${key}/${tag}`) });
  const { sections: [a, b, c, d], height } = layOut([open("a", 2), open("b", 1), open("c", 2), open("d", 5)], 1408, 340, () => false); // four columns
  assert.deepEqual([a, b, c, d].map(({ top }) => top), [0, 0, a.height, 2 * a.height]);
  assert.ok(b.left >= a.left + a.width && b.left + b.width <= 1408);
  assert.equal(c.left, 0);
  assert.equal(d.width, 1408);
  assert.equal(height, d.top + d.height);
});

test("the slider over steps is as long as runs usually are", () => {
  assert.deepEqual(usualEnd([100, 900, 2040]), { end: 2040, last: 2040, beyond: 0 });
  assert.deepEqual(usualEnd([100, 900, 2040, 2 ** 60]), { end: 2040, last: 2 ** 60, beyond: 1 });
  assert.deepEqual(usualEnd([10, 10, 10, 10, 100_000]), { end: 100_000, last: 100_000, beyond: 0 }, "a long run is what people look at");
  assert.deepEqual(usualEnd([2 ** 60]), { end: 2 ** 60, last: 2 ** 60, beyond: 0 });
  assert.deepEqual(usualEnd([]), { end: 0, last: 0, beyond: 0 });
});

test("cards never overlap and never leave the area", () => {
  for (const width of [300, 390, 700, 1440, 2500]) {
    const { sections: [section] } = layOut(sections(1, 20), width, 340, (_, tag) => tag.endsWith("7"));
    for (const a of section.places) {
      assert.ok(a.x >= 0 && a.x + a.width <= width);
      for (const b of section.places) {
        const apart = a === b || a.x + a.width <= b.x || b.x + b.width <= a.x || a.y + a.height <= b.y || b.y + b.height <= a.y;
        assert.ok(apart, `${a.tag} and ${b.tag} at ${width}`);
      }
    }
  }
});

test("of ten thousand cards only those in sight are told", () => {
  const layout = layOut(sections(100, 100), 1100, 340, () => false);
  const seen = inSight(layout, 400_000, 401_000);
  const places = seen.flatMap(({ section, places: some }) => some.map((place) => section.top + place.y));
  assert.ok(places.length > 0 && places.length < 30);
  for (const y of places) assert.ok(y < 401_000 && y > 399_000);
});

test("neighbouring labels differ, however long the numbers", () => {
  assert.deepEqual(labels(stepTicks(makeScale([50_000_000, 50_000_400], [0, 1], false), 3)), ["50,000,000", "50,000,100", "50,000,200", "50,000,300", "50,000,400"]);
  assert.deepEqual(labels(stepTicks(makeScale([4e18, 4e18 + 4.1e6], [0, 1], false), 2)), ["4e+18", "+2M", "+4M"]);
  const clocks = labels(clockTicks(makeScale([1.7e9, 1.7e9 + 0.4], [0, 1], false), 4));
  assert.equal(new Set(clocks).size, clocks.length);
  assert.match(clocks[1], /^\d\d:\d\d:\d\d\.\d+$/);
});

test("a range wider than a float64 has a place for every value", () => {
  const { range } = yExtent([{ series: { ...series([0, 0]), value: Float64Array.of(-1.7e308, 1.7e308) }, raw: true, smooth: false }], "step", null, { log: false, robust: false });
  const scale = makeScale([-1.7e308, 1.7e308], [0, 100], false);
  assert.deepEqual(range, [-Number.MAX_VALUE, Number.MAX_VALUE]);
  assert.equal(toPixel(scale, 0), 50);
  assert.ok(linearTicks(-1.7e308, 1.7e308, 4).length >= 2);
});

test("one outlier is left out also when smoothing has drawn it out over many points", () => {
  const values = Array.from({ length: 300 }, (_, i) => (i === 150 ? 1e6 : 1 + 0.01 * Math.sin(i)));
  let average = 0;
  const smooth = Float64Array.from(values, (value) => (average = 0.6 * average + 0.4 * value));
  const layers = [{ series: { ...series(values), smooth }, raw: true, smooth: true }];
  const { range, clipped } = yExtent(layers, "step", null, { log: false, robust: true });
  assert.ok(clipped);
  assert.ok(range[1] < 1.1, `got ${range}`);
});
