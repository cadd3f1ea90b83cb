import assert from "node:assert/strict";
import { test } from "node:test";

import { commonStretches } from "../../webapp/static/lib/shortest-edit.js";
import { diffLines, diffRows, foldedStretches, textDiff } from "../../webapp/static/lib/text-diff.js";

const told = (before, after) => textDiff(before, after).map(({ text, kind }) => [kind, text]);
const side = (parts, left) => parts.filter(({ kind }) => kind !== (left ? "added" : "removed")).map(({ text }) => text).join("");

test("the shortest edit keeps the longest common subsequence", () => {
  const list = (text) => Array.from(text, (letter) => letter.charCodeAt(0));
  const kept = (a, b) => commonStretches(list(a), list(b), 100).reduce((sum, { count }) => sum + count, 0);
  assert.equal(kept("ABCABBA", "CBABAC"), 4); // the paper's example
  assert.equal(kept("", "abc"), 0);
  assert.equal(kept("same", "same"), 4);
  assert.equal(commonStretches(list("abcdef"), list("uvwxyz"), 3), null);
});

test("both texts can be had back from their difference", () => {
  let seed = 7;
  const random = (n) => (seed = (seed * 16807) % 2147483647) % n;
  for (let round = 0; round < 300; round += 1) {
    const text = () => Array.from({ length: random(40) }, () => ["a", "b", "lr=0.1", " ", "\n", "ß", "😀", "."][random(8)]).join("");
    const [before, after] = [text(), text()];
    const parts = textDiff(before, after);
    assert.equal(side(parts, true), before);
    assert.equal(side(parts, false), after);
    const rows = diffRows(parts);
    const joined = (key) => rows.map((row) => row[key]?.map((part) => part.text).join("")).filter((line) => line !== undefined).join("\n");
    assert.equal(joined("left"), before);
    assert.equal(joined("right"), after);
    assert.equal(diffLines(parts).flat().map(({ text: line }) => line).join(""), parts.map((part) => part.text.replaceAll("\n", "")).join(""));
  }
});

test("words, numbers and signs are compared, replaced phrases stay whole", () => {
  assert.deepEqual(told("the lr is 0.1 now", "the lr is 0.2 now"), [["same", "the lr is "], ["removed", "0.1"], ["added", "0.2"], ["same", " now"]]);
  assert.deepEqual(told("a cold day here", "a warm night here"), [["same", "a "], ["removed", "cold day"], ["added", "warm night"], ["same", " here"]]);
  assert.deepEqual(told("", "new"), [["added", "new"]]);
});

test("texts of many lines that differ in one are compared at once", () => {
  const lines = Array.from({ length: 50_000 }, (_, i) => `line ${i} of the text\n`);
  const changed = lines.with(25_000, "line 25000 of another text\n");
  const began = performance.now();
  const parts = textDiff(lines.join(""), changed.join(""));
  assert.ok(performance.now() - began < 2000);
  assert.deepEqual(parts.filter(({ kind }) => kind !== "same").map(({ text }) => text), ["the", "another"]);
});

test("lines far from a change are folded, a single one is not", () => {
  const changed = [false, false, false, false, true, false, false, false, false, true];
  assert.deepEqual(foldedStretches(changed, 1), [
    { from: 0, to: 3, folded: true }, { from: 3, to: 6, folded: false }, { from: 6, to: 8, folded: true }, { from: 8, to: 10, folded: false },
  ]);
  assert.deepEqual(foldedStretches([true, false, false, false, true], 1).map(({ folded }) => folded), [false, false, false]);
});
