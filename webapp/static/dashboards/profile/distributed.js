/** The view "Distributed": what every rank's time went to, step by step, and who waits for whom in which collective. */

import { HeatGrid } from "../../charts/heat-grid.js";
import { formatUnit } from "../../lib/profile-units.js";
import { rankMetric, ranksBy } from "../../state/comparison-settings.js";
import { fetchRanks } from "../../state/profile-comparisons.js";
import { chooseRank } from "../../state/profile-settings.js";
import { dropDown } from "../../ui/controls.js";
import { h } from "../../ui/dom.js";
import { readInk } from "../../ui/ink.js";
import { AnswerTables } from "./answer-tables.js";
import { PartBars } from "./part-bars.js";
import { Question } from "./question.js";

/** @typedef {import("./views.js").ViewContext} ViewContext */
/** @typedef {import("../../state/profile-api.js").Shown} Shown */
/** @typedef {import("../../state/profile-api.js").TableAnswer} TableAnswer */
/** @typedef {import("../../state/profile-comparisons.js").RanksAnswer} RanksAnswer */

const PARTS = [
  { id: "computation", title: "Computation", kind: "kernel" },
  { id: "exposed", title: "Exposed communication", kind: "communication" },
  { id: "exposed_memcpy", title: "Exposed copies", kind: "memcpy" },
  { id: "idle", title: "Idle", kind: null },
];
const METRICS = /** @type {[string, string][]} */ ([
  ["total", "whole step"], ["computation", "computation"], ["communication", "communication"],
  ["exposed_communication", "exposed communication"], ["idle", "idle"],
]);

/** @param {ViewContext} context */
export const view = (context) => new DistributedView(context);

class DistributedView {
  #context;
  #question = new Question();
  /** @type {RanksAnswer | null} */ #answer = null;
  #verdicts = h("ul", { className: "prof-verdicts" });
  #bars = new PartBars("Time of every rank", PARTS);
  #metric = dropDown("Colour", METRICS);
  #told = h("span", { className: "quiet", role: "status" });
  #heatPlace = h("div", { className: "prof-heat" });
  #heat;
  #heatBox = h("section", { className: "prof-heat-box", "aria-label": "Ranks and steps" }, h("div", { className: "prof-table-tools" }, this.#metric, this.#told), this.#heatPlace);
  #tables;
  #forget;
  #watch = new ResizeObserver(() => this.#drawHeat());
  element;

  /** @param {ViewContext} context */
  constructor(context) {
    this.#context = context;
    const open = (/** @type {(name: string) => any} */ value) => this.#open(value("rank"), value("row"));
    this.#tables = new AnswerTables({
      label: "About the ranks", chosen: ranksBy, onChosen: () => this.#drawSelf(),
      options: [
        { id: "overlap", title: "Ranks", hint: "Computation, communication, and how much of one is hidden behind the other", open, action: "Show this rank in the timeline" },
        { id: "rank_steps", title: "Steps", hint: "Every step of every rank" },
        { id: "stragglers", title: "Waiting", hint: "Who makes the others wait", open, action: "Show this rank in the timeline" },
        { id: "collectives", title: "Collectives", hint: "Every collective: wait, transfer, bandwidth", open, without: ["row", "rank"] },
        { id: "collective_sizes", title: "Message sizes", hint: "Collectives by type and bytes" },
        { id: "clock_offsets", title: "Clocks", hint: "How far the ranks' clocks are apart" },
      ],
    });
    this.#heat = new HeatGrid(this.#heatPlace, "Ranks and steps", { onCell: (cell) => this.#tell(cell), onOpen: (cell) => this.#openStep(cell) });
    this.#metric.addEventListener("input", () => rankMetric.set(this.#metric.value));
    this.#forget = rankMetric.subscribe(() => this.#drawHeat());
    this.#watch.observe(this.#heatPlace);
    this.element = h("section", { className: "prof-ranks", "aria-label": "Distributed" }, this.#question.element,
      h("div", { className: "prof-table-tools" }, this.#tables.picker), this.#verdicts, this.#bars.element, this.#heatBox, this.#tables.element);
    this.#drawSelf();
  }

  /** @param {Shown} shown */
  show(shown) {
    return this.#question.ask((asking) => fetchRanks(shown, asking), (answer) => {
      this.#answer = answer;
      // Said once, above whichever table is in sight.
      const said = answer.tables.stragglers.notes;
      this.#verdicts.replaceChildren(...said.map((note) => h("li", {}, note)));
      this.#tables.show(Object.fromEntries(Object.entries(answer.tables).map(([name, table]) => [name, { ...table, notes: table.notes.filter((note) => !said.includes(note)) }])));
      this.#drawSelf();
    });
  }

  search() {
    this.#tables.focusFilter();
  }

  recolor() {
    this.#bars.recolor();
    this.#drawHeat();
  }

  destroy() {
    this.#forget();
    this.#watch.disconnect();
    this.#question.cancel();
    this.#tables.destroy();
  }

  /** @param {number} rank @param {number | null} row */
  #open(rank, row) {
    chooseRank(rank);
    this.#context.goTo("timeline", row === null ? { rank } : { rank, row });
  }

  #drawSelf() {
    const { id } = this.#tables.option;
    this.#bars.element.hidden = id !== "overlap" || !this.#answer;
    this.#heatBox.hidden = id !== "rank_steps" || !this.#answer;
    if (!this.#answer) return;
    if (id === "overlap") this.#drawBars(this.#answer.tables.overlap);
    if (id === "rank_steps") this.#drawHeat();
  }

  /** @param {TableAnswer} table */
  #drawBars(table) {
    const column = (/** @type {string} */ name) => /** @type {number[]} */ (table.columns.find((each) => each.name === name)?.values ?? []);
    const parts = PARTS.map(({ id }) => column(id));
    this.#bars.show(column("rank").map((rank, row) => ({ title: `Rank ${rank}`, values: parts.map((values) => values[row]), onOpen: () => this.#open(rank, null) })));
  }

  /** @returns {{ranks: number[], steps: string[], values: (number | null)[][]}} */
  get #grid() {
    const table = this.#answer?.tables.rank_steps;
    const column = (/** @type {string} */ name) => table?.columns.find((each) => each.name === name)?.values ?? [];
    const [rank, step, value] = [column("rank"), column("step"), column(rankMetric.get())];
    const ranks = /** @type {number[]} */ ([...new Set(rank)]);
    const steps = /** @type {string[]} */ ([...new Set(step)]);
    const values = ranks.map(() => steps.map(() => /** @type {number | null} */ (null)));
    const [row, place] = [new Map(ranks.map((each, at) => [each, at])), new Map(steps.map((each, at) => [each, at]))];
    value.forEach((each, at) => (values[row.get(/** @type {number} */ (rank[at])) ?? 0][place.get(/** @type {string} */ (step[at])) ?? 0] = /** @type {number | null} */ (each)));
    return { ranks, steps, values };
  }

  #drawHeat() {
    const width = this.#heatPlace.clientWidth;
    this.#metric.value = rankMetric.get();
    if (!this.#answer || width === 0) return;
    const { ranks, steps, values } = this.#grid;
    const columns = steps.map((name) => name.replace(/^ProfilerStep#/, ""));
    this.#heatPlace.style.height = `${this.#heat.update({ rows: ranks.map((rank) => `Rank ${rank}`), columns, values }, { width, ink: readInk() })}px`;
    this.#tell(null);
  }

  /** @param {import("../../charts/heat-grid.js").Cell | null} cell */
  #tell(cell) {
    const { ranks, steps, values } = this.#grid;
    const known = /** @type {number[]} */ (values.flat().filter((value) => value !== null));
    const range = known.length === 0 ? "No rank marks steps: call profiler.step()." : `${formatUnit(Math.min(...known), "ns")} to ${formatUnit(Math.max(...known), "ns")}`;
    const value = cell && values[cell.row]?.[cell.column];
    this.#told.textContent = cell ? `Rank ${ranks[cell.row]}, ${steps[cell.column]}: ${value === null ? "not there" : formatUnit(value, "ns")}` : range;
  }

  /** @param {import("../../charts/heat-grid.js").Cell} cell */
  #openStep({ row, column }) {
    const { ranks, steps } = this.#grid;
    chooseRank(ranks[row]);
    this.#context.goTo("timeline", { rank: ranks[row], search: steps[column] });
  }
}
