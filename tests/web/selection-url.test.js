import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { indexRuns } from "../../webapp/static/lib/catalog.js";
import { choose, decodeChoice, encodeChoice, EVERYTHING, isChosen, only } from "../../webapp/static/lib/selection.js";
import { loneRows } from "../../webapp/static/state/projector-settings.js";
import * as store from "../../webapp/static/state/store.js";
import { decodeHash, encodeHash } from "../../webapp/static/state/url.js";

const names = (count) => Array.from({ length: count }, (_, i) => `sweep/run-${i}`);

test("new runs join a choice of everything but some, and stay out of a choice of some", () => {
  assert.equal(isChosen(choose(EVERYTHING, ["a"], false), "new"), true);
  assert.equal(isChosen(only(["a"]), "new"), false);
});

test("the shorter rule is written", () => {
  const known = names(10);
  assert.equal(encodeChoice(EVERYTHING, known), "");
  assert.equal(encodeChoice(choose(EVERYTHING, [known[3]], false), known), "-sweep/run-3");
  assert.equal(encodeChoice(choose(EVERYTHING, known.slice(1), false), known), "+sweep/run-0");
});

test("names with commas, signs and markup come back", () => {
  const odd = ["a,b", "+c", "-", "#", "<img src=x onerror=alert(1)>", "ü/λ"];
  const choice = decodeChoice(encodeChoice(only(odd), [...odd, ...names(20)]));
  for (const name of odd) assert.equal(isChosen(choice, name), true, name);
  assert.equal(isChosen(choice, "b"), false);
});

test("half of ten thousand runs fit into a link and come back", () => {
  const known = names(10_000);
  const even = known.filter((_, i) => i % 2 === 0);
  const text = encodeChoice(only(even), known);
  assert.ok(text.length < 31_000, `${text.length} characters`);
  const choice = decodeChoice(text);
  for (const [i, name] of known.entries()) assert.equal(isChosen(choice, name), i % 2 === 0, name);
  const changed = choose(choose(choice, [known[0]], false), [known[1]], true);
  assert.deepEqual([isChosen(changed, known[0]), isChosen(changed, known[1]), isChosen(changed, known[2])], [false, true, true]);
  assert.equal(isChosen(decodeChoice(encodeChoice(changed, known)), known[1]), true);
});

beforeEach(() => decodeHash("#scalars"));

test("nothing chosen, nothing said", () => {
  assert.equal(encodeHash(), "#scalars");
});

test("everything that was chosen survives the way through a link", () => {
  store.catalog.set(indexRuns({ version: 1, tags: [], tag_sets: [], runs: [] }));
  const wanted = [
    [store.chosen, only(["a&b", "c=d"])], [store.hidden, new Set(["x,y"])], [store.runFilter, "lr (0.1|0.2)+ & #"], [store.tagFilter, "loss/%25"],
    [store.axis, "wall"], [store.logX, true], [store.logY, true], [store.smoothing, 0.985], [store.robust, false], [store.segments, "separate"],
    [store.tooltipSort, "name"], [store.cardWidth, 500], [store.sidebarWidth, 280], [store.pins, ["b/2", "a,1"]], [store.wide, new Set(["a/1"])],
    [store.folded, new Set(["", "grad"].filter(Boolean))], [store.colors, new Map([["run:1", "#ff0080"]])], [store.cursor, 1234.5],
    [store.views, new Map([["loss;x:1", { x: [10, 20], y: null }], ["acc", { x: [-1.5, 2], y: [0.25, 1e-3 + 1] }]])],
  ];
  for (const [atom, value] of wanted) atom.set(value);
  const hash = encodeHash();
  decodeHash("#scalars");
  assert.equal(encodeHash(), "#scalars");
  decodeHash(hash);
  assert.equal(encodeHash(), hash);
  for (const [atom, value] of wanted) assert.deepEqual(atom.get(), value);
});

test("links are readable", () => {
  store.setView("loss/train", { x: [0, 50], y: null });
  store.pins.set(["a,b", "c/d"]);
  assert.equal(encodeHash(), "#scalars?pin=a%252Cb,c/d&zoom=loss/train:0,50,,");
});

test("a mistyped link counts as not given", () => {
  decodeHash("#scalars?x=sideways&smooth=lots&runs=%2B%25E0&zoom=a:5,1,,&card=99999&color=a:nothex");
  assert.equal(store.axis.get(), "step");
  assert.equal(store.smoothing.get(), 0);
  assert.equal(store.chosen.get(), EVERYTHING);
  assert.deepEqual(store.views.get().get("a"), { x: null, y: null });
  assert.equal(store.cardWidth.get(), 1200);
  assert.equal(store.colors.get().size, 0);
});

test("another axis drops the ranges along the old one and keeps those of y", () => {
  store.setView("a", { x: [0, 5], y: [1, 2] });
  store.setView("b", { x: [0, 5], y: null });
  store.setAxis("wall");
  assert.deepEqual([...store.views.get()], [["a", { x: null, y: [1, 2] }]]);
});

test("points that are alone in sight stay alone in a link, unless they are too many for one", () => {
  loneRows.set(Uint32Array.of(2, 3, 5));
  const link = encodeHash();
  loneRows.set(null);
  decodeHash(link);
  assert.deepEqual(loneRows.get(), Uint32Array.of(2, 3, 5));
  const many = Uint32Array.from({ length: 200_000 }, (_, row) => 2 * row);
  loneRows.set(many);
  decodeHash(encodeHash());
  assert.equal(loneRows.get(), many);
  loneRows.set(null);
});
