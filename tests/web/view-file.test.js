import assert from "node:assert/strict";
import { test } from "node:test";
import * as edits from "../../webapp/static/lib/view-edits.js";
import { chartProblem, chartSize, chartTitle, expandSeries, newView, parseView, readView, tidyChart, writeView } from "../../webapp/static/lib/view-file.js";
import { suggestView } from "../../webapp/static/lib/view-suggest.js";

const line = (...tags) => ({ type: "line", series: tags.map((tag) => ({ tag })) });
const titles = (view) => view.sections.map(({ charts }) => charts.map(chartTitle));

test("what this version does not know survives reading, editing and writing", () => {
  const text = '{"stepscope_view": 1, "title": "t", "owner": "me", "sections": [{"title": "s", "note": 3, "charts": [{"type": "line", "series": [{"tag": "loss", "glow": true}], "theme": "x"}]}]}';
  const edited = edits.addChart(parseView(text), line("acc"));
  const back = JSON.parse(writeView(edited));
  assert.equal(back.owner, "me");
  assert.equal(back.sections[0].note, 3);
  assert.deepEqual(back.sections[0].charts[0], { type: "line", series: [{ tag: "loss", glow: true }], theme: "x" });
});

test("a damaged file is refused with a sentence that says where", () => {
  assert.throws(() => parseView("{"), /not JSON/);
  assert.throws(() => parseView("[]"), /JSON object/);
  assert.throws(() => parseView("{}"), /stepscope_view/);
  assert.throws(() => parseView('{"stepscope_view": 9}'), /version 9.*reads version 1/);
  assert.throws(() => readView({ stepscope_view: 1, sections: [{ charts: 3 }] }), /charts.*section 1/);
});

test("one chart that cannot be drawn does not take the others with it, and stays in the file", () => {
  const view = readView({ stepscope_view: 1, title: "t", sections: [{ charts: [{ type: "pie" }, 7, line("loss")] }] });
  const [pie, seven, good] = view.sections[0].charts;
  assert.match(chartProblem(pie), /type "pie"/);
  assert.match(chartProblem(seven), /unknown/);
  assert.equal(chartProblem(good), null);
  assert.equal(JSON.parse(writeView(view)).sections[0].charts[1].was, 7);
});

test("every kind of chart says what it lacks", () => {
  assert.match(chartProblem({ type: "line" }), /no lines yet/);
  assert.match(chartProblem({ type: "line", series: [{ tag_regex: "(" }] }), /no regular expression/);
  assert.match(chartProblem({ type: "line", margins: [{ value: "a" }] }), /lower and upper/);
  assert.match(chartProblem({ type: "scatter", x_column: "lr" }), /y_column/);
  assert.match(chartProblem({ type: "bar" }), /column/);
  assert.equal(chartProblem({ type: "text" }), null);
});

test("a regular expression stands for the tags it matches from their start, each on the axis of the entry", () => {
  const chart = { type: "line", series: [{ tag_regex: "loss/.*", axis: "right" }, { formula: "a + b" }] };
  assert.deepEqual(expandSeries(chart, ["loss/train", "loss/val", "acc", "old_loss/x"]), [
    { axis: "right", tag: "loss/train" }, { axis: "right", tag: "loss/val" }, { formula: "a + b" },
  ]);
});

test("sizes stay on the grid, whatever the file says", () => {
  assert.deepEqual(chartSize({ type: "line" }), { columns: 1, rows: 1 });
  assert.deepEqual(chartSize({ type: "line", columns: 9, rows: -2 }), { columns: 4, rows: 1 });
  assert.deepEqual(chartSize({ type: "line", columns: "2", rows: "x" }), { columns: 2, rows: 1 });
});

test("a tidy chart says only what differs from saying nothing", () => {
  const chart = { type: "line", title: "", columns: 1, rows: 2, log_x: false, lines: [], grouping: null, series: [{ tag: "a" }] };
  assert.deepEqual(tidyChart(chart), { type: "line", rows: 2, grouping: null, series: [{ tag: "a" }] });
});

test("charts move within sections and over their borders", () => {
  const view = { ...newView("v", [line("a"), line("b")]), sections: [{ title: "1", charts: [line("a"), line("b")] }, { title: "2", charts: [line("c")] }] };
  assert.deepEqual(titles(edits.moveChart(view, { section: 0, chart: 0 }, { section: 0, chart: 1 })), [["b", "a"], ["c"]]);
  assert.deepEqual(titles(edits.moveChart(view, { section: 0, chart: 1 }, { section: 1, chart: 0 })), [["a"], ["b", "c"]]);
  assert.deepEqual(edits.neighbourPlace(view, { section: 0, chart: 1 }, 1), { section: 1, chart: 0 });
  assert.deepEqual(edits.neighbourPlace(view, { section: 1, chart: 0 }, -1), { section: 0, chart: 2 });
  assert.equal(edits.neighbourPlace(view, { section: 0, chart: 0 }, -1), null);
  assert.deepEqual(titles(view), [["a", "b"], ["c"]], "the view edited stays as it was");
});

test("a removed section leaves its charts to its neighbour", () => {
  const view = { stepscope_view: 1, title: "v", sections: [{ title: "1", charts: [line("a")] }, { title: "2", charts: [line("b")] }] };
  assert.deepEqual(titles(edits.removeSection(view, 0)), [["a", "b"]]);
  assert.deepEqual(titles(edits.removeSection(view, 1)), [["a", "b"]]);
  assert.deepEqual(titles(edits.removeSection(edits.removeSection(view, 1), 0)), [["a", "b"]]);
});

test("names are free", () => {
  assert.equal(edits.freeName("loss", ["loss", "loss 2"]), "loss 3");
  assert.equal(edits.freeName("  ", []), "Untitled");
});

test("the first view shows the pins, else training and validation of one thing together", () => {
  const tags = ["epoch", "lr", "train/acc", "train/loss", "val/acc", "val/loss"];
  const count = () => 3;
  assert.deepEqual(titles(suggestView(tags, ["lr"], count)), [["lr"]]);
  const [charts] = suggestView(tags, [], count).sections.map((section) => section.charts);
  assert.deepEqual(charts.slice(0, 2).map((chart) => [chart.title, chart.series.map(({ tag }) => tag)]), [
    ["acc", ["train/acc", "val/acc"]], ["loss", ["train/loss", "val/loss"]],
  ]);
  assert.deepEqual(suggestView([], [], count).sections[0].charts, []);
});

test("a pattern that could hang the page is refused, one that is merely long is not", () => {
  const problem = (/** @type {string} */ pattern) => chartProblem({ type: "line", series: [{ tag_regex: pattern }] });
  for (const pattern of ["(a+)+$", "(a|aa)*b", "((x*))*y", "(?:a+){2,}", "(?=(a|b))+", "((a)|b)+"]) assert.match(problem(pattern), /for ever/, pattern);
  for (const pattern of ["loss/.*", "(loss|acc)/.*", "(ab)+", "[(+]+(x)*", "\\(a+\\)+", "(?i:acc/.*)"]) assert.equal(problem(pattern), null, pattern);
});
