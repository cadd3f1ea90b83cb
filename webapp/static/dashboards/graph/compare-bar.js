/** Two graphs compared: which ones, and what differs, to be followed one by one. */

import { encodeGraph, isPair } from "../../lib/graph-choice.js";
import { formatCount, plural } from "../../lib/format.js";
import { comparedGraphs, graphDiff } from "../../state/graph-diff.js";
import { graphForms } from "../../state/graph-forms.js";
import { goTo } from "../../state/graph-scene.js";
import { chooseGraph } from "../../state/graph-settings.js";
import { offeredGraphs, shownGraph } from "../../state/graph-shown.js";
import { graphs } from "../../state/graph-catalog.js";
import { h, iconButton } from "../../ui/dom.js";
import { graphSelect } from "./graph-select.js";
import { link } from "./trace-result.js";

/** @typedef {import("../../lib/graph-choice.js").GraphPair} GraphPair */
/** @typedef {import("../../state/graph-diff.js").DiffAnswer} DiffAnswer */

const STATUSES = /** @type {const} */ (["added", "removed", "changed"]);

/** Begins a comparison of the graph in sight with the next one there is, or ends it. */
export function toggleCompare() {
  const graph = shownGraph.get();
  if (!graph) return;
  if (isPair(graph)) chooseGraph(graph.a);
  else chooseGraph({ a: graph, b: otherThan(graph) });
}

/** Another graph to begin with: of the same tag in the run with the most similar name, else any. @param {import("../../lib/graph-choice.js").OneGraph} graph @returns {import("../../lib/graph-choice.js").OneGraph} */
function otherThan(graph) {
  const all = (offeredGraphs.get() ?? []).flatMap(({ run, graphs: list }) => list.flatMap(({ tag, values }) => values.map(({ id }) => ({ run, tag, id }))));
  const files = (graphs.get()?.files ?? []).map(({ file }) => ({ file }));
  if ("file" in graph) return all[0] ?? files.find(({ file }) => file !== graph.file) ?? graph;
  const others = all.filter(({ run, tag, id }) => run !== graph.run || tag !== graph.tag || id !== graph.id);
  const [nearest] = others.filter(({ run, tag }) => tag === graph.tag && run !== graph.run)
    .sort((one, other) => sharedStart(other.run, graph.run) - sharedStart(one.run, graph.run));
  return nearest ?? others.find(({ tag }) => tag === graph.tag) ?? others[0] ?? files[0] ?? graph;
}

/** @param {string} one @param {string} other @returns {number} characters that both begin with */
function sharedStart(one, other) {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}

export function compareBar() {
  const a = graphSelect("A", () => comparedGraphs()?.a ?? null, (one) => chooseGraph({ .../** @type {GraphPair} */ (comparedGraphs()), a: one }));
  const b = graphSelect("B", () => comparedGraphs()?.b ?? null, (one) => chooseGraph({ .../** @type {GraphPair} */ (comparedGraphs()), b: one }));
  const swap = iconButton("swap", "Exchange A and B", () => {
    const now = comparedGraphs();
    if (now) chooseGraph({ a: now.b, b: now.a });
  });
  const told = h("span", { className: "compare-told", role: "status" });
  const list = h("ul", { className: "compare-changes", "aria-label": "Differences", hidden: true });
  const open = h("button", { type: "button", className: "toggle", "aria-pressed": "false", onclick: () => show(list.hidden) }, "List");
  const show = (/** @type {boolean} */ on) => {
    list.hidden = !on;
    open.setAttribute("aria-pressed", String(on));
  };
  const element = h("div", { className: "compare", hidden: true },
    h("div", { className: "compare-bar", role: "toolbar", "aria-label": "Comparison" }, a.element, swap, b.element, told, open, iconButton("close", "End the comparison", toggleCompare)), list);
  let shown = "";
  const update = () => {
    const now = comparedGraphs();
    element.hidden = !now;
    if (!now) return;
    a.update();
    b.update();
    const found = graphDiff();
    const key = `${encodeGraph(now)} ${Boolean(found)}`;
    if (key === shown) return;
    shown = key;
    fill(told, list, found);
  };
  for (const atom of [shownGraph, offeredGraphs, graphs, graphForms.version]) atom.subscribe(update);
  update();
  return element;
}

/** @param {HTMLElement} told @param {HTMLElement} list @param {import("../../state/form-store.js").Found<DiffAnswer> | null} found */
function fill(told, list, found) {
  told.classList.toggle("bad", found !== null && found.problem !== null);
  if (!found || found.problem !== null) {
    told.replaceChildren(found ? found.problem ?? "" : "Comparing …");
    list.replaceChildren();
    return;
  }
  const { summary, changes } = found.value;
  const counts = STATUSES.filter((status) => summary[status] > 0).map((status) => h("b", { className: `status-${status}` }, `${formatCount(summary[status])} ${status}`));
  told.replaceChildren(...(counts.length ? counts : ["No difference"]), h("span", { className: "quiet" }, `${formatCount(summary.same)} alike`));
  const total = STATUSES.reduce((sum, status) => sum + summary[status], 0);
  list.replaceChildren(...changes.map(changeLine),
    ...(total > changes.length ? [h("li", { className: "quiet" }, `first ${formatCount(changes.length)} of ${plural(total, "difference")}`)] : []));
}

/** @param {DiffAnswer["changes"][number]} change */
function changeLine({ id, label, status, what = [] }) {
  return h("li", {}, h("b", { className: `status-${status}` }, status), link(id, label || id, goTo),
    ...what.map(({ field, a, b }) => h("span", { className: "quiet" }, `${field}: `, h("code", {}, a || "–"), " → ", h("code", {}, b || "–"))));
}
