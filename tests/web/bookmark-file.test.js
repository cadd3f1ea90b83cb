import assert from "node:assert/strict";
import test from "node:test";

import { changesToAdd, readBookmarks, writeBookmarks } from "../../webapp/static/lib/bookmark-file.js";

const near = { address: "#projector?e=run:words", selection: "2,0-9" };
const far = { address: "#projector?e=run:images" };
const kept = { bookmarks: { near }, selections: { "run:words": { cats: { rows: "2", points: 10 } } } };

test("bookmarks come back from their file as they were", () => {
  assert.deepEqual(readBookmarks(writeBookmarks(kept), "bookmarks.json"), kept);
});

test("what is no file of bookmarks is named", () => {
  assert.throws(() => readBookmarks("word,x\n", "words.csv"), /words\.csv is no JSON/);
  assert.throws(() => readBookmarks('{"tensors": []}', "state.json"), /state\.json holds no bookmarks/);
  assert.deepEqual(readBookmarks('{"stepscope_bookmarks": 1, "bookmarks": {"a": 3}, "selections": []}', "odd.json"), { bookmarks: {}, selections: {} });
});

test("a name that is taken by something else gets another; what is there already is left alone", () => {
  const file = { bookmarks: { near: far, new: near }, selections: { "run:words": { cats: { rows: "2", points: 10 } } } };
  assert.deepEqual(changesToAdd(file, kept), [
    { path: ["bookmarks", "near 2"], value: far },
    { path: ["bookmarks", "new"], value: near },
  ]);
});
