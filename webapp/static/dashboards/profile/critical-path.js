/** The view "Critical path": the chain of work that the time could not have been shorter than, and what could be won. */

import { formatCount } from "../../lib/format.js";
import { formatNanoseconds } from "../../lib/profile-units.js";
import { pathBy } from "../../state/comparison-settings.js";
import { fetchPath } from "../../state/profile-comparisons.js";
import { h } from "../../ui/dom.js";
import { AnswerTables } from "./answer-tables.js";
import { nameFace } from "./data-table.js";
import { PartBars } from "./part-bars.js";
import { Question } from "./question.js";

/** @typedef {import("./views.js").ViewContext} ViewContext */
/** @typedef {import("../../state/profile-api.js").Shown} Shown */
/** @typedef {import("../../state/profile-api.js").TableAnswer} TableAnswer */

/** The kinds of pieces as the server calls them, and whose colours they have. @type {Record<string, string | null>} */
const COLORS = {
  "host: in operators and calls": "operator", "host: outside of operators": "python", "launch delay": "runtime", "gap in a stream": null,
  kernels: "kernel", communication: "communication", "copies and fills": "memcpy", synchronisation: "annotation", "hand-over between threads": "step",
};

/** @param {ViewContext} context */
export function view(context) {
  const question = new Question();
  const headline = h("p", { className: "prof-headline" });
  const empty = h("p", { className: "prof-waiting", hidden: true });
  const inTimeline = h("button", { type: "button", title: "The path in the timeline: c shows and hides it", onclick: () => context.goTo("timeline", { path: true }) }, "Show in the timeline");
  const bars = h("div");
  /** @type {PartBars | null} */
  let bar = null;
  const tables = new AnswerTables({
    label: "The critical path by", chosen: pathBy,
    options: [
      { id: "names", title: "Names", hint: "Operators, calls and kernels on the path", face: (column, row) => (column.name === "name" ? nameFace(column, row) : null), open: (value) => (value("row") ?? -1) >= 0 && context.goTo("timeline", { row: value("row") }) },
      { id: "categories", title: "Categories", hint: "What the path was spent with, and what each part means" },
      { id: "steps", title: "Steps", hint: "The path of each step by itself" },
    ],
  });
  const drawn = h("div", { className: "prof-path-drawn" }, h("div", { className: "prof-headline-row" }, headline, inTimeline), bars,
    h("div", { className: "prof-table-tools" }, tables.picker), tables.element);
  const element = h("section", { className: "prof-path", "aria-label": "Critical path" }, question.element, empty, drawn);
  return {
    element,
    /** @param {Shown} shown */
    show: (shown) => question.ask((asking) => fetchPath(shown, asking), (answer) => {
      const problem = "problem" in answer ? answer.problem : "";
      [empty.textContent, empty.hidden, drawn.hidden] = [problem, problem === "", problem !== ""];
      if ("problem" in answer) return;
      headline.textContent = `${formatNanoseconds(answer.total)} from ${shown.window ? "the start of what is shown" : "the first slice"} to the end of its work, through ${formatCount(answer.nodes)} starts and ends`;
      bar = pathBar(answer.categories);
      bars.replaceChildren(bar.element);
      tables.show({ names: answer.names, categories: answer.categories, steps: answer.steps });
    }),
    recolor: () => bar?.recolor(),
    search: () => tables.focusFilter(),
    destroy() {
      question.cancel();
      tables.destroy();
    },
  };
}

/** @param {TableAnswer} categories */
function pathBar(categories) {
  const column = (/** @type {string} */ name) => categories.columns.find((each) => each.name === name)?.values ?? [];
  const names = /** @type {string[]} */ (column("category"));
  const bar = new PartBars("What the path was spent with", names.map((title) => ({ id: title, title, kind: COLORS[title] ?? null })));
  bar.show([{ title: "Path", values: /** @type {number[]} */ (column("time")) }]);
  return bar;
}
