/** Chooses the columns of the run table by search and tick. Loaded when first asked for. */

import { atBestColumn, scalarColumn } from "../../lib/column-list.js";
import { compileFilter } from "../../lib/search.js";
import { showDialog } from "../dialog.js";
import { h } from "../dom.js";

const FIELDS = ["last", "min", "max", "mean", "std", "first", "step_at_min", "step_at_max"];
const MOST = 300; // entries listed at once

/**
 * @typedef {object} ColumnChoice
 * @property {{name: string, title: string}[]} builtin
 * @property {{name: string, title: string, differs: boolean}[]} hparams
 * @property {string[]} scalars
 * @property {string[]} texts
 * @property {readonly string[]} chosen
 * @property {(names: string[]) => void} onChoose
 *
 * @param {ColumnChoice} choice
 */
export function showColumns(choice) {
  let chosen = [...choice.chosen];
  const list = h("div", { className: "column-list" });
  const search = h("input", { type: "search", placeholder: "Search columns", "aria-label": "Search columns", oninput: () => show() });
  const take = (/** @type {string} */ name, /** @type {boolean} */ on) => {
    chosen = on ? [...chosen, name] : chosen.filter((known) => known !== name);
    choice.onChoose(chosen);
  };
  const tick = (/** @type {string} */ name, /** @type {string} */ title) => {
    const box = h("input", { type: "checkbox", checked: chosen.includes(name), onchange: () => take(name, box.checked) });
    return h("label", { className: "column-tick" }, box, h("bdi", {}, title));
  };
  const show = () => {
    const { test } = compileFilter(search.value);
    const part = (/** @type {string} */ title, /** @type {HTMLElement[]} */ entries, hint = "", className = "column-ticks") =>
      h("section", {}, h("h3", {}, title), entries.length ? h("div", { className }, ...entries) : h("p", { className: "quiet" }, hint));
    const matching = (/** @type {{name: string, title: string}[]} */ entries) => entries.filter(({ title, name }) => test(title) || test(name)).slice(0, MOST).map(({ name, title }) => tick(name, title));
    const tags = choice.scalars.filter(test).slice(0, MOST);
    list.replaceChildren(
      part("Run", matching(choice.builtin), "Nothing matches."),
      part("Hyperparameters", matching(choice.hparams), choice.hparams.length ? "Nothing matches." : 'None in these runs. One line logs them: writer.add_hparams({"lr": 0.1}, {})'),
      part("Scalars", tags.map((tag) => scalarLine(tag, tick)), choice.scalars.length ? "Nothing matches." : 'None in these runs. One line logs the first: writer.add_scalar("loss", value, step)', "column-scalars"),
      part("Texts", matching(choice.texts.map((name) => ({ name, title: name }))), choice.texts.length ? "Nothing matches." : 'None in these runs. One line logs the first: writer.add_text("note", "text")'));
  };
  show();
  const dialog = showDialog("Columns", search, atBest(choice.scalars, (name) => (take(name, true), show())), list);
  dialog.classList.add("columns-dialog");
  search.focus();
  return dialog;
}

/** @param {string} tag @param {(name: string, title: string) => HTMLElement} tick */
function scalarLine(tag, tick) {
  return h("div", { className: "column-scalar" }, h("bdi", { title: tag }, tag), h("span", { className: "column-fields", role: "group", "aria-label": tag }, ...FIELDS.map((field) => tick(scalarColumn(tag, field), field.replaceAll("_", " ")))));
}

/** "the value of B where A is best" @param {string[]} scalars @param {(name: string) => void} onAdd */
function atBest(scalars, onAdd) {
  if (scalars.length < 2) return null;
  const pick = (/** @type {string} */ label) => h("select", { "aria-label": label }, ...scalars.slice(0, 2000).map((tag) => h("option", { value: tag }, tag)));
  const value = pick("Value of");
  const other = pick("where is best");
  other.selectedIndex = 1;
  const field = h("select", { "aria-label": "best is" }, h("option", { value: "max" }, "highest"), h("option", { value: "min" }, "lowest"));
  return h("div", { className: "row at-best" }, "Value of ", value, " where ", other, " is ", field,
    h("button", { type: "button", onclick: () => onAdd(atBestColumn(value.value, other.value, /** @type {"min" | "max"} */ (field.value))) }, "Add"));
}
