/** The dialogs of the run table, opened with what they show; they themselves are loaded when first asked for. */

import { betterDirection } from "../../lib/best.js";
import { againstBaseline, cellText, cellTitle } from "../../lib/cell-text.js";
import { quoteName, scalarColumn } from "../../lib/column-list.js";
import { EMPTY_TABLE, isMissing, withAnswer } from "../../lib/table-data.js";
import { exportTable, fetchTable } from "../../state/api.js";
import { knownColumns, rereadColumns } from "../../state/run-table.js";
import * as store from "../../state/store.js";
import { changeRun, changeState, displayName, runEntry, userState } from "../../state/user-state.js";
import { runColors } from "../run-colors.js";

/** @typedef {import("../../lib/table-data.js").TableData} TableData */
/** @typedef {import("../../ui/table/compare.js").Section} Section */

const BUILT_IN = ["state", "start", "duration", "last_step", "points"];

/** What the dialogs show of every run: hyperparameters, best and last values, texts. */
function sections() {
  const known = knownColumns.get();
  const best = (/** @type {string} */ tag) => (betterDirection(tag) > 0 ? ["max"] : betterDirection(tag) < 0 ? ["min"] : []);
  return [
    { title: "Run", names: BUILT_IN },
    { title: "Hyperparameters", names: (known?.hparams ?? []).map(({ name }) => quoteName(name)) },
    { title: "Values", names: (known?.scalars ?? []).flatMap((tag) => [...best(tag), "last"].map((field) => scalarColumn(tag, field))) },
    { title: "Texts", names: (known?.texts ?? []).map(quoteName) },
  ];
}

/** @param {string[]} names @returns {Promise<TableData>} */
async function readColumns(names) {
  return withAnswer(EMPTY_TABLE, await fetchTable(names)) ?? EMPTY_TABLE;
}

/**
 * Rows of a table of some runs, side by side.
 *
 * @param {TableData} data @param {string[]} runs @param {string | null} baseline
 * @returns {Section[]}
 */
function compared(data, runs, baseline) {
  const rows = runs.map((run) => data.rows.get(run) ?? -1);
  const reference = baseline === null ? -1 : (data.rows.get(baseline) ?? -1);
  return sections().map(({ title, names }) => ({
    title,
    rows: names.flatMap((name) => {
      const column = data.columns.get(name);
      if (!column || column.error || rows.every((row) => row < 0 || isMissing(column, row))) return [];
      const best = bestOf(column, rows);
      const cells = rows.map((row) => {
        if (row < 0) return { text: "", title: "", delta: "", best: false };
        const delta = reference >= 0 ? againstBaseline(column, row, reference) : null;
        return { text: cellText(column, row), title: cellTitle(column, row), delta: delta ? [delta.difference, delta.percent].filter(Boolean).join(" · ") : "", best: column.values[row] === best };
      });
      return [{ name: column.title, differs: new Set(cells.map((cell) => cell.title)).size > 1, cells }];
    }),
  })).filter(({ rows: found }) => found.length > 0);
}

/** @param {import("../../lib/table-frame.js").TableColumn} column @param {number[]} rows */
function bestOf(column, rows) {
  const direction = betterDirection(column.name);
  if (direction === 0 || column.kind !== "number" || rows.length < 2) return NaN;
  const values = rows.filter((row) => row >= 0).map((row) => column.values[row]).filter((value) => !Number.isNaN(value));
  return values.length === 0 ? NaN : direction > 0 ? Math.max(...values) : Math.min(...values);
}

/** Name, colour, tags, note and every value of one run. @param {string} run */
export async function openRun(run) {
  const { showRun } = await import("../../ui/table/run-details.js");
  const entry = runEntry(run);
  const names = sections().flatMap((section) => section.names);
  showRun({
    run, name: entry.name ?? "", color: runColors()(run), tags: entry.tags ?? [], note: entry.note ?? "", baseline: userState.get().baseline === run,
    sections: readColumns(names).then((data) => compared(data, [run], userState.get().baseline)),
    onName: (name) => changeRun(run, "name", name || null),
    onColor: (color) => changeRun(run, "color", color),
    onTags: (tags) => changeRun(run, "tags", tags.length ? tags : null).then(() => rereadColumns(["tags"])),
    onNote: (note) => changeRun(run, "note", note.trim() ? note : null).then(() => rereadColumns(["note"])),
    onBaseline: (on) => changeState([{ path: ["baseline"], value: on ? run : null }]),
  });
}

/** Some runs side by side. @param {string[]} runs */
export async function compareRuns(runs) {
  const { showComparison } = await import("../../ui/table/compare.js");
  const { baseline } = userState.get();
  const ordered = baseline && runs.includes(baseline) ? [baseline, ...runs.filter((run) => run !== baseline)] : runs;
  const colorOf = runColors();
  const names = sections().flatMap((section) => section.names);
  showComparison({
    runs: ordered.map((run) => ({ run, name: displayName(run), color: colorOf(run), baseline: run === baseline })),
    sections: readColumns(names).then((data) => compared(data, ordered, baseline)),
    notes: ordered.map((run) => runEntry(run).note ?? ""),
  });
}

/** A tag put on runs, or taken from those that all have it. @param {string[]} runs @param {string} tag */
export function toggleTag(runs, tag) {
  const everywhere = runs.every((run) => (runEntry(run).tags ?? []).includes(tag));
  const value = (/** @type {string} */ run) => {
    const others = (runEntry(run).tags ?? []).filter((known) => known !== tag);
    return everywhere ? (others.length ? others : null) : [...others, tag];
  };
  return changeState(runs.map((run) => ({ path: ["runs", run, "tags"], value: value(run) }))).then(() => rereadColumns(["tags"]));
}

/** Which columns there are to choose from, for the dialog that does it. @param {readonly string[]} chosen @param {(names: string[]) => void} onChoose */
export async function chooseColumns(chosen, onChoose) {
  const { showColumns } = await import("../../ui/table/column-chooser.js");
  const known = knownColumns.get();
  showColumns({
    builtin: (known?.builtin ?? []).map(({ name, title }) => ({ name, title })),
    hparams: (known?.hparams ?? []).map(({ name, differs }) => ({ name: quoteName(name), title: name, differs })),
    scalars: known?.scalars ?? [], texts: known?.texts ?? [], chosen, onChoose,
  });
}

/** The table as a file. @param {string} format @param {string[]} columns @param {string[]} runs */
export async function downloadTable(format, columns, runs) {
  const { baseline } = userState.get();
  const blob = await exportTable({ columns: ["name", ...columns.filter((name) => name !== "name")], runs, format, ...(baseline ? { baseline } : {}) });
  const link = document.createElement("a");
  const endings = /** @type {Record<string, string>} */ ({ markdown: "md", latex: "tex" });
  link.href = URL.createObjectURL(blob);
  link.download = `runs.${endings[format] ?? format}`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Layouts of the table that people saved, by name. */
export const savedLayouts = () => userState.get().columns;

/** @param {string} name @param {object | null} layout null takes it away */
export function saveLayout(name, layout) {
  return changeState([{ path: ["columns", name], value: layout }]);
}

/** @param {string} name */
export function useLayout(name) {
  const layout = savedLayouts()[name];
  if (!layout || !Array.isArray(layout.columns)) return;
  store.tableColumns.set(layout.columns);
  if (Array.isArray(layout.sort)) store.runOrder.set(layout.sort);
}
