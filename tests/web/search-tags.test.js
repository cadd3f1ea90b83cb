import assert from "node:assert/strict";
import { test } from "node:test";
import { compileFilter } from "../../webapp/static/lib/search.js";
import { groupTags, naturalCompare } from "../../webapp/static/lib/tags.js";
import { indexRuns } from "../../webapp/static/lib/catalog.js";

const matches = (text, names) => names.filter(compileFilter(text).test);

test("plain text: every word, in any order, case ignored", () => {
  assert.deepEqual(matches("LOSS train", ["train/loss", "val/loss", "Loss/Train"]), ["train/loss", "Loss/Train"]);
  assert.deepEqual(matches("lr0.1", ["lr0.1", "lr001"]), ["lr0.1"]);
});

test("text that looks like a regular expression is one", () => {
  assert.deepEqual(matches("^(train|val)/", ["train/loss", "eval/loss", "val/acc"]), ["train/loss", "val/acc"]);
  assert.deepEqual(matches("loss|acc", ["loss", "acc", "lr"]), ["loss", "acc"]);
});

test("and also matches names spelt just so", () => {
  assert.deepEqual(matches("alert(1)>", ["<img src=x onerror=alert(1)>", "alert1"]), ["<img src=x onerror=alert(1)>"]);
});

test("a broken expression says why and is searched for as it stands", () => {
  const filter = compileFilter("layer[1");
  assert.match(filter.error, /character class/);
  assert.equal(filter.test("layer[1]"), true);
  assert.equal(filter.test("layer1"), false);
});

test("no text lets everything through", () => {
  assert.equal(compileFilter("  ").empty, true);
  assert.equal(compileFilter("  ").test("anything"), true);
});

test("numbers in names are ordered as numbers", () => {
  assert.deepEqual(["layer10", "layer2", "Layer1", "a"].sort(naturalCompare), ["a", "Layer1", "layer2", "layer10"]);
  assert.notEqual(naturalCompare("A", "a"), 0);
  const decimals = ["lr0.12", "lr0.003", "lr1", "lr0.02", "lr0.1", "v1.10.0", "v1.9.0"];
  assert.deepEqual(decimals.sort(naturalCompare), ["lr0.003", "lr0.02", "lr0.1", "lr0.12", "lr1", "v1.9.0", "v1.10.0"]);
});

test("tags are grouped by what stands before the first slash; those without one come first", () => {
  assert.deepEqual(groupTags(["b/x", "a/10", "a/9/z", "loss"]), [
    { name: "", tags: ["loss"] },
    { name: "a", tags: ["a/9/z", "a/10"] },
    { name: "b", tags: ["b/x"] },
  ]);
});

test("the catalog knows which run has which tag", () => {
  const catalog = indexRuns({
    version: 1, tags: ["loss", "acc"], tag_sets: [[0, 1], [0]],
    runs: [{ name: "a", tags: 0 }, { name: "b", tags: 1 }].map((run) => ({ start: 0, last: 0, last_step: 0, points: 1, damaged: 0, ...run })),
  });
  assert.deepEqual(catalog.tags, ["acc", "loss"]);
  assert.deepEqual(catalog.runsOf("loss"), ["a", "b"]);
  assert.deepEqual(catalog.runsOf("acc"), ["a"]);
  assert.deepEqual(catalog.runsOf("nothing"), []);
  assert.deepEqual([...catalog.tagsOf(new Set(["b"]))], ["loss"]);
});
