import assert from "node:assert/strict";
import { test } from "node:test";
import { mostAlike } from "../../webapp/static/lib/graph-likeness.js";

const graph = (run, tag = "graph", title = "Net", id = "0-1") => ({ run, tag, title, id });

test("the run of the most similar name is compared with", () => {
  assert.equal(mostAlike(graph("a/2"), [graph("b/2"), graph("a/1"), graph("a/2")]).run, "a/1");
});

test("another model is compared with only where there is no other graph of this one", () => {
  const other = graph("gpt 2", "graph", "Deep");
  assert.equal(mostAlike(graph("gpt"), [other, graph("x")]).run, "x");
  assert.equal(mostAlike(graph("gpt"), [other, graph("gpt", "graph/aten")]).tag, "graph/aten");
  assert.equal(mostAlike(graph("gpt"), [other, graph("gpt", "graph", "Net", "5-2")]).id, "5-2");
  assert.equal(mostAlike(graph("gpt"), [other, graph("x", "keras", "Other")]), other);
});

test("a graph alone has none", () => {
  assert.equal(mostAlike(graph("a"), [graph("a")]), undefined);
});
