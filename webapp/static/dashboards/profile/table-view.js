/** A view that is a table, or one of a few to choose from; every row leads to the timeline. */

import { fetchTable } from "../../state/profile-api.js";
import { segmented } from "../../ui/controls.js";
import { h } from "../../ui/dom.js";
import { DataTable } from "./data-table.js";
import { Question } from "./question.js";

/** @typedef {import("./views.js").MountedView} MountedView */
/** @typedef {import("./views.js").ViewContext} ViewContext */
/** @typedef {import("../../state/profile-api.js").TableColumn} TableColumn */

/**
 * @typedef {object} TableChoice
 * @property {string} id
 * @property {string} title
 * @property {string} hint
 * @property {string} table its name at the server
 * @property {Record<string, string>} [more]
 * @property {readonly string[]} [optional] columns that are shown only where they say something
 *
 * @typedef {object} TableViewSpec
 * @property {string} label
 * @property {readonly TableChoice[]} choices
 * @property {import("../../lib/atom.js").Atom<string>} chosen the id of a choice
 * @property {(column: TableColumn, row: number) => Node | null} [face]
 * @property {Record<string, (text: string) => string>} [texts] how texts of columns are written, by the columns' names
 */

/** @param {ViewContext} context @param {TableViewSpec} spec @returns {MountedView} */
export function tableView(context, { label, choices, chosen, face, texts = {} }) {
  const question = new Question();
  /** @type {import("../../state/profile-api.js").Shown | null} */
  let shown = null;
  /** @type {(string | number | null)[]} slices that rows lead to */
  let slices = [];
  /** @type {Map<string, DataTable>} each choice has columns of its own, and its own order and filter */
  const tables = new Map();
  const place = h("div", { className: "prof-table-place" });
  const element = h("section", { className: "prof-table-view", "aria-label": label }, question.element, place);
  const choiceOf = () => choices.find(({ id }) => id === chosen.get()) ?? choices[0];
  // Stands among the table's tools once there is a table.
  const picker = segmented(`${label} by`, choices.map(({ id, title, hint }) => [id, title, hint]));
  picker.addEventListener("input", () => chosen.set(picker.value));
  place.append(picker);
  const tableOf = (/** @type {TableChoice} */ choice) => {
    const known = tables.get(choice.id);
    if (known) return known;
    const made = new DataTable({
      label, face, action: "Show in the timeline", without: ["row"],
      onAction: (row) => typeof slices[row] === "number" && slices[row] >= 0 && context.goTo("timeline", { row: slices[row] }),
    });
    tables.set(choice.id, made);
    return made;
  };
  const draw = async () => {
    const choice = choiceOf();
    picker.value = choice.id;
    const now = shown;
    if (!now) return;
    await question.ask((asking) => fetchTable(choice.table, now, choice.more, asking), (answer) => {
      slices = answer.columns.find(({ name }) => name === "row")?.values ?? [];
      const table = tableOf(choice);
      const columns = answer.columns.filter((column) => !choice.optional?.includes(column.name) || saysSomething(column));
      table.show({ ...answer, columns: columns.map((column) => written(column, texts[column.name])) });
      table.addTools(picker);
      place.replaceChildren(table.element);
    });
  };
  /** Settled when what was chosen last is drawn. */
  let drawn = Promise.resolve();
  const forget = chosen.subscribe(() => (drawn = draw()));
  return {
    element,
    show(next) {
      shown = next;
      return (drawn = draw());
    },
    /** @param {{by?: string, filter?: string}} options */
    async reveal({ by, filter }) {
      if (by) chosen.set(by);
      await drawn;
      if (filter !== undefined) tableOf(choiceOf()).filter(filter);
    },
    search: () => tableOf(choiceOf()).focusFilter(),
    destroy() {
      forget();
      question.cancel();
      for (const table of tables.values()) table.destroy();
    },
  };
}

/** @param {TableColumn} column */
const saysSomething = ({ values }) => values.some((value) => value !== null && value !== 0 && value !== "");

/** @param {TableColumn} column @param {((text: string) => string) | undefined} write @returns {TableColumn} */
const written = (column, write) => (write ? { ...column, values: column.values.map((value) => write(String(value ?? ""))) } : column);
