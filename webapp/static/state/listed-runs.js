/** Which runs are listed and which of those are drawn, on every page. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { isChosen } from "../lib/selection.js";
import { brushMatch } from "./brush.js";
import { runMatch } from "./run-filter.js";
import * as store from "./store.js";
import { changeState, userState } from "./user-state.js";

/** @typedef {import("../lib/types.js").RunInfo} RunInfo */

/** Runs taken out of the list: by people, or by the link that was followed. */
export const hiddenRuns = new Atom(/** @type {ReadonlySet<string>} */ (new Set()));

function gatherHidden() {
  const entries = userState.get().runs ?? {};
  const hidden = new Set([...store.hidden.get(), ...Object.keys(entries).filter((run) => entries[run]?.hidden)]);
  const before = hiddenRuns.get();
  if (hidden.size !== before.size || [...hidden].some((run) => !before.has(run))) hiddenRuns.set(hidden);
}

userState.subscribe(gatherHidden);
store.hidden.subscribe(gatherHidden);

/** @param {Iterable<string>} runs */
export function hideRuns(runs) {
  changeState([...runs].map((run) => ({ path: ["runs", run, "hidden"], value: true })));
}

/** Puts every hidden run back into the list. */
export function showHiddenRuns() {
  const entries = userState.get().runs ?? {};
  const hidden = Object.keys(entries).filter((run) => entries[run]?.hidden);
  store.hidden.set(new Set());
  if (hidden.length) changeState(hidden.map((run) => ({ path: ["runs", run, "hidden"], value: null })));
}

/** The runs that match the filter and are not hidden, whatever the brushes say. @returns {RunInfo[]} */
function matchingRuns() {
  const match = runMatch.get();
  const hidden = hiddenRuns.get();
  const { runs } = store.catalog.get();
  if (match.empty && hidden.size === 0) return runs;
  return runs.filter((run) => !hidden.has(run.name) && match.test(run.name));
}

/** The runs of the list: those that match the filter and the brushes and are not hidden, in the server's order. @returns {RunInfo[]} */
export function listedRuns() {
  const brush = brushMatch.get();
  return brush.empty ? matchingRuns() : matchingRuns().filter((run) => brush.test(run.name));
}

/** Names of the runs that are drawn. @returns {Set<string>} */
export function drawnRuns() {
  const choice = store.chosen.get();
  return new Set(listedRuns().filter((run) => isChosen(choice, run.name)).map((run) => run.name));
}

/** Names of the runs that would be drawn without the brushes. @returns {Set<string>} */
export function unbrushedRuns() {
  const choice = store.chosen.get();
  return new Set(matchingRuns().filter((run) => isChosen(choice, run.name)).map((run) => run.name));
}

/** Counts up whenever other runs may be drawn; pages that draw runs listen to it. */
export const drawnVersion = new Atom(0);

const count = oncePerTask(() => drawnVersion.set(drawnVersion.get() + 1));
for (const atom of [store.catalog, store.chosen, hiddenRuns, runMatch, brushMatch]) atom.subscribe(count);
