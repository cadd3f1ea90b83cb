/** What the charts of the page draw: rows, their colours, which of them the brushes let through, and axes. */

import { isMissing } from "../../lib/table-data.js";
import { makeAxis } from "../../lib/parallel-axis.js";
import { brushMatch } from "../../state/brush.js";
import { unbrushedRuns } from "../../state/listed-runs.js";
import { table } from "../../state/run-table.js";
import * as store from "../../state/store.js";
import { displayName } from "../../state/user-state.js";
import { hparamColumn } from "./choices.js";
import { colorsOf } from "./colors.js";

/** @typedef {import("../../charts/parallel-paint.js").ParallelModel} ParallelModel */
/** @typedef {import("../../lib/column-list.js").ColumnsAnswer} ColumnsAnswer */
/** @typedef {import("./toolbar.js").Shown} Shown */

/**
 * @param {ColumnsAnswer} known @param {Shown} shown @param {ReturnType<typeof import("../../ui/ink.js").readInk>} ink
 * @returns {{model: ParallelModel, colors: import("./colors.js").Colors, bare: number}} the model without axes; `bare`: runs without a value on any of these axes
 */
export function chartModel(known, shown, ink) {
  const { runs, columns } = table.get();
  const drawn = unbrushedRuns();
  const all = runs.flatMap((run, row) => (drawn.has(run) ? [row] : []));
  const told = all.filter(hasHparam(known, shown));
  const rows = store.bareRuns.get() || told.length === 0 ? all : told;
  const match = brushMatch.get();
  const passing = Uint8Array.from(runs, (run) => Number(match.empty || match.test(run)));
  const colors = colorsOf(columns.get(shown.colorBy), rows, runs, ink.dark);
  const shades = new Map(rows.map((row) => [row, colors.colorOf(row)]));
  const model = {
    axes: [], rows, brushes: store.brushes.get(), ink, colorOf: (/** @type {number} */ row) => shades.get(row) ?? ink.label,
    passes: (/** @type {number} */ row) => passing[row] === 1, labelOf: (/** @type {number} */ row) => displayName(runs[row]),
  };
  return { model, colors, bare: all.length - told.length };
}

/** Whether a run has one of the hyperparameters that are shown: a line that is missing everywhere tells nothing. @param {ColumnsAnswer} known @param {Shown} shown @returns {(row: number) => boolean} */
function hasHparam(known, shown) {
  const names = new Set(known.hparams.map(({ name }) => hparamColumn(known, name)));
  const columns = [...new Set([...shown.axes, ...shown.matrix])].filter((name) => names.has(name)).flatMap((name) => table.get().columns.get(name) ?? []);
  return (row) => columns.length === 0 || columns.some((column) => !isMissing(column, row));
}

/** Axes of the columns that are there. @param {readonly string[]} names @param {boolean} turned whether those that people flipped stand upside down */
export function axesOf(names, turned) {
  const { columns } = table.get();
  return names.flatMap((name) => {
    const column = columns.get(name);
    return column && !column.error ? [makeAxis(column, store.axisScales.get().get(name), turned && store.flippedAxes.get().has(name))] : [];
  });
}
