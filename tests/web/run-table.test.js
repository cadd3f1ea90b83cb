import assert from "node:assert/strict";
import { test } from "node:test";
import { bestValue, betterDirection } from "../../webapp/static/lib/best.js";
import { againstBaseline, cellText, cellTitle } from "../../webapp/static/lib/cell-text.js";
import { decodeColumns, decodeOrder, defaultColumns, encodeColumns, encodeOrder, movedColumn, quoteName } from "../../webapp/static/lib/column-list.js";
import { alignedNumber, decimalsOf } from "../../webapp/static/lib/number-align.js";
import { nameParts, titlePieces, titleWidth } from "../../webapp/static/lib/run-names.js";
import { stateReason } from "../../webapp/static/lib/run-state.js";
import { completions, isQuery } from "../../webapp/static/lib/run-query.js";
import { parseTable } from "../../webapp/static/lib/table-frame.js";
import { EMPTY_TABLE, textAt, withAnswer } from "../../webapp/static/lib/table-data.js";
import { nextOrder, orderedRows } from "../../webapp/static/lib/table-order.js";
import { textDiff } from "../../webapp/static/lib/text-diff.js";

const number = (name, values, kind = "number") => ({ name, title: name, kind, values: Float64Array.from(values), strings: [], error: null });
const text = (name, codes, strings) => ({ name, title: name, kind: "text", values: Int32Array.from(codes), strings, error: null });
const rows = (n) => Int32Array.from({ length: n }, (_, i) => i);
const answer = (runs, columns, more = {}) => ({ version: 1, runs, rowsTotal: runs.length, columns, ...more });

test("a table frame becomes columns that view the answer", () => {
  const header = new TextEncoder().encode(JSON.stringify({
    version: 4, runs: ["a", "b"],
    columns: [
      { name: "lr", title: "lr", kind: "number", array: { at: 0, dtype: "f8" } },
      { name: "opt", title: "opt", kind: "text", array: { at: 16, dtype: "i4" }, strings: ["adam"] },
      { name: "last_step", title: "Last step", kind: "number", array: { at: 24, dtype: "i8" } },
      { name: "x(", title: "x(", kind: "number", error: { message: "A closing bracket is missing.", start: 1, end: 2 } },
    ],
  }));
  const length = Math.ceil(header.length / 8) * 8;
  const buffer = new ArrayBuffer(8 + length + 40);
  new Uint8Array(buffer).fill(32, 8, 8 + length).set(new TextEncoder().encode("SSB1"));
  new DataView(buffer).setUint32(4, length, true);
  new Uint8Array(buffer).set(header, 8);
  new Float64Array(buffer, 8 + length, 2).set([0.1, NaN]);
  new Int32Array(buffer, 8 + length + 16, 2).set([-1, 0]);
  new BigInt64Array(buffer, 8 + length + 24, 2).set([2n ** 60n, -(2n ** 63n)]);
  const { version, columns: [lr, optimizer, steps, broken] } = parseTable(buffer);
  assert.equal(version, 4);
  assert.equal(lr.values.buffer, buffer);
  assert.deepEqual([textAt(optimizer, 0), textAt(optimizer, 1)], ["", "adam"]);
  assert.deepEqual([...steps.values], [2 ** 60, NaN]);
  assert.equal(broken.error.start, 1);
  assert.throws(() => parseTable(new TextEncoder().encode("<html></html>").buffer), /13 bytes/);
});

test("changed rows are put in place, new texts included; rows nobody knows ask for everything", () => {
  const data = withAnswer(EMPTY_TABLE, answer(["a", "b"], [number("lr", [1, 2]), text("opt", [0, 0], ["adam"])]));
  const next = withAnswer(data, answer(["b"], [number("lr", [5]), text("opt", [0], ["sgd"])], { version: 2, rowsTotal: 2 }));
  assert.deepEqual([...next.columns.get("lr").values], [1, 5]);
  assert.deepEqual([textAt(next.columns.get("opt"), 0), textAt(next.columns.get("opt"), 1)], ["adam", "sgd"]);
  assert.deepEqual([...data.columns.get("lr").values], [1, 2], "the earlier table is left alone");
  assert.equal(withAnswer(data, answer(["c"], [number("lr", [5])], { rowsTotal: 3 })), null);
});

test("more columns of the same runs join those that are there; other runs replace the table", () => {
  const data = withAnswer(EMPTY_TABLE, answer(["a", "b"], [number("lr", [1, 2])]));
  assert.deepEqual([...withAnswer(data, answer(["a", "b"], [number("wd", [3, 4])])).columns.keys()], ["lr", "wd"]);
  assert.deepEqual([...withAnswer(data, answer(["a"], [number("wd", [3])])).columns.keys()], ["wd"]);
});

test("what is missing is last whichever way a column is sorted", () => {
  const acc = number("acc", [0.5, NaN, 0.9, 0.7]);
  assert.deepEqual([...orderedRows(rows(4), [{ column: acc, descending: false }])], [0, 3, 2, 1]);
  assert.deepEqual([...orderedRows(rows(4), [{ column: acc, descending: true }])], [2, 3, 0, 1]);
  const names = text("name", [1, 0, -1], ["run10", "run2"]);
  assert.deepEqual([...orderedRows(rows(3), [{ column: names, descending: false }])], [0, 1, 2]);
});

test("the second column decides between equals, then the natural order", () => {
  const keys = [{ column: number("a", [1, 0, 1, 0]), descending: false }, { column: number("b", [1, 5, 2, 5]), descending: true }];
  assert.deepEqual([...orderedRows(rows(4), keys)], [1, 3, 2, 0]);
});

test("10,000 rows sort by two columns in well under a frame or two", () => {
  const n = 10_000;
  const keys = [number("a", Array.from({ length: n }, (_, i) => (i * 7919) % 101)), number("b", Array.from({ length: n }, (_, i) => (i * 104729) % n))];
  const order = orderedRows(rows(n), keys.map((column) => ({ column, descending: true })));
  for (let i = 1; i < n; i += 1) assert.ok(keys[0].values[order[i - 1]] >= keys[0].values[order[i]]);
});

test("clicks turn a column's order, Shift keeps the others", () => {
  let keys = nextOrder([], "lr", false, false);
  assert.deepEqual(keys, [{ name: "lr", descending: false }]);
  keys = nextOrder(keys, "acc", true, true);
  assert.equal(encodeOrder(keys), "lr,-acc");
  assert.equal(encodeOrder(nextOrder(keys, "lr", false, true)), "-lr,-acc");
  assert.equal(encodeOrder(nextOrder(keys, "acc", true, false)), "-acc");
  assert.deepEqual(nextOrder([{ name: "acc", descending: false }], "acc", true, false), []);
});

test("names say which value is the best", () => {
  for (const name of ["val/acc.max", "eval_accuracy", "top1", "reward", "valAcc"]) assert.equal(betterDirection(name), 1, name);
  for (const name of ["loss", "train/loss_0", "val/error.min", "trainLoss", "mse"]) assert.equal(betterDirection(name), -1, name);
  for (const name of ["lr", "glossary", "grad_norm", "val/acc.std", "loss.step_at_min", "accumulate"]) assert.equal(betterDirection(name), 0, name);
  assert.equal(bestValue(number("loss", [3, NaN, 1, 2]), rows(4)), 1);
  assert.equal(bestValue(number("acc", [3, NaN, 1, 2]), Int32Array.of(1, 2, 3)), 2);
  assert.ok(Number.isNaN(bestValue(number("acc", [3]), rows(1))), "the only one is not the best");
});

test("cells are short, their titles complete", () => {
  const value = number("loss", [0.123456789, NaN, 1e-7]);
  assert.deepEqual([0, 1, 2].map((row) => cellText(value, row)), ["0.1235", "", "1e−7"]);
  assert.equal(cellTitle(value, 0), "0.123456789");
  assert.equal(cellText(number("last_step", [12345]), 0), "12,345");
  assert.equal(cellText(number("duration", [3725], "duration"), 0), "1 h 2 m");
  assert.equal(cellText(number("amp", [1], "bool"), 0), "true");
});

test("against the baseline: difference and share, nothing where there is nothing to compare", () => {
  const acc = number("acc", [0.8, 0.9, NaN, 0.8]);
  assert.deepEqual(againstBaseline(acc, 1, 0), { difference: "+0.1", percent: "+12.5 %", direction: 1 });
  assert.equal(againstBaseline(acc, 0, 0), null);
  assert.equal(againstBaseline(acc, 2, 0), null);
  assert.equal(againstBaseline(acc, 3, 0).difference, "=");
  assert.equal(againstBaseline(number("a", [0, 1]), 1, 0).percent, "");
});

test("columns and their order survive the URL", () => {
  const columns = [{ name: "val/acc.max", width: 120, pinned: true }, { name: "loss.at(val/acc.max)" }, { name: "`a, b:c`", width: 90 }];
  assert.deepEqual(decodeColumns(encodeColumns(columns)), columns);
  assert.equal(decodeColumns(""), null);
  assert.deepEqual(decodeColumns(encodeColumns([])), []);
  assert.deepEqual(decodeOrder("-val/acc.max,lr"), [{ name: "val/acc.max", descending: true }, { name: "lr", descending: false }]);
  assert.deepEqual(movedColumn([{ name: "a" }, { name: "b" }, { name: "c" }], 0, 2).map(({ name }) => name), ["b", "a", "c"]);
  assert.equal(quoteName("my tag"), "`my tag`");
});

test("a table nobody set up shows what differs and what tells good from bad", () => {
  const hparam = (name, differs) => ({ name, kind: "number", distinct: differs ? 2 : 1, differs, missing: 0 });
  const known = { version: 1, hparams: [hparam("lr", true), hparam("layers", false)], scalars: ["train/loss", "val/acc", "misc"], texts: [], builtin: [] };
  assert.deepEqual(defaultColumns(known, false).map(({ name }) => name), ["state", "lr", "val/acc.max", "train/loss.min", "misc", "last_step", "duration", "start"]);
  assert.deepEqual(defaultColumns(known, true).map(({ name }) => name), ["val/acc", "train/loss"]);
  const counts = { "train/loss": 40, "val/acc": 1, misc: 40 };
  assert.deepEqual(defaultColumns(known, true, (tag) => counts[tag]).map(({ name }) => name), ["train/loss", "val/acc"], "what few runs have comes later");
});

test("a filter that compares is a query; words and regular expressions are not", () => {
  for (const query of ["lr < 0.01", 'name ~ "resnet"', "acc.max>0.9 and lr=1", "lr is missing", "opt in ['adam']"]) assert.ok(isQuery(query), query);
  for (const words of ["adam sgd", "^lr0\\.1(?=_)", "(?<!x)y", "island missing", "a|b"]) assert.ok(!isQuery(words), words);
});

test("names are offered for the word before the caret, not inside a text", () => {
  const names = ["lr", "val/acc", "val/acc.max", "my val"];
  const words = { names, valuesOf: () => [] };
  const { from, choices } = completions("lr < 1 and va", words, 9);
  assert.equal(from, 11);
  assert.deepEqual(choices.map(({ insert }) => insert), ["val/acc", "val/acc.max", "`my val`"]);
  assert.deepEqual(completions('name ~ "va', words, 9).choices, []);
  assert.deepEqual(completions("lr ", words, 9).choices, []);
});

test("behind a name and its operator the values of that column are offered, in quotes", () => {
  const words = { names: ["opt"], valuesOf: (name) => (name === "opt" ? ["sgd", "adam", "adamw"] : []) };
  assert.deepEqual(completions("lr < 1 and opt = ", words, 9), { from: 17, choices: ["sgd", "adam", "adamw"].map((text) => ({ text, insert: `"${text}"` })) });
  assert.deepEqual(completions('opt == "ad', words, 9), { from: 7, choices: ["adam", "adamw"].map((text) => ({ text, insert: `"${text}"` })) });
  assert.deepEqual(completions('opt = "adam" and o', words, 9).choices, [{ text: "opt", insert: "opt" }]);
});

test("of a name what tells runs apart stays: the last part, and of that the end", () => {
  assert.deepEqual(nameParts("sweep/lr0.1-relu"), { folder: "sweep/", head: "lr0.1-relu", tail: "" });
  assert.deepEqual(nameParts("adamw_lr3e-4_wd0.1_s1"), { folder: "", head: "adamw_lr3e-", tail: "4_wd0.1_s1" });
  assert.deepEqual(nameParts("."), { folder: "", head: ".", tail: "" });
  assert.deepEqual(titlePieces("loss/val.min - lr"), ["loss/", "val.", "min - ", "lr"]);
  assert.equal(titleWidth("accuracy/val.max"), 9);
});

test("a state says why, and when the run was last heard of", () => {
  assert.match(stateReason("stale", 1000, 1000 + 3 * 3600), /^stale: it is silent.*\nLast data 3 h ago, 1970-01-01/);
  assert.match(stateReason("finished", NaN, 5), /^finished: it said that it ended well$/);
});

test("numbers stand with their decimal points below each other", () => {
  const column = number("acc", [0.9, 0.8333, 12, NaN]);
  assert.equal(decimalsOf(column), 4);
  const width = (text) => text.replace(/[\d\u2007]/g, "9").replace("\u2008", ".");
  assert.deepEqual(["0.9", "0.8333", "12"].map((text) => width(alignedNumber(text, 4))), ["9.9999", "9.9999", "99.9999"]);
  assert.equal(alignedNumber("1.2e−7", 4), "1.2e−7");
});

test("texts are compared word by word", () => {
  const parts = textDiff("warm up 100 steps", "warm up 200 steps more");
  assert.deepEqual(parts.map(({ text, kind }) => [kind, text]), [["same", "warm up "], ["removed", "100"], ["added", "200"], ["same", " steps"], ["added", " more"]]);
  assert.deepEqual(textDiff("same", "same"), [{ kind: "same", text: "same" }]);
});
