/** Values of groups for bar charts: their centre and spread, as the server computes them for the bands of curves. */

import { fetchBars } from "./api.js";
import { viewGroups } from "./view-groups.js";

/** @typedef {{name: string, value: number, low: number, high: number, count: number}} GroupValue */
/** @typedef {{rows: GroupValue[] | null, error: string}} Bars */

/** @type {Map<string, Bars & {of: unknown}>} */
const answers = new Map();
const MOST = 60;

/**
 * @param {string} column of the run table @param {import("../lib/types.js").GroupSet} set
 * @param {unknown} values of the column: others than before ask anew
 * @returns {Bars} rows are null before the first answer
 */
export function barsOf(column, set, values) {
  const key = JSON.stringify([column, set]);
  const known = answers.get(key);
  if (known && known.of === values) return known;
  answers.set(key, { rows: known?.rows ?? null, error: "", of: values });
  ask(key, column, set, values);
  return known ?? { rows: null, error: "" };
}

/** @param {string} key @param {string} column @param {import("../lib/types.js").GroupSet} groups @param {unknown} of */
async function ask(key, column, groups, of) {
  try {
    answers.set(key, { rows: (await fetchBars({ column, groups })).rows, error: "", of });
  } catch (problem) {
    answers.set(key, { rows: null, error: /** @type {Error} */ (problem).message, of });
  }
  for (const old of [...answers.keys()].slice(0, Math.max(0, answers.size - MOST))) answers.delete(old);
  viewGroups.set(viewGroups.get() + 1);
}
