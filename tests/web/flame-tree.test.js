import assert from "node:assert/strict";
import { test } from "node:test";
import { changeColor } from "../../webapp/static/charts/flame-paint.js";
import { ALL, changeOf, FlameTree, layFlame, neighbourOf, searchFlame } from "../../webapp/static/lib/flame-tree.js";
import { TreeRows } from "../../webapp/static/lib/tree-rows.js";

/* main 100 ns: load 30, train 60 (mm 50, of it gemm 40); beside it: idle 20. */
const names = ["main", "load", "train", "mm", "gemm", "idle"];
const columns = { names, name: [0, 1, 2, 3, 4, 5], parent: [-1, 0, 0, 2, 3, -1], category: [5, 5, 5, 1, 6, 5], total: [100, 30, 60, 50, 40, 20], own: [10, 30, 10, 10, 40, 20], row: [0, 1, 2, 3, 4, -1] };
const tree = new FlameTree(columns);
const [MAIN, LOAD, TRAIN, MM, GEMM, IDLE] = [0, 1, 2, 3, 4, 5];

test("a tree knows what lies in what, the largest first", () => {
  assert.deepEqual([...tree.below(ALL)], [MAIN, IDLE]);
  assert.deepEqual([...tree.below(MAIN)], [TRAIN, LOAD]);
  assert.deepEqual(tree.pathOf(GEMM), [MAIN, TRAIN, MM, GEMM]);
  assert.deepEqual([tree.total, tree.depth[GEMM], tree.kindOf(GEMM)], [120, 3, "kernel"]);
});

test("all of it fills the width, each node its share of what it lies in", () => {
  const boxes = layFlame(tree, ALL, 0);
  const train = boxes.find(({ node }) => node === TRAIN);
  assert.deepEqual([train?.level, train?.x, train?.width], [1, 0, 0.5]);
  assert.equal(boxes.find(({ node }) => node === LOAD)?.x, 0.5);
  assert.equal(boxes.length, 6);
});

test("a node that was zoomed to fills the width, with what it lies in above it", () => {
  const boxes = layFlame(tree, TRAIN, 0);
  assert.deepEqual(boxes.slice(0, 2).map(({ node, width }) => [node, width]), [[MAIN, 1], [TRAIN, 1]]);
  assert.deepEqual(boxes.slice(2).map(({ node, level }) => [node, level]), [[MM, 2], [GEMM, 3]]);
});

test("what is too narrow is left out with all that lies in it", () => {
  assert.deepEqual(layFlame(tree, ALL, 0.45).map(({ node }) => node), [MAIN, TRAIN]);
});

test("a search adds up what it found, one within another once", () => {
  const { found, total, count } = searchFlame(tree, (name) => name.includes("m"));
  assert.deepEqual([...found], [1, 0, 0, 1, 1, 0]);
  assert.deepEqual([total, count], [100, 3]);
});

test("arrow keys go up, down and beside", () => {
  assert.equal(neighbourOf(tree, ALL, "ArrowDown"), MAIN);
  assert.equal(neighbourOf(tree, MAIN, "ArrowDown"), TRAIN);
  assert.equal(neighbourOf(tree, TRAIN, "ArrowRight"), LOAD);
  assert.equal(neighbourOf(tree, LOAD, "ArrowRight"), LOAD);
  assert.equal(neighbourOf(tree, MM, "ArrowUp"), TRAIN);
});

test("the same place is found again in another tree, or what is left of it", () => {
  assert.equal(tree.find(["main", "train", "mm"]), MM);
  assert.equal(tree.find(["main", "gone", "mm"]), MAIN);
});

test("a change is the share of the larger one", () => {
  const both = new FlameTree({ ...columns, before: [100, 60, 0, 50, 20, 40] });
  assert.deepEqual([MAIN, LOAD, TRAIN, GEMM, IDLE].map((node) => changeOf(both, node)), [0, -0.5, 1, 0.5, -0.5]);
});

test("rows of a tree: the largest first, what is folded is hidden, what is found shows what it lies in", () => {
  const rows = new TreeRows({ parent: [-1, 0, 0, 1, -1], order: [9, 3, 5, 3, 1] }, 4);
  assert.deepEqual(rows.rows(), [0, 2, 1, 4]);
  rows.set(1, true);
  assert.deepEqual(rows.rows(), [0, 2, 1, 3, 4]);
  rows.set(0, false);
  assert.deepEqual(rows.rows(), [0, 4]);
  assert.deepEqual(rows.rows((row) => row === 3), [0, 1, 3]);
  rows.setAll(true);
  assert.deepEqual(rows.rows(), [0, 2, 1, 3, 4]);
});

test("in a difference what became slower is warm, what became faster is cold, and what did not change is neither", () => {
  const parts = (/** @type {number} */ change) => changeColor(change, "light").match(/\d+/g)?.map(Number) ?? [];
  const warmth = (/** @type {number} */ change) => parts(change)[0] - parts(change)[2];
  assert.ok(warmth(0.9) > 100 && warmth(-0.9) < -100 && Math.abs(warmth(0)) < 20);
});
