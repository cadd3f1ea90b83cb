import assert from "node:assert/strict";
import test from "node:test";

import { numbersFont } from "../../webapp/static/charts/matrix-frame.js";

/** Letters half as wide as they are high. */
const context = /** @type {any} */ ({ font: "", measureText: (text) => ({ width: (text.length * Number.parseFloat(context.font)) / 2 }) });

/** @param {number} cell pixels @param {number[]} values of two classes */
function fontSize(cell, values) {
  const data = /** @type {any} */ ({ n: 2, names: [], values: Float64Array.from(values), textsOf: (value) => [`${value}`, `${Math.round(value / 1000)}k`].slice(0, value < 1000 ? 1 : 2) });
  const font = numbersFont(context, /** @type {any} */ ({ part: { top: 0, left: 0, size: 2 }, cell }), data);
  return font === null ? null : Number.parseFloat(font);
}

test("numbers are as large as every one of them has room for", () => {
  assert.equal(fontSize(40, [1, 2, 3, 4]), 10.5);
  assert.equal(fontSize(18, [245, 3, 0, 99]), 10.5);
  assert.equal(fontSize(16, [245, 3, 0, 99]), 9);
  assert.equal(fontSize(14, [245, 3, 0, 99]), 8);
});

test("small cells tell at least half of their numbers or none", () => {
  assert.equal(fontSize(14, [2451, 3, 0, 99]), 10.5); // as "2k"
  assert.equal(fontSize(14, [999, 12345, 3, 0]), 8); // as "12k"
  assert.equal(fontSize(14, [123456, 3, 0, 99]), 8); // two of three
  assert.equal(fontSize(14, [123456, 234567, 0, 99]), null);
  assert.equal(fontSize(13, [1, 0, 0, 1]), null);
  assert.equal(fontSize(26, [123456, 3, 0, 99]), 10.5); // there, what does not fit is left out by itself
});
