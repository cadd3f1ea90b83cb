/** One tag or formula seen in one way: the series of its runs or groups, and how fresh they are. */

import { appendTail, seriesBytes } from "../lib/frame.js";

/** @typedef {import("../lib/types.js").Series} Series */
/** @typedef {import("../lib/types.js").Range} Range */
/** @typedef {import("../lib/types.js").GroupSet} GroupSet */

/**
 * @typedef {object} Look how a tag is asked for
 * @property {import("../lib/types.js").XAxis} x
 * @property {boolean} logX
 * @property {number} smoothing how much, in the unit of its kind; 0 is none
 * @property {import("../lib/types.js").SmoothingKind} [kind] of smoothing; "ema" unless told
 * @property {boolean} [derivative]
 * @property {import("../lib/types.js").Segments} segments
 * @property {Range | null} range in units of x
 * @property {number} pixels
 *
 * @typedef {object} Dataset
 * @property {string} tag or the text of the formula
 * @property {boolean} formula
 * @property {Look} look
 * @property {GroupSet | null} groups where groups are drawn: what is said of runs below holds for them
 * @property {Map<string, string[]>} members group → its runs
 * @property {Map<string, Series[]>} runs none: the run does not have the tag; several: segments
 * @property {Map<string, number>} synced run → version of the log its points are from
 * @property {Set<string>} pending runs asked for and not answered yet
 * @property {string | null} error
 * @property {[number, number] | null} errorAt where in the formula the error is
 * @property {number} bytes
 * @property {number} used when it was last wanted
 * @property {number} revision grows with every change
 */

let clock = 0;

/** Equal sets of groups have one number, so that keys stay short. @type {Map<string, number>} */
const groupNumbers = new Map();
/** @type {WeakMap<GroupSet, number>} */
const knownGroups = new WeakMap();

/** @param {GroupSet | null | undefined} groups */
function groupNumber(groups) {
  if (!groups) return 0;
  let number = knownGroups.get(groups);
  if (number === undefined) {
    const text = JSON.stringify(groups);
    number = groupNumbers.get(text) ?? groupNumbers.size + 1;
    groupNumbers.set(text, number);
    knownGroups.set(groups, number);
  }
  return number;
}

/**
 * Finds or makes a dataset, and notes that it is used.
 *
 * @param {Map<string, Dataset>} datasets
 * @param {{tag?: string, formula?: string, look: Look, groups?: GroupSet | null}} want
 * @returns {Dataset}
 */
export function datasetOf(datasets, { tag, formula, look, groups = null }) {
  const { x, logX, smoothing, kind = "ema", derivative = false, segments, range, pixels } = look;
  const name = formula ?? tag ?? "";
  const key = [x, logX, smoothing, kind, derivative, segments, range, pixels, groupNumber(groups), formula !== undefined, name].join(" ");
  let dataset = datasets.get(key);
  if (!dataset) {
    const members = new Map(groups?.members.map(({ name: group, runs }) => [group, runs]));
    dataset = { tag: name, formula: formula !== undefined, look, groups, members, errorAt: null, runs: new Map(), synced: new Map(), pending: new Set(), error: null, bytes: 0, used: 0, revision: 0 };
    datasets.set(key, dataset);
  }
  dataset.used = clock += 1;
  return dataset;
}

/** @param {Dataset} dataset @param {string[]} runs */
export function isComplete(dataset, runs) {
  return runs.every((run) => dataset.runs.has(run));
}

/** Forgets what was not wanted for longest until the rest fits. @param {Map<string, Dataset>} datasets @param {Set<Dataset>} kept @param {number} room bytes */
export function dropSurplus(datasets, kept, room) {
  let total = 0;
  for (const { bytes } of datasets.values()) total += bytes;
  if (total <= room && datasets.size < 2000) return;
  const oldestFirst = [...datasets].filter(([, dataset]) => !kept.has(dataset) && dataset.pending.size === 0).sort(([, a], [, b]) => a.used - b.used);
  for (const [key, dataset] of oldestFirst) {
    if (total <= room * 0.8 && datasets.size < 1500) return;
    total -= dataset.bytes;
    datasets.delete(key);
  }
}

/**
 * Puts an answer where it belongs: whole series replace what was there, tails are joined to it.
 *
 * @param {{dataset: Dataset, runs: string[]}[]} parts what was asked for
 * @param {Series[]} answer
 * @param {number} version of the log the answer is from
 */
export function mergeAnswer(parts, answer, version) {
  /** @type {Map<string, Map<string, Series[]>>} */
  const byTag = new Map();
  for (const series of answer) {
    const runs = byTag.get(series.tag) ?? new Map();
    byTag.set(series.tag, runs.set(series.run, [...(runs.get(series.run) ?? []), series]));
  }
  for (const { dataset, runs } of parts) {
    for (const run of runs) {
      const fresh = byTag.get(dataset.tag)?.get(run) ?? [];
      const known = dataset.runs.get(run);
      put(dataset, run, known && fresh.length === 1 && fresh[0].from > 0 ? withTail(known, fresh[0]) : fresh);
      dataset.synced.set(run, version);
    }
    dataset.revision += 1;
  }
}

/** @param {Series[]} known @param {Series} tail @returns {Series[] | null} null when they do not fit together */
function withTail(known, tail) {
  const [series] = known;
  if (known.length !== 1 || series.epoch !== tail.epoch || series.n !== tail.from) return null;
  return tail.value.length ? [appendTail(series, tail)] : known;
}

/** @param {Dataset} dataset @param {string} run @param {Series[] | null} series null: to be asked for anew */
function put(dataset, run, series) {
  for (const old of dataset.runs.get(run) ?? []) dataset.bytes -= seriesBytes(old);
  if (series) {
    dataset.runs.set(run, series);
    for (const now of series) dataset.bytes += seriesBytes(now);
  } else {
    dataset.runs.delete(run);
  }
}
