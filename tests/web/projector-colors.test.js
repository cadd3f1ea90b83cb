/** Which colours points have before anybody chose. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { colorNow } from "../../webapp/static/state/projector-colors.js";
import { shownEmbedding } from "../../webapp/static/state/projector-shown.js";

test("groups give the colours, and names that are each of one point do not", () => {
  const names = { name: "name", kind: "category", distinct: 50, missing: 0 };
  const groups = { name: "group", kind: "category", distinct: 2, missing: 0 };
  const show = (/** @type {object[]} */ ...columns) => shownEmbedding.set(/** @type {any} */ ({ ref: { file: "a" }, info: { points: 50, columns } }));
  show(names, groups);
  assert.equal(colorNow(), "column:group");
  show(names);
  assert.equal(colorNow(), "none");
});
