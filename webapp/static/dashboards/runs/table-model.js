/** What the run table shows: runs in order and in groups, and which columns. */

import { betterDirection } from "../../lib/best.js";
import { defaultColumns } from "../../lib/column-list.js";
import { titleWidth } from "../../lib/run-names.js";
import { alignedTo } from "../../lib/table-data.js";
import { orderedRows } from "../../lib/table-order.js";
import { groups, grouping } from "../../state/grouping.js";
import { drawnVersion, listedRuns } from "../../state/listed-runs.js";
import { knownColumns, table } from "../../state/run-table.js";
import * as store from "../../state/store.js";
import { userState } from "../../state/user-state.js";
import { showsDifferences } from "./run-cells.js";

/** @typedef {import("../../lib/column-list.js").ShownColumn} ShownColumn */
/** @typedef {import("../../ui/table/grid.js").GridColumn} GridColumn */
/** @typedef {{name: string, members: number[]}} RowGroup */

/** @type {Record<string, number>} */
const WIDTHS = { number: 84, text: 104, bool: 64, time: 146, duration: 96 };
const DELTA = 110; // more room for what differs from the baseline
const NARROW = 70; // beside the charts: seven bold digits
const PHONE = 720; // pixels, of the page
const CHARACTER = 6.7; // pixels, in a title

/** @typedef {{runs: string[], data: import("../../lib/table-data.js").TableData}} Aligned */
/** @type {{table: unknown, names: unknown, data: import("../../lib/table-data.js").TableData}} */
let aligned = { table: null, names: null, data: table.get() };

/** The table with its rows in the order of the catalog: a row's number is the run's place there. */
export function alignedTable() {
  const { names } = store.catalog.get();
  if (aligned.table !== table.get() || aligned.names !== names) aligned = { table: table.get(), names, data: alignedTo(table.get(), names) };
  return aligned.data;
}

/** The columns to show: those chosen, else those that fit most; on a phone the state is a sign beside the name. @param {readonly ShownColumn[] | null} chosen @param {boolean} compact @returns {readonly ShownColumn[]} */
export function shownColumns(chosen, compact) {
  const known = knownColumns.get();
  if (chosen || !known) return chosen ?? [];
  const usual = defaultColumns(known, compact, store.catalog.get().countOf);
  return innerWidth < PHONE ? usual.filter(({ name }) => name !== "state") : usual;
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
  const roomy = Math.min(190, Math.max(WIDTHS[kind], Math.round(CHARACTER * titleWidth(title)) + 32)) + (showsDifferences(name, kind) ? DELTA : 0);
  const usual = compact ? Math.min(WIDTHS[kind], NARROW) : roomy;
  const better = { "1": "\nHigher is better", "-1": "\nLower is better", 0: "" }[betterDirection(name)] ?? "";
  return {
    id: name, title, width: width ?? usual, pinned: Boolean(pinned), numeric: kind === "number" || kind === "duration",
    hint: column?.error ? `${name}\n${column.error.message}` : `${title}${kind === "number" ? better : ""}`,
    order: place < 0 ? null : { descending: keys[place].descending, place: keys.length > 1 ? place + 1 : 1 },
  };
}

/** Everything the rows depend on, besides the columns. */
export const ROW_ATOMS = [drawnVersion, table, knownColumns, store.runOrder, store.foldedGroups, groups, grouping, userState];
