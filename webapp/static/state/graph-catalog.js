/** Which run has which graphs, and which were opened by hand: read while the page is in sight, whenever the log changes. */

import { Atom } from "../lib/atom.js";
import { fetchGraphs } from "./api.js";
import { changes } from "./follow.js";

/**
 * @typedef {{id: string, step: number, wall: number}} GraphValue
 * @typedef {{tag: string, title: string, format: string, level: string, same_as?: string | null, values: GraphValue[]}} GraphSeries `same_as`: the tag that says more of the same call
 * @typedef {{runs: {run: string, graphs: GraphSeries[]}[], files: {file: string, name: string}[]}} GraphsAnswer
 */

const ASK_EVERY = 1000; // ms
const TRY_AGAIN = 2000; // ms after a reading that failed

/** null before the first answer. */
export const graphs = new Atom(/** @type {GraphsAnswer | null} */ (null));
/** Why they could not be read; "" when all is well. */
export const graphsProblem = new Atom("");

let awake = false;
let stale = true;
let asking = false;
let timer = 0;

/** Reads them now. */
export async function readGraphs() {
  if (asking) return;
  [asking, stale] = [true, false];
  try {
    const answer = await fetchGraphs();
    if (JSON.stringify(answer) !== JSON.stringify(graphs.get())) graphs.set(answer);
    graphsProblem.set("");
  } catch (problem) {
    graphsProblem.set(/** @type {Error} */ (problem).message);
    stale = true;
  }
  asking = false;
  if (stale) soon(graphsProblem.get() ? TRY_AGAIN : ASK_EVERY);
}

/** @param {number} wait ms */
function soon(wait) {
  if (timer || !awake) return;
  timer = window.setTimeout(() => {
    timer = 0;
    if (awake) void readGraphs();
  }, wait);
}

changes.subscribe(() => {
  stale = true;
  soon(ASK_EVERY);
});

/** The page is in sight, or no more. @param {boolean} on */
export function wakeGraphs(on) {
  awake = on;
  if (on && stale) void readGraphs();
}
