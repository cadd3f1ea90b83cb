/** Which runs the filter lets through: names are matched here, queries over columns by the server. */

import { Atom } from "../lib/atom.js";
import { compileFilter } from "../lib/search.js";
import { isQuery } from "../lib/run-query.js";
import { filterRuns } from "./api.js";
import { changedAt } from "./follow.js";
import { catalog, runFilter } from "./store.js";
import { displayName } from "./user-state.js";

/**
 * @typedef {object} RunMatch
 * @property {string} text of the filter it is about
 * @property {boolean} empty every run matches
 * @property {(run: string) => boolean} test
 * @property {{message: string, start?: number, end?: number} | null} problem what is wrong with the text, and where
 * @property {boolean} [isQuery] a query that was understood
 */

const SETTLE = 120; // ms without a key before a query is asked
const EVERY = 2000; // ms between two askings of the same query while points come in

/** @type {RunMatch} */
const ALL = { text: "", empty: true, test: () => true, problem: null };
/** @type {RunMatch} */
const waiting = { text: "", empty: false, test: () => false, problem: null };

/** What the filter lets through now. */
export const runMatch = new Atom(ALL);

let timer = 0;
let asked = 0;
let underWay = new AbortController();

/** Matches by the run's own name and by the one people gave it. @param {string} text @returns {RunMatch} */
function byName(text) {
  const filter = compileFilter(text);
  const problem = filter.error ? { message: `${filter.error}. Searching for the text itself.` } : null;
  return { text, empty: filter.empty, problem, test: (run) => filter.test(run) || filter.test(displayName(run)) };
}

function update() {
  clearTimeout(timer);
  underWay.abort();
  const text = runFilter.get();
  if (!isQuery(text)) {
    runMatch.set(byName(text));
    return;
  }
  // The first answer to a link is waited for with nothing shown; later ones replace what is.
  if (asked === 0 && catalog.get().names.length === 0) runMatch.set(waiting);
  timer = window.setTimeout(() => ask(text), asked ? SETTLE : 0);
}

/** @param {string} text */
async function ask(text) {
  underWay = new AbortController();
  const { signal } = underWay;
  asked = Date.now();
  const before = runMatch.get();
  try {
    const answer = await filterRuns(text, signal);
    if (signal.aborted) return;
    runMatch.set(answer.error ? misread(text, answer.error, before) : matched(text, answer.runs));
  } catch (error) {
    if (!signal.aborted) runMatch.set({ ...(before.isQuery ? before : ALL), text, problem: { message: /** @type {Error} */ (error).message } });
  }
}

/** @param {string} text @param {number[] | null} places @returns {RunMatch} */
function matched(text, places) {
  if (!places) return { ...ALL, text };
  const { names } = catalog.get();
  const runs = new Set(places.map((place) => names[place]));
  return { text, empty: false, problem: null, test: (run) => runs.has(run), isQuery: true };
}

/** Text that is no query may still be what runs are called, "lr=0.1": then it is that. @param {string} text @param {NonNullable<RunMatch["problem"]>} problem @param {RunMatch} before */
function misread(text, problem, before) {
  const literal = byName(text);
  if (catalog.get().names.some(literal.test)) return { ...literal, problem: null };
  return { ...(before.isQuery ? before : ALL), text, problem }; // what was typed on the way here names no runs
}

/** What matches may change with the values. */
function refresh() {
  if (!isQuery(runFilter.get())) return;
  clearTimeout(timer);
  timer = window.setTimeout(() => ask(runFilter.get()), Math.max(0, asked + EVERY - Date.now()));
}

runFilter.subscribe(update);
changedAt.subscribe(refresh);
catalog.subscribe(refresh);
