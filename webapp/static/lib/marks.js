/** Events as marks on a chart's axis: where they lie, on the page and in reports. */

import { nearestIndex, xOf } from "./series.js";

/** @typedef {import("./types.js").XAxis} XAxis */
/** @typedef {import("./types.js").Mark} Mark */
/** @typedef {import("./types.js").Series} Series */

/**
 * @typedef {{run: string | null, step: number | null, wall_time: number | null, kind: string, text: string, annotation?: import("./state-changes.js").Annotation}} MarkedEvent
 *
 * @typedef {object} Surroundings
 * @property {(run: string) => boolean} isDrawn
 * @property {(kind: string) => boolean} isHidden
 * @property {(run: string) => number | null} startOf wall time of the run's first event, seconds
 * @property {(run: string) => string} labelOf
 */

export const MARK_KINDS = ["restart", "checkpoint", "note", "alert", "text"];
const ENDS = ["start", "stop"]; // every run has them, where its line begins and ends

/**
 * @param {readonly MarkedEvent[]} events @param {XAxis} axis
 * @param {{series: Series}[]} lines those of the chart: they tell where a step lies on an axis that is none of steps
 * @param {Surroundings} around
 * @returns {Mark[]} in order of x
 */
export function marksAmong(events, axis, lines, { isDrawn, isHidden, startOf, labelOf }) {
  const seriesOf = new Map(lines.map(({ series }) => [series.run, series]));
  /** @type {Mark[]} */
  const marks = [];
  for (const event of events) {
    const { run, kind, text, annotation } = event;
    const shown = MARK_KINDS.includes(kind) ? kind : "text";
    if ((run !== null && !isDrawn(run)) || isHidden(shown) || ENDS.includes(kind)) continue;
    const x = placeOf(event, axis, (run === null ? lines[0]?.series : seriesOf.get(run)) ?? null, run === null ? null : startOf(run));
    if (x !== null) marks.push({ x, kind: shown, text: kind === shown ? text : `${kind} ${text}`.trim(), run: run === null ? undefined : labelOf(run), note: annotation });
  }
  return marks.sort((a, b) => a.x - b.x);
}

/** Where an event lies on the axis; null where nothing tells. @param {MarkedEvent} event @param {XAxis} axis @param {Series | null} series of the run @param {number | null} start */
function placeOf({ step, wall_time: wall }, axis, series, start) {
  if (axis === "step") return step;
  if (axis === "wall" && wall !== null) return wall;
  if (axis === "relative" && wall !== null && start !== null) return wall - start;
  return series && step !== null ? placeInSeries(series, axis, step) : null;
}

/** Where the series was at a step; null before it began and after it ended. @param {Series} series @param {XAxis} axis @param {number} step */
function placeInSeries(series, axis, step) {
  const nearest = nearestIndex(series.step, step);
  const { column, offset } = xOf(series, axis);
  if (nearest < 0 || column.length !== series.step.length) return null;
  return step < series.step[0] || step > series.step[series.step.length - 1] ? null : column[nearest] + offset;
}
