import assert from "node:assert/strict";
import { test } from "node:test";
import { barData, chartLines, scatterData, withMargin } from "../../webapp/static/lib/chart-data.js";
import { columnAxis, columnScale, columnTicks, formatOnColumn } from "../../webapp/static/lib/column-axis.js";
import { fitLine } from "../../webapp/static/lib/regression.js";
import { parseTable } from "../../webapp/static/lib/table-frame.js";
import { splitLabels } from "../../webapp/static/lib/legend-labels.js";

const series = (run, values = [1, 2]) => ({ run, n: values.length, segment: 0, step: Int32Array.from(values.keys()), value: Float64Array.from(values) });
const look = { theme: "light", colorOf: (run) => `color of ${run}`, labelOf: (run) => run.toUpperCase() };
const column = (name, values, more = {}) => ({ name, title: name, kind: "number", values: Float64Array.from(values), strings: [], error: null, ...more });
const rows = { runs: ["a", "b", "c"], rowOf: (run) => ["a", "b", "c"].indexOf(run) };

test("several runs keep their colours and tags differ by dashes; a single run has a colour for each tag", () => {
  const entries = [{ tag: "t" }, { tag: "v", axis: "right" }];
  const many = chartLines(entries, ["a", "b"], (_, run) => [series(run)], look);
  assert.deepEqual(many.lines.map(({ label, color, dash, axis }) => [label, color, dash, axis]), [
    ["t · A", "color of a", 0, "left"], ["t · B", "color of b", 0, "left"], ["v · A", "color of a", 1, "right"], ["v · B", "color of b", 1, "right"],
  ]);
  const one = chartLines(entries, ["a", "b"], (_, run) => (run === "a" ? [series(run)] : []), look);
  assert.deepEqual(one.lines.map(({ dash }) => dash), [0, 0]);
  assert.notEqual(one.lines[0].color, one.lines[1].color);
});

test("more lines than can be told apart are counted, not drawn", () => {
  const runs = Array.from({ length: 1500 }, (_, i) => `run ${i}`);
  const { lines, leftOut } = chartLines([{ tag: "t" }], runs, (_, run) => [series(run)], look);
  assert.deepEqual([lines.length, leftOut], [1000, 500]);
});

test("a margin lies between its two tags, also where their steps differ", () => {
  const value = { ...series("a", [5, 5, 5]), step: Int32Array.of(0, 1, 2) };
  const lower = { ...series("a", [0, 4]), step: Int32Array.of(0, 2) };
  const upper = { ...series("a", [9]), step: Int32Array.of(1) };
  const { low, high } = withMargin(value, lower, upper);
  assert.deepEqual([...low], [0, 2, 4]);
  assert.deepEqual([...high], [NaN, 9, NaN]);
});

test("dots are coloured by words, and by numbers along a ramp", () => {
  const words = column("optimizer", [0, 1, -1], { kind: "text", values: Int32Array.of(0, 1, -1), strings: ["sgd", "adam"] });
  const x = column("lr", [1, 2, 3]);
  const byWord = scatterData({ x, y: x, color: words }, rows, look);
  assert.deepEqual(byWord.legend.entries.map(({ label }) => label), ["adam", "sgd"]);
  assert.deepEqual(byWord.dots.map(({ shade }) => shade), ["sgd", "adam", "–"]);
  const byNumber = scatterData({ x, y: x, color: column("lr", [1e-4, 1e-2, 1]) }, rows, look);
  assert.equal(new Set(byNumber.dots.map(({ color }) => color)).size, 3);
  assert.deepEqual([byNumber.legend.lo, byNumber.legend.hi], ["0.0001", "1"]);
});

test("bars are sorted, and runs without a value are counted", () => {
  const { data, leftOut } = barData(column("acc", [0.5, NaN, 0.9]), "value", rows, look);
  assert.deepEqual(data.bars.map(({ key }) => key), ["c", "a"]);
  assert.equal(leftOut, 1);
  assert.deepEqual(barData(column("acc", [0.5, 0.6, 0.9]), "name", rows, look).data.bars.map(({ key }) => key), ["a", "b", "c"]);
});

test("words have a place each on an axis, numbers what lies between them", () => {
  const words = columnAxis(column("optimizer", [], { kind: "text", strings: ["sgd", "adam"] }));
  const scale = columnScale(words, [0, 1], [0, 100], true);
  assert.deepEqual([scale.lo, scale.hi, scale.log], [-0.5, 1.5, false]);
  assert.deepEqual(columnTicks(words, scale, 5).map(({ label }) => label), ["sgd", "adam"]);
  assert.equal(formatOnColumn(words, 1), "adam");
  const numbers = columnScale(columnAxis(column("lr", [])), [0.001, 0.1, 0, NaN, -1], [0, 100], true);
  assert.ok(numbers.lo > 0 && numbers.lo < 0.001 && numbers.hi > 0.1);
});

test("the line through points is that of least squares, however large they are", () => {
  const xs = [1, 2, 3, 4, NaN].map((x) => x + 1e9);
  const fit = fitLine(xs, [2, 4, 6, 8.4, 1]);
  assert.ok(Math.abs(fit.slope - 2.12) < 1e-9, String(fit.slope));
  assert.equal(fit.count, 4);
  assert.ok(fit.r > 0.99 && fit.r <= 1);
  assert.equal(fitLine([1, 1, 1], [1, 2, 3]), null);
});

test("a table's columns are read with what is missing and what is wrong", () => {
  const header = JSON.stringify({
    version: 3, runs: ["a", "b"], rows_total: 9,
    columns: [{ name: "x", title: "x", kind: "number", array: { at: 0, dtype: "f8" } }, { name: "o", title: "o", kind: "text", array: { at: 16, dtype: "i4" }, strings: ["sgd"] },
      { name: "?", title: "?", kind: "number", error: { message: "no column", start: 0, end: 1 } }],
  });
  const length = Math.ceil((8 + header.length) / 8) * 8 - 8;
  const buffer = new ArrayBuffer(8 + length + 24);
  new Uint8Array(buffer).set(new TextEncoder().encode(`SSB1\0\0\0\0${header.padEnd(length)}`));
  new DataView(buffer).setUint32(4, length, true);
  new Float64Array(buffer, 8 + length, 2).set([1.5, NaN]);
  new Int32Array(buffer, 24 + length, 2).set([-1, 0]);
  const { rowsTotal, columns: [x, o, wrong] } = parseTable(buffer);
  assert.deepEqual([rowsTotal, [...x.values], [...o.values], o.strings], [9, [1.5, NaN], [-1, 0], ["sgd"]]);
  assert.equal(wrong.error.message, "no column");
  assert.ok(wrong.values.every(Number.isNaN));
});

test("what names of a legend share is said once", () => {
  assert.deepEqual(splitLabels(["lr=0.1", "lr=0.01"]), { shared: "lr=", own: ["0.1", "0.01"] });
  assert.deepEqual(splitLabels(["adam · lr=1", "adam · lr=2"]), { shared: "adam · lr=", own: ["1", "2"] });
  assert.deepEqual(splitLabels(["adamw", "adam"]), { shared: "", own: ["adamw", "adam"] });
  assert.deepEqual(splitLabels(["lr="]), { shared: "", own: ["lr="] });
});
