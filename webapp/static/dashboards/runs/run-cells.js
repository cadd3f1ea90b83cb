/** What stands in the cells of the run table. */

import { bestValue, betterDirection } from "../../lib/best.js";
import { againstBaseline, cellText, cellTitle } from "../../lib/cell-text.js";
import { quoteName } from "../../lib/column-list.js";
import { alignedNumber, decimalsOf } from "../../lib/number-align.js";
import { STATE_SIGNS, stateReason } from "../../lib/run-state.js";
import { isMissing, textAt } from "../../lib/table-data.js";
import { knownColumns } from "../../state/run-table.js";
import * as store from "../../state/store.js";
import { displayName, runEntry, userState } from "../../state/user-state.js";
import { h } from "../../ui/dom.js";

/** @typedef {import("../../lib/table-data.js").TableColumn} TableColumn */
/** @typedef {import("../../lib/table-data.js").TableData} TableData */
/** @typedef {import("../../ui/table/grid.js").GridColumn} GridColumn */

/** Fills cells of the table as it is now. @param {TableData} data with the runs of the catalog @param {Int32Array} rows among which the best value is looked for @returns {(cell: HTMLElement, column: GridColumn, item: number) => void} */
export function cellFiller(data, rows) {
  const { columns } = data;
  const { names, byName } = store.catalog.get();
  const reference = userState.get().baseline;
  const baseline = reference && byName.has(reference) ? names.indexOf(reference) : -1;
  /** @type {Map<string, number>} */
  const best = new Map();
  return (cell, { id }, item) => {
    const column = columns.get(id);
    const special = column && !column.error ? specialCell(id, data, names[item], item) : null;
    cell.classList.remove("best", "no-delta", "same");
    if (!column || column.error) setText(cell, column?.error ? "⚠" : "…", column?.error?.message ?? "");
    else if (special) {
      cell.replaceChildren(...special.children);
      cell.title = special.title ?? cell.textContent ?? "";
    } else {
      if (!best.has(id)) best.set(id, bestValue(column, rows));
      fillValue(cell, column, item, baseline, best.get(id) ?? NaN);
    }
  };
}

/** When a run was last heard of, epoch seconds; NaN where nobody knows. @param {TableData} data @param {number} item */
export function lastHeard(data, item) {
  return data.columns.get("last")?.values[item] ?? NaN;
}

/** @type {{known: unknown, settings: Set<string>, facts: Set<string>}} */
let named = { known: null, settings: new Set(), facts: new Set() };

/** What a column is, by its name: a hyperparameter, a fact about the run, or something that was measured. @param {string} name */
function sortOf(name) {
  const known = knownColumns.get();
  if (known && named.known !== known) named = { known, settings: new Set(known.hparams.map((info) => quoteName(info.name))), facts: new Set(known.builtin.map((info) => info.name)) };
  return named.settings.has(name) ? "setting" : named.facts.has(name) ? "fact" : "measured";
}

/** Whether a column says beside its numbers how they differ from the baseline's; of others their tooltips do. @param {string} name @param {string} kind */
export function showsDifferences(name, kind) {
  return kind === "number" && sortOf(name) === "measured" && Boolean(userState.get().baseline);
}

/** @param {HTMLElement} cell @param {TableColumn} column @param {number} item @param {number} baseline @param {number} best */
function fillValue(cell, column, item, baseline, best) {
  const isNumber = column.kind === "number";
  const isBest = isNumber && column.values[item] === best;
  const delta = baseline >= 0 ? againstBaseline(column, item, baseline) : null;
  const exact = cellTitle(column, item);
  const title = delta ? `${exact}\n${delta.difference} ${delta.percent} against the baseline` : isBest ? `${exact} · best of the list` : exact;
  const text = isNumber ? alignedNumber(cellText(column, item), decimalsOf(column)) : cellText(column, item);
  const isMeasured = baseline >= 0 && showsDifferences(column.name, column.kind);
  cell.classList.toggle("best", isBest);
  cell.classList.toggle("no-delta", isMeasured && !delta);
  cell.classList.toggle("same", baseline >= 0 && item !== baseline && sortOf(column.name) === "setting" && exact === cellTitle(column, baseline));
  if (!isMeasured || !delta) {
    setText(cell, text, title);
    return;
  }
  const better = betterDirection(column.name) * delta.direction;
  cell.title = title;
  cell.replaceChildren(text, h("small", { className: `delta ${better > 0 ? "better" : better < 0 ? "worse" : ""}` }, [delta.difference, delta.percent].filter(Boolean).join(" · ")));
}

/** Cells that are more than a value. @param {string} id @param {TableData} data @param {string} run @param {number} item @returns {{children: (Node | string)[], title?: string} | null} */
function specialCell(id, data, run, item) {
  const column = /** @type {TableColumn} */ (data.columns.get(id));
  if (id === "state" && !isMissing(column, item)) {
    const state = textAt(column, item);
    const sign = h("span", { className: `run-state ${state}` }, h("span", { "aria-hidden": "true" }, STATE_SIGNS[state] ?? "·"), ` ${state}`);
    return { children: [sign], title: stateReason(state, lastHeard(data, item), Date.now() / 1000) };
  }
  if (id === "tags") return { children: (runEntry(run).tags ?? []).map((tag) => h("span", { className: "run-tag" }, tag)) };
  if (id === "name") return { children: [displayName(run)] };
  if (id === "note") return { children: [(runEntry(run).note ?? "").split("\n")[0]], title: runEntry(run).note ?? "" };
  return null;
}

/** @param {HTMLElement} cell @param {string} text @param {string} title */
function setText(cell, text, title) {
  if (cell.firstElementChild || cell.textContent !== text) cell.textContent = text;
  if (cell.title !== title) cell.title = title;
}
