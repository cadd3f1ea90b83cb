/** The figures behind the overview as tables: one at a time. */

import { Atom } from "../../../lib/atom.js";
import { fetchTable } from "../../../state/profile-api.js";
import { h } from "../../../ui/dom.js";
import { DataTable } from "../data-table.js";
import { Question } from "../question.js";
import { card } from "./card.js";

/** @typedef {import("../../../state/profile-api.js").Shown} Shown */
/** @typedef {import("../../../state/profile-api.js").TableAnswer} TableAnswer */
/** @typedef {import("./answer.js").Place} Place */

/** [id, title, name of the table, further parameters]; all but the first are about a GPU. @type {[string, string, string, Record<string, string>][]} */
const TABLES = [
  ["steps", "Steps", "steps", {}],
  ["gaps", "Idle gaps", "idle_gaps", {}],
  ["work", "Launches", "launches", {}],
  ["calls", "Calls", "launches", { by: "call" }],
  ["queue", "Queues", "queue", {}],
  ["gpus", "GPUs", "gpus", {}],
];

export class TablesCard {
  #goTo;
  #chosen = new Atom("steps");
  #question = new Question();
  /** @type {Shown | null} */ #shown = null;
  /** @type {TableAnswer | null} */ #answer = null;
  #table = new DataTable({ label: "Figures", action: "Show in the timeline", onAction: (row) => this.#open(row), without: ["row"] });
  #choice = h("div", { className: "segmented", role: "group", "aria-label": "Table" }, ...TABLES.map(([id, title]) => h("button", { type: "button", onclick: () => this.#choose(id) }, title)));
  element = card("tables", "Figures", this.#choice, this.#question.element, this.#table.element);

  /** @param {(place: Place) => void} goTo */
  constructor(goTo) {
    this.#goTo = goTo;
    this.#mark();
  }

  /** @param {Shown} shown @param {boolean} gpu whether one did anything @returns {Promise<void>} settled when it is drawn */
  show(shown, gpu) {
    this.#choice.hidden = !gpu;
    if (!gpu) this.#chosen.set(TABLES[0][0]);
    this.#mark();
    return this.#ask(shown);
  }

  /** @param {Shown} shown */
  #ask(shown) {
    this.#shown = shown;
    const [, , name, more] = TABLES.find(([id]) => id === this.#chosen.get()) ?? TABLES[0];
    return this.#question.ask((asking) => fetchTable(name, shown, more, asking), (answer) => {
      this.#answer = answer;
      this.#table.show(answer);
      this.#table.element.style.setProperty("--rows", String(answer.columns[0]?.values.length ?? 0));
    });
  }

  focusFilter() {
    this.#table.focusFilter();
  }

  destroy() {
    this.#question.cancel();
    this.#table.destroy();
  }

  /** @param {string} id */
  #choose(id) {
    this.#chosen.set(id);
    this.#mark();
    if (this.#shown) void this.#ask(this.#shown);
  }

  #mark() {
    [...this.#choice.children].forEach((button, place) => button.setAttribute("aria-pressed", String(TABLES[place][0] === this.#chosen.get())));
  }

  /** Where a row is in the timeline: a stretch of time, or what has its name. @param {number} row */
  #open(row) {
    const value = (/** @type {string} */ name) => this.#answer?.columns.find((column) => column.name === name)?.values[row];
    const start = Number(value("start") ?? NaN);
    const length = Number(value("total") ?? value("duration") ?? NaN);
    const window = /** @type {[number, number] | null} */ (Number.isFinite(start + length) ? [start, start + length] : null);
    this.#goTo({ view: "timeline", window, row: Number(value("row") ?? -1), find: window ? "" : String(value("name") ?? "") });
  }
}
