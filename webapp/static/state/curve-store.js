/** Threshold curves by kind, tag, run and the name of their value: fetched when looked at, and kept while there is room. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { fetchCurves } from "./cards-api.js";

/** @typedef {import("../lib/threshold-curve.js").Curve} Curve */
/** @typedef {import("../lib/threshold-curve.js").BadCurve} BadCurve */
/** @typedef {{kind: string, tag: string, run: string, id: string, areasOnly: boolean}} Wanted */

const ROOM = 1_500; // curves
const ROOM_AREAS = 100_000; // figures of curves
const AT_ONCE = 2_000; // in one request; a server answers no more than twice as many

/** Counts up when curves have come, or could not be had. */
export const curveVersion = new Atom(0);

/** @type {Map<string, Curve | BadCurve>} the last looked at behind the others */
const curves = new Map();
/** @type {Map<string, Curve | BadCurve>} those of which only the areas are here, likewise */
const areas = new Map();
/** @type {Map<string, Wanted>} asked for by a card, not by us yet */
const wanted = new Map();
/** @type {Set<string>} */
const pending = new Set();

/**
 * A curve, or null while it is on its way.
 *
 * @param {string} kind @param {string} tag @param {string} run @param {string} id
 * @returns {Curve | BadCurve | null}
 */
export function curveOf(kind, tag, run, id) {
  return look({ kind, tag, run, id, areasOnly: false });
}

/** The figures of a curve, whose columns may be empty. @param {string} kind @param {string} tag @param {string} run @param {string} id @returns {Curve | BadCurve | null} */
export function areasOf(kind, tag, run, id) {
  const wish = { kind, tag, run, id, areasOnly: true };
  return curves.get(keyOf({ ...wish, areasOnly: false })) ?? look(wish);
}

/** @param {Wanted} wish */
function keyOf({ kind, tag, run, id, areasOnly }) {
  return JSON.stringify([kind, tag, run, id, areasOnly]);
}

/** @param {Wanted} wish */
function look(wish) {
  const key = keyOf(wish);
  const store = wish.areasOnly ? areas : curves;
  const found = store.get(key);
  if (found) {
    store.delete(key);
    store.set(key, found);
    return found;
  }
  if (!pending.has(key)) {
    wanted.set(key, wish);
    askSoon();
  }
  return null;
}

const askSoon = oncePerTask(() => {
  /** @type {Map<string, [string, Wanted][]>} one request for each tag */
  const tags = new Map();
  for (const entry of wanted) {
    const { kind, tag, areasOnly } = entry[1];
    const name = JSON.stringify([kind, tag, areasOnly]);
    tags.set(name, [...(tags.get(name) ?? []), entry]);
  }
  wanted.clear();
  for (const wishes of tags.values()) for (let i = 0; i < wishes.length; i += AT_ONCE) void ask(wishes.slice(i, i + AT_ONCE));
});

/** @param {[string, Wanted][]} wishes of one tag */
async function ask(wishes) {
  const [[, { kind, tag, areasOnly }]] = wishes;
  /** @type {Map<string, string[]>} */
  const runs = new Map();
  for (const [key, { run, id }] of wishes) {
    pending.add(key);
    runs.set(run, [...(runs.get(run) ?? []), id]);
  }
  /** @type {Map<string, Curve | BadCurve>} */
  const found = new Map();
  let problem = "This value is not in the log any more.";
  try {
    const answer = await fetchCurves({ kind, tag, series: [...runs].map(([run, ids]) => ({ run, ids })), areas_only: areasOnly });
    for (const curve of answer) found.set(keyOf({ kind, tag, run: curve.run, id: curve.id, areasOnly }), curve);
  } catch (error) {
    problem = /** @type {Error} */ (error).message;
  }
  const store = areasOnly ? areas : curves;
  for (const [key, { run, id }] of wishes) {
    pending.delete(key);
    store.set(key, found.get(key) ?? { run, id, error: problem });
  }
  const room = areasOnly ? ROOM_AREAS : ROOM;
  for (const key of store.keys()) {
    if (store.size <= room) break;
    store.delete(key);
  }
  curveVersion.set(curveVersion.get() + 1);
}

/** Forgets what could not be had, to be asked for once more. */
export function retryCurves() {
  for (const store of [curves, areas]) for (const [key, value] of store) if ("error" in value) store.delete(key);
  curveVersion.set(curveVersion.get() + 1);
}
