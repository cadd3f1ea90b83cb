import assert from "node:assert/strict";
import test from "node:test";

import { packArrays, parseArrays } from "../../webapp/static/lib/arrays-frame.js";
import { encodeRows } from "../../webapp/static/lib/row-set-text.js";
import { nearestVectors } from "../../webapp/static/lib/vector-neighbors.js";
import { KeptAnswers } from "../../webapp/static/state/kept-answers.js";

const json = (/** @type {unknown} */ value) => new TextEncoder().encode(JSON.stringify(value));
const VIEWS = /** @type {any[]} */ ([
  { id: 0, method: "pca", dims: 2, seed: 0, parameters: {} },
  { id: 1, method: "tsne", dims: 2, seed: 0, parameters: { perplexity: 5 } },
  { id: 2, method: "tsne", dims: 2, seed: 0, parameters: { perplexity: 9 } },
]);
const kept = new KeptAnswers({
  info: json({ points: 3, dimensions: 2, columns: [{ name: "word" }, { name: "size" }] }),
  embeddings: json({ files: [] }),
  "column word": packCodes(["cat", 'a "dog"'], [0, 1, 0]),
  "column size": packArrays({ kind: "number" }, { values: Float32Array.of(1, NaN, 2.5) }),
  "frame 0": packArrays({ dims: 2, width: 3 }, { coordinates: Float32Array.of(0, 0, 9, 5, 0, 0, 1, 0, 0) }),
  "frame 1": packArrays({ dims: 2, width: 2 }, { coordinates: Float32Array.of(0, 0, NaN, -Infinity, 1, 1) }),
  "clusters 0": packArrays({ clusters: [{ label: 0, terms: ["cat"], size: 2 }], notes: [] }, { labels: Int32Array.of(0, -1, 0) }),
  vectors: packArrays({}, { points: Float32Array.of(1, 0, 0, 1, 2, 1) }),
}, VIEWS);

/** @param {string[]} names @param {number[]} codes */
function packCodes(names, codes) {
  return packArrays({ kind: "category", names }, { codes: Uint32Array.from(codes) });
}

/** @param {string} path @param {object} [body] */
const ask = (path, body) => kept.answer(path, body && { method: "POST", body: JSON.stringify(body) });

test("what was recorded is given back", async () => {
  assert.deepEqual(await (await ask("api/projector")).json(), { files: [] });
  assert.equal((await (await ask("api/projector/info?file=kept")).json()).points, 3);
  assert.equal(parseArrays(await (await ask("api/projector/column?file=kept&column=size")).arrayBuffer()).arrays.values[2], 2.5);
});

test("what was not recorded is refused with a sentence", async () => {
  const answer = await ask("api/projector/rows/all", {});
  assert.equal(answer.status, 404);
  assert.match((await answer.json()).error, /does not hold that/);
  assert.equal((await ask("api/projector/column?column=toString")).status, 404);
});

test("clusters that were found when the file was made", async () => {
  const clusters = (/** @type {object} */ query) => ask("api/projector/clusters", query);
  const { header, arrays } = parseArrays(await (await clusters({ job: "0", components: [0, 1] })).arrayBuffer());
  assert.deepEqual([header.clusters, [...arrays.labels]], [[{ label: 0, terms: ["cat"], size: 2 }], [0, -1, 0]]);
  const said = async (/** @type {object} */ query) => (await (await clusters(query)).json()).error;
  assert.match(await said({ job: "0", components: [0, 2] }), /in 2 dimensions/);
  assert.match(await said({ job: "0", least: 9 }), /of the usual size/);
  assert.match(await said({ job: "1" }), /No clusters were looked for/);
});

test("cells of rows, with null for a missing number", async () => {
  const { rows } = await (await ask("api/projector/rows?file=kept&rows=1,2")).json();
  assert.deepEqual(rows, [{ row: 1, cells: { word: 'a "dog"', size: null } }, { row: 2, cells: { word: "cat", size: 2.5 } }]);
});

test("a search for a text or a pattern, in all columns or some", async () => {
  const found = async (/** @type {string} */ query) => [...parseArrays(await (await ask(`api/projector/search?${query}`)).arrayBuffer()).arrays.rows];
  assert.deepEqual(await found("q=CAT"), [0, 2]);
  assert.deepEqual(await found("q=^a&regex=1"), [1]);
  assert.deepEqual(await found("q=2.5"), [2]);
  assert.deepEqual(await found(`q=2.5&columns=${encodeURIComponent('["word"]')}`), []);
  const wrong = await ask("api/projector/search?q=(&regex=1");
  assert.equal(wrong.status, 400);
});

test("neighbours among the vectors, and near in the layout as it is looked at", async () => {
  const answer = await ask("api/projector/neighbors", { rows: encodeRows(Uint32Array.of(0)), k: 2, metric: "euclidean", job: "0" });
  const { arrays } = parseArrays(await answer.arrayBuffer());
  assert.deepEqual([...arrays.rows], [1, 2], "equal distances: the lower row first");
  assert.deepEqual([...arrays.here], [2, 1], "the third axis is not looked at");
});

test("a layout is found by its method and settings", async () => {
  const job = async (/** @type {object} */ order) => (await ask("api/projector/jobs", { seed: 0, dims: 2, parameters: {}, ...order })).json();
  assert.deepEqual(await job({ method: "tsne", parameters: { perplexity: 9 } }), { job: "2", state: "done" });
  assert.deepEqual(await job({ method: "pca", dims: 3 }), { job: "0", state: "done" });
  assert.deepEqual(await job({ method: "umap", peek: true }), { job: null, state: "" });
  assert.match((await job({ method: "tsne", dims: 3 })).error, /does not hold that layout/);
});

test("a table of some rows with the layout", async () => {
  const init = { method: "POST", body: new Blob([Uint32Array.of(1)]) };
  const text = await (await kept.answer("api/projector/download?form=csv&job=0", init)).text();
  assert.deepEqual(text.split("\r\n"), ["row,word,size,x,y,z", '1,"a ""dog""",,5,0,0', ""]);
  const lines = await (await kept.answer("api/projector/download?form=tsv&job=1", init)).text();
  assert.equal(lines, 'row\tword\tsize\tx\ty\n1\ta "dog"\t\tnan\t-inf\n', "as the server writes it");
});

test("the nearest under every metric, by hand", () => {
  const vectors = Float32Array.of(1, 0, 2, 0, 0, 3, NaN, 1);
  const nearest = (/** @type {any} */ metric, of = [0]) => nearestVectors(vectors, 2, of, 9, metric, null);
  assert.deepEqual([...nearest("cosine").rows], [1, 2]);
  assert.deepEqual([...nearest("cosine").distances], [0, 1]);
  assert.deepEqual([...nearest("manhattan").distances], [1, 4]);
  assert.deepEqual([...nearest("dot").rows], [1, 2], "the largest product first");
  assert.deepEqual([...nearest("euclidean", [0, 1]).rows], [0, 1, 2], "the rows of a centroid may be near to it; one with NaN is not");
  assert.deepEqual([...nearest("euclidean", [0, 3]).rows], [0, 1, 2], "NaN has no part in a centroid");
  assert.throws(() => nearest("euclidean", [3]), /row 3 holds NaN or infinity and is near to nothing/);
  const zeros = Float32Array.of(0, 0, 1, 0);
  assert.deepEqual([...nearestVectors(zeros, 2, [1], 9, "cosine", null).distances], [1]);
  assert.throws(() => nearestVectors(zeros, 2, [0], 9, "cosine", null), /row 0 is all zeros and has no direction/);
  assert.deepEqual([...nearestVectors(vectors, 2, [0], 9, "euclidean", new Set([2])).rows], [2]);
});
