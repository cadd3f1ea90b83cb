import assert from "node:assert/strict";
import { test } from "node:test";
import { parseArrays } from "../../webapp/static/lib/arrays-frame.js";
import { answerTiles, tilesWanted } from "../../webapp/static/lib/kept-tiles.js";

/** Two tiles of level 2 (4 ns a cell): one band of one lane with a slice in each, one curve. */
const KEPT = {
  header: { level: 2, first: 0, tiles: 2, bands: [0], lanes: [1], names: ["gemm", "add"], curves: [0], rank: 0 },
  offsets: Uint32Array.from([0, 1, 2]),
  columns: {
    from: [100, 10], to: [120, 500], count: [1, 1], total: [80, 1960], row: [5, 9], name: [0, 1], kind: [6, 6],
    least: Array.from({ length: 1024 }, (_, cell) => cell), most: Array.from({ length: 1024 }, (_, cell) => cell), last: Array.from({ length: 1024 }, (_, cell) => cell),
  },
};

const answer = (/** @type {string} */ ask) => {
  const frame = answerTiles(tilesWanted(ask), () => [KEPT]);
  assert.ok(frame);
  return parseArrays(frame.buffer);
};

test("what is kept is given as it is", () => {
  const { header, arrays } = answer("0:2:0:2:0:0");
  assert.deepEqual([header.parts[0].records, [...arrays["0.counts"]], [...arrays["0.row"]]], [2, [1, 1], [5, 9]]);
  assert.deepEqual([[...arrays["0.from"]], [...arrays["0.to"]]], [[100, 10], [120, 500]]);
  assert.equal(arrays["0.last"][700], 700);
});

test("closer than that, slices are drawn larger and curves keep their steps", () => {
  const { arrays } = answer("0:1:0:4:0:0"); // 2 ns a cell: each kept tile is two
  assert.deepEqual([...arrays["0.counts"]], [1, 0, 1, 1]);
  assert.deepEqual([[...arrays["0.from"]], [...arrays["0.to"]]], [[200, 20, -1], [240, 513, 488]]);
  assert.deepEqual([arrays["0.most"][3], arrays["0.most"][1025]], [1, 512]);
});

test("bands and curves are chosen, and beyond the trace there is nothing", () => {
  const { header, arrays } = answer("0:2:2:3:0:");
  assert.deepEqual([header.parts[0].records, [...arrays["0.counts"]], arrays["0.least"].length], [0, [0], 0]);
  assert.deepEqual(tilesWanted("3:4:0:1:0-2,7:1")[0], { rank: 3, level: 4, first: 0, last: 1, bands: [0, 1, 2, 7], curves: [1] });
});
