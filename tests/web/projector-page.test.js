/** What the page of embeddings keeps in its address, and what it draws of what was computed. */

import assert from "node:assert/strict";
import { test } from "node:test";

import { decodeEmbedding, encodeEmbedding } from "../../webapp/static/lib/embedding-choice.js";
import { drawnCoordinates } from "../../webapp/static/lib/point-axes.js";
import { categoryPalette, MOST_CATEGORIES } from "../../webapp/static/lib/point-palette.js";
import { decodeViews, encodeViews, freshView, viewBeside } from "../../webapp/static/lib/point-views.js";

test("views are the same after a way through an address", () => {
  const views = [
    freshView(0, "pca"),
    { ...freshView(1, "tsne"), dims: /** @type {const} */ (3), preprocess: ["centre", "l2"], seed: 7, parameters: { perplexity: 50, metric: "a&b;c=d" } },
    { ...freshView(2, "pca"), preprocess: [], axes: /** @type {[number, number, number]} */ ([2, 0, 1]) },
  ];
  assert.equal(encodeViews([views[0]]), "pca");
  assert.deepEqual(decodeViews(encodeViews(views)), views);
});

test("an address that was cut off leaves views that can be shown", () => {
  assert.deepEqual(decodeViews(""), [freshView(0, "pca")]);
  assert.deepEqual(decodeViews("tsne:9:::"), [freshView(0, "tsne")]);
  assert.equal(decodeViews("pca;pca;pca;pca;pca;pca").length, 4);
  assert.deepEqual(decodeViews("pca:::::1,x,2")[0].axes, [0, 1, 2]);
});

test("a view beside others has an id of its own and shows another method", () => {
  assert.deepEqual(viewBeside([freshView(4, "pca")]), freshView(5, "tsne"));
  assert.equal(viewBeside([freshView(0, "umap")]).method, "pca");
});

test("embeddings of runs and files are named in an address", () => {
  for (const choice of [{ run: "a:b", tag: "t,1" }, { file: "00ff" }]) assert.deepEqual(decodeEmbedding(encodeEmbedding(choice)), choice);
  assert.equal(decodeEmbedding("run"), null);
});

test("the axes that were chosen are drawn, and none where there is none", () => {
  const computed = Float32Array.of(1, 2, 3, 4, 5, 6); // two points with three numbers
  assert.deepEqual([...drawnCoordinates(computed, 3, 2, [2, 0, 1])], [3, 1, 6, 4]);
  assert.deepEqual([...drawnCoordinates(computed, 3, 2, [0, 7, 1])], [1, 0, 4, 0]);
  assert.equal(drawnCoordinates(computed, 3, 3, [0, 1, 2]), computed);
});

test("as many categories as can be told apart have a colour of their own, in both themes", () => {
  for (const theme of /** @type {const} */ (["light", "dark"])) {
    const palette = categoryPalette(1000, theme);
    assert.equal(palette.length, MOST_CATEGORIES);
    assert.equal(new Set(palette).size, MOST_CATEGORIES);
    assert.ok(palette.every((color) => /^#[0-9a-f]{6}$/.test(color)));
  }
});
