/** The tree of modules beside the picture: what each holds, summed over all that lies in it. */

import { oncePerTask } from "../../lib/atom.js";
import { encodeGraph, sameGraph } from "../../lib/graph-choice.js";
import { shortBytes, shortCount, shortTime } from "../../lib/graph-numbers.js";
import { groupsAround, isGroup } from "../../lib/graph-paths.js";
import { rowAbove, treeRows } from "../../lib/graph-tree.js";
import { graphAddress } from "../../state/api.js";
import { graphForms } from "../../state/graph-forms.js";
import { goTo, sceneProblem, shownScene } from "../../state/graph-scene.js";
import { selectedBox } from "../../state/graph-settings.js";
import { shownGraph } from "../../state/graph-shown.js";
import { toggled } from "../../state/store.js";
import { h, icon } from "../../ui/dom.js";
import { VirtualList } from "../../ui/virtual-list.js";

/** @typedef {import("../../lib/graph-tree.js").TreeItem} TreeItem */
/** @typedef {import("../../lib/graph-tree.js").TreeRow} TreeRow */

const ROW = 24; // pixels
const PAGE = 1000; // rows of one answer
const MOST_LONE = 8; // groups, one in the other, that begin open

/** @type {[name: string, head: string, hint: string, text: (item: TreeItem) => string][]} */
const COLUMNS = [
  ["parameters", "Params", "Numbers the model learns", ({ parameters }) => (parameters ? shortCount(parameters) : "")],
  ["flops", "FLOPs", "Floating-point operations of one call; a multiply-add counts as two", ({ flops }) => (flops ? shortCount(flops) : "")],
  ["memory", "Memory", "Bytes of what its operations make: activations", ({ activation_bytes: bytes }) => (bytes ? shortBytes(bytes) : "")],
  ["output", "Output", "What it gives", ({ output }) => output ?? ""],
  ["time", "Time", "Time that was measured", ({ time }) => shortTime(time)],
];

export class ModuleTree {
  /** @type {TreeRow[]} */ #rows = [];
  /** @type {ReadonlySet<string>} */ #open = new Set(["/"]);
  /** @type {Map<string, number>} rows of large groups that were asked for */ #shown = new Map();
  #begun = ""; // the graph whose beginning is open
  #active = ""; // id of the row that keys move from
  #list = new VirtualList({
    label: "Modules", rowHeight: ROW, roles: ["tree", "treeitem"],
    fill: (row, index) => this.#fill(row, index),
    onActive: (index) => void (this.#active = this.#rows[index]?.item?.id ?? this.#active), // a row that only says something gives way to others
    onOpen: (index) => this.#show(index),
    onKey: (key, index) => this.#key(key, index),
  });
  #soon = oncePerTask(() => this.#update());
  element = h("div", { className: "graph-tree-body" },
    h("div", { className: "tree-row tree-head", "aria-hidden": "true" }, h("span", { className: "tree-name" }, "Module"),
      ...COLUMNS.map(([name, head, hint]) => h("span", { className: `tree-${name}`, title: hint }, head))),
    this.#list.element);

  constructor() {
    for (const atom of [shownGraph, shownScene, graphForms.version]) atom.subscribe(this.#soon);
    selectedBox.subscribe((id) => this.#follow(id));
    shownScene.subscribe((shown) => this.element.classList.toggle("timed", Boolean(shown?.scene.graph.has?.includes("time"))));
    this.#list.element.addEventListener("click", (event) => this.#click(event));
    this.#follow(selectedBox.get());
  }

  #update() {
    const graph = shownGraph.get();
    if (graph) this.#openLone(graph);
    this.#rows = graph && !(sceneProblem.get() && !shownScene.get()) ? treeRows((group) => this.#children(graph, group), this.#open, rootOf(graph)) : [];
    this.#list.update(this.#rows.length, { anew: true, at: this.#placeOf(this.#active) });
  }

  /** A group that is alone in another begins open: there is more to see below it. @param {import("../../lib/graph-choice.js").GraphChoice} graph */
  #openLone(graph) {
    const key = encodeGraph(graph);
    for (let group = "/"; this.#begun !== key; ) {
      const found = this.#children(graph, group);
      if (!found) return; // on its way: the next update goes on
      const inner = "problem" in found ? [] : found.rows.filter(({ has_children: has }) => has);
      if (inner.length !== 1 || groupsAround(group).length >= MOST_LONE) this.#begun = key;
      else this.#open = new Set([...this.#open, (group = inner[0].id)]);
    }
  }

  /** @param {import("../../lib/graph-choice.js").GraphChoice} graph @param {string} group */
  #children(graph, group) {
    const found = graphForms.get(graphAddress("tree", graph, { group }));
    if (!found || found.problem !== null) return found && { problem: found.problem };
    const { total, rows } = /** @type {{total: number, rows: TreeItem[]}} */ (found.value);
    const all = [...rows];
    while (all.length < Math.min(total, this.#shown.get(group) ?? rows.length)) {
      const next = graphForms.get(graphAddress("tree", graph, { group, from: String(all.length) }));
      if (!next?.value) break; // on its way
      all.push(...next.value.rows);
    }
    return { rows: all, total };
  }

  /** @param {string} id */
  #placeOf(id) {
    const own = this.#rows.findIndex(({ item }) => item?.id === id);
    return own >= 0 || !id ? own : this.#rows.findIndex(({ item }) => item?.id === groupsAround(id).at(-1));
  }

  /** What is selected in the picture is found in the tree, too. @param {string} id */
  #follow(id) {
    this.#active = id;
    const around = groupsAround(id);
    if (around.some((group) => !this.#open.has(group))) this.#open = new Set([...this.#open, ...around]);
    this.#soon();
  }

  /** @param {number} index */
  #toggle(index) {
    const { item } = this.#rows[index];
    if (!item?.has_children) return;
    this.#open = toggled(this.#open, item.id);
    this.#soon();
  }

  /** @param {number} index */
  #show(index) {
    const row = this.#rows[index];
    if (row && !row.item && row.more) this.#showMore(row.more);
    if (row?.item) goTo(row.item.id);
  }

  /** @param {string} group */
  #showMore(group) {
    this.#shown.set(group, (this.#shown.get(group) ?? PAGE) + PAGE);
    this.#soon();
  }

  /** @param {MouseEvent} event */
  #click(event) {
    const index = this.#list.active;
    if (index < 0 || !(event.target instanceof Element)) return;
    if (event.target.closest(".tree-twist")) this.#toggle(index);
    else if (event.target.closest(".list-row")) this.#show(index);
  }

  /** @param {string} key @param {number} index */
  #key(key, index) {
    const row = this.#rows[index];
    if (!row?.item || (key !== "ArrowRight" && key !== "ArrowLeft")) return false;
    if (key === "ArrowRight" && row.item.has_children && !row.open) this.#toggle(index);
    else if (key === "ArrowRight" && row.open) this.#rows[index + 1]?.item && this.#list.go(index + 1);
    else if (key === "ArrowLeft" && row.open) this.#toggle(index);
    else if (key === "ArrowLeft") this.#list.go(Math.max(0, rowAbove(this.#rows, index)));
    return true;
  }

  /** @param {HTMLElement} element @param {number} index */
  #fill(element, index) {
    const { item, depth, open, said } = this.#rows[index];
    element.removeAttribute("title");
    element.className = "list-row tree-row";
    element.style.setProperty("--depth", String(depth));
    element.setAttribute("aria-level", String(depth + 1));
    if (!item) {
      element.removeAttribute("aria-expanded");
      return element.replaceChildren(h("span", { className: "tree-name quiet" }, h("span", { className: "tree-twist" }), said));
    }
    if (item.has_children) element.setAttribute("aria-expanded", String(open));
    else element.removeAttribute("aria-expanded");
    element.classList.toggle("is-op", !isGroup(item.id));
    element.title = titleOf(item);
    element.replaceChildren(
      h("span", { className: "tree-name" }, h("span", { className: "tree-twist" }, item.has_children && icon("fold")),
        h("bdi", {}, `${item.name.replaceAll("%2F", "/") || "(root)"}`), h("small", {}, isNamed(item) ? "" : item.type ?? "")),
      ...COLUMNS.map(([name, , , text]) => h("span", { className: `tree-${name}` }, name === "output" ? shapesOf(text(item)) : text(item))));
  }
}

/** The model as a row above all others. @param {import("../../lib/graph-choice.js").GraphChoice} graph @returns {TreeItem | null} */
function rootOf(graph) {
  const shown = shownScene.get();
  if (!shown || !sameGraph(shown.graph, graph)) return null;
  const known = graphForms.get(graphAddress("node", graph, { node: "/" }))?.value;
  return { id: "/", name: shown.scene.graph.title || "model", type: known?.type, ...known?.sums, has_children: true };
}

/** Whether an operation is called what it does: "relu_1". @param {TreeItem} item */
const isNamed = ({ name, type = "" }) => name.replace(/_\d+$/, "") === type;

/** "float32 2×16, int64 2" → "2×16, 2". @param {string} output */
const shapesOf = (output) => output.split(", ").map((one) => one.split(" ").at(-1)).join(", ");

/** All that the row says, for those who point at it. @param {TreeItem} item */
function titleOf(item) {
  const parts = COLUMNS.map(([, head, , text]) => [head, text(item)]).filter(([, text]) => text).map(([head, text]) => `${head} ${text}`);
  return [item.id, item.type, ...parts].filter(Boolean).join("\n");
}
