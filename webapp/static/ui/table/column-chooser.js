/** Chooses the columns of the run table by search and tick. Loaded when first asked for. */

import { atBestColumn, scalarColumn } from "../../lib/column-list.js";
import { plural } from "../../lib/format.js";
import { compileFilter } from "../../lib/search.js";
import { showDialog } from "../dialog.js";
import { h } from "../dom.js";
import { markedText } from "../marked-text.js";

const FIELDS = ["last", "min", "max", "mean", "std", "first", "step_at_min", "step_at_max"];
const MOST = 200; // entries of a kind listed at once

/**
 * @typedef {object} ColumnChoice
 * @property {{name: string, title: string}[]} builtin
 * @property {{name: string, title: string, differs: boolean}[]} hparams
 * @property {string[]} scalars
 * @property {string[]} texts
 * @property {readonly string[]} chosen
 * @property {(names: string[]) => void} onChoose
 * @property {() => string[]} onReset back to the columns that nobody chose, which are returned
 * @property {(formula: string) => Promise<{message: string, start: number, end: number} | null>} check what is wrong with a formula
 *
 * @param {ColumnChoice} choice
 */
export function showColumns(choice) {
  let chosen = [...choice.chosen];
  const list = h("div", { className: "column-list" });
  const count = h("span", { className: "quiet", role: "status" });
  const search = h("input", { type: "search", placeholder: "Search columns", "aria-label": "Search columns", oninput: () => show() });
  const take = (/** @type {string} */ name, /** @type {boolean} */ on) => {
    chosen = chosen.filter((known) => known !== name);
    if (on) chosen.push(name);
    choice.onChoose(chosen);
    tell();
  };
  const tell = () => (count.textContent = `${plural(chosen.length, "column")} shown`);
  const ticks = { isOn: (/** @type {string} */ name) => chosen.includes(name), take };
  const show = () => list.replaceChildren(...matchingParts(choice, search.value, ticks));
  const add = (/** @type {string} */ name) => (take(name, true), show());
  const reset = h("button", { type: "button", className: "link", onclick: () => ((chosen = choice.onReset()), tell(), show()) }, "Usual columns");
  show();
  tell();
  const dialog = showDialog("Columns", search, h("p", { className: "row" }, count, reset), computed(choice, add), list);
  dialog.classList.add("columns-dialog");
  search.focus();
  return dialog;
}

/** @typedef {{isOn: (name: string) => boolean, take: (name: string, on: boolean) => void}} Ticks */

/** @param {ColumnChoice} choice @param {string} text that was searched for @param {Ticks} ticks */
function matchingParts(choice, text, ticks) {
  const { test } = compileFilter(text);
  const matching = (/** @type {{name: string, title: string}[]} */ entries) => entries.filter(({ title, name }) => test(title) || test(name));
  const part = (/** @type {string} */ title, /** @type {{name: string, title: string}[]} */ entries, hint = "") => {
    const found = matching(entries);
    if (found.length === 0 && text) return [];
    const boxes = found.slice(0, MOST).map(({ name, title: shown }) => h("label", { className: "column-tick" }, tick(name, "", ticks), h("bdi", {}, shown)));
    return [h("section", {}, h("h3", {}, title), boxes.length ? h("div", { className: "column-ticks" }, ...boxes) : h("p", { className: "quiet" }, hint), more(found.length))];
  };
  const parts = [
    ...part("Run", choice.builtin),
    ...part("Hyperparameters", choice.hparams, 'None in these runs. One line logs them: writer.add_hparams({"lr": 0.1}, {})'),
    ...scalarPart(choice.scalars, test, text, ticks),
    ...part("Texts", choice.texts.map((name) => ({ name, title: name })), 'None in these runs. One line logs the first: writer.add_text("note", "text")'),
  ];
  return parts.length ? parts : [h("p", { className: "quiet" }, `No column is called “${text}”.`)];
}

/** @param {string} name @param {string} label "": another element says it @param {Ticks} ticks */
function tick(name, label, { isOn, take }) {
  const box = h("input", { type: "checkbox", checked: isOn(name), "aria-label": label || null, title: label, onchange: () => take(name, box.checked) });
  return box;
}

/** @param {number} found */
function more(found) {
  return found > MOST && h("p", { className: "quiet" }, `${plural(found - MOST, "more column")}: search for them.`);
}

/** A line a tag, a tick a statistic. @param {string[]} scalars @param {(tag: string) => boolean} test @param {string} text @param {Ticks} ticks */
function scalarPart(scalars, test, text, ticks) {
  const found = scalars.filter(test);
  if (found.length === 0 && text) return [];
  const heading = h("h3", {}, "Scalars");
  if (found.length === 0) return [h("section", {}, heading, h("p", { className: "quiet" }, 'None in these runs. One line logs the first: writer.add_scalar("loss", value, step)'))];
  const head = h("tr", {}, h("td", {}), ...FIELDS.map((field) => h("th", { scope: "col" }, field.replaceAll("_", " "))));
  const lines = found.slice(0, MOST).map((tag) =>
    h("tr", {}, h("th", { scope: "row" }, h("bdi", { title: tag }, tag)), ...FIELDS.map((field) => h("td", {}, tick(scalarColumn(tag, field), `${tag} ${field.replaceAll("_", " ")}`, ticks)))));
  return [h("section", {}, heading, h("table", { className: "column-scalars" }, h("thead", {}, head), h("tbody", {}, ...lines)), more(found.length))];
}

/** Columns that are made of others; folded where there is little room. @param {ColumnChoice} choice @param {(name: string) => void} onAdd */
function computed({ scalars, check }, onAdd) {
  return h("details", { className: "column-computed", open: innerWidth >= 720 }, h("summary", {}, "Computed columns"), atBest(scalars, onAdd), formulaBox(check, onAdd));
}

/** "the value of B where A is best" @param {string[]} scalars @param {(name: string) => void} onAdd */
function atBest(scalars, onAdd) {
  if (scalars.length < 2) return null;
  const pick = (/** @type {string} */ label) => h("select", { "aria-label": label }, ...scalars.slice(0, 2000).map((tag) => h("option", { value: tag }, tag)));
  const value = pick("Value of");
  const other = pick("where is best");
  other.selectedIndex = 1;
  const field = h("select", { "aria-label": "best is" }, h("option", { value: "max" }, "highest"), h("option", { value: "min" }, "lowest"));
  return h("div", { className: "row at-best" }, "Value of", value, "where", other, "is", field,
    h("button", { type: "button", onclick: () => onAdd(atBestColumn(value.value, other.value, /** @type {"min" | "max"} */ (field.value))) }, "Add"));
}

/** A column computed from others; a mistake is marked where it is. @param {ColumnChoice["check"]} check @param {(name: string) => void} onAdd */
function formulaBox(check, onAdd) {
  const box = h("input", { type: "text", placeholder: "loss/val.min - loss/train.min", "aria-label": "Formula", spellcheck: false });
  const problem = h("p", { className: "bad", role: "alert" });
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    const text = box.value.trim();
    const wrong = text && (await check(text));
    problem.replaceChildren(...(wrong ? [wrong.message, markedText(text, [wrong.start, wrong.end])] : []));
    if (!text || wrong) return;
    onAdd(text);
    box.value = "";
  };
  return h("div", {}, h("form", { className: "row", onsubmit: submit }, "Formula", box, h("button", { type: "submit" }, "Compute")), problem);
}
