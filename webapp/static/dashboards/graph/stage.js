/** The picture of the graph: the scene that came, its colours and marks, and where one looks. */

import { oncePerTask } from "../../lib/atom.js";
import { encodeGraph } from "../../lib/graph-choice.js";
import { searchAnswer } from "../../state/graph-search.js";
import { sceneComing, sceneProblem, shownScene, toggleBox, wantedBox, retryScene } from "../../state/graph-scene.js";
import { graphSight, selectedBox } from "../../state/graph-settings.js";
import { shownGraph } from "../../state/graph-shown.js";
import { trace } from "../../state/graph-trace.js";
import { graphValues } from "../../state/graph-values.js";
import { h } from "../../ui/dom.js";
import { isDark } from "../../ui/ink.js";
import { showMessage } from "../../ui/message.js";
import { boxColors, pictureLegend } from "./box-colors.js";
import { graphCanvas } from "./graph-canvas-card.js";
import { pickedValues } from "./legend.js";

/** @typedef {import("../../state/graph-values.js").GraphValues} GraphValues */

export class GraphStage {
  #canvas = h("div", { className: "graph-canvas" });
  #problem = h("div", { className: "graph-problem", hidden: true });
  #refused = h("p", { className: "graph-refused", role: "status", hidden: true });
  #waiting = h("div", { className: "card-state loading", hidden: true });
  element = h("div", { className: "graph-picture" }, this.#canvas, this.#waiting, this.#problem, this.#refused);
  #view = graphCanvas(this.#canvas, {
    label: "Model graph",
    onOpen: (/** @type {string} */ id) => toggleBox(id),
    onSelect: (/** @type {string | null} */ id) => selectedBox.set(id ?? ""),
    onView: (/** @type {import("../../state/graph-settings.js").GraphSight} */ sight) => this.#moved(sight),
  });
  /** @type {import("../../state/graph-settings.js").GraphSight | null} */ #told = null; // where the picture said it was last
  #graph = ""; // which graph is drawn
  #touched = false; // whether a person has moved it since
  soon = oncePerTask(() => this.#draw());

  constructor() {
    for (const atom of [shownScene, sceneProblem, sceneComing, shownGraph, graphValues, pickedValues, selectedBox, trace, searchAnswer, wantedBox]) atom.subscribe(this.soon);
    graphSight.subscribe((sight) => this.#go(sight));
    for (const event of ["pointerdown", "wheel", "keydown"]) this.#canvas.addEventListener(event, () => (this.#touched = true), { passive: true });
    new ResizeObserver(() => this.#settle()).observe(this.#canvas); // the legend comes, a panel opens
  }

  /** What nobody has moved yet is met again in the room there is now. */
  #settle() {
    if (this.#graph && !this.#touched && !graphSight.get() && !selectedBox.get()) this.#view.start();
  }

  /** @param {"svg" | "png"} format @param {"scene" | "view"} part all of it, or what is in sight @returns {Promise<Blob>} */
  picture(format, part) {
    return this.#view.picture(format, { title: shownScene.get()?.scene.graph.title, part, legend: pictureLegend(graphValues.get(), isDark() ? "dark" : "light") });
  }

  focus() {
    /** @type {HTMLElement | null} */ (this.#canvas.querySelector("[tabindex]"))?.focus();
  }

  #draw() {
    const shown = shownScene.get();
    const fits = shown !== null && encodeGraph(shown.graph) === encodeGraph(shownGraph.get());
    this.#canvas.classList.toggle("away", !fits); // it keeps its size
    this.#waiting.hidden = fits || !shownGraph.get() || sceneProblem.get() !== "";
    const nothing = fits && shown.scene.boxes.id.length === 0;
    const problem = shownGraph.get() ? sceneProblem.get() : "";
    showMessage(this.#problem, problem || (nothing ? emptyText(shown.scene.graph.notes) : null), problem ? retryScene : undefined);
    this.#problem.classList.toggle("beside", fits && !nothing);
    this.#refused.hidden = !fits || !shown?.scene.refused;
    this.#refused.textContent = shown?.scene.refused ?? "";
    if (!fits) return;
    this.#view.update(shown.scene, this.#looks());
    this.#place(encodeGraph(shown.graph), shown.scene.boxes.id);
  }

  /** @param {string} graph @param {string[]} ids */
  #place(graph, ids) {
    const wanted = wantedBox.get();
    if (graph !== this.#graph) {
      this.#graph = graph;
      if (!wanted) this.#arrive(ids);
    }
    if (wanted !== "/" && !ids.includes(wanted)) return;
    wantedBox.set("");
    if (wanted === "/") this.#go(null);
    else this.#view.zoomTo(wanted);
  }

  /** A graph that is new here: where the URL says, at the box that is selected, else at its beginning. @param {string[]} ids */
  #arrive(ids) {
    this.#touched = false;
    const sight = graphSight.get();
    if (sight) this.#view.setView(sight);
    else if (ids.includes(selectedBox.get())) this.#view.zoomTo(selectedBox.get());
    else this.#view.start();
  }

  #looks() {
    const traced = trace.get();
    const hits = searchAnswer.get()?.hits.map(({ id }) => id) ?? [];
    const values = only(graphValues.get(), pickedValues.get());
    return {
      colors: boxColors(values, isDark() ? "dark" : "light"),
      heat: values?.answer.kind === "number",
      selected: selectedBox.get() || null,
      marked: new Set(traced?.answer ? traced.answer.boxes : hits),
      markedEdges: new Set(traced?.answer?.edges),
      dimmed: Boolean(traced?.answer),
    };
  }

  /** @param {import("../../state/graph-settings.js").GraphSight} sight */
  #moved(sight) {
    if (!this.#touched) return;
    this.#told = sight;
    graphSight.set(sight);
  }

  /** Where the URL says, unless the picture itself said so. @param {import("../../state/graph-settings.js").GraphSight | null} sight */
  #go(sight) {
    if (sight && sight === this.#told) return;
    if (sight) this.#view.setView(sight);
    else {
      this.#touched = false;
      this.#view.fit();
    }
  }
}

/** @param {string[]} notes of a graph without a box */
const emptyText = (notes) => ["There is nothing to draw in this graph.", ...notes].join(" ");

/** What was picked in the legend keeps its colour. @param {GraphValues | null} values @param {ReadonlySet<string>} picked @returns {GraphValues | null} */
function only(values, picked) {
  if (!values || picked.size === 0 || values.answer.kind !== "category") return values;
  const { answer } = values;
  return { ...values, answer: { ...answer, values: answer.values.map((value) => (value !== null && picked.has(value) ? value : null)) } };
}
