import assert from "node:assert/strict";
import { test } from "node:test";
import { nextOrder, rowsAsText, rowsInOrder, rowsWith } from "../../webapp/static/lib/data-rows.js";
import { formatNanoseconds, formatUnit, readingOf } from "../../webapp/static/lib/profile-units.js";

const names = { name: "name", unit: "", text: true, values: ["aten::mm", "aten::add", "nccl, all_reduce"] };
const times = { name: "time", unit: "ns", text: false, values: [1500, null, 25] };

test("a time is written with the unit that suits it", () => {
  assert.deepEqual([850, 12_345, 4_560_000, 1.2e9, -3000].map(formatNanoseconds), ["850 ns", "12.3 µs", "4.56 ms", "1.20 s", "−3.00 µs"]);
});

test("figures carry their units, and what is missing is a dash", () => {
  assert.equal(formatUnit(0.4125, "share"), "41.3 %");
  assert.equal(formatUnit(1_500_000_000, "bytes"), "1.5 GB");
  assert.equal(formatUnit(3e9, "bytes/s"), "3 GB/s");
  assert.equal(formatUnit(2.5e12, "flop/s"), "2.5 TFLOP/s");
  assert.equal(formatUnit(null, "ns"), "–");
});

test("all figures of a column have one unit, that of the greatest", () => {
  const { suffix, text } = readingOf("ns", [1000, 52_000_000, null]);
  assert.deepEqual([suffix, text(1000), text(52_000_000)], ["ms", "0.001", "52.000"]);
  assert.equal(readingOf("bytes", [2e9]).text(500e6), "0.50");
});

test("sizes that are far apart have units of their own", () => {
  const { suffix, text } = readingOf("bytes", [448, 1_576_964, null, 0]);
  assert.deepEqual([suffix, text(448), text(1_576_964)], ["", "448 B", "1.58 MB"]);
});

test("rows are found by words, and left out by words behind a minus", () => {
  assert.deepEqual(rowsWith([names, times], "ATEN"), [0, 1]);
  assert.deepEqual(rowsWith([names, times], "aten -add"), [0]);
  assert.deepEqual(rowsWith([names, times], " "), [0, 1, 2]);
});

test("rows are put in order by a column, what is missing last", () => {
  assert.deepEqual(rowsInOrder([names, times], [0, 1, 2], { column: "time", down: false }), [2, 0, 1]);
  assert.deepEqual(rowsInOrder([names, times], [0, 1, 2], { column: "time", down: true }), [0, 2, 1]);
});

test("a head begins with the greatest number or the first text, turns round, and lets go", () => {
  const first = nextOrder(null, times);
  assert.deepEqual(first, { column: "time", down: true });
  const second = nextOrder(first, times);
  assert.deepEqual(second, { column: "time", down: false });
  assert.equal(nextOrder(second, times), null);
});

test("rows are written with every digit and units in their heads", () => {
  assert.equal(rowsAsText([names, times], [2, 1], ","), 'name,time (ns)\n"nccl, all_reduce",25\naten::add,\n');
});
