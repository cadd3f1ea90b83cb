/** What to ask the server next: everything one request can carry for the datasets that are wanted most. */

/** @typedef {import("./datasets.js").Dataset} Dataset */

/**
 * @typedef {{dataset: Dataset, runs: string[]}} Part
 * @typedef {{query: object, parts: Part[]}} Batch
 * @typedef {{tag: string, runs: string[], from?: number[], epoch?: number[]}} SeriesQuery
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
    if (due.length === 0) continue;
    if (count > 0 && count + due.length > MOST_SERIES) break;
    first ??= dataset;
    count += due.length;
    series.push(...queriesOf(dataset, due));
    parts.push({ dataset, runs: due });
    for (const run of due) dataset.pending.add(run);
    if (series.length >= MOST_TAGS) break;
  }
  if (!first) return null;
  const { x, logX, range, pixels, smoothing, segments } = first.look;
  return { query: { x, log_x: logX, ...(range ? { range } : {}), pixels, smoothing, segments, series }, parts };
}

/** @param {Dataset} dataset @param {string} run @param {(run: string) => number} freshness */
function isDue(dataset, run, freshness) {
  if (dataset.pending.has(run)) return false;
  return !dataset.runs.has(run) || (dataset.synced.get(run) ?? -1) < freshness(run);
}

/** Datasets share a request when only their tags differ. @param {Dataset} a @param {Dataset} b */
function sameRequest({ look: a }, { look: b }) {
  return a === b || (a.x === b.x && a.logX === b.logX && a.pixels === b.pixels && a.smoothing === b.smoothing
    && a.segments === b.segments && String(a.range) === String(b.range));
}

/** Whole series for runs not known yet, tails for those that grew. @param {Dataset} dataset @param {string[]} due @returns {SeriesQuery[]} */
function queriesOf(dataset, due) {
  /** @type {string[]} */
  const grown = [];
  /** @type {string[]} */
  const whole = [];
  for (const run of due) (canGrow(dataset, run) ? grown : whole).push(run);
  const queries = [];
  if (whole.length) queries.push({ tag: dataset.tag, runs: whole });
  if (grown.length) {
    const known = grown.map((run) => /** @type {import("../lib/types.js").Series[]} */ (dataset.runs.get(run))[0]);
    queries.push({ tag: dataset.tag, runs: grown, from: known.map(({ n }) => n), epoch: known.map(({ epoch }) => epoch) });
  }
  return queries;
}

/** @param {Dataset} dataset @param {string} run */
function canGrow(dataset, run) {
  const known = dataset.runs.get(run);
  if (!known || known.length !== 1 || dataset.look.segments === "separate") return false;
  return known[0].value.length <= LONGEST_GROWTH + 2 * dataset.look.pixels;
}
