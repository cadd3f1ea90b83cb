import assert from "node:assert/strict";
import { test } from "node:test";

import { boxStyle, edgeWidth, lookOf } from "../../webapp/static/charts/graph-look.js";
import { headerAt, paintHeaders, placeHeaders } from "../../webapp/static/charts/graph-headers.js";
import { paintScene } from "../../webapp/static/charts/graph-paint.js";
import { SvgRecorder } from "../../webapp/static/charts/svg-recorder.js";
import { between, firstCamera, fitCamera, keptInView, pannedBy, placementOf, reaching, zoomedAt } from "../../webapp/static/lib/graph-camera.js";
import { anchorShift, morph } from "../../webapp/static/lib/graph-morph.js";
import { boxAt, edgeAt, edgesOf, readScene } from "../../webapp/static/lib/graph-scene.js";
import { firstBox, stepFrom } from "../../webapp/static/lib/graph-walk.js";
import { boxLines, boxSentence, edgeLines } from "../../webapp/static/lib/graph-words.js";

const INK = {
  bg: "#f6f7f9", surface: "#ffffff", text: "#161b22", muted: "#586373", faint: "#637082", line: "#e2e6ec", strongLine: "#c9d0da",
  accent: "#0b5fd9", ok: "#0a7d4f", warn: "#9a5600", bad: "#c0241b", dark: false,
};
const VIEW = { width: 800, height: 600 };
const EVIL = "<img src=x onerror=alert(1)>";

/** Boxes as rows: [id, kind, x, y, w, h, parent]; edges as rows: [from, to, points]. @param {any[][]} boxes @param {any[][]} edges @param {any} [more] columns of boxes */
function answer(boxes, edges, more = {}) {
  const column = (/** @type {number} */ at) => boxes.map((row) => row[at]);
  const side = (/** @type {number} */ at) => edges.map((row) => row[at]);
  return {
    size: /** @type {[number, number]} */ ([400, 400]),
    boxes: { id: column(0), kind: column(1), label: column(0).map((id) => id.split("/").findLast(Boolean) ?? id), x: column(2), y: column(3), w: column(4), h: column(5), parent: column(6).map((parent) => parent ?? -1), ...more },
    edges: { from: side(0), to: side(1), points: side(2), label: side(3).map((label) => label ?? ""), bytes: side(4).map((bytes) => bytes ?? -1) },
  };
}

const CLOSED = answer([["x", "input", 100, 0, 100, 40], ["a/", "group", 100, 80, 100, 40], ["y", "output", 100, 160, 100, 40]], [[0, 1, [150, 40, 150, 80], "float32 8"], [1, 2, [150, 120, 150, 160]]]);
const OPENED = answer(
  [["x", "input", 150, 0, 100, 40], ["a/", "open", 100, 80, 200, 200], ["a/f", "op", 120, 120, 80, 40, 1], ["a/g", "op", 210, 120, 80, 40, 1], ["a/h", "op", 160, 220, 80, 40, 1], ["y", "output", 150, 320, 100, 40]],
  [[0, 1, [200, 40, 200, 80]], [2, 4, [160, 160, 160, 190, 200, 190, 200, 220]], [3, 4, [250, 160, 200, 220]], [1, 5, [200, 280, 200, 320]]],
);

test("a point finds the innermost box, and the nearest edge within reach", () => {
  const scene = readScene(OPENED);
  assert.equal(boxAt(scene, 130, 130), scene.at.get("a/f"));
  assert.equal(boxAt(scene, 110, 100), scene.at.get("a/"));
  assert.equal(boxAt(scene, 5, 5), -1);
  assert.equal(edgeAt(scene, 163, 175, 5), 1);
  assert.equal(edgeAt(scene, 180, 192, 5), 1);
  assert.equal(edgeAt(scene, 130, 300, 5), -1);
  assert.deepEqual(edgesOf(scene, 4), { into: [1, 2], from: [] });
});

test("what is missing or wrong in a scene does not end the drawing", () => {
  const odd = answer([["a", "op", NaN, 0, 10, 10, 7]], [[0, 9, [0, 0, 1, 1]], [0, 0, []]]);
  const scene = readScene(odd);
  assert.deepEqual([scene.x[0], scene.parent[0], scene.sub[0], scene.edges.points[0].length], [0, -1, "", 0]);
  assert.ok(drawn(odd).includes("<path"));
});

test("zooming keeps what is under the pointer, panning moves by pixels", () => {
  const camera = { x: 50, y: 60, k: 2 };
  const point = { x: 10, y: 500 };
  const under = (/** @type {import("../../webapp/static/lib/graph-camera.js").Camera} */ { x, y, k }) => [x + (point.x - 400) / k, y + (point.y - 300) / k];
  under(zoomedAt(camera, VIEW, 1.7, point)).forEach((value, at) => assert.ok(Math.abs(value - under(camera)[at]) < 1e-9));
  assert.deepEqual(pannedBy(camera, 20, -10), { x: 40, y: 65, k: 2 });
});

test("a scene is met whole where it can be read so, else from its beginning", () => {
  assert.deepEqual(firstCamera({ width: 400, height: 300 }, VIEW, 200), fitCamera({ x: 0, y: 0, width: 400, height: 300 }, VIEW));
  const tall = firstCamera({ width: 400, height: 40_000 }, VIEW, 200);
  assert.ok(tall.k >= 0.5);
  assert.ok(tall.y - VIEW.height / 2 / tall.k <= 0);
});

test("a placement is on whole device pixels, and the scene cannot be lost", () => {
  const { left, top } = placementOf({ x: 33.3, y: 7.77, k: 1.13 }, VIEW, 1.5);
  for (const value of [left, top]) assert.ok(Math.abs(value * 1.5 - Math.round(value * 1.5)) < 1e-9);
  const far = keptInView({ x: 1e6, y: -1e6, k: 1 }, VIEW, { width: 400, height: 400 });
  assert.ok(far.x - VIEW.width / 2 < 400 && far.y + VIEW.height / 2 > 0);
  assert.deepEqual(reaching({ x: 0, y: 0, k: 1 }, VIEW, { x: 1000, y: 0, width: 100, height: 40 }, 50), { x: 750, y: 0, k: 1 });
});

test("on the way from a camera to another the ends are the ends", () => {
  const [from, to] = [{ x: 0, y: 0, k: 1 }, { x: 100, y: 50, k: 4 }];
  assert.deepEqual(between(from, to, 0), from);
  assert.deepEqual(between(from, to, 1), to);
  assert.deepEqual(between(from, { ...to, k: 1 }, 0.5), { x: 50, y: 25, k: 1 });
});

test("the box that was opened stays under the pointer", () => {
  const [before, after] = [readScene(CLOSED), readScene(OPENED)];
  const point = { x: 125, y: 90 }; // a quarter of the way through the closed box
  const shift = anchorShift(before, after, ["a/"], point);
  assert.deepEqual(shift, { x: 100 + 0.25 * 200 - point.x, y: 80 + 10 - point.y });
  assert.equal(anchorShift(before, readScene(answer([["z", "op", 0, 0, 1, 1]], [])), ["a/"], point), null);
});

test("between two scenes new boxes come out of the group that held them, and edges stay with their boxes", () => {
  const [before, after] = [readScene(CLOSED), readScene(OPENED)];
  const { scene, isNew, at } = morph(before, after, { x: 0, y: 0 });
  const f = 2;
  assert.deepEqual([...isNew], [0, 0, 1, 1, 1, 0]);
  at(0);
  assert.deepEqual([scene.y[1], scene.w[1]], [80, 100]);
  at(0.5);
  assert.equal(scene.w[1], 150);
  const line = scene.edges.points[0];
  assert.equal(line[0], scene.x[0] + scene.w[0] / 2);
  at(1);
  assert.deepEqual([scene.x[f], scene.y[f], scene.w[f]], [120, 120, 80]);
  assert.deepEqual([...scene.edges.points[1]], [...after.edges.points[1]]);
});

test("arrow keys go along edges, into and out of frames, and to the side", () => {
  const inner = [[1, 2, [150, 80, 150, 120]], [4, 1, [200, 260, 200, 280]]]; // edges that go on within the frame
  const told = answer(OPENED.boxes.id.map((id, at) => [id, OPENED.boxes.kind[at], OPENED.boxes.x[at], OPENED.boxes.y[at], OPENED.boxes.w[at], OPENED.boxes.h[at], OPENED.boxes.parent[at]]),
    [...OPENED.edges.from.map((from, at) => [from, OPENED.edges.to[at], OPENED.edges.points[at]]), ...inner]);
  const scene = readScene(told);
  const walk = (/** @type {number} */ start, /** @type {import("../../webapp/static/lib/graph-walk.js").Direction[]} */ ...ways) => ways.reduce((boxes, way) => [...boxes, stepFrom(scene, boxes[boxes.length - 1], way)], [start]).map((box) => scene.id[box]);
  assert.deepEqual(walk(firstBox(scene), "down", "down", "right", "down", "down", "down"), ["x", "a/", "a/f", "a/g", "a/h", "y", "y"]);
  assert.deepEqual(walk(5, "up", "up", "up", "up", "up"), ["y", "a/h", "a/f", "a/", "x", "x"]);
});

test("what bytes flow decides how wide an edge is", () => {
  const widths = [-1, 0, 1024, 2 ** 20, 2 ** 30, 2 ** 60].map((bytes) => edgeWidth(bytes));
  assert.deepEqual(widths, [1.25, 1, 1, 2, 3, 3.5]);
});

test("colours tint, marks keep what they mark, what is new is green and says so", () => {
  const scene = readScene(answer([["a", "op", 0, 0, 100, 40], ["b", "op", 0, 80, 100, 40]], [], { status: ["added", ""] }));
  const look = lookOf(scene, INK, { colors: new Map([["b", "#ff0000"]]), marked: new Set(["a"]), dimmed: true });
  const [a, b] = [0, 1].map((box) => look.boxes[look.boxClass[box]]);
  assert.equal(a.alpha, 1);
  assert.ok(b.alpha < 0.5);
  assert.equal(boxStyle(INK, a, 1).line, INK.ok);
  assert.equal(boxStyle(INK, a, 1).mark, "+");
  const near = parseInt(boxStyle(INK, b, 1).fill.slice(3, 5), 16);
  const far = parseInt(boxStyle(INK, b, 0.1).fill.slice(3, 5), 16);
  assert.ok(far < near, "from afar the colour is stronger");
});

test("names of frames stay in sight, below each other, while their frames are", () => {
  const scene = readScene(answer([["a/", "open", 0, 0, 300, 1000], ["a/b/", "open", 20, 100, 260, 500, 0]], []));
  const context = recorder();
  const placed = (/** @type {number} */ top) => placeHeaders(context, scene, { left: 0, top, k: 1, ratio: 1 }, VIEW).map(({ box, y, height }) => [box, Math.round(y), Math.round(y + height)]);
  const [[, firstTop]] = placed(0);
  assert.ok(firstTop >= 0 && firstTop < 28);
  const [[, outer, end], [, inner]] = placed(-300);
  assert.deepEqual([outer, inner], [0, end]);
  assert.deepEqual(placed(-700).map(([box]) => box), [0]);
  const headers = placeHeaders(context, scene, { left: 0, top: -300, k: 1, ratio: 1 }, VIEW);
  assert.equal(headerAt(headers, headers[1].x + 5, headers[1].y + 5)?.box, 1);
  paintHeaders(context, scene, lookOf(scene, INK, {}), headers, -1);
});

test("a scene becomes an SVG with every box, edge and name; names are text", () => {
  const svg = drawn(answer([["a", "op", 0, 0, 200, 40], [EVIL, "fold", 0, 100, 200, 40]], [[0, 1, [100, 40, 100, 100], "float32 8×4", 1e6]]));
  assert.ok(svg.includes("&lt;img") && !svg.includes("<img"));
  assert.ok(svg.includes("float32 8×4"));
  assert.ok(/stroke-width="2"/.test(svg), "an edge of a megabyte");
});

test("what words say of boxes and edges", () => {
  const scene = readScene(answer([["a/", "group", 0, 0, 9, 9], ["b", "missing", 0, 20, 9, 9]], [[0, 1, [4, 9, 4, 20], "int64 3", 24]], { nodes: [1200, 1], parameters: [5e6, 0] }));
  assert.deepEqual(boxLines(scene, 0), ["a", "closed group", "1,200 operations · 5 M parameters"]);
  assert.ok(boxSentence(scene, 0).endsWith("to b, Enter opens it"));
  assert.deepEqual(edgeLines(scene, 0), ["a → b", "int64 3", "24 B"]);
});

function recorder() {
  return /** @type {CanvasRenderingContext2D} */ (/** @type {unknown} */ (new SvgRecorder((text, font) => text.length * 0.6 * Number(/([\d.]+)px/.exec(font)?.[1]))));
}

/** @param {any} told a scene */
function drawn(told) {
  const scene = readScene(told);
  const context = recorder();
  paintScene(context, scene, lookOf(scene, INK, {}), { left: 0, top: 0, k: 1, ratio: 1 }, { width: scene.width, height: scene.height });
  return /** @type {SvgRecorder} */ (/** @type {unknown} */ (context)).toSvg(scene.width, scene.height, "graph");
}
