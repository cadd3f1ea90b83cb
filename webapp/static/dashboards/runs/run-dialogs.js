/** The dialogs of the run table, opened with what they show; they themselves are loaded when first asked for. */

import { quoteName } from "../../lib/column-list.js";
import { exportTable, fetchFiles, fetchTable } from "../../state/api.js";
import { rereadColumns, whenColumnsKnown } from "../../state/run-table.js";
import * as store from "../../state/store.js";
import { changeRun, changeState, displayName, runEntry, userState } from "../../state/user-state.js";
import { saveBlob } from "../../ui/save-blob.js";
import { showMarkdown } from "../markdown.js";
import { runColors } from "../run-colors.js";
import { compareValues } from "./comparison.js";

/** Name, colour, tags, note and every value of one run. @param {string} run */
export async function openRun(run) {
  const { showRun } = await import("../../ui/table/run-details.js");
  const entry = runEntry(run);
  showRun({
    run, name: entry.name ?? "", color: runColors()(run), tags: entry.tags ?? [], note: entry.note ?? "", baseline: userState.get().baseline === run,
    sections: compareValues([run], userState.get().baseline),
    onName: (name) => changeRun(run, "name", name || null),
    onColor: (color) => changeRun(run, "color", color),
    onTags: (tags) => changeRun(run, "tags", tags.length ? tags : null).then(() => rereadColumns(["tags"])),
    onNote: (note) => changeRun(run, "note", note.trim() ? note : null).then(() => rereadColumns(["note"])),
    showNote: showMarkdown,
    onBaseline: (on) => changeState([{ path: ["baseline"], value: on ? run : null }]),
    onFiles: () => openFiles(run),
  });
}

/** The event files of a run. @param {string} run */
export async function openFiles(run) {
  (await import("../../ui/files-panel.js")).showFiles(run, () => fetchFiles(run));
}

/** Some runs side by side. @param {string[]} runs */
export async function compareRuns(runs) {
  const { showComparison } = await import("../../ui/table/compare.js");
  const { baseline } = userState.get();
  const ordered = baseline && runs.includes(baseline) ? [baseline, ...runs.filter((run) => run !== baseline)] : runs;
  const colorOf = runColors();
  showComparison({
    runs: ordered.map((run) => ({ run, name: displayName(run), color: colorOf(run), baseline: run === baseline })),
    sections: compareValues(ordered, baseline),
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

/** Which columns there are to choose from, for the dialog that does it. @param {import("./run-table.js").RunTable} place */
export async function chooseColumns({ columns, setColumns, resetColumns }) {
  const { showColumns } = await import("../../ui/table/column-chooser.js");
  const known = await whenColumnsKnown();
  const names = () => columns().map(({ name }) => name);
  showColumns({
    builtin: known.builtin.map(({ name, title }) => ({ name, title })),
    hparams: known.hparams.map(({ name, differs }) => ({ name: quoteName(name), title: name, differs })),
    scalars: known.scalars, texts: known.texts, chosen: names(), onChoose: setColumns,
    onReset: () => (resetColumns(), names()),
    check: (formula) => fetchTable([formula]).then((answer) => answer.columns[0].error, (error) => ({ message: error.message, start: 0, end: 0 })),
  });
}

/** The table as a file. @param {string} format @param {string[]} columns @param {string[]} runs */
export async function downloadTable(format, columns, runs) {
  const { baseline } = userState.get();
  const blob = await exportTable({ columns: ["name", ...columns.filter((name) => name !== "name")], runs, format, ...(baseline ? { baseline } : {}) });
  saveBlob(blob, `runs.${/** @type {Record<string, string>} */ ({ markdown: "md", latex: "tex" })[format] ?? format}`);
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
