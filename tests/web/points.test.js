import assert from "node:assert/strict";
import { test } from "node:test";

import { halfHeight } from "../../webapp/static/lib/camera.js";
import { cameraBetween, fitted, homeCamera, zoomedAround } from "../../webapp/static/lib/points-camera.js";
import { GONE, PointCloud } from "../../webapp/static/lib/points-cloud.js";
import { coded, quantileCodes } from "../../webapp/static/lib/points-colors.js";
import { densityOf } from "../../webapp/static/lib/points-density.js";
import { lookOf } from "../../webapp/static/lib/points-look.js";
import { boxPolygon, polygonTest, rowAt, rowsWithin } from "../../webapp/static/lib/points-pick.js";
import { Room } from "../../webapp/static/lib/points-room.js";
import { placeRow, rowsIn, screenMap } from "../../webapp/static/lib/points-screen.js";
import { trailMesh } from "../../webapp/static/lib/points-trails.js";

const SIZE = { width: 400, height: 300 };

/** Numbers that are the same in each run. */
function random(seed = 1) {
  let state = seed;
  return () => (state = (state * 16807) % 2147483647) / 2147483647;
}

function cloudOf(places, dims) {
  const cloud = new PointCloud();
  cloud.reset(places.length, dims);
  cloud.place(Float32Array.from(places.flat()), null, 1, false);
  return cloud;
}

/** A cloud as it is seen when all of it is in the picture. */
function seen(cloud, camera = fitted(homeCamera(cloud.dims), cloud.bounds, cloud.now.frame, SIZE, cloud.dims)) {
  const map = screenMap(camera, cloud.now.frame, SIZE);
  const at = (row) => {
    const out = new Float64Array(4);
    assert.ok(placeRow(map, cloud.now, row, out));
    return out;
  };
  return { camera, map, at };
}

test("a point without a place is told from one at the edge of what numbers can say", () => {
  const cloud = cloudOf([[0, 0, 0], [NaN, 1, 1], [3e38, 3e38, 3e38], [1, Infinity, 1], [2, 2, 2]], 3);
  assert.deepEqual([...cloud.flags].map((flags) => Boolean(flags & GONE)), [false, true, false, true, false]);
  assert.equal(cloud.shown, 3);
  assert.ok(cloud.bounds.high[0] > 1e38);
});

test("coordinates of another number of points are refused with a sentence", () => {
  const cloud = new PointCloud();
  cloud.reset(3, 2);
  assert.throws(() => cloud.place(new Float32Array(5), null, 1, false), /5 numbers are no coordinates of 3 points in 2 dimensions: there should be 6/);
});

test("all points are in the picture, in two dimensions and in three, in any shape of window", () => {
  for (const dims of [2, 3]) {
    const next = random(dims);
    const cloud = cloudOf(Array.from({ length: 200 }, () => Array.from({ length: dims }, (_, axis) => 1000 + (axis + 1) ** 3 * next())), dims);
    for (const size of [SIZE, { width: 100, height: 700 }, { width: 900, height: 120 }]) {
      const map = screenMap(fitted(homeCamera(dims), cloud.bounds, cloud.now.frame, size, dims), cloud.now.frame, size);
      const whole = { left: 0, top: 0, right: size.width, bottom: size.height };
      assert.equal(rowsIn(map, cloud.now, cloud.flags, GONE, whole).length, 200);
    }
  }
});

test("on the way between two layouts a point is where its share of the way is, also from a cloud of another size", () => {
  const cloud = cloudOf([[0, 0], [2, 2]], 2);
  cloud.place(Float32Array.of(0, 0, 200, 200), null, 1, true);
  const half = cloud.between(0.5);
  const [a, b] = [half.array[0], half.array[2]];
  assert.ok(Math.abs(a + b) < 1e-6 && b > 0.5, "both layouts fill the picture, so does what is between them");
  cloud.place(Float32Array.of(0, 0, 2, NaN), null, 1, true);
  assert.ok(Number.isNaN(cloud.between(1).array[3]) && cloud.flags[1] & GONE);
});

test("a layout may keep the box of another", () => {
  const cloud = cloudOf([[0, 0], [10, 10]], 2);
  const { frame } = cloud.now;
  cloud.place(Float32Array.of(4, 4, 5, 5), { low: [0, 0, 0], high: [10, 10, 0] }, 1, false);
  assert.deepEqual(cloud.now.frame, frame);
});

test("what is under the pointer stays there when it zooms", () => {
  const cloud = cloudOf([[0, 0], [3, 1], [1, 2]], 2);
  const before = seen(cloud);
  const [x, y] = before.at(1);
  const after = seen(cloud, zoomedAround(before.camera, 0.1, { x, y }, SIZE));
  assert.ok(Math.hypot(after.at(1)[0] - x, after.at(1)[1] - y) < 0.01);
  const far = (look) => Math.hypot(look.at(1)[0] - look.at(2)[0], look.at(1)[1] - look.at(2)[1]);
  assert.ok(Math.abs(far(after) / far(before) - 10) < 0.01);
  assert.ok(halfHeight(cameraBetween(before.camera, after.camera, 0.5)) < halfHeight(before.camera));
});

test("of points above each other the nearest to the eye is picked, and a selected one before it", () => {
  const cloud = cloudOf([[0, 0, -5], [0, 0, 5], [0, 0, 0], [9, 9, 9], [-9, -9, -9]], 3);
  const straight = { ...homeCamera(3), yaw: 0, pitch: 0 };
  const { map, at } = seen(cloud, fitted(straight, cloud.bounds, cloud.now.frame, SIZE, 3));
  const [x, y] = at(2);
  const pick = (px, py) => rowAt(cloud, cloud.now, map, () => 5, 5, px, py, 6);
  assert.equal(pick(x, y), 1);
  cloud.select(Uint32Array.of(0));
  assert.equal(pick(x, y), 0);
  cloud.select(null);
  cloud.show(Uint8Array.of(1, 0, 1, 1, 1));
  assert.equal(pick(x, y), 2);
  assert.equal(pick(x + 40, y), -1);
});

test("flat points: the one painted last is picked, and beside all discs the nearest within reach", () => {
  const cloud = cloudOf([[0, 0], [0, 0], [10, 10], [-10, -10]], 2);
  const { map, at } = seen(cloud);
  const [x, y] = at(0);
  assert.equal(rowAt(cloud, cloud.now, map, () => 2, 2, x, y, 6), 1);
  const [x2, y2] = at(2);
  assert.equal(rowAt(cloud, cloud.now, map, () => 2, 2, x2 - 5, y2, 6), 2);
  assert.equal(rowAt(cloud, cloud.now, map, () => 2, 2, x2 - 7, y2, 6), -1);
});

test("a lasso holds the points within it, those behind others too, and no hidden ones", () => {
  const next = random(3);
  const cloud = cloudOf(Array.from({ length: 3000 }, () => [next(), next(), next()]), 3);
  cloud.show(Uint8Array.from({ length: 3000 }, (_, row) => (row % 7 ? 1 : 0)));
  const { map, at } = seen(cloud);
  const polygon = Array.from({ length: 40 }, (_, at) => [200 + (60 + 50 * (at % 2)) * Math.cos(at / 6.4), 150 + (60 + 50 * (at % 2)) * Math.sin(at / 6.4)]);
  const inside = (x, y) => polygon.reduce((odd, [x0, y0], i) => {
    const [x1, y1] = polygon[(i + 1) % polygon.length];
    return y0 > y !== y1 > y && x < x0 + ((x1 - x0) * (y - y0)) / (y1 - y0) ? !odd : odd;
  }, false);
  const wanted = Array.from({ length: 3000 }, (_, row) => row).filter((row) => row % 7 && inside(at(row)[0], at(row)[1]));
  assert.ok(wanted.length > 200);
  assert.deepEqual([...rowsWithin(cloud, cloud.now, map, polygon)], wanted);
  assert.equal(rowsWithin(cloud, cloud.now, map, boxPolygon(400, 300, 0, 0)).length, cloud.shown, "a box may be drawn from any corner");
});

test("a polygon that crosses itself holds what is within it an odd number of times", () => {
  const isInside = polygonTest([[0, 0], [10, 10], [10, 0], [0, 10]]);
  assert.deepEqual([[2, 5], [5, 2], [5, 8], [8, 5], [-1, 5], [11, 5], [5, 11]].map(([x, y]) => isInside(x, y)), [true, false, false, true, false, false, false]);
  assert.equal(polygonTest([[3, 3]])(3, 3), false);
});

test("values become shades: linear, by logarithm and by rank; what is no number has none", () => {
  const ramp = ["#000000", "#ffffff"];
  const shades = (values, how) => [...coded({ values: Float32Array.from(values), ramp, ...how }, values.length, "#000000", "#888888").codes];
  assert.deepEqual(shades([0, 5, 10, NaN], {}), [0, 128, 255, 256]);
  assert.deepEqual(shades([-5, 5, 20], { low: 0, high: 10 }), [0, 128, 255]);
  assert.deepEqual(shades([1, 10, 100, 0, -3], { scale: "log" }), [0, 128, 255, 256, 256]);
  assert.deepEqual(shades([7, 7, NaN], {}), [128, 128, 256]);
  assert.deepEqual(shades([1, 2, 3, 1e9], { scale: "quantile" }), [63, 127, 191, 255]);
  assert.deepEqual(shades([Infinity, 1, -Infinity, 2], {}), [255, 0, 0, 255]);
});

test("each shade of ranks has about as many points, whatever the values are", () => {
  const next = random(5);
  const values = Float64Array.from({ length: 200_000 }, () => 1e6 * Math.tan(3 * (next() - 0.5)));
  const counts = new Uint32Array(257);
  for (const code of quantileCodes(values)) counts[code] += 1;
  assert.equal(counts[256], 0);
  assert.ok(counts.slice(0, 256).every((count) => count > 300 && count < 1500), `${Math.min(...counts.slice(0, 256))} … ${Math.max(...counts)}`);
  const order = [...values.keys()].sort((a, b) => values[a] - values[b]);
  const codes = quantileCodes(values);
  assert.ok(order.every((row, rank) => rank === 0 || codes[row] >= codes[order[rank - 1]]));
});

test("categories beyond the palette have the colour of those without one", () => {
  const { table, missing } = coded({ codes: Uint8Array.of(0, 1, 9), palette: ["#ff0000", "rgb(0, 255, 0)"] }, 3, "#000000", "#888888");
  assert.deepEqual([table, missing], [["#ff0000", "#00ff00", "#888888"], 2]);
});

test("colours of other points are none", () => {
  const { codes, table } = coded({ codes: Uint8Array.of(1, 1), palette: ["#ff0000", "#00ff00"] }, 3, "#0000ff", "#888888");
  assert.deepEqual([[...codes], table[0]], [[0, 0, 0], "#0000ff"]);
});

test("room is given once, and only within the picture", () => {
  const room = new Room(SIZE);
  assert.ok(room.take(10, 10, 100, 20));
  assert.ok(!room.take(109, 29, 100, 20));
  assert.ok(room.take(110, 10, 100, 20));
  assert.ok(!room.take(350, 10, 100, 20));
  assert.ok(!room.take(-1, 100, 10, 10));
});

test("lines of density hold their share of the points", () => {
  const next = random(9);
  const normal = () => Math.sqrt(-2 * Math.log(next())) * Math.cos(2 * Math.PI * next());
  const places = Array.from({ length: 4000 }, () => [normal() + (next() < 0.5 ? -4 : 4), normal()]);
  const density = densityOf(cloudOf(places, 2));
  assert.equal(density.contours.length, 5);
  const [widest] = density.contours;
  const cell = ([x, y]) => density.grid[Math.floor(((y - density.bottom) / density.height) * 256) * 256 + Math.floor(((x - density.left) / density.width) * 256)];
  const share = places.filter((place) => cell(place) >= widest.level).length / places.length;
  assert.ok(share > 0.9 && share < 0.99, `${share} of the points are within the line of 95 %`);
  const narrowest = density.contours[4].segments;
  assert.ok(narrowest.filter((_, at) => at % 2 === 0).some((x) => x < -3) && narrowest.filter((_, at) => at % 2 === 0).some((x) => x > 3), "both heaps have a line of their own");
  assert.equal(densityOf(cloudOf([[NaN, 0]], 2)), null);
});

test("few points are dots, many are a texture, and zooming in shows them one by one", () => {
  const home = homeCamera(2);
  const size = { width: 1200, height: 800 };
  const few = lookOf(100, 2, home, size, 1);
  const many = lookOf(1_000_000, 2, home, size, 1);
  assert.ok(few.diameter > 3 * many.diameter && few.opacity > many.opacity);
  const near = lookOf(1_000_000, 2, { ...home, distance: home.distance / 50 }, size, 1);
  assert.ok(near.diameter > many.diameter && near.opacity > many.opacity);
});

test("paths take colour and visibility from their points, and are faint where they begin", () => {
  const trails = { coordinates: new Float32Array(10), starts: Uint32Array.of(0, 3, 5), rows: Uint32Array.of(4, 2) };
  const mesh = trailMesh(trails, Uint8Array.of(0, 0, 7, 0, 9), Uint8Array.of(0, 0, 1, 0, 0));
  assert.deepEqual([...mesh.pairs], [0, 1, 1, 2, 3, 4]);
  assert.deepEqual([...mesh.codes], [9, 9, 9, 7, 7]);
  assert.deepEqual([...mesh.flags], [0, 0, 0, 1, 1]);
  assert.deepEqual([...mesh.fades], [0, 0.5, 1, 0, 1]);
});
