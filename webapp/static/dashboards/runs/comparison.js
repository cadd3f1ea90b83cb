/** Everything that is known of some runs, line by line: what the dialogs of a run and of several show. */

import { bestValue, betterDirection } from "../../lib/best.js";
import { againstBaseline, cellText, cellTitle } from "../../lib/cell-text.js";
import { quoteName, scalarColumn } from "../../lib/column-list.js";
import { EMPTY_TABLE, isMissing, withAnswer } from "../../lib/table-data.js";
import { fetchTable } from "../../state/api.js";
import { whenColumnsKnown } from "../../state/run-table.js";
import * as store from "../../state/store.js";

/** @typedef {import("../../lib/table-data.js").TableData} TableData */
/** @typedef {import("../../lib/table-data.js").TableColumn} TableColumn */
/** @typedef {import("../../ui/table/compare.js").Section} Section */

const BUILT_IN = ["state", "start", "duration", "last_step", "points"];
const AT_ONCE = 500; // columns in one question

/** @param {string[]} runs @param {string | null} baseline @returns {Promise<Section[]>} */
export async function compareValues(runs, baseline) {
  const parts = sections(runs, await whenColumnsKnown());
  const data = await readColumns(parts.flatMap(({ names }) => names));
  const rows = runs.map((run) => data.rows.get(run) ?? -1);
  const reference = baseline === null ? -1 : (data.rows.get(baseline) ?? -1);
  const lines = (/** @type {string[]} */ names) => names.flatMap((name) => {
    const column = data.columns.get(name);
    return column && !column.error && rows.some((row) => row >= 0 && !isMissing(column, row)) ? [comparedRow(column, rows, reference)] : [];
  });
  return parts.map(({ title, names }) => ({ title, rows: lines(names), isText: title === "Texts" })).filter((section) => section.rows.length > 0);
}

/** Hyperparameters, best and last values, texts; scalars are those that one of the runs has. @param {string[]} runs @param {import("../../lib/column-list.js").ColumnsAnswer} known */
function sections(runs, known) {
  const tags = store.catalog.get().tagsOf(new Set(runs));
  const best = (/** @type {string} */ tag) => ({ "1": ["max"], "-1": ["min"], 0: [] })[betterDirection(tag)] ?? [];
  return [
    { title: "Run", names: BUILT_IN },
    { title: "Hyperparameters", names: known.hparams.map(({ name }) => quoteName(name)) },
    { title: "Values", names: known.scalars.filter((tag) => tags.has(tag)).flatMap((tag) => [...best(tag), "last"].map((field) => scalarColumn(tag, field))) },
    { title: "Texts", names: known.texts.map(quoteName) },
  ];
}

/** @param {string[]} names @returns {Promise<TableData>} */
async function readColumns(names) {
  let data = EMPTY_TABLE;
  for (let from = 0; from < names.length; from += AT_ONCE) {
    data = withAnswer(data, await fetchTable(names.slice(from, from + AT_ONCE))) ?? data;
  }
  return data;
}

/** @param {TableColumn} column @param {number[]} rows −1: the run is not in the table @param {number} reference @returns {import("../../ui/table/compare.js").ComparedRow} */
function comparedRow(column, rows, reference) {
  const best = bestValue(column, rows.filter((row) => row >= 0));
  const cells = rows.map((row) => {
    if (row < 0) return { text: "", title: "", delta: "", best: false };
    const delta = reference >= 0 ? againstBaseline(column, row, reference) : null;
    return { text: cellText(column, row), title: cellTitle(column, row), delta: delta ? [delta.difference, delta.percent].filter(Boolean).join(" · ") : "", best: column.values[row] === best };
  });
  const differs = new Set(cells.map(({ title }) => title)).size > 1;
  return { name: column.title, differs, cells: differs ? cells : cells.map((cell) => ({ ...cell, best: false })) };
}
