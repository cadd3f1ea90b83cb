import assert from "node:assert/strict";
import { test } from "node:test";

import { frameAt, frameEnds, frameFrom, frameStart } from "../../webapp/static/lib/film-time.js";

const ENDS = frameEnds([100, 50, 250]);

test("the frame of a time is the one that is shown then", () => {
  const frames = [-5, 0, 99, 100, 149.9, 150, 399, 400, 9999].map((time) => frameAt(ENDS, time));
  assert.deepEqual(frames, [0, 0, 0, 1, 1, 2, 2, 2, 2]);
});

test("a frame on and back begins where that frame begins, and stops at the ends", () => {
  assert.deepEqual([0, 1, 2].map((frame) => frameStart(ENDS, frame)), [0, 100, 150]);
  assert.equal(frameFrom(ENDS, 120, 1), 2);
  assert.equal(frameFrom(ENDS, 120, 10), 2);
  assert.equal(frameFrom(ENDS, 120, -10), 0);
});

test("a still picture is one frame", () => {
  const still = frameEnds([0]);
  assert.equal(frameAt(still, 0), 0);
  assert.equal(frameFrom(still, 0, 1), 0);
});
