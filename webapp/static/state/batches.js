/** What to ask the server next: everything one request can carry for the datasets that are wanted most. */

import { axisTag, wireAxis } from "../lib/axis.js";

/** @typedef {import("./datasets.js").Dataset} Dataset */

/**
 * @typedef {{dataset: Dataset, runs: string[]}} Part
 * @typedef {{query: object, parts: Part[]}} Batch
 * @typedef {{tag?: string, formula?: string, runs?: string[], from?: number[], epoch?: number[]}} SeriesQuery
 */

const MOST_SERIES = 1200; // a request: a few cards of 500 runs, or a page of 50
const MOST_TAGS = 60;
/** A series grown by more points than this since it was reduced is reduced anew. */
const LONGEST_GROWTH = 3000;

/**
 * @param {Part[]} wanted most urgent first
 * @param {(run: string) => number} freshness version of the log in which a run last changed
 * @returns {Batch | null} null when everything is there or on its way
 */
export function nextBatch(wanted, freshness) {
  /** @type {SeriesQuery[]} */
  const series = [];
  /** @type {Part[]} */
  const parts = [];
  let count = 0;
  let first = null;
  for (const { dataset, runs } of wanted) {
    if (dataset.error || (first && !sameRequest(first, dataset))) continue;
    const due = runs.filter((run) => isDue(dataset, run, freshness)).slice(0, MOST_SERIES * 2);
    if (due.length === 0 || (first?.groups && String(due) !== String(parts[0].runs))) continue;
    const size = sizeOf(dataset, due);
    if (count > 0 && count + size > MOST_SERIES) break;
    first ??= dataset;
    count += size;
    series.push(...queriesOf(dataset, due));
    parts.push({ dataset, runs: due });
    for (const run of due) dataset.pending.add(run);
    if (series.length >= MOST_TAGS) break;
  }
  if (!first) return null;
  return { query: { ...settingsOf(first, parts[0].runs), series }, parts };
}

/** Everything in a request but its series; what is not used is not sent. @param {Dataset} dataset @param {string[]} due */
function settingsOf({ look, groups }, due) {
  const { x, logX, range, pixels, smoothing, kind = "ema", derivative, segments } = look;
  const asked = new Set(due);
  return {
    x: wireAxis(x), log_x: logX, ...(range ? { range } : {}), pixels, segments,
    smoothing: smoothing && kind !== "ema" ? { kind, amount: smoothing } : smoothing,
    ...(derivative ? { derivative } : {}),
    ...(groups ? { groups: { ...groups, members: groups.members.filter(({ name }) => asked.has(name)) } } : {}),
  };
}

/** How many series the server has to read. @param {Dataset} dataset @param {string[]} due */
function sizeOf(dataset, due) {
  return dataset.groups ? due.reduce((sum, group) => sum + (dataset.members.get(group)?.length ?? 0), 0) : due.length;
}

/** A group is as fresh as its freshest run. @param {Dataset} dataset @param {string} run @param {(run: string) => number} freshness */
function freshnessOf(dataset, run, freshness) {
  if (!dataset.groups) return freshness(run);
  return Math.max(-1, ...(dataset.members.get(run) ?? []).map(freshness));
}

/** @param {Dataset} dataset @param {string} run @param {(run: string) => number} freshness */
function isDue(dataset, run, freshness) {
  if (dataset.pending.has(run)) return false;
  return !dataset.runs.has(run) || (dataset.synced.get(run) ?? -1) < freshnessOf(dataset, run, freshness);
}

/** Datasets share a request when only their tags differ; a formula has one of its own: a mistake in it is its own. @param {Dataset} one @param {Dataset} other */
function sameRequest(one, other) {
  if (one === other) return true;
  if (one.groups !== other.groups || one.formula || other.formula) return false;
  const { look: a } = one;
  const { look: b } = other;
  return a === b || (a.x === b.x && a.logX === b.logX && a.pixels === b.pixels && a.smoothing === b.smoothing && a.kind === b.kind
    && Boolean(a.derivative) === Boolean(b.derivative) && a.segments === b.segments && String(a.range) === String(b.range));
}

/** Whole series for runs not known yet, tails for those that grew. @param {Dataset} dataset @param {string[]} due @returns {SeriesQuery[]} */
function queriesOf(dataset, due) {
  const what = dataset.formula ? { formula: dataset.tag } : { tag: dataset.tag };
  if (dataset.groups) return [what];
  /** @type {string[]} */
  const grown = [];
  /** @type {string[]} */
  const whole = [];
  for (const run of due) (canGrow(dataset, run) ? grown : whole).push(run);
  const queries = [];
  if (whole.length) queries.push({ ...what, runs: whole });
  if (grown.length) {
    const known = grown.map((run) => /** @type {import("../lib/types.js").Series[]} */ (dataset.runs.get(run))[0]);
    queries.push({ ...what, runs: grown, from: known.map(({ n }) => n), epoch: known.map(({ epoch }) => epoch) });
  }
  return queries;
}

/** @param {Dataset} dataset @param {string} run */
function canGrow(dataset, run) {
  const known = dataset.runs.get(run);
  if (!known || known.length !== 1 || !growsAtItsEnd(dataset)) return false;
  return known[0].value.length <= LONGEST_GROWTH + 2 * dataset.look.pixels;
}

/** Whether new points leave what is known as it is: windows reach forward, and another scalar may move what was there. @param {Dataset} dataset */
function growsAtItsEnd({ formula, look: { x, kind = "ema", smoothing, derivative, segments } }) {
  return segments !== "separate" && !formula && !derivative && axisTag(x) === null && (kind === "ema" || smoothing === 0);
}
