import assert from "node:assert/strict";
import { test } from "node:test";

import { pixelOf, sliceColor } from "../../webapp/static/lib/timeline-colors.js";
import { shortName } from "../../webapp/static/lib/timeline-names.js";
import { layRows, rowAt } from "../../webapp/static/lib/timeline-rows.js";
import { levelOf, limitedSpan, spanAround, tilesOf, wholeSpan, zoomedSpan } from "../../webapp/static/lib/timeline-span.js";
import { beginOf, partsOf, recordsOf, TileStore } from "../../webapp/static/lib/timeline-tiles.js";
import { exactTime, timeTicks } from "../../webapp/static/lib/timeline-time.js";
import { eachRun } from "../../webapp/static/charts/timeline-runs.js";

const END = 1_000_000;

test("zooming keeps what is under the pointer where it is", () => {
  const span = zoomedSpan({ from: 100_000, to: 200_000 }, 4, 125_000, END);
  assert.deepEqual(span, { from: 118_750, to: 143_750 });
});

test("no view is larger than the trace with its margin, nor beside it", () => {
  assert.deepEqual(limitedSpan({ from: -9e9, to: 9e9 }, END), wholeSpan(END));
  const moved = limitedSpan({ from: 2 * END, to: 2 * END + 1000 }, END);
  assert.ok(moved.to <= END * 1.03 && Math.round(moved.to - moved.from) === 1000);
});

test("a slice that is gone to takes its share of the view", () => {
  const { from, to } = spanAround(500_000, 1000, END, 0.5);
  assert.deepEqual([from, to], [499_500, 501_500]);
});

test("a cell is at most a pixel, and tiles cover what is in sight", () => {
  const level = levelOf({ from: 0, to: 1_000_000 }, 1000);
  assert.equal(level, 9);
  assert.deepEqual(tilesOf({ from: 0, to: 600_000 }, level, END), { first: 0, last: 3 });
  assert.deepEqual(tilesOf({ from: 600_000, to: 900_000 }, level, END, 1), { first: 1, last: 4 });
});

test("times have as many digits as tell ticks apart", () => {
  assert.deepEqual(timeTicks(0, 10_000, 5).ticks.map(({ label }) => label), ["0 µs", "2 µs", "4 µs", "6 µs", "8 µs", "10 µs"]);
  const far = timeTicks(5_000_000_000, 5_000_000_100, 4);
  assert.equal(far.base, "5 s");
  assert.deepEqual(far.ticks.map(({ label }) => label), ["+0 ns", "+50 ns", "+100 ns"]);
  assert.equal(exactTime(1_204_567_890), "1.204 567 89 s");
});

test("kernels and frames are called by what tells them apart", () => {
  assert.equal(shortName("void at::native::reduce_kernel<512, 1, at::native::ReduceOp<float, at::native::MeanOps<float>>>(int)"), "reduce_kernel");
  assert.equal(shortName("torch/nn/modules/module.py(1501): _call_impl"), "_call_impl");
  assert.equal(shortName("aten::mm"), "aten::mm");
  assert.equal(shortName("ncclDevKernel_AllReduce_Sum_f32_RING_LL(ncclDevComm*)"), "ncclDevKernel_AllReduce_Sum_f32_RING_LL(ncclDevComm*)");
});

test("names of one step and the next have one colour, kinds have their own", () => {
  assert.equal(sliceColor("step", "ProfilerStep#3", "kind", "light"), sliceColor("step", "ProfilerStep#4", "kind", "light"));
  assert.notEqual(sliceColor("operator", "aten::mm", "kind", "dark"), sliceColor("kernel", "aten::mm", "kind", "dark"));
  assert.equal(pixelOf("#112233"), 0xff332211);
});

/** A rank with a thread of two lanes and a folded row of Python. */
const LINE = {
  shift: 0,
  info: {
    rank: 0, end: END, zero_ns: null, slices: 3, kinds: ["operator"], steps: [], curves: [{ group: "GPU 0", title: "GPU 0 utilization", unit: "share", most: 1 }],
    bands: [
      { key: "0.1", kind: "host", group: "Main thread", title: "thread 1", lanes: 2, count: 3 },
      { key: "0.2", kind: "python", group: "Main thread", title: "thread 1 · Python", lanes: 9, count: 30 },
    ],
  },
};
const OPEN = { pins: new Set(), toggled: new Set(), compact: false };

test("rows lie below each other; Python is folded until it is opened", () => {
  const { rows, height } = layRows([LINE], OPEN);
  assert.deepEqual(rows.map(({ sort, lanes }) => [sort, lanes]), [["group", 0], ["band", 2], ["band", 1], ["group", 0], ["curve", 0]]);
  assert.equal(height, rows.at(-1).top + rows.at(-1).height);
  assert.equal(layRows([LINE], { ...OPEN, toggled: new Set(["0:0.2"]) }).rows[2].lanes, 9);
  const at = rowAt(rows, rows[1].top + rows[1].laneHeight + 1);
  assert.deepEqual([at.row.id, at.lane], ["0:0.1", 1]);
});

test("a pinned row is at the top alone, a folded group hides its rows", () => {
  const { rows, pinned } = layRows([LINE], { ...OPEN, pins: new Set(["0:0.1"]), toggled: new Set(["0:Main thread"]) });
  assert.deepEqual(pinned.map(({ id }) => id), ["0:0.1"]);
  assert.deepEqual(rows.map(({ id }) => id), ["0:Main thread", "0:GPU 0", "0:cGPU 0 utilization"]);
});

/** Tiles as the server tells them: of one band with one lane, each record [from, to] in cells. */
function answer(level, first, tiles) {
  const records = tiles.flat();
  const column = (make, values) => make.from(values);
  return partsOf({
    header: { parts: [{ rank: 0, level, first, tiles: tiles.length, bands: [0], lanes: [1], curves: [], names: ["a"] }] },
    arrays: {
      "0.counts": column(Uint32Array, tiles.map((each) => each.length)), "0.from": column(Float32Array, records.map(([from]) => from)), "0.to": column(Float32Array, records.map(([, to]) => to)),
      "0.count": column(Uint32Array, records.map(() => 1)), "0.total": column(Float64Array, records.map(() => 1)), "0.row": column(Uint32Array, records.map(([, , row]) => row)),
      "0.name": column(Uint32Array, records.map(() => 0)), "0.kind": column(Uint8Array, records.map(() => 0)), "0.least": new Float32Array(), "0.most": new Float32Array(), "0.last": new Float32Array(),
    },
  });
}

test("what is not here is asked for; coarser tiles stand in for it", () => {
  const store = new TileStore();
  store.add(answer(10, 0, [[[0, 4, 7]], []]));
  const want = { rank: 0, level: 10, first: 0, last: 3, bands: [0], curves: [] };
  assert.deepEqual(store.missing(want), { ...want, first: 2 });
  assert.equal(store.missing({ ...want, last: 2 }), null);
  const [piece] = store.best(0, 8, 3, "b", 0);
  assert.deepEqual([piece.part.level, beginOf(piece), recordsOf(piece, 0)], [10, 0, [0, 1]]);
  assert.deepEqual(store.best(0, 10, 5, "b", 0), []);
});

test("a slice that reaches over tiles is drawn once", () => {
  const store = new TileStore();
  store.add(answer(10, 0, [[[256, 513, 1]], [[-1, 256, 1], [300, 301, 2]]]));
  const scene = { lines: [LINE], store, span: { from: 0, to: 1024 * 1024 } };
  const runs = [];
  eachRun(scene, layRows([LINE], OPEN).rows[1], 0, 1024, (left, right, part, i) => runs.push([left, right, part.row[i]]));
  assert.deepEqual(runs, [[256, 768, 1], [812, 813, 2]]);
});
