/** What happened to the runs: what their files say, alerts, and what people noted at a step. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { freshKey } from "../lib/state-changes.js";
import { fetchEvents } from "./api.js";
import { alerts } from "./alerts.js";
import { firstCards } from "./first-cards.js";
import { status } from "./store.js";
import { changeState, userState } from "./user-state.js";

/**
 * @typedef {object} RunEvent
 * @property {string | null} run null: noted for all runs
 * @property {number} step
 * @property {number | null} wall_time seconds since 1970; null where nobody said
 * @property {string} kind "start" | "restart" | "stop" | "checkpoint" | "note" | "alert" | any word of `add_event`
 * @property {string} text
 * @property {string | null} [tag] of an alert: the scalar it is about
 * @property {import("../lib/state-changes.js").Annotation} [annotation] what a person noted; it can be taken away
 */

const ASK_EVERY = 2000; // ms

/** Every event, kept live. */
export const events = new Atom(/** @type {readonly RunEvent[]} */ ([]));

/** @type {Map<string, RunEvent[]>} what the files say, by run */
let logged = new Map();
let version = 0;
let asked = 0;
let timer = 0;
let asking = false;
let answered = false;
let told = false; // the answer is in `events`

/** Whether the server has said once what there is: a chart is complete with its events. */
export const eventsKnown = () => told || status.get()?.version === version;

const publish = oncePerTask(() => {
  const noted = Object.entries(userState.get().annotations).map(([id, annotation]) => ({
    run: annotation.run ?? null, step: annotation.step, wall_time: annotation.wall_time ?? null, kind: "note", text: annotation.text, annotation: { ...annotation, id },
  }));
  const alarms = alerts.get().filter(({ step }) => step !== null).map(({ run, step, wall_time, message, tag }) => (
    { run, step: /** @type {number} */ (step), wall_time, kind: "alert", text: message, tag }));
  told = answered;
  events.set([...[...logged.values()].flat(), ...alarms, ...noted]);
});

async function ask() {
  if (asking) return;
  [asking, asked] = [true, Date.now()];
  await firstCards();
  try {
    const answer = await fetchEvents(version);
    if (answer.runs === null) logged = new Map();
    for (const run of answer.runs ?? []) logged.delete(run);
    for (const event of answer.events) {
      const of = /** @type {string} */ (event.run);
      const list = logged.get(of);
      if (list) list.push(event);
      else logged.set(of, [event]);
    }
    version = answer.version;
  } catch {
    version = 0; // another server may answer next
  } finally {
    [asking, answered] = [false, true];
    publish();
  }
}

/** Asks soon, if the log has changed. @param {import("../lib/types.js").Status | null} now */
function look(now) {
  if (!now || now.version === version || timer || asking) return;
  timer = window.setTimeout(() => {
    timer = 0;
    void ask().then(() => look(status.get()));
  }, Math.max(0, asked + ASK_EVERY - Date.now()));
}

/** Begins to keep `events` live. */
export function followEvents() {
  userState.subscribe(publish);
  alerts.subscribe(publish);
  status.subscribe(look);
  look(status.get());
  publish();
}

/** Notes something at a step, for one run or for all. @param {{text: string, step: number, run?: string, wall_time?: number}} annotation */
export function addAnnotation(annotation) {
  return changeState([{ path: ["annotations", freshKey()], value: annotation }]);
}

/** @param {import("../lib/state-changes.js").Annotation} annotation one of `events` */
export function removeAnnotation({ id = "" }) {
  return changeState([{ path: ["annotations", id], value: null }]);
}
