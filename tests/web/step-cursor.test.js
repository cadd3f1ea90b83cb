import assert from "node:assert/strict";
import { test } from "node:test";
import { joined, knownOf, parseBlobs, valueId } from "../../webapp/static/lib/blob-frame.js";
import { indexKinds } from "../../webapp/static/lib/kinds-index.js";
import { allPlaces, nearestIndex, nextPlace } from "../../webapp/static/lib/nearest.js";
import { cursorOf, moveCursor, toggleLink } from "../../webapp/static/state/step-cursor.js";
import { unlinked } from "../../webapp/static/state/unlinked-cards.js";
import * as store from "../../webapp/static/state/store.js";
import { decodeHash, encodeHash } from "../../webapp/static/state/url.js";

const values = (step, wall = step.map((at) => 1000 + at)) => ({
  n: step.length, step: Float64Array.from(step), wall: Float64Array.from(wall), crc: new Uint32Array(step.length), bytes: new Float64Array(step.length),
  start: 1000, plugin: "", displayName: "", description: "",
});

test("the nearest value to the cursor; without one the latest", () => {
  const run = values([0, 10, 20, 100]);
  for (const [at, expected] of [[null, 3], [-5, 0], [4, 0], [6, 1], [15, 1], [16, 2], [59, 2], [61, 3], [1e9, 3]]) {
    assert.equal(nearestIndex(run, at, "step"), expected, `at ${at}`);
  }
  assert.equal(nearestIndex(values([]), 3, "step"), -1);
  assert.equal(nearestIndex(run, 5, "tag:epoch"), 3, "another scalar along x says nothing of values that are none");
});

test("of several values at a step the one logged last", () => {
  const run = values([5, 5, 5, 9], [1, 2, 3, 4]);
  assert.deepEqual([0, 5, 6, 8].map((at) => nearestIndex(run, at, "step")), [2, 2, 2, 3]);
});

test("on time axes nearest in time, also where a restart went back in steps", () => {
  const run = values([0, 10, 10, 20], [1000, 1100, 1300, 1200]);
  assert.equal(nearestIndex(run, 1190, "wall"), 3);
  assert.equal(nearestIndex(run, 1290, "wall"), 2);
  assert.equal(nearestIndex(run, 90, "relative"), 1);
  assert.equal(nearestIndex(run, -1, "relative"), 0);
});

test("the next place of several runs, each place once", () => {
  const places = allPlaces([values([0, 10, 20]), values([10, 15])], "step");
  assert.deepEqual([...places], [0, 10, 15, 20]);
  assert.deepEqual([nextPlace(places, 10, 1), nextPlace(places, 11, 1), nextPlace(places, 20, 1)], [15, 15, null]);
  assert.deepEqual([nextPlace(places, 10, -1), nextPlace(places, 11, -1), nextPlace(places, 0, -1), nextPlace(places, 99, -1)], [0, 10, null, 20]);
});

test("a card that is unlinked has a step of its own, in the link as well", () => {
  store.axis.set("step");
  store.cursor.set(40);
  toggleLink("images:a;b/c");
  moveCursor("images:a;b/c", 7);
  moveCursor("images:other", 50);
  assert.deepEqual([cursorOf("images:a;b/c"), cursorOf("images:other"), store.cursor.get()], [7, 50, 50]);
  const link = encodeHash();
  toggleLink("images:a;b/c");
  assert.equal(cursorOf("images:a;b/c"), 50);
  decodeHash(link);
  assert.deepEqual([...unlinked.get()], [["images:a;b/c", 7]]);
  store.setAxis("wall");
  assert.equal(cursorOf("images:a;b/c"), null, "a step is no place in time");
  decodeHash("#media");
});

const ANSWER = {
  tags: ["b", "a10", "a9", "film"],
  sets: [{ images: [0, 1, 3], text: [0] }, { images: [2] }, {}],
  runs: [["one", 0], ["two", 1], ["none", 2]],
  parts: [{ name: "two/validation", row: 1, part: "validation", set: 0 }],
  animated: [3],
};

test("the catalog: tags by kind in natural order, runs of a tag with parts behind their row, films apart from pictures", () => {
  const kinds = indexKinds(ANSWER);
  assert.deepEqual(kinds.kinds.sort(), ["images", "text", "video"]);
  assert.deepEqual(kinds.tagsOf("images", new Set(["one", "two"])), ["a9", "a10", "b"]);
  assert.deepEqual(kinds.tagsOf("images", new Set(["none"])), []);
  assert.deepEqual(kinds.tagsOf("video", new Set(["one"])), ["film"]);
  assert.deepEqual(kinds.linesOf("images", "b").map(({ name, row }) => [name, row]), [["one", "one"], ["two/validation", "two"]]);
  assert.equal(kinds.linesOf("images", "b"), kinds.linesOf("text", "b"), "cards of the same runs share them");
  assert.deepEqual(kinds.linesOf("audio", "b"), []);
});

test("kinds and tags may be called as objects call what they inherit", () => {
  const kinds = indexKinds({ ...ANSWER, tags: ["__proto__"], sets: [{ constructor: [0] }, {}, {}], animated: [] });
  assert.deepEqual(kinds.tagsOf("constructor", new Set(["one"])), ["__proto__"]);
  assert.deepEqual(kinds.linesOf("constructor", "__proto__").map(({ name }) => name), ["one", "two/validation"]);
  assert.deepEqual(kinds.linesOf("toString", "__proto__"), []);
});

test("columns of values, and what a value is called in addresses", () => {
  const header = new TextEncoder().encode(JSON.stringify({ version: 4, series: [{ asked: 0, run: "a", n: 2, plugin: "images", arrays: {
    step: { at: 0, dtype: "f8" }, wall: { at: 16, dtype: "f8" }, crc: { at: 32, dtype: "u4" }, bytes: { at: 40, dtype: "f8" } } }] }).padEnd(400));
  const buffer = new ArrayBuffer(8 + header.length + 56);
  new Uint8Array(buffer).set(new TextEncoder().encode("SSB1"));
  new DataView(buffer).setUint32(4, header.length, true);
  new Uint8Array(buffer).set(header, 8);
  new Float64Array(buffer, 8 + header.length, 4).set([-3, 2 ** 60, 5, 6]);
  new Uint32Array(buffer, 8 + header.length + 32, 2).set([0xabc, 0xffffffff]);
  const { version, found } = parseBlobs(buffer, () => 99);
  const run = found[0].get("a");
  assert.deepEqual([version, run.start, run.displayName, [...run.wall]], [4, 99, "", [5, 6]]);
  assert.deepEqual([valueId(run, 0), valueId(run, 1)], ["-3-00000abc", "1152921504606846976-ffffffff"]);
});

test("columns that are sent as differences", () => {
  const header = new TextEncoder().encode(JSON.stringify({ version: 4, series: [{ asked: 0, run: "a", n: 3, arrays: {
    step: { first: -5, least: 10, unit: 1 }, wall: { at: 0, dtype: "u2", first: 8, least: -1, unit: 0.25 },
    bytes: { first: 70, least: 0, unit: 1 } } }] }).padEnd(400));
  const buffer = new ArrayBuffer(8 + header.length + 24);
  new Uint8Array(buffer).set(new TextEncoder().encode("SSB1"));
  new DataView(buffer).setUint32(4, header.length, true);
  new Uint8Array(buffer).set(header, 8);
  new Uint16Array(buffer, 8 + header.length, 2).set([0, 3]);
  const run = parseBlobs(buffer, () => 0).found[0].get("a");
  assert.deepEqual([[...run.step], [...run.wall], [...run.bytes]], [[-5, 5, 15], [2, 1.75, 2.25], [70, 70, 70]]);
  assert.equal(run.crc, null);
  assert.throws(() => valueId(run, 0), /without their names/);
});

test("what is known is told by a number and a checksum, and what is new is put behind it", () => {
  const values = { n: 3, check: 77, lineage: 5, step: new Float64Array([-3, 2 ** 40 + 5, 2 ** 60]), wall: new Float64Array([1.7e9 + 0.75, NaN, -2.5]), crc: new Uint32Array([0xabc, 0xffffffff, 7]), bytes: new Float64Array([1, 2, 3]) };
  assert.deepEqual(knownOf(values), [3, 77]);
  const more = { n: 1, from: 2, check: 78, lineage: 0, start: 5, step: new Float64Array([9]), wall: new Float64Array([8]), crc: new Uint32Array([6]), bytes: new Float64Array([4]) };
  const whole = joined(values, more);
  assert.deepEqual([whole.n, whole.start, [...whole.step], [...whole.crc], [...whole.bytes]], [3, 5, [-3, 2 ** 40 + 5, 9], [0xabc, 0xffffffff, 6], [1, 2, 4]]);
  assert.deepEqual([whole.check, whole.lineage], [78, 5]);
  const [anew, other] = [joined(values, { ...more, from: 0 }), joined(undefined, more)];
  assert.deepEqual([anew.n, anew.check], [1, 78]);
  assert.equal(new Set([anew.lineage, other.lineage, whole.lineage]).size, 3); // what is asked for by place is asked for anew
  assert.equal(joined({ ...values, crc: null }, { ...more, crc: null }).crc, null);
});
