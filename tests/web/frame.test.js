import assert from "node:assert/strict";
import { test } from "node:test";
import { appendTail, parseFrame } from "../../webapp/static/lib/frame.js";

/** Writes a frame as the server does: header padded so that columns start on a multiple of eight. */
function encode(series) {
  const columns = [];
  let at = 0;
  const place = (array, dtype) => {
    const here = { at, dtype };
    columns.push({ at, array });
    at += Math.ceil(array.byteLength / 8) * 8;
    return here;
  };
  const entries = series.map(({ step, stepType = "i4", time, value, smooth, ...entry }) => ({
    tag: "loss", run: "a", segment: 0, epoch: 1, from: 0, start: 100, nan: 0, inf: 0, n: value.length, drawn: value.length, ...entry,
    arrays: {
      step: place(step, stepType), time: place(time, "f4"), value: place(value, value instanceof Float64Array ? "f8" : "f4"),
      ...(smooth ? { smooth: place(smooth, "f4") } : {}),
    },
  }));
  const text = new TextEncoder().encode(JSON.stringify({ version: 3, series: entries }));
  const length = Math.ceil(text.length / 8) * 8;
  const buffer = new ArrayBuffer(8 + length + at);
  const bytes = new Uint8Array(buffer).fill(32, 8, 8 + length);
  bytes.set(new TextEncoder().encode("SSB1"));
  new DataView(buffer).setUint32(4, length, true);
  bytes.set(text, 8);
  for (const { at: offset, array } of columns) bytes.set(new Uint8Array(array.buffer), 8 + length + offset);
  return buffer;
}

const points = (from, values, more = {}) => ({
  step: Int32Array.from(values, (_, i) => from + i), time: Float32Array.from(values, (_, i) => i), value: Float32Array.from(values), ...more,
});

test("columns are views of the answer, non-finite values included", () => {
  const buffer = encode([points(0, [1, NaN, Infinity], { smooth: Float32Array.of(1, NaN, 2) })]);
  const { version, series: [series] } = parseFrame(buffer);
  assert.equal(version, 3);
  assert.equal(series.value.buffer, buffer);
  assert.deepEqual([...series.value], [1, NaN, Infinity]);
  assert.deepEqual([...series.step], [0, 1, 2]);
  assert.deepEqual([...series.smooth], [1, NaN, 2]);
});

test("steps of 64 bits become numbers", () => {
  const [series] = parseFrame(encode([points(0, [1], { step: BigInt64Array.of(2n ** 60n), stepType: "i8" })])).series;
  assert.equal(series.step[0], 2 ** 60);
});

test("an answer that is no frame is refused with what came", () => {
  assert.throws(() => parseFrame(new TextEncoder().encode("<html></html>").buffer), /got 13 bytes/);
});

test("a header longer than the answer is refused", () => {
  const cut = encode([points(0, [1, 2])]).slice(0, 40);
  assert.throws(() => parseFrame(cut), /header of \d+ bytes in an answer of 40/);
});

test("a tail is joined to its series, whatever their column types", () => {
  const [series] = parseFrame(encode([points(0, [1, 2], { n: 2 })])).series;
  const [tail] = parseFrame(encode([points(2, [0.1], { value: Float64Array.of(0.1), n: 3, from: 2, nan: 1 })])).series;
  const joined = appendTail(series, tail);
  assert.deepEqual([...joined.step], [0, 1, 2]);
  assert.deepEqual([...joined.value], [1, 2, 0.1]);
  assert.equal(joined.n, 3);
  assert.equal(joined.from, 0);
  assert.equal(joined.nan, 1);
});
