import assert from "node:assert/strict";
import { test } from "node:test";

import { belowAt, eachStretch, heightOf, neighbourShape, shapeAt } from "../../webapp/static/lib/memory-shapes.js";

// 4 from the beginning to the end; 6 from 1 to 4 on it; 2 from 2 on, which falls when the 6 go.
const shapes = {
  times: [0, 1, 2, 4, 5], size: [4, 6, 2], stack: [0, 1, 1], rows: [7, 8], labels: ["model", "step"], hidden: 0,
  begin: [NaN, 1, 2], end: [NaN, 4, NaN],
  first: [0, 2, 4, 7], place: [0, 4, 1, 3, 2, 3, 4], below: [0, 0, 4, 0, 10, 4, 0],
};

test("a shape lies where those below it let it lie", () => {
  assert.equal(belowAt(shapes, 2, 3), 10);
  assert.equal(belowAt(shapes, 2, 4), 4);
  assert.ok(Number.isNaN(belowAt(shapes, 1, 4)));
  assert.ok(Number.isNaN(belowAt(shapes, 1, 0.5)));
});

test("what is pointed at is found by time and height", () => {
  assert.equal(shapeAt(shapes, 3, 1), 0);
  assert.equal(shapeAt(shapes, 3, 9), 1);
  assert.equal(shapeAt(shapes, 3, 11), 2);
  assert.equal(shapeAt(shapes, 4.5, 5), 2);
  assert.equal(shapeAt(shapes, 4.5, 9), -1);
});

test("an outline is made of the stretches in which nothing below moves", () => {
  const stretches = [];
  eachStretch(shapes, 2, (from, to, below) => stretches.push([from, to, below]));
  assert.deepEqual(stretches, [[2, 4, 10], [4, 5, 4]]);
});

test("the highest point of all shapes is the picture's height", () => assert.equal(heightOf(shapes), 12));

test("keys go up and down through what is there at a time", () => {
  assert.equal(neighbourShape(shapes, -1, 3, true), 0);
  assert.equal(neighbourShape(shapes, 0, 3, true), 1);
  assert.equal(neighbourShape(shapes, 2, 3, true), 2);
  assert.equal(neighbourShape(shapes, 2, 4.5, false), 0);
  assert.equal(neighbourShape(shapes, -1, 3, false), 2);
});
