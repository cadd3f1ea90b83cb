/** Which run has which tags of which kind: read when a page of cards is first seen, then whenever runs come or go. */

import { Atom } from "../lib/atom.js";
import { indexKinds, NO_KINDS } from "../lib/kinds-index.js";
import { fetchKinds } from "./api.js";
import { changes } from "./follow.js";
import { complete } from "./store.js";

const ASK_EVERY = 1500; // ms
const ASK_FIRST = 200; // ms, as long as nothing is known
const TRY_AGAIN = 2000; // ms after a reading that failed

export const kindsCatalog = new Atom(NO_KINDS);
/** Whether the server has said once what there is. */
export const kindsKnown = new Atom(false);
/** Why the catalog could not be read; "" when all is well. */
export const kindsProblem = new Atom("");

let etag = "";
let asking = false;
let asked = -Infinity; // when, ms since the page began
let timer = 0;
let awake = false;
let stale = true; // the log has changed since it was last asked for

async function ask() {
  if (asking) return;
  [asking, stale, asked] = [true, false, performance.now()];
  try {
    const told = await fetchKinds(etag);
    if (told.answer) kindsCatalog.set(indexKinds(told.answer));
    ({ etag } = told);
    kindsProblem.set("");
    kindsKnown.set(true);
  } catch (problem) {
    kindsProblem.set(/** @type {Error} */ (problem).message);
    stale = true;
  }
  asking = false;
  if (stale) soon(kindsProblem.get() ? TRY_AGAIN : undefined);
}

/** @param {number} [wait] ms; without it, as soon as the last reading is old enough */
function soon(wait = Math.max(0, asked + (kindsCatalog.get().kinds.length ? ASK_EVERY : ASK_FIRST) - performance.now())) {
  if ((timer && wait > 0) || !awake) return;
  clearTimeout(timer);
  timer = window.setTimeout(() => {
    timer = 0;
    if (awake) void ask();
  }, wait);
}

changes.subscribe(() => {
  stale = true;
  soon();
});

complete.subscribe(() => {
  if (stale) soon(0); // the first reading is over: what it found is no longer to come bit by bit
});

/** A page of cards is in sight, or no more: the catalog is kept current while one is. @param {boolean} on */
export function wakeKinds(on) {
  awake = on;
  if (on) askAhead();
}

/** A page of cards may be in sight soon. */
export function askAhead() {
  if (stale) void ask();
}

/** Asks again at once. */
export function retryKinds() {
  void ask();
}
