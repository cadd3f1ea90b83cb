/** The tables of one answer, of which one is in sight: chosen above it, each with its own order and filter. */

import { segmented } from "../../ui/controls.js";
import { h } from "../../ui/dom.js";
import { DataTable } from "./data-table.js";

/** @typedef {import("../../state/profile-api.js").TableAnswer} TableAnswer */

/**
 * @typedef {object} TableOption
 * @property {string} id the table's name in the answer; of something else when there is none
 * @property {string} title
 * @property {string} hint
 * @property {(value: (name: string) => any) => void} [open] shows in the timeline what a row is about: asks for its values by column
 * @property {string} [action] what that is called
 * @property {boolean} [optional] can be chosen only where an answer has it
 * @property {readonly string[]} [without] columns that are not shown
 * @property {import("./data-table.js").TableSpec["face"]} [face]
 * @property {import("./data-table.js").TableSpec["scale"]} [scale]
 *
 * @typedef {object} AnswerTablesSpec
 * @property {string} label
 * @property {readonly TableOption[]} options
 * @property {import("../../lib/atom.js").Atom<string>} chosen
 * @property {() => void} [onChosen] another one is in sight
 */

export class AnswerTables {
  #spec;
  /** @type {Record<string, TableAnswer>} */ #answers = {};
  /** @type {Map<string, DataTable>} */ #tables = new Map();
  #place = h("div", { className: "prof-table-place" });
  #forget;
  picker;
  element = this.#place;

  /** @param {AnswerTablesSpec} spec */
  constructor(spec) {
    this.#spec = spec;
    this.picker = segmented(spec.label, spec.options.map(({ id, title, hint }) => [id, title, hint]));
    this.picker.addEventListener("input", () => spec.chosen.set(this.picker.value));
    this.#forget = spec.chosen.subscribe(() => this.#draw());
  }

  /** The one in sight. @returns {TableOption} */
  get option() {
    const chosen = this.#spec.options.find(({ id }) => id === this.#spec.chosen.get());
    return chosen && this.#isThere(chosen) ? chosen : this.#spec.options[0];
  }

  /** @param {Record<string, TableAnswer>} answers by the options' ids */
  show(answers) {
    this.#answers = answers;
    this.#draw();
  }

  focusFilter() {
    this.#tables.get(this.option.id)?.focusFilter();
  }

  destroy() {
    this.#forget();
    for (const table of this.#tables.values()) table.destroy();
  }

  /** @param {TableOption} option */
  #isThere({ id, optional }) {
    return !optional || id in this.#answers;
  }

  #draw() {
    const { option } = this;
    this.#spec.options.forEach((each, place) => { /** @type {HTMLElement} */ (this.picker.children[place]).hidden = !this.#isThere(each); });
    this.picker.value = option.id;
    const answer = this.#answers[option.id];
    const table = answer && this.#tableOf(option);
    this.#place.replaceChildren(...(table ? [table.element] : []));
    this.#place.hidden = !table;
    table?.show(answer);
    this.#spec.onChosen?.();
  }

  /** @param {TableOption} option */
  #tableOf(option) {
    const known = this.#tables.get(option.id);
    if (known) return known;
    const { open, action = "Show in the timeline" } = option;
    const valueIn = (/** @type {number} */ row) => (/** @type {string} */ name) => this.#answers[option.id].columns.find((column) => column.name === name)?.values[row] ?? null;
    const made = new DataTable({
      label: option.title, face: option.face, scale: option.scale, without: option.without ?? ["row"],
      ...(open ? { action, onAction: (/** @type {number} */ row) => open(valueIn(row)) } : {}),
    });
    this.#tables.set(option.id, made);
    return made;
  }
}
