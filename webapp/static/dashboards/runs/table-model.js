/** What the run table shows: runs in order and in groups, columns with their cells. */

import { bestValue, betterDirection } from "../../lib/best.js";
import { againstBaseline, cellText, cellTitle } from "../../lib/cell-text.js";
import { defaultColumns } from "../../lib/column-list.js";
import { alignedTo, isMissing, textAt } from "../../lib/table-data.js";
import { orderedRows } from "../../lib/table-order.js";
import { groups, grouping } from "../../state/grouping.js";
import { drawnVersion, listedRuns } from "../../state/listed-runs.js";
import { knownColumns, table } from "../../state/run-table.js";
import * as store from "../../state/store.js";
import { displayName, runEntry, userState } from "../../state/user-state.js";
import { h } from "../../ui/dom.js";
import { STATE_SIGNS } from "../../ui/table/run-lead.js";

/** @typedef {import("../../lib/column-list.js").ShownColumn} ShownColumn */
/** @typedef {import("../../lib/table-data.js").TableColumn} TableColumn */
/** @typedef {import("../../ui/table/grid.js").GridColumn} GridColumn */
/** @typedef {{name: string, members: number[]}} RowGroup */

/** @type {Record<string, number>} */
const WIDTHS = { number: 92, text: 130, bool: 64, time: 146, duration: 96 };
const DELTA = 96; // more room for what differs from the baseline
const NARROW = 80; // beside the charts

/** @typedef {{runs: string[], data: import("../../lib/table-data.js").TableData}} Aligned */
/** @type {{table: unknown, names: unknown, data: import("../../lib/table-data.js").TableData}} */
let aligned = { table: null, names: null, data: table.get() };

/** The table with its rows in the order of the catalog: a row's number is the run's place there. */
export function alignedTable() {
  const { names } = store.catalog.get();
  if (aligned.table !== table.get() || aligned.names !== names) aligned = { table: table.get(), names, data: alignedTo(table.get(), names) };
  return aligned.data;
}

/** The columns to show: those chosen, else those that fit most. @param {readonly ShownColumn[] | null} chosen @param {boolean} compact @returns {readonly ShownColumn[]} */
export function shownColumns(chosen, compact) {
  const known = knownColumns.get();
  return chosen ?? (known ? defaultColumns(known, compact) : []);
}

/** @returns {Int32Array} places of the runs that are listed, in order */
export function listedRows() {
  const { columns, rows } = alignedTable();
  const listed = Int32Array.from(listedRuns(), (run) => rows.get(run.name) ?? -1);
  const keys = store.runOrder.get().flatMap(({ name, descending }) => {
    const column = columns.get(name);
    return column ? [{ column, descending }] : [];
  });
  return orderedRows(listed, keys);
}

/** Rows by group, each in the order of the rows; runs that are not drawn stand below. @param {Int32Array} rows @returns {RowGroup[] | null} null without groups */
export function groupedRows(rows) {
  if (!grouping.get() || groups.get().length === 0) return null;
  const { names } = store.catalog.get();
  const groupOf = new Map(groups.get().flatMap(({ runs }, group) => runs.map((run) => [run, group])));
  /** @type {RowGroup[]} */
  const found = groups.get().map(({ name }) => ({ name, members: [] }));
  const rest = { name: "not drawn", members: /** @type {number[]} */ ([]) };
  for (const row of rows) (found[groupOf.get(names[row]) ?? -1] ?? rest).members.push(row);
  return [...found, rest].filter(({ members }) => members.length > 0);
}

/** What stands in the lines of the grid. @param {Int32Array} rows @param {RowGroup[] | null} grouped @returns {Int32Array} */
export function gridItems(rows, grouped) {
  if (!grouped) return rows;
  const folded = store.foldedGroups.get();
  return Int32Array.from(grouped.flatMap(({ name, members }, group) => [-1 - group, ...(folded.has(name) ? [] : members)]));
}

/** @param {ShownColumn} shown @param {boolean} compact @returns {GridColumn} */
export function gridColumn({ name, width, pinned }, compact) {
  const column = table.get().columns.get(name);
  const keys = store.runOrder.get();
  const place = keys.findIndex((key) => key.name === name);
  const kind = column?.kind ?? "number";
  const title = column?.title ?? name.replaceAll("`", "");
  const roomy = Math.min(190, Math.max(WIDTHS[kind], Math.round(7.2 * title.length) + 44)) + (kind === "number" && userState.get().baseline ? DELTA : 0);
  const usual = compact ? Math.min(WIDTHS[kind], NARROW) : roomy;
  const better = { "1": "\nHigher is better", "-1": "\nLower is better", 0: "" }[betterDirection(name)] ?? "";
  return {
    id: name, title, width: width ?? usual, pinned: Boolean(pinned), numeric: kind === "number" || kind === "duration",
    hint: column?.error ? `${name}\n${column.error.message}` : `${title}${kind === "number" ? better : ""}`,
    order: place < 0 ? null : { descending: keys[place].descending, place: keys.length > 1 ? place + 1 : 1 },
  };
}

/** Fills cells of the table as it is now. @param {Int32Array} rows among which the best value is looked for @returns {(cell: HTMLElement, column: GridColumn, item: number) => void} */
export function cellFiller(rows) {
  const { columns } = alignedTable();
  const { names, byName } = store.catalog.get();
  const reference = userState.get().baseline;
  const baseline = reference && byName.has(reference) ? names.indexOf(reference) : -1;
  /** @type {Map<string, number>} */
  const best = new Map();
  return (cell, { id }, item) => {
    const column = columns.get(id);
    const children = column && !column.error ? special(id, column, names[item], item) : null;
    cell.classList.remove("best");
    if (!column || column.error) {
      setText(cell, column?.error ? "⚠" : "…", column?.error?.message ?? "");
    } else if (children) {
      cell.replaceChildren(...children);
      cell.title = cell.textContent ?? "";
    } else {
      if (!best.has(id)) best.set(id, bestValue(column, rows));
      fillValue(cell, column, item, baseline, best.get(id) ?? NaN);
    }
  };
}

/** @param {HTMLElement} cell @param {TableColumn} column @param {number} item @param {number} baseline @param {number} best */
function fillValue(cell, column, item, baseline, best) {
  const isBest = column.kind === "number" && column.values[item] === best;
  const delta = baseline >= 0 ? againstBaseline(column, item, baseline) : null;
  const title = cellTitle(column, item);
  const text = cellText(column, item);
  cell.classList.toggle("best", isBest);
  if (!delta) {
    setText(cell, text, isBest ? `${title} · best of the list` : title);
    return;
  }
  const better = betterDirection(column.name) * delta.direction;
  cell.title = `${title}\n${delta.difference} ${delta.percent} against the baseline`;
  cell.replaceChildren(text, h("small", { className: `delta ${better > 0 ? "better" : better < 0 ? "worse" : ""}` }, [delta.difference, delta.percent].filter(Boolean).join(" · ")));
}

/** Cells that are more than a text. @param {string} id @param {TableColumn} column @param {string} run @param {number} item @returns {(Node | string)[] | null} */
function special(id, column, run, item) {
  if (id === "state" && !isMissing(column, item)) {
    const state = textAt(column, item);
    return [h("span", { className: `run-state ${state}` }, h("span", { "aria-hidden": "true" }, STATE_SIGNS[state] ?? "·"), ` ${state}`)];
  }
  if (id === "tags") return (runEntry(run).tags ?? []).map((tag) => h("span", { className: "run-tag" }, tag));
  if (id === "name") return [displayName(run)];
  if (id === "note") return [(runEntry(run).note ?? "").split("\n")[0]];
  return null;
}

/** @param {HTMLElement} cell @param {string} text @param {string} title */
function setText(cell, text, title) {
  if (cell.firstElementChild || cell.textContent !== text) cell.textContent = text;
  if (cell.title !== title) cell.title = title;
}

/** Everything the rows depend on, besides the columns. */
export const ROW_ATOMS = [drawnVersion, table, knownColumns, store.runOrder, store.foldedGroups, groups, grouping, userState];
