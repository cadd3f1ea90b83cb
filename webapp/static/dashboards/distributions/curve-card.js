/** A card of precision-recall or ROC curves: the runs' curves at the step cursor, a threshold for all of them, their figures. */

import { curveChart } from "../../charts/curve-chart.js";
import { valueId } from "../../lib/blob-frame.js";
import { nearestIndex } from "../../lib/series.js";
import { allThresholds, curvePoints, earlierPlaces } from "../../lib/threshold-curve.js";
import { blobError } from "../../state/blob-columns.js";
import { curveFlags, curveViews, modeOf, setCurveView, setThreshold, thresholds } from "../../state/curve-settings.js";
import { curveOf, curveVersion, retryCurves } from "../../state/curve-store.js";
import * as store from "../../state/store.js";
import { h } from "../../ui/dom.js";
import { readInk } from "../../ui/ink.js";
import { curveMenu } from "./curve-menu.js";
import { areaSteps } from "./curve-steps.js";
import { curveTable } from "./curve-table.js";
import { thresholdBar } from "./threshold-bar.js";

/** @typedef {import("../media/kind.js").CardHost} CardHost */
/** @typedef {import("../media/kind.js").CardRun} CardRun */
/** @typedef {import("../media/kind.js").KindCard} KindCard */
/** @typedef {import("../../charts/curve-frame.js").CurveLine} CurveLine */
/** @typedef {import("../../lib/threshold-curve.js").Curve} Curve */
/** @typedef {import("../../state/curve-settings.js").CurveKind} CurveKind */

/**
 * @typedef {object} RunCurve what a run has at the cursor
 * @property {CardRun} run
 * @property {Curve | null} curve null while it is on its way, where there is none and where it cannot be read
 * @property {string} problem what to say instead of a curve
 * @property {boolean} loading
 * @property {number} mark index of its threshold nearest to the cursor's; −1 where there is no curve
 */

const HEIGHT = 300;
const LEAST_HEIGHT = 220;
const MOST_EARLIER = 8; // steps drawn behind each curve
const MOST_FAINT = 120; // lines
const USUAL = 0.5; // the threshold nobody chose

/** @param {CurveKind} kind @param {CardHost} host @returns {KindCard} */
export function curveCard(kind, host) {
  const stage = h("div", { className: "curve-stage" });
  const bar = thresholdBar((threshold) => setThreshold(host.key, threshold));
  const table = curveTable((run) => store.highlighted.set(run));
  const notes = h("ul", { className: "curve-notes" });
  const steps = areaSteps(host);
  const left = h("div", { className: "curve-left" }, stage, bar.element);
  const right = h("div", { className: "curve-right" }, steps.element, notes);
  host.body.append(h("div", { className: "curve-card" }, left, right, table.element));
  /** @type {ReturnType<typeof curveChart> | null} */
  let chart = null;
  /** @type {RunCurve[]} */
  let shown = [];
  host.menu(curveMenu(host, () => chart, () => shown, () => modeOf(kind)));
  const show = () => {
    shown = runCurves(host);
    const { choices, threshold } = markThreshold(shown, thresholds.get().get(host.key) ?? USUAL);
    const mode = modeOf(kind);
    notes.replaceChildren(...notesOf(shown));
    steps.update(mode);
    right.hidden = steps.element.hidden && notes.childElementCount === 0; // the curve has its room then
    const options = { mode, ...sizeOf(left), guides: !curveFlags.get().has("bare"), view: curveViews.get().get(host.key) ?? { x: null, y: null }, ink: readInk() };
    const lines = [...earlierLines(host, shown, mode), ...latestLines(shown, mode)];
    stage.style.height = `${options.height}px`;
    if (chart) chart.update(lines, options);
    else chart = curveChart(stage, lines, options, chartEvents(host, bar, () => shown));
    bar.show(choices, threshold);
    table.show(shown, mode);
  };
  const leave = [
    ...[thresholds, curveFlags, curveViews, curveVersion].map((atom) => atom.subscribe(() => host.redraw())),
    store.highlighted.subscribe((run) => chart?.highlight(run)),
  ];
  return {
    update() {
      const failed = host.runs().length ? blobError(host.kind, host.tag) : null;
      host.say(failed, retryCurves);
      if (!failed) show();
    },
    ready: () => shown.every(({ loading }) => !loading) && steps.ready(),
    destroy() {
      for (const stop of leave) stop();
      steps.destroy();
      chart?.destroy();
    },
  };
}

/** Which thresholds there are, which of them is meant, and where it lies on each curve. @param {RunCurve[]} shown @param {number} wanted */
function markThreshold(shown, wanted) {
  const choices = allThresholds(shown.flatMap(({ curve }) => curve ?? []));
  const threshold = choices.length ? choices[nearestIndex(choices, wanted)] : NaN;
  for (const one of shown) one.mark = one.curve ? nearestIndex(one.curve.columns.thresholds, threshold) : -1;
  return { choices, threshold };
}

/** @param {RunCurve[]} shown @param {import("../../lib/threshold-curve.js").CurveMode} mode @returns {CurveLine[]} */
function latestLines(shown, mode) {
  return shown.flatMap(({ run, curve, mark }) => (curve ? [lineOf(run, curve, mode, { alpha: 1, mark })] : []));
}

/** @param {HTMLElement} left */
function sizeOf(left) {
  const width = Math.max(200, Math.floor(left.clientWidth));
  return { width, height: Math.max(LEAST_HEIGHT, Math.min(HEIGHT, Math.round(width * 0.8))) };
}

/** @param {CardHost} host @returns {RunCurve[]} */
function runCurves(host) {
  return host.runs().map((run) => {
    const values = host.values(run.name);
    if (!values) return { run, curve: null, problem: "", loading: true, mark: -1 };
    const index = host.at(run.name);
    if (index < 0) return { run, curve: null, problem: "no value", loading: false, mark: -1 };
    const found = curveOf(host.kind, host.tag, run.name, valueId(values, index));
    if (!found) return { run, curve: null, problem: "", loading: true, mark: -1 };
    return "error" in found ? { run, curve: null, problem: found.error, loading: false, mark: -1 } : { run, curve: found, problem: "", loading: false, mark: -1 };
  });
}

/** @param {CardRun} run @param {Curve} curve @param {import("../../lib/threshold-curve.js").CurveMode} mode @param {{alpha: number, mark: number}} look @returns {CurveLine} */
function lineOf(run, curve, mode, look) {
  return { run: run.name, label: run.label, color: run.color, ...curvePoints(curve, mode), ...look };
}

/** Curves of earlier steps, the nearer the clearer. @param {CardHost} host @param {RunCurve[]} shown @param {import("../../lib/threshold-curve.js").CurveMode} mode @returns {CurveLine[]} */
function earlierLines(host, shown, mode) {
  if (!curveFlags.get().has("earlier")) return [];
  const most = Math.max(1, Math.min(MOST_EARLIER, Math.floor(MOST_FAINT / Math.max(1, shown.length))));
  return shown.flatMap(({ run }) => {
    const values = host.values(run.name);
    const places = values ? earlierPlaces(host.at(run.name), most) : [];
    return places.flatMap((place, rank) => {
      const found = values && curveOf(host.kind, host.tag, run.name, valueId(values, place));
      return found && !("error" in found) ? [lineOf(run, found, mode, { alpha: 0.1 + (0.35 * (rank + 1)) / places.length, mark: -1 })] : [];
    });
  });
}

/** @param {CardHost} host @param {ReturnType<typeof thresholdBar>} bar @param {() => RunCurve[]} shown @returns {import("../../charts/curve-chart.js").CurveEvents} */
function chartEvents(host, bar, shown) {
  const thresholdAt = (/** @type {CurveLine} */ line, /** @type {number} */ index) => shown().find(({ run }) => run.name === line.run)?.curve?.columns.thresholds[index];
  return {
    onPoint(found) {
      const threshold = found ? thresholdAt(found.line, found.index) : undefined;
      store.highlighted.set(found ? found.line.run : null);
      bar.point(found && threshold !== undefined ? `${found.line.label} at ${bar.textOf(threshold)}` : "");
    },
    onChoose({ line, index }) {
      const threshold = thresholdAt(line, index);
      if (threshold !== undefined && Number.isFinite(threshold)) setThreshold(host.key, threshold);
    },
    onView: (view) => setCurveView(host.key, view),
  };
}

/** What is odd about the values at the cursor; the same of many runs once. @param {RunCurve[]} shown */
function notesOf(shown) {
  /** @type {Map<string, string[]>} */
  const runs = new Map();
  for (const { run, curve, problem } of shown) {
    for (const note of curve ? curve.notes : [problem]) if (note) runs.set(note, [...(runs.get(note) ?? []), run.label]);
  }
  return [...runs].map(([note, names]) => h("li", {}, names.length === shown.length && shown.length > 1 ? note : `${names.slice(0, 3).join(", ")}${names.length > 3 ? ` and ${names.length - 3} more` : ""}: ${note}`));
}
