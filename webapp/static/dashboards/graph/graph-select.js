/** Three lists that name a graph: the run or the file, which of its graphs, and at which step. */

import { isFile, isPair } from "../../lib/graph-choice.js";
import { formatTime } from "../../lib/format.js";
import { graphs } from "../../state/graph-catalog.js";
import { offeredGraphs, seriesOf } from "../../state/graph-shown.js";
import { h } from "../../ui/dom.js";
import { fillSelect } from "../fill-select.js";

/** @typedef {import("../../lib/graph-choice.js").OneGraph} OneGraph */
/** @typedef {import("../../state/graph-catalog.js").GraphSeries} GraphSeries */

/**
 * @param {string} label what the lists are about: "A" and "B" of a comparison; "" for the graph in sight
 * @param {() => OneGraph | null} get @param {(graph: OneGraph) => void} choose
 */
export function graphSelect(label, get, choose) {
  const named = (/** @type {string} */ what) => (label ? `${what} of ${label}` : what);
  const run = h("select", { "aria-label": named("Run"), title: named("Run"), className: "graph-run" });
  const tag = h("select", { "aria-label": named("Graph"), title: named("Graph"), className: "graph-tag" });
  const step = h("select", { "aria-label": named("Step"), title: named("Step"), className: "graph-step" });
  const element = h("span", { className: "graph-select", role: "group", "aria-label": label || "Graph shown" }, label && h("b", {}, label), run, tag, step);
  run.addEventListener("input", () => choose(inRun(run.value, get())));
  tag.addEventListener("input", () => choose({ run: run.value.slice(1), tag: tag.value }));
  step.addEventListener("input", () => choose({ run: run.value.slice(1), tag: tag.value, id: step.value }));
  const update = () => {
    const graph = get();
    fillRuns(run, graph);
    const logged = graph && !isFile(graph) ? graph : null;
    for (const list of [tag, step]) list.hidden = !logged;
    if (!logged) return;
    const series = seriesOf(offeredGraphs.get() ?? [], logged);
    fillSelect(tag, tagsOf(logged.run, logged.tag).map((one) => [one.tag, titleOf(one)]), logged.tag);
    fillSelect(step, (series?.values ?? []).map((value) => [value.id, stepText(series, value), formatTime(value.wall)]), logged.id ?? series?.values.at(-1)?.id ?? "");
  };
  return { element, update };
}

/** @param {string} run */
function runOf(run) {
  return (offeredGraphs.get() ?? []).find((one) => one.run === run);
}

/** Less those that say less of the same call than another, unless it is in sight. @param {string} run @param {string} tag in sight */
function tagsOf(run, tag) {
  return (runOf(run)?.graphs ?? []).filter((one) => !one.same_as || one.tag === tag);
}

/** The graph of the same tag in another run, else its first. @param {string} value @param {OneGraph | null} before @returns {OneGraph} */
function inRun(value, before) {
  const name = value.slice(1);
  if (value.startsWith("f")) return { file: name };
  const list = runOf(name)?.graphs ?? [];
  const tag = before && !isFile(before) && !isPair(before) && list.some((one) => one.tag === before.tag) ? before.tag : list[0]?.tag ?? "";
  return { run: name, tag };
}

/** @param {HTMLSelectElement} list @param {OneGraph | null} graph */
function fillRuns(list, graph) {
  const runs = (offeredGraphs.get() ?? []).map(({ run }) => /** @type {[string, string]} */ ([`r${run}`, run]));
  const files = (graphs.get()?.files ?? []).map(({ file, name }) => /** @type {[string, string]} */ ([`f${file}`, name]));
  const chosen = graph ? (isFile(graph) ? `f${graph.file}` : `r${graph.run}`) : "";
  fillSelect(list, runs, chosen, files);
}

/** @param {GraphSeries} series */
function titleOf({ tag, title, level, format }) {
  return [title || tag, level, format === "graph_def" ? "GraphDef" : ""].filter(Boolean).join(" · ");
}

/** Of what was logged again at a step also which one it is. @param {GraphSeries | null} series @param {GraphSeries["values"][number]} value */
function stepText(series, value) {
  const alike = (series?.values ?? []).filter(({ step }) => step === value.step);
  return alike.length > 1 ? `step ${value.step} (${alike.indexOf(value) + 1} of ${alike.length})` : `step ${value.step}`;
}
