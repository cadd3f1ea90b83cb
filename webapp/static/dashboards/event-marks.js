/** Events of the drawn runs as marks on a chart's axis, and which kinds of them are drawn. */

import { nearestIndex, xOf } from "../lib/series.js";
import { events } from "../state/events.js";
import * as store from "../state/store.js";
import { displayName } from "../state/user-state.js";
import { toggle } from "../ui/controls.js";
import { h } from "../ui/dom.js";
import { rowOf } from "./run-lines.js";

/** @typedef {import("../lib/types.js").XAxis} XAxis */
/** @typedef {import("../lib/types.js").Mark} Mark */
/** @typedef {import("../lib/types.js").Series} Series */
/** @typedef {import("../state/events.js").RunEvent} RunEvent */

const ENDS = ["start", "stop"]; // every run has them, where its line begins and ends
const KINDS = ["restart", "checkpoint", "note", "alert", "text"];

/**
 * @param {XAxis} axis @param {string[]} runs drawn in the chart
 * @param {{series: Series}[]} [lines] those of the chart: they tell where a step lies on an axis that is none of steps
 * @returns {Mark[]} in order of x
 */
export function marksOf(axis, runs, lines = []) {
  const all = events.get();
  if (all.length === 0) return [];
  const drawn = new Set(runs.flatMap((run) => [run, rowOf(run)]));
  const hidden = store.hiddenMarks.get();
  const seriesOf = new Map(lines.map(({ series }) => [series.run, series]));
  /** @type {Mark[]} */
  const marks = [];
  for (const event of all) {
    const { run, kind, text, annotation } = event;
    const shown = KINDS.includes(kind) ? kind : "text";
    if ((run && !drawn.has(run)) || hidden.has(shown) || ENDS.includes(kind)) continue;
    const x = placeOf(event, axis, (run === null ? lines[0]?.series : seriesOf.get(run)) ?? null);
    if (x !== null) marks.push({ x, kind: shown, text: kind === shown ? text : `${kind} ${text}`.trim(), run: run ? displayName(run) : undefined, note: annotation });
  }
  return marks.sort((a, b) => a.x - b.x);
}

/** Where an event lies on the axis; null where nothing tells. @param {RunEvent} event @param {XAxis} axis @param {Series | null} series of the run */
function placeOf({ run, step, wall_time: wall }, axis, series) {
  if (axis === "step") return step;
  if (axis === "wall" && wall !== null) return wall;
  const start = run === null ? null : store.catalog.get().byName.get(run)?.start ?? null;
  if (axis === "relative" && wall !== null && start !== null) return wall - start;
  return series && placeInSeries(series, axis, step);
}

/** Where the series was at a step; null before it began and after it ended. @param {Series} series @param {XAxis} axis @param {number} step */
function placeInSeries(series, axis, step) {
  const nearest = nearestIndex(series.step, step);
  const { column, offset } = xOf(series, axis);
  if (nearest < 0 || column.length !== series.step.length) return null;
  return step < series.step[0] || step > series.step[series.step.length - 1] ? null : column[nearest] + offset;
}

/** One switch for each kind of event. */
export function markToggles() {
  const buttons = KINDS.map((kind) => {
    const button = toggle(kind, `Draw events of this kind on the axis: ${kind}`);
    button.addEventListener("input", () => store.hiddenMarks.set(store.toggled(store.hiddenMarks.get(), kind)));
    return button;
  });
  const show = () => buttons.forEach((button, index) => (button.value = !store.hiddenMarks.get().has(KINDS[index])));
  store.hiddenMarks.subscribe(show);
  show();
  return h("div", {}, h("span", { className: "quiet" }, "Events on the axis"), h("div", { className: "menu-flags" }, ...buttons));
}
