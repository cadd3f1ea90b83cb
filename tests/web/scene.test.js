import assert from "node:assert/strict";
import { test } from "node:test";

import { axesOf, HOME, multiply, orbit, pan, toPicture, viewMatrix, viewProjection, zoom } from "../../webapp/static/lib/camera.js";
import { cornerNormals, edgesOf, frameOf, parseScene, placeIn, pointAt } from "../../webapp/static/lib/scene-data.js";

const SIZE = { width: 400, height: 300 };
const near = (found, wanted, message) => found.forEach((value, i) => assert.ok(Math.abs(value - wanted[i]) < 1e-4, `${message ?? ""} ${found} ≠ ${wanted}`));
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);
const matrixOf = (camera) => viewProjection(camera, SIZE.width / SIZE.height);

/** Rows of a matrix that is kept column after column. */
const applied = (matrix, [x, y, z]) => [0, 1, 2, 3].map((row) => matrix[row] * x + matrix[4 + row] * y + matrix[8 + row] * z + matrix[12 + row]);

function sceneBytes(header, ...parts) {
  const bodies = parts.map((part) => new Uint8Array(part.buffer));
  const padded = bodies.map((body) => Math.ceil(body.length / 8) * 8);
  let text = JSON.stringify(header);
  text += " ".repeat((8 - (text.length % 8)) % 8);
  const bytes = new Uint8Array(8 + text.length + padded.reduce((sum, length) => sum + length, 0));
  bytes.set(new TextEncoder().encode("SSB1"));
  new DataView(bytes.buffer).setUint32(4, text.length, true);
  bytes.set(new TextEncoder().encode(text), 8);
  let at = 8 + text.length;
  bodies.forEach((body, i) => (bytes.set(body, at), (at += padded[i])));
  return bytes.buffer;
}

test("the axes of a picture stand upright on each other, whichever axis points up", () => {
  for (const up of ["y", "z"]) {
    const [right, above, back] = axesOf({ ...HOME, up });
    for (const axis of [right, above, back]) assert.ok(Math.abs(dot(axis, axis) - 1) < 1e-12);
    near([dot(right, above), dot(right, back), dot(above, back)], [0, 0, 0]);
    assert.ok(above[up === "y" ? 1 : 2] > 0.8);
    const [x, y] = toPicture(matrixOf({ ...HOME, up }), 0, 0, 0, SIZE);
    near([x, y], [200, 150]);
    const above0 = toPicture(matrixOf({ ...HOME, up }), 0, up === "y" ? 1 : 0, up === "z" ? 1 : 0, SIZE);
    assert.ok(above0[1] < 100);
  }
});

test("the eye sees the target at its distance, straight ahead", () => {
  near(applied(viewMatrix({ ...HOME, target: [3, -2, 1] }), [3, -2, 1]), [0, 0, -HOME.distance, 1]);
});

test("what is nearer is in front, with and without perspective", () => {
  for (const orthographic of [false, true]) {
    const camera = { ...HOME, orthographic };
    const [, , back] = axesOf(camera);
    const front = toPicture(matrixOf(camera), ...back, SIZE);
    const behind = toPicture(matrixOf(camera), ...back.map((part) => -part), SIZE);
    assert.ok(front[2] < behind[2] && Math.abs(front[2]) < 1 && Math.abs(behind[2]) < 1);
  }
  const [right, , back] = axesOf(HOME);
  const at = (side, depth) => right.map((part, axis) => side * part + depth * back[axis]);
  const widths = [1, -1].map((depth) => toPicture(matrixOf(HOME), ...at(0.5, depth), SIZE)[0] - 200);
  assert.ok(widths[0] > widths[1]);
});

test("the whole cube is in the picture", () => {
  for (let bits = 0; bits < 8; bits += 1) {
    for (const yaw of [0, 0.785, 2]) {
      const [x, y] = toPicture(matrixOf({ ...HOME, yaw }), bits & 1 ? 1 : -1, bits & 2 ? 1 : -1, bits & 4 ? 1 : -1, SIZE);
      assert.ok(x > 0 && x < SIZE.width && y > 0 && y < SIZE.height);
    }
  }
});

test("panning takes what is under the pointer with it; turning and zooming keep the middle", () => {
  const moved = pan(HOME, 30, -20, SIZE.height);
  near(toPicture(matrixOf(moved), 0, 0, 0, SIZE).slice(0, 2), [230, 130]);
  near(toPicture(matrixOf(orbit(zoom(HOME, 0.5), 100, 50)), 0, 0, 0, SIZE).slice(0, 2), [200, 150]);
  assert.ok(orbit(HOME, 0, 1e6).pitch < Math.PI / 2);
  assert.ok(zoom(HOME, 1e9).distance < 100 && zoom(HOME, 0).distance > 0);
});

test("matrices are multiplied as rows by columns", () => {
  const turn = Float32Array.of(0, 1, 0, 0, -1, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1); // x → y
  const shift = Float32Array.of(1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 5, 0, 0, 1);
  near(applied(multiply(turn, shift), [0, 0, 0]), [0, 5, 0, 1]);
  near(applied(multiply(shift, turn), [0, 0, 0]), [5, 0, 0, 1]);
});

test("an answer is read in place", () => {
  const position = Float32Array.of(-1, 0, 0, 1, 0.5, 0);
  const color = Uint8Array.of(1, 2, 3, 4, 5, 6);
  const header = { points: 2, faces: 0, arrays: { position: { at: 0, dtype: "f4" }, color: { at: 24, dtype: "u1" } } };
  const scene = parseScene(sceneBytes(header, position, color));
  assert.deepEqual([scene.position, scene.color, scene.face], [position, color, null]);
  assert.throws(() => parseScene(new ArrayBuffer(3)), /no frame/);
});

test("runs of a card share one frame, in which each keeps its place and size", () => {
  const small = { points: 1, low: [0, 0, 0], high: [2, 2, 2], center: [1, 1, 1], scale: 1 };
  const large = { points: 1, low: [0, 0, 0], high: [8, 8, 8], center: [4, 4, 4], scale: 4 };
  const frame = frameOf([small, large, { points: 0, low: [-99, 0, 0], high: [0, 0, 0] }]);
  assert.deepEqual(frame.center, [4, 4, 4]);
  assert.ok(Math.abs(frame.scale - 4) < 1e-12);
  const { offset, factor } = placeIn(small, frame);
  near(offset, [-0.75, -0.75, -0.75]);
  assert.ok(Math.abs(factor - 0.25) < 1e-12);
  assert.equal(frameOf([]).scale, 1);
});

test("corners face as the faces around them, edges come once", () => {
  const square = Float32Array.of(0, 0, 0, 1, 0, 0, 1, 1, 0, 0, 1, 0);
  const face = Uint32Array.of(0, 1, 2, 0, 2, 3);
  const normals = cornerNormals(square, face);
  for (let i = 0; i < 12; i += 3) assert.ok(normals[i] === 0 && normals[i + 1] === 0 && normals[i + 2] > 0);
  const edges = edgesOf(face, 4);
  assert.deepEqual([...edges], [0, 1, 0, 2, 0, 3, 1, 2, 2, 3]);
});

test("the nearest point under the pointer is found", () => {
  const [, , back] = axesOf(HOME);
  const scene = { position: Float32Array.of(0, 0, 0, ...back, 1, 1, 1), header: { points: 3 } };
  const place = { offset: [0, 0, 0], factor: 1 };
  assert.equal(pointAt(scene, place, matrixOf(HOME), SIZE, 201, 149, 5), 1); // before the one behind it
  assert.equal(pointAt(scene, place, matrixOf(HOME), SIZE, 20, 20, 5), -1);
});
