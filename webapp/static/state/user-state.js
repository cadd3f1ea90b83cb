/** What people add to the log (names, colours, notes, views …), kept by the server for everyone who looks at it. */

import { Atom } from "../lib/atom.js";
import { changed, EMPTY_STATE, entry } from "../lib/state-changes.js";
import { fetchState, postState } from "./api.js";

/** @typedef {import("../lib/state-changes.js").UserState} UserState */
/** @typedef {import("../lib/state-changes.js").Change} Change */
/** @typedef {import("../lib/state-changes.js").RunEntry} RunEntry */
/** @typedef {{version: number, writable: boolean, where: string, problem?: string, state: UserState}} StateAnswer */

const OUTLIVING = 60_000; // bytes; browsers refuse requests that outlive the page when they have more than 65,536 in all

/** Never null: empty before the first answer. Holds changes that the server has not confirmed yet, too. */
export const userState = new Atom(EMPTY_STATE);
/** What the server says about its file. */
export const stateFile = new Atom({ writable: true, where: "", problem: "" });
/** Why the last change was taken back, or will not last; "" when all is well. */
export const stateMessage = new Atom("");

let confirmed = EMPTY_STATE;
let version = -1;
/** @type {Change[][]} sent or about to be sent, oldest first */
const waiting = [];
let sending = Promise.resolve();
let posts = 0; // how many were begun: an answer to an earlier question is stale

/** @param {StateAnswer} answer */
function take(answer) {
  const same = answer.version === version;
  ({ version } = answer);
  confirmed = answer.state;
  const { writable, where, problem = "" } = answer;
  const known = stateFile.get();
  if (known.writable !== writable || known.where !== where || known.problem !== problem) stateFile.set({ writable, where, problem });
  if (!same || waiting.length > 0) show();
}

function show() {
  userState.set(changed(confirmed, waiting.flat()));
}

/** Reads the state if the server has another version than `told`; without it, in any case. @param {number} [told] */
export async function loadState(told) {
  if (told !== undefined && told === version) return;
  const begun = posts;
  try {
    const answer = await fetchState();
    if (begun === posts) take(answer);
  } catch {
    // The connection says that the server is away; the next message brings the state.
  }
}

/**
 * Makes changes at once on the page, then on the server; if that fails they are taken back and `stateMessage` says why.
 *
 * @param {Change[]} changes `{path: ["runs", run, "color"], value: "#123456"}`, null takes away
 * @returns {Promise<boolean>} whether the server took them
 */
export function changeState(changes) {
  waiting.push(changes);
  show();
  const done = sending.then(() => send(changes));
  sending = done.then(() => {});
  return done;
}

/** @param {Change[]} changes */
async function send(changes) {
  posts += 1;
  try {
    const answer = await postState(changes);
    waiting.splice(waiting.indexOf(changes), 1);
    stateMessage.set(answer.writable ? "" : (answer.problem ?? ""));
    take(answer);
    show();
    return true;
  } catch (error) {
    waiting.splice(waiting.indexOf(changes), 1);
    show();
    stateMessage.set(`Not saved: ${/** @type {Error} */ (error).message}`);
    return false;
  }
}

/**
 * A page that goes ends its requests and never sends what waits behind them: all of it goes once more, in one that may outlive the page.
 * What has no room there goes in a request of its own, which may be in time.
 */
export function keepWaitingChanges() {
  const ignore = () => {}; // nobody is left to be told
  /** @type {Change[]} */
  const kept = [];
  let room = OUTLIVING;
  for (const changes of waiting) {
    const size = new TextEncoder().encode(JSON.stringify(changes)).length;
    if (size > room) {
      postState(changes).catch(ignore);
      continue;
    }
    kept.push(...changes);
    room -= size;
  }
  if (kept.length) postState(kept, { keepalive: true }).catch(ignore);
}

/** @param {string} run @returns {RunEntry} what was added to a run; empty when nothing was */
export function runEntry(run) {
  return entry(userState.get().runs, run) ?? {};
}

/** The name a person gave to a run, else its own. @param {string} run */
export function displayName(run) {
  return runEntry(run).name || run;
}

/** Every tag that somebody put on a run, in order. @returns {string[]} */
export function knownTags() {
  return [...new Set(Object.values(userState.get().runs).flatMap(({ tags }) => tags ?? []))].sort();
}

/** Sets or (null) takes away one field of a run. @param {string} run @param {keyof RunEntry} field @param {any} value */
export function changeRun(run, field, value) {
  return changeState([{ path: ["runs", run, field], value }]);
}
