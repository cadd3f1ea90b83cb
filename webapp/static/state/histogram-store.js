/** Histograms by tag and run: fetched when looked at, those behind them when the run has grown, and kept while there is room. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { knownOf } from "../lib/blob-frame.js";
import { grown } from "../lib/histogram-frame.js";
import { fetchHistograms } from "./cards-api.js";
import { wantedSegments } from "./blob-columns.js";

/** @typedef {import("../lib/blob-frame.js").Values} Values */
/** @typedef {import("../lib/histogram-frame.js").Histogram} Histogram */
/** @typedef {import("../lib/histogram-frame.js").RunHistograms} RunHistograms */

/**
 * @typedef {object} Question what is asked of the server, but for the runs
 * @property {string} tag
 * @property {"step" | "relative" | "wall"} [x]
 * @property {number} [steps] histograms a run, at most
 * @property {[number, number] | null} [range]
 * @property {string[]} [parts]
 * @property {[number, number]} [place] one value alone: the lineage of the run's values, and its index
 *
 * @typedef {{values: Values | null, data: RunHistograms | null, error: string | null, bytes: number}} Kept `values`: of the run when it was asked for; null: they were on their way as well
 * @typedef {{data: RunHistograms | null, error: string | null, fresh: boolean}} Look `fresh`: as the log is now
 */

const ROOM = 64e6; // bytes
const FAILED = 500; // bytes that a failure takes
const GONE = "This value is not in the log any more.";
const MOST_GROWN = 2; // times as many histograms as were asked for: then they are chosen anew

/** Counts up when histograms have come, or could not be had. */
export const histogramVersion = new Atom(0);

/** @type {Map<string, Kept>} the last looked at behind the others */
const kept = new Map();
/** @type {Map<string, {question: Question, run: string, values: Values | null}>} asked for by a card, not by us yet */
const wanted = new Map();
/** @type {Set<string>} */
const pending = new Set();
let bytes = 0;

/** Many histograms of a run, chosen evenly along the axis. @param {Question} question @param {string} run @param {Values | null} values null while they are on their way */
export function histogramsOf(question, run, values) {
  return look(question, run, values);
}

/** One histogram with all that is known of it. @param {string} tag @param {string} run @param {Values} values @param {number} index @returns {{histogram: Histogram | null, error: string | null}} both null while it is on its way */
export function histogramAt(tag, run, values, index) {
  const { data, error } = look({ tag, place: [values.lineage, index] }, run, values);
  return { histogram: data?.items[0] ?? null, error: error ?? data?.problems[0]?.error ?? null };
}

/** As histogramAt, once it is here. @param {string} tag @param {string} run @param {Values} values @param {number} index @returns {Promise<Histogram | null>} null where it cannot be had */
export function histogramWhenHere(tag, run, values, index) {
  return new Promise((done) => {
    let leave = () => {};
    const attempt = () => {
      const { histogram, error } = histogramAt(tag, run, values, index);
      if (!histogram && !error) return false;
      leave();
      done(histogram);
      return true;
    };
    if (!attempt()) leave = histogramVersion.subscribe(() => void attempt());
  });
}

/** @param {Question} question @param {string} run @param {Values | null} values @returns {Look} */
function look(question, run, values) {
  const key = JSON.stringify([question, run]);
  const found = kept.get(key);
  if (found) {
    kept.delete(key);
    kept.set(key, found);
    if (found.values === null && found.data?.n === values?.n) found.values = values; // both came of the same log
  }
  // One value never changes.
  const fresh = found !== undefined && (found.values === values || (question.place !== undefined && !found.error));
  if (!fresh && !pending.has(key)) {
    wanted.set(key, { question, run, values });
    askSoon();
  }
  return { data: found?.data ?? null, error: found?.error ?? null, fresh };
}

const askSoon = oncePerTask(() => {
  /** @type {Map<string, {question: Question, asked: {key: string, run: string, values: Values | null}[]}>} one request for each tag; places of values differ from run to run */
  const requests = new Map();
  for (const [key, { question, run, values }] of wanted) {
    const { place, ...rest } = question;
    const name = JSON.stringify(rest);
    let request = requests.get(name);
    if (request?.asked.some((other) => other.run === run)) requests.set(`${name} ${place}`, (request = { question, asked: [] }));
    else if (!request) requests.set(name, (request = { question, asked: [] }));
    request?.asked.push({ key, run, values });
  }
  wanted.clear();
  for (const { question, asked } of requests.values()) void ask(question, asked);
});

/** @param {Question} question @param {{key: string, run: string, values: Values | null}[]} asked */
async function ask({ place, ...question }, asked) {
  for (const { key } of asked) pending.add(key);
  const runs = asked.map(({ run }) => run);
  const at = place && Object.fromEntries(asked.map(({ key, run, values }) => [run, [JSON.parse(key)[0].place[1], ...(values ? knownOf(values) : [])]]));
  const before = new Map(asked.map(({ key, run }) => [run, place ? null : known(key, question)]));
  /** @type {Map<string, RunHistograms>} */
  let found = new Map();
  let problem = "This tag is not in the run any more.";
  const segments = wantedSegments();
  try {
    const told = Object.fromEntries([...before].flatMap(([run, data]) => (data ? [[run, [data.n, data.check]]] : [])));
    found = (await fetchHistograms({ ...question, runs, at, known: told, segments })).runs;
  } catch (error) {
    problem = /** @type {Error} */ (error).message;
  }
  for (const { key, run, values } of asked) {
    pending.delete(key);
    const answer = found.get(run);
    const data = answer ? grown(before.get(run) ?? null, answer) : null;
    if (place && data && data.items.length + data.problems.length === 0) {
      // Looked for among other values than those that are asked about now: the next look asks again.
      if (segments === wantedSegments()) keep(key, { values, data: null, error: GONE, bytes: FAILED });
      continue;
    }
    keep(key, { values, data, error: data ? null : problem, bytes: data?.bytes ?? FAILED });
  }
  histogramVersion.set(histogramVersion.get() + 1);
}

/** What is here of a run, if that can grow. @param {string} key @param {Omit<Question, "id">} question */
function known(key, { steps = 0 }) {
  const data = kept.get(key)?.data ?? null;
  return data && data.items.length + data.problems.length < MOST_GROWN * steps ? data : null;
}

/** @param {string} key @param {Kept} entry */
function keep(key, entry) {
  bytes += entry.bytes - (kept.get(key)?.bytes ?? 0);
  kept.delete(key);
  kept.set(key, entry);
  for (const [oldest, { bytes: size }] of kept) {
    if (bytes <= ROOM || oldest === key) break;
    kept.delete(oldest);
    bytes -= size;
  }
}

/** Forgets what could not be had, to be asked for once more. */
export function retryHistograms() {
  for (const [key, { error, bytes: size }] of kept) {
    if (!error) continue;
    kept.delete(key);
    bytes -= size;
  }
  histogramVersion.set(histogramVersion.get() + 1);
}
