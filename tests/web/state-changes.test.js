import assert from "node:assert/strict";
import { test } from "node:test";

import { changed, EMPTY_STATE, entry } from "../../webapp/static/lib/state-changes.js";

test("a change makes what lies on its path and shares the rest", () => {
  const before = changed(EMPTY_STATE, [{ path: ["runs", "a", "color"], value: "#123456" }]);
  const after = changed(before, [{ path: ["runs", "b", "hidden"], value: true }]);
  assert.deepEqual(after.runs, { a: { color: "#123456" }, b: { hidden: true } });
  assert.equal(after.runs.a, before.runs.a);
  assert.deepEqual(EMPTY_STATE.runs, {});
});

test("null takes away; a section that is taken away is empty again", () => {
  const before = changed(EMPTY_STATE, [{ path: ["baseline"], value: "a" }, { path: ["views", "v"], value: {} }]);
  const after = changed(before, [{ path: ["baseline"], value: null }, { path: ["views"], value: null }]);
  assert.deepEqual(after, EMPTY_STATE);
});

test("a run may have the name of anything an object inherits", () => {
  const state = changed(EMPTY_STATE, [{ path: ["runs", "__proto__", "name"], value: "x" }]);
  assert.equal(entry(state.runs, "__proto__")?.name, "x");
  assert.equal(entry(state.runs, "constructor"), undefined);
  assert.equal(/** @type {any} */ ({}).name, undefined);
});
