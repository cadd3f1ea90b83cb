/** What the charts of one card share: how they are drawn, and the axes that make them comparable. */

import { roomy, valueRange } from "../../lib/buckets.js";
import { heatStops } from "../../lib/ramp.js";
import { peakOf } from "../../charts/histogram-frame.js";
import { histogramFlags, histogramMode, histogramScale, histogramViews, modeFor } from "../../state/histogram-settings.js";
import { histogramAt, histogramsOf } from "../../state/histogram-store.js";
import { readInk } from "../../ui/ink.js";

/** @typedef {import("../media/kind.js").CardHost} CardHost */
/** @typedef {import("../media/kind.js").CardRun} CardRun */
/** @typedef {import("../../charts/histogram-frame.js").Item} Item */
/** @typedef {import("../../charts/histogram-frame.js").RunItems} RunItems */
/** @typedef {import("../../charts/histogram-frame.js").HistogramOptions} HistogramOptions */
/** @typedef {import("../../lib/blob-frame.js").Values} Values */
/** @typedef {import("../../lib/histogram-frame.js").Histogram} Histogram */
/** @typedef {import("../../lib/histogram-frame.js").RunHistograms} RunHistograms */
/** @typedef {import("../../lib/types.js").Range} Range */

/**
 * @typedef {object} RunPart
 * @property {RunItems} drawn
 * @property {RunHistograms | null} data what the server sent; null for a single step
 * @property {number} n values of the run
 * @property {string | null} error
 * @property {boolean} ready whether this is all there is to show now
 *
 * @typedef {{key: string, histograms: Histogram[][]}} Measured what the shared axes were worked out from
 * @typedef {{parts: Map<string, RunPart>, options: HistogramOptions, measured: Measured}} Plan
 */

const MOST_RUNS = 24; // that share their axes from the beginning; further ones do when they are shown
const MOST_TOGETHER = 60; // in one chart
const COLUMN = 3; // pixels of a histogram in a heat map, at most: finer ones show little more and take more bytes
const WIDTHS = 64; // histograms are asked for in multiples of this, so that another width rarely asks anew
const measuring = /** @type {CanvasRenderingContext2D} */ (document.createElement("canvas").getContext("2d"));

/** The most values that a run of the card has; 0 while nothing is known. @param {CardHost} host */
export function mostSteps(host) {
  return Math.max(0, ...host.runs().slice(0, MOST_RUNS).map(({ name }) => host.values(name)?.n ?? 0));
}

/** Where a histogram is on the axis. @param {{step: number, wall: number}} histogram @param {Values} values @param {"step" | "relative" | "wall"} axis */
function axisPlace({ step, wall }, { start }, axis) {
  if (axis === "wall") return wall;
  return axis === "relative" ? wall - start : step;
}

/**
 * @param {CardHost} host @param {ReadonlySet<string>} charts runs that have a chart
 * @param {{width: number, height: number}} size of a chart, CSS pixels
 * @param {Plan | null} before what was shown last: it stays until there is something new
 * @returns {Plan | null} null while there is nothing to draw
 */
export function planOf(host, charts, { width, height }, before) {
  const mode = modeFor(mostSteps(host));
  const view = histogramViews.get().get(host.key) ?? { x: null, y: null };
  const most = mode === "one" ? MOST_TOGETHER : MOST_RUNS;
  const runs = host.runs().filter(({ name }, place) => place < most || charts.has(name));
  const parts = new Map(runs.flatMap((run) => {
    const values = host.values(run.name);
    if (!values) return [];
    return [[run.name, mode === "one" ? onePart(host, run, values) : manyPart(host, run, values, { mode, width, range: view.x, before: before?.parts.get(run.name) })]];
  }));
  if (!before && ![...parts.values()].some(({ data, error, drawn }) => data || error || drawn.items.length > 0)) return null;
  const ink = readInk();
  const scale = histogramScale.get();
  const flags = histogramFlags.get();
  /** @type {HistogramOptions} */
  const options = {
    mode, width, height, axis: host.axis(), scale, ink, peak: 0, clipped: false,
    steps: view.x ?? stepRange(host, runs),
    values: usable(view.y, scale) ?? [0, 1],
    how: flags.has("counts") ? "count" : "density",
    log: flags.has("log"),
    cursor: host.cursor(),
    stops: heatStops(ink.dark ? "dark" : "light"),
  };
  const measured = { key: JSON.stringify([mode, width, height, scale, options.how, options.log, options.axis, view]), histograms: [...parts.values()].map(({ drawn }) => drawn.items.map(({ histogram }) => histogram)) };
  const same = before && sameMeasure(before.measured, measured);
  return { parts, measured: same ? before.measured : measured, options: same ? { ...options, values: before.options.values, peak: before.options.peak, clipped: before.options.clipped } : measure(options, [...parts.values()], !usable(view.y, scale)) };
}

/** @param {Measured} a @param {Measured} b */
function sameMeasure(a, b) {
  return a.key === b.key && a.histograms.length === b.histograms.length && a.histograms.every((list, i) => list.length === b.histograms[i].length && list[0] === b.histograms[i][0] && list.at(-1) === b.histograms[i].at(-1));
}

/** The axes that all charts share. @param {HistogramOptions} options @param {RunPart[]} parts @param {boolean} whole whether all values are shown @returns {HistogramOptions} */
function measure(options, parts, whole) {
  const items = parts.flatMap(({ drawn }) => drawn.items);
  const found = whole ? { ...options, values: rangeOf(items, options.mode, options.scale) } : options;
  if (options.mode === "bands") return found;
  Object.assign(found, peakOf(measuring, items, found));
  // Where the greatest has a label, that takes room and changes the pixels: the second look is at the plot as it is drawn.
  if (options.mode === "overlay" || options.mode === "one") Object.assign(found, peakOf(measuring, items, found));
  return found;
}

/** What is asked of the server for the charts over the steps. @param {CardHost} host @param {string} mode @param {number} width of a chart @param {Range | null} range */
function questionOf(host, mode, width, range) {
  const steps = Math.max(WIDTHS, Math.ceil(width / COLUMN / WIDTHS) * WIDTHS);
  return { tag: host.tag, x: host.axis(), steps, range, parts: [mode === "bands" ? "percentiles" : "buckets"] };
}

/** Asks for histograms while it is not known yet how many there are. @param {CardHost} host @param {number} width of a chart, by a guess */
export function askAhead(host, width) {
  const mode = histogramMode.get();
  if (mode === "one") return;
  const question = questionOf(host, mode, width, histogramViews.get().get(host.key)?.x ?? null);
  for (const { name } of host.runs().slice(0, MOST_RUNS)) if (!host.values(name)) histogramsOf(question, name, null);
}

/** @param {CardHost} host @param {CardRun} run @param {Values} values @param {{mode: string, width: number, range: Range | null, before: RunPart | undefined}} how @returns {RunPart} */
function manyPart(host, run, values, { mode, width, range, before }) {
  const axis = host.axis();
  const found = histogramsOf(questionOf(host, mode, width, range), run.name, values);
  const old = before?.data ?? null;
  const data = found.data ?? (old && Boolean(old.items[0]?.percentiles) === (mode === "bands") ? old : null);
  const items = (data?.items ?? []).map((histogram) => ({ histogram, x: axisPlace(histogram, values, axis) })).sort((a, b) => a.x - b.x);
  return { drawn: { run: run.name, label: run.label, color: run.color, items }, data, n: values.n, error: found.error, ready: found.fresh };
}

/** @param {CardHost} host @param {CardRun} run @param {Values} values @returns {RunPart} */
function onePart(host, run, values) {
  const index = host.at(run.name);
  const { histogram, error } = index < 0 ? { histogram: null, error: "no value" } : histogramAt(host.tag, run.name, values, index);
  const items = histogram ? [{ histogram, x: axisPlace(histogram, values, host.axis()) }] : [];
  return { drawn: { run: run.name, label: run.label, color: run.color, items }, data: null, n: values.n, error, ready: histogram !== null || error !== null };
}

/** From the first to the last value of all runs. @param {CardHost} host @param {CardRun[]} runs @returns {Range} */
function stepRange(host, runs) {
  const axis = host.axis();
  let [lo, hi] = [Infinity, -Infinity];
  for (const { name } of runs) {
    const values = host.values(name);
    if (!values) continue;
    const places = axis === "step" ? [values.step[0], values.step[values.n - 1]] : values.wall;
    const shift = axis === "relative" ? values.start : 0;
    for (const place of places) if (Number.isFinite(place)) [lo, hi] = [Math.min(lo, place - shift), Math.max(hi, place - shift)];
  }
  if (lo > hi) return [0, 1];
  return lo < hi ? [lo, hi] : [lo - 1, hi + 1];
}

/** @param {Item[]} items @param {string} mode @param {"linear" | "log" | "symlog"} scale @returns {Range} */
function rangeOf(items, mode, scale) {
  const positive = scale === "log";
  if (mode !== "bands") return valueRange(items.map(({ histogram }) => histogram), positive) ?? (positive ? [0.1, 10] : [0, 1]);
  let [lo, hi] = [Infinity, -Infinity];
  for (const { histogram } of items) {
    for (const value of Array.from(histogram.percentiles ?? [])) if (Number.isFinite(value) && (!positive || value > 0)) [lo, hi] = [Math.min(lo, value), Math.max(hi, value)];
  }
  return lo <= hi ? roomy([lo, hi], positive) : positive ? [0.1, 10] : [0, 1];
}

/** @param {Range | null} range @param {string} scale */
function usable(range, scale) {
  return range && (scale !== "log" || range[0] > 0) ? roomy(range, scale === "log") : null;
}
