/** What the buttons of a view do: building and editing charts, the menus of cards and sections. */

import { axisTitle } from "../../lib/axis.js";
import { quoteName, scalarColumn } from "../../lib/column-list.js";
import * as edits from "../../lib/view-edits.js";
import { tidyChart } from "../../lib/view-file.js";
import { DASHES } from "../../charts/line-layers.js";
import { knownColumns } from "../../state/run-table.js";
import * as store from "../../state/store.js";
import { edit, openView } from "../../state/views.js";
import { readInk } from "../../ui/ink.js";
import { axisOfChart } from "./chart-model.js";
import { examplesOf } from "./empty-view.js";
import { showMenu } from "../../ui/questions.js";

/** @typedef {import("../../lib/view-file.js").Chart} Chart */
/** @typedef {import("../../lib/view-edits.js").Place} Place */
/** @typedef {import("./chart-card.js").ViewCard} ViewCard */

/**
 * @typedef {object} Preview where the builder shows the chart as it is now
 * @property {HTMLElement} element
 * @property {(chart: Chart) => void} use
 * @property {(shown: boolean) => void} show
 * @property {(listener: (formula: string, message: string, at: [number, number] | null) => void) => void} onMistake
 */

/** Builds a chart, or edits the one at a place. @param {Preview} preview @param {Place | null} place */
export async function buildChart(preview, place) {
  const { showBuilder } = await import("./chart-builder.js");
  const { view } = openView.get();
  if (!view) return;
  const known = knownColumns.get();
  const before = place && view.sections[place.section]?.charts[place.chart];
  const chart = before || /** @type {Chart} */ ({ type: "line", series: [] });
  preview.show(true);
  const builder = showBuilder({
    chart, fresh: !before, tags: store.catalog.get().tags, columns: columnNames(known), keys: (known?.hparams ?? []).map(({ name }) => name),
    examples: examplesOf(known), preview: preview.element,
    onPreview: (next) => preview.use({ ...next, columns: 1, rows: 1 }),
    onDone(next) {
      preview.show(false);
      const now = openView.get().view;
      if (!next || !now) return;
      edit(before && place ? edits.replaceChart(now, place, next) : edits.addChart(now, next));
    },
  });
  preview.onMistake(builder.showProblem);
}

/** Every column by name: builtin ones, hyperparameters, and what is most asked of scalars. @param {import("../../lib/column-list.js").ColumnsAnswer | null} known */
function columnNames(known) {
  if (!known) return [];
  const scalars = known.scalars.flatMap((tag) => ["last", "max", "min", "mean"].map((field) => scalarColumn(tag, field)));
  return [...known.hparams.map(({ name }) => quoteName(name)), ...scalars, ...known.builtin.map(({ name }) => name)];
}

/** @param {ViewCard} card @param {Place} place @param {HTMLElement} button */
export function openCardMenu(card, place, button) {
  const change = (/** @type {(view: import("../../lib/view-file.js").View) => import("../../lib/view-file.js").View} */ next) => () => {
    const { view } = openView.get();
    if (view) edit(next(view));
  };
  const sections = openView.get().view?.sections ?? [];
  /** @type {([string, () => void] | null)[]} */
  const entries = [["Duplicate", change((view) => edits.duplicateChart(view, place))]];
  if (card.zoom.x || card.zoom.y) entries.push(["Keep this range", change((view) => edits.replaceChart(view, place, { ...card.spec, range: { x: card.zoom.x, y: card.zoom.y } }))]);
  if (card.spec.range) entries.push(["Forget the kept range", change((view) => edits.replaceChart(view, place, tidyChart({ ...card.spec, range: undefined })))]);
  if (card.picture()) entries.push(["Save picture …", () => void savePicture(card)]);
  sections.forEach(({ title, charts }, section) => {
    if (section !== place.section) entries.push([`Move to ${title || `section ${section + 1}`}`, change((view) => edits.moveChart(view, place, { section, chart: charts.length }))]);
  });
  entries.push(null, ["Remove from the view", change((view) => edits.removeChart(view, place))]);
  showMenu(button, entries);
}

/** @param {ViewCard} card */
async function savePicture(card) {
  const picture = card.picture();
  if (!picture) return;
  const { savePicture: save } = await import("../picture-dialog.js");
  const lines = /** @type {import("../../charts/line-frame.js").Line[]} */ (card.data?.lines ?? []);
  const legend = lines.filter(({ faint }) => !faint).map(({ label, color, series, dash = 0 }) => ({ label, color, dash: DASHES[(series.segment + dash) % DASHES.length] }));
  const axes = card.spec.type === "bar" ? { x: card.data?.axis.title } : card.spec.type === "line" ? { x: axisTitle(axisOfChart(card.spec, openView.get().view?.settings ?? {})), y: "", right: "" } : undefined;
  save({ ...picture, legend: picture.legend ?? legend, axes, ink: readInk(), name: picture.title });
}

/** @param {number} section @param {HTMLElement} button */
export function openSectionMenu(section, button) {
  const { view } = openView.get();
  if (!view) return;
  /** @type {([string, () => void] | null)[]} */
  const entries = [];
  if (section > 0) entries.push(["Move up", () => edit(edits.moveSection(view, section, -1))]);
  if (section < view.sections.length - 1) entries.push(["Move down", () => edit(edits.moveSection(view, section, 1))]);
  entries.push(["Remove section, keep its charts", () => edit(edits.removeSection(view, section))]);
  entries.push(["Remove section and charts", () => edit({ ...view, sections: view.sections.toSpliced(section, 1) })]);
  showMenu(button, entries);
}
