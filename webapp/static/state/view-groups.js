/** Groups of runs as a view or one of its charts wants them, where these differ from the page's. */

import { Atom } from "../lib/atom.js";
import { fetchGroups } from "./api.js";
import { grouped, grouping } from "./grouping.js";
import { userState } from "./user-state.js";

/** @typedef {import("./grouping.js").Grouped} Grouped */
/** @typedef {import("./grouping.js").Grouping} Grouping */
/** @typedef {{grouped: Grouped | null, error: string}} Answer */

/** Counts up as answers come. */
export const viewGroups = new Atom(0);

/** @type {Map<string, Answer>} */
const answers = new Map();
const MOST = 40; // answers kept

/**
 * @param {Grouping | null | undefined} wanted undefined: as the page has it; null: every run for itself
 * @param {string[]} runs that are drawn
 * @returns {Answer & {waiting: boolean}}
 */
export function groupsOf(wanted, runs) {
  if (wanted === undefined) return { grouped: grouped.get(), error: "", waiting: grouping.get() !== null && grouped.get() === null };
  if (wanted === null) return { grouped: null, error: "", waiting: false };
  const by = wanted.by?.kind === "hand" ? { ...wanted.by, groups: userState.get().groups ?? {} } : wanted.by;
  const key = JSON.stringify([{ ...wanted, by }, runs]);
  const known = answers.get(key);
  if (!known) {
    const before = [...answers.values()].at(-1) ?? { grouped: null, error: "" };
    answers.set(key, before); // what was there stays until the answer comes
    ask(key, wanted, { by, runs });
    return { ...before, waiting: true };
  }
  return { ...known, waiting: false };
}

/** @param {string} key @param {Grouping} wanted @param {{by: any, runs: string[]}} query */
async function ask(key, wanted, query) {
  /** @type {Answer} */
  let answer;
  try {
    const { groups, error } = await fetchGroups(query);
    const members = groups.map(({ name, runs }) => ({ name, runs }));
    answer = { error: error?.message ?? "", grouped: error ? null : { groups, set: { center: wanted.center ?? "mean", band: wanted.band ?? "ci95", members } } };
  } catch (problem) {
    answer = { grouped: null, error: /** @type {Error} */ (problem).message };
  }
  answers.set(key, answer);
  for (const old of [...answers.keys()].slice(0, Math.max(0, answers.size - MOST))) answers.delete(old);
  viewGroups.set(viewGroups.get() + 1);
}
