/** The states of runs: a sign for each, and why a run is in it. */

import { formatAge, formatTime } from "./format.js";

/** A shape for each state: colour is not the only sign. */
export const STATE_SIGNS = /** @type {Record<string, string>} */ ({ running: "▶", finished: "✓", crashed: "✕", stale: "○" });

/** @type {Record<string, string>} */
const REASONS = {
  running: "heard of less than five minutes, or ten usual intervals, ago",
  finished: "it said that it ended well",
  crashed: "it said so, or it is silent and its last file lacks the end that its writer marks",
  stale: "it is silent, and its writer marks no end",
};

/** @param {string} state @param {number} last when it was last heard of, epoch seconds; NaN: nobody knows @param {number} now epoch seconds @returns {string} for a tooltip */
export function stateReason(state, last, now) {
  const heard = Number.isNaN(last) ? "" : `\nLast data ${formatAge(now - last)} ago, ${formatTime(last)}`;
  return `${state}: ${REASONS[state] ?? "nothing is known"}${heard}`;
}
