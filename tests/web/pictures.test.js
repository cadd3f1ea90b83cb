import assert from "node:assert/strict";
import { test } from "node:test";

import { alignSteps, cellPlace, cellsIn, filmShape, filmSize } from "../../webapp/static/lib/film.js";
import { AS_STORED, decodeLevels, encodeLevels, levelTable, stretched } from "../../webapp/static/lib/levels.js";
import { decodeSight, encodeSight, fitZoom, layPicture, panBy, WHOLE, zoomAround } from "../../webapp/static/lib/pan-zoom.js";
import { decodeComparison, encodeComparison, SIDE_BY_SIDE } from "../../webapp/static/lib/picture-pair.js";
import { differenceOf, lightRange, paintPixels, parsePixels, valuesAt } from "../../webapp/static/lib/pixels.js";

/** @param {number} width @param {number} height @param {number} channels @param {number[]} values */
function picture(width, height, channels, values, white = 255) {
  const Kind = white > 255 ? Uint16Array : Uint8Array;
  return { x: 0, y: 0, width, height, channels, white, size: /** @type {[number, number]} */ ([width, height]), values: Kind.from(values) };
}

test("values come out of the frame as they were put in, also those of a part", () => {
  const header = JSON.stringify({ x: 4, y: 2, width: 2, height: 1, channels: 2, white: 65535, size: [9, 9], values: { at: 0, dtype: "u2" } }).padEnd(136);
  const bytes = new Uint8Array(8 + 136 + 8);
  bytes.set(new TextEncoder().encode("SSB1"));
  new DataView(bytes.buffer).setUint32(4, 136, true);
  bytes.set(new TextEncoder().encode(header), 8);
  bytes.set(new Uint8Array(Uint16Array.of(1, 2, 300, 65535).buffer), 144);
  const read = parsePixels(bytes.buffer);
  assert.deepEqual(valuesAt(read, 5.9, 2), [300, 65535]);
  assert.equal(valuesAt(read, 6, 2), null);
  assert.equal(valuesAt(read, 4, 1), null);
});

test("as stored, 8 bits are painted unchanged and 16 bits by their upper half", () => {
  assert.deepEqual([...paintPixels(picture(2, 1, 3, [1, 2, 3, 253, 254, 255]), AS_STORED)], [1, 2, 3, 255, 253, 254, 255, 255]);
  assert.deepEqual([...paintPixels(picture(2, 1, 1, [0x8080, 65535], 65535), AS_STORED)], [128, 128, 128, 255, 255, 255, 255, 255]);
  assert.deepEqual([...paintPixels(picture(1, 1, 4, [9, 8, 7, 51]), AS_STORED)], [9, 8, 7, 51]);
  assert.deepEqual([...paintPixels(picture(1, 1, 1, [1], 1), AS_STORED)], [255, 255, 255, 255]);
});

test("levels: brightness, then contrast around the middle, then gamma", () => {
  assert.deepEqual([...levelTable({ brightness: 0.2, contrast: 1, gamma: 1 }, 255).slice(0, 2)], [51, 52]);
  assert.deepEqual([...levelTable({ brightness: 0, contrast: 2, gamma: 1 }, 4)], [0, 0, 128, 255, 255]);
  assert.equal(levelTable({ brightness: 0, contrast: 1, gamma: 2 }, 4)[1], 128);
  const table = levelTable(stretched(0.25, 0.75), 100);
  assert.deepEqual([table[25], table[50], table[75]], [0, 128, 255]);
});

test("levels in a link", () => {
  for (const levels of [AS_STORED, { brightness: -0.25, contrast: 3, gamma: 0.5 }]) assert.deepEqual(decodeLevels(encodeLevels(levels)), levels);
  assert.deepEqual(decodeLevels("nonsense,1e9"), { brightness: 0, contrast: 1000, gamma: 1 });
});

test("what is compared in a link", () => {
  const sides = /** @type {any} */ ([{ key: "a,b/c:d", when: "held:12" }, { key: "e", when: "previous" }]);
  for (const comparison of [SIDE_BY_SIDE, { mode: /** @type {const} */ ("blink"), sides }, { mode: /** @type {const} */ ("onion"), sides: null }]) {
    assert.deepEqual(decodeComparison(encodeComparison(comparison)), comparison);
  }
  assert.deepEqual(decodeComparison("blink,a,tomorrow,b,first"), { mode: "blink", sides: null });
  assert.deepEqual(decodeComparison("nonsense"), SIDE_BY_SIDE);
});

test("a difference says how many pixels differ, and by how much", () => {
  const a = picture(2, 2, 3, [0, 0, 0, 10, 20, 30, 255, 255, 255, 7, 7, 7]);
  const b = picture(2, 2, 3, [0, 0, 0, 20, 10, 30, 0, 0, 0, 7, 7, 7]);
  const { pixels, most, mean, changed } = differenceOf(a, b, 2);
  assert.deepEqual([...pixels.values], [0, 0, 0, 20, 20, 0, 255, 255, 255, 0, 0, 0]);
  assert.equal(most, 1);
  assert.equal(changed, 0.5);
  assert.ok(Math.abs(mean - (10 + 10 + 3 * 255) / (12 * 255)) < 1e-12);
  const grey = differenceOf(picture(1, 1, 1, [100]), picture(1, 1, 4, [100, 90, 100, 255]), 1);
  assert.deepEqual([...grey.pixels.values], [0, 10, 0]);
  assert.equal(differenceOf(picture(1, 1, 1, [65535], 65535), picture(1, 1, 1, [255]), 1).changed, 0);
  assert.throws(() => differenceOf(a, picture(1, 1, 1, [0]), 1), /2 × 2 pixels, the other 1 × 1/);
});

test("pictures that differ by nothing but alpha are not equal", () => {
  const [mask, other, opaque] = [[0, 0, 0, 0, 9, 9, 9, 255], [0, 0, 0, 80, 9, 9, 9, 255], [0, 0, 0, 9, 9, 9]];
  const { pixels, changed } = differenceOf(picture(2, 1, 4, mask), picture(2, 1, 4, other), 1);
  assert.deepEqual([[...pixels.values], changed], [[80, 80, 80, 0, 0, 0], 0.5]);
  assert.deepEqual([...differenceOf(picture(2, 1, 3, opaque), picture(2, 1, 4, mask), 1).pixels.values], [255, 255, 255, 0, 0, 0]);
  assert.equal(differenceOf(picture(1, 1, 2, [5, 65535], 65535), picture(1, 1, 2, [5, 0], 65535), 1).most, 1);
});

test("pictures of different sizes are not subtracted where both came reduced to one", () => {
  const [a, b] = [picture(1, 1, 1, [5]), picture(1, 1, 1, [5])];
  assert.throws(() => differenceOf({ ...a, size: [8000, 4000] }, { ...b, size: [6000, 3000] }, 1), /8000 × 4000 pixels, the other 6000 × 3000/);
});

test("the range of light leaves alpha out", () => {
  assert.deepEqual(lightRange(picture(2, 1, 4, [51, 102, 153, 255, 51, 51, 51, 0])), [0.2, 0.6]);
});

test("zooming keeps what is under the pointer, panning ends at the edges", () => {
  const [size, box] = [{ width: 100, height: 50 }, { width: 200, height: 200 }];
  assert.equal(fitZoom(size, box), 2);
  assert.deepEqual(layPicture(WHOLE, size, box), { left: 0, top: 50, scale: 2 });
  const near = zoomAround(WHOLE, size, box, 4, { x: 50, y: 100 });
  const place = layPicture(near, size, box);
  assert.equal(place.scale, 8);
  assert.equal((50 - place.left) / 8, 25); // the same pixel as before
  assert.equal(layPicture(panBy(near, size, box, 1e6, 0), size, box).left, 0);
  assert.equal(layPicture(panBy(near, size, box, -1e6, 0), size, box).left, 200 - 800);
  // A picture of half the size shows the same part, twice as large.
  assert.equal(layPicture(near, { width: 50, height: 25 }, box, 100).scale, 16);
});

test("steps of several runs share their columns, also where a run has one twice", () => {
  const { columns, indexAt } = alignSteps([Float64Array.of(0, 10, 10, 30), Float64Array.of(10, 20)]);
  assert.equal(columns, 5);
  assert.deepEqual(indexAt.map((indices) => [...indices]), [[0, 1, 2, -1, 3], [-1, 0, -1, 1, -1]]);
});

test("a film of one run lies in lines, that of several in rows", () => {
  const one = filmShape(1, 10, 100, 350, 1);
  assert.deepEqual(filmSize(one), { width: 300, height: 4 * 120 });
  assert.deepEqual(cellPlace(one, 0, 4), { left: 100, top: 120 });
  assert.deepEqual(cellsIn(one, { left: 0, top: 120, width: 350, height: 120 }, 0), { rows: [0, 1], columns: [3, 6] });
  const three = filmShape(3, 10_000, 100, 350, 2);
  assert.deepEqual(filmSize(three), { width: 1_000_000, height: 3 * (50 + 20 + 22) });
  assert.deepEqual(cellPlace(three, 2, 7), { left: 700, top: 2 * 92 + 22 });
  assert.deepEqual(cellsIn(three, { left: 5000, top: 0, width: 350, height: 90 }, 0), { rows: [0, 1], columns: [50, 54] });
});

test("what is seen of a picture stands in a link", () => {
  const sight = { zoom: 2.5, x: 0.25, y: 1 };
  assert.deepEqual(decodeSight(encodeSight(sight)), sight);
  assert.equal(encodeSight(WHOLE), "");
  for (const odd of ["", "2", "a,b,c"]) assert.equal(decodeSight(odd), WHOLE);
  assert.deepEqual(decodeSight("1e9,-1,7"), { zoom: 256, x: 0, y: 1 });
});
