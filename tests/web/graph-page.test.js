import assert from "node:assert/strict";
import test from "node:test";

import { decodeGraph, encodeGraph } from "../../webapp/static/lib/graph-choice.js";
import { decodeIds, encodeIds, firstMember, groupsAround, isMade, nameOf, pathBeside } from "../../webapp/static/lib/graph-paths.js";
import { rowAbove, treeRows } from "../../webapp/static/lib/graph-tree.js";
import { seemsTable } from "../../webapp/static/lib/json-file.js";
import { boxColors, heatScale } from "../../webapp/static/dashboards/graph/box-colors.js";

test("a graph keeps its name through the URL, whatever it is called", () => {
  const odd = { run: "a:b;c/%,d e", tag: "graph/aten", id: "0-1f" };
  for (const graph of [odd, { run: "r", tag: "t" }, { file: "12ab" }, { a: odd, b: { file: "12ab" } }]) {
    assert.deepEqual(decodeGraph(encodeGraph(graph)), graph);
  }
  assert.equal(encodeGraph(null), "");
  assert.equal(decodeGraph(""), null);
});

test("ids share their beginnings in the URL", () => {
  const ids = new Set(["encoder/", "encoder/layers.0/", "encoder/layers.0/ff/", "encoder/layers.0/*12", "3~x/", "a, b/", "a/b/c"]);
  const text = encodeIds(ids);
  assert.deepEqual(new Set(decodeIds(text)), ids);
  assert.ok(text.includes("encoder/,1~layers.0/"), text);
  assert.equal(encodeIds([]), "");
  assert.deepEqual(decodeIds(""), new Set());
});

test("what lies around a box, and what it is called beside another", () => {
  assert.deepEqual(groupsAround("a/b/c"), ["a/", "a/b/"]);
  assert.deepEqual(groupsAround("a/b/"), ["a/"]);
  assert.deepEqual(groupsAround("a/layers.0/*12"), ["a/"]);
  assert.deepEqual(groupsAround("a/add/**12"), ["a/"]);
  assert.deepEqual(["a/b.0/*12", "a/add/**12", "x/**3"].map(firstMember), ["a/b.0/", "a/add", "x"]);
  assert.deepEqual(["a/b.0/*12", "a/add/**12", "a/*section 2/4", "a/b", "a*2", "/"].map(isMade), [true, true, true, false, false, false]);
  assert.equal(nameOf("a/add/**12"), "12 × add");
  assert.deepEqual(groupsAround("/"), []);
  assert.equal(nameOf("a/b%2Fc/"), "b/c");
  assert.equal(pathBeside("a/b/linear", "a/b/relu"), "linear");
  assert.equal(pathBeside("a/c/", "a/b/relu"), "c");
  assert.equal(pathBeside("d/linear", "a/b/relu"), "d/linear");
});

test("the tree lists what is open, and says what is not there yet", () => {
  const item = (/** @type {string} */ id) => ({ id, name: id, has_children: id.endsWith("/") });
  const known = { "/": { rows: ["a/", "x"].map(item), total: 2 }, "a/": { rows: [item("a/b/")], total: 1001 }, "a/b/": null };
  const childrenOf = (/** @type {string} */ group) => /** @type {any} */ (known)[group];
  const rows = treeRows(childrenOf, new Set(["/", "a/", "a/b/"]), item("/"));
  assert.deepEqual(rows.map((row) => [row.depth, row.item?.id ?? row.said]), [[0, "/"], [1, "a/"], [2, "a/b/"], [3, "…"], [2, "1,000 more"], [1, "x"]]);
  assert.equal(rowAbove(rows, 3), 2);
  assert.equal(rowAbove(rows, 0), -1);
  assert.deepEqual(treeRows(childrenOf, new Set(), item("/")).map(({ depth }) => depth), [0]);
});

test("numbers far apart are coloured by their logarithm, others evenly", () => {
  assert.equal(heatScale([5, null, 10])?.share(7.5), 0.5);
  const wide = heatScale([0, 1, 10_000]);
  assert.deepEqual(wide?.ends, [1, 10_000]);
  assert.equal(wide?.share(100), 0.5);
  assert.equal(wide?.share(0), 0);
  assert.equal(heatScale([3, 3])?.share(3), 1);
  assert.equal(heatScale([null]), null);
});

test("JSON that is opened is told to be a table or a graph by what it says", () => {
  for (const table of ['{"a.b": 1.5, "c": "2"}', '[{"module": "a", "value": 1}]', '{"title": "t", "values": {"a": 1}}', '{"config": 3, "a": 1}', "{}"]) assert.ok(seemsTable(table), table);
  const graphs = ['{"class_name": "Functional", "config": {}}', '{"stepscope_graph": 1, "nodes": []}', '{"graph_module": {}}', '{"label": "x", "graphs": []}', '{"node": [{"name": "a"}]}', '{"irVersion": "8", "graph": {}}', '"{}"', "null", "{", ""];
  for (const graph of graphs) assert.ok(!seemsTable(graph), graph);
});

test("a box of which nothing is known has no colour", () => {
  const legend = [{ value: "relu", label: "relu", count: 1 }];
  const answer = /** @type {const} */ ({ kind: "category", unit: "", values: ["relu", null], legend });
  const colors = boxColors(/** @type {any} */ ({ by: "op", ids: ["a", "b"], answer, slots: new Map([["relu", 0]]) }), "light");
  assert.match(/** @type {string} */ (colors.get("a")), /^#/);
  assert.equal(colors.get("b"), null);
  assert.equal(boxColors(null, "dark").size, 0);
});
