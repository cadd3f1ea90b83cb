/** What the page keeps of answers, and what it sends once more as it goes. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";

import { histogramAt, histogramVersion, retryHistograms } from "../../webapp/static/state/histogram-store.js";
import { segments } from "../../webapp/static/state/store.js";
import { changeState, keepWaitingChanges } from "../../webapp/static/state/user-state.js";

/** @type {{path: string, body: any, keepalive: boolean}[]} */
const asked = [];
let answer = async () => new Response("{}");
globalThis.fetch = /** @type {any} */ (async (/** @type {string} */ path, /** @type {RequestInit} */ init) => {
  asked.push({ path, body: JSON.parse(String(init.body)), keepalive: init.keepalive === true });
  return answer();
});
beforeEach(() => void (asked.length = 0));

/** An answer of /api/histograms with no value of the run "a". @param {object[]} [problems] */
function noHistograms(problems = []) {
  let text = JSON.stringify({ version: 1, edges: { kind: "own" }, series: [{ run: "a", n: 5, check: 1, sent: 0, problems, arrays: {} }] });
  text += " ".repeat((8 - (text.length % 8)) % 8);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, text.length, true);
  return new Response(new Blob(["SSB1", length, text]));
}

const valuesNow = () => /** @type {any} */ ({ n: 5, check: 1, lineage: 77 });
const answered = () => new Promise((/** @type {(value?: unknown) => void} */ done) => { const leave = histogramVersion.subscribe(() => done(leave())); });

test("a histogram that is not in the log is asked for again when the values are others, and by Retry", async () => {
  answer = async () => noHistograms();
  const values = valuesNow();
  const look = (of = values) => histogramAt("weights", "a", of, 3);
  assert.deepEqual(look(), { histogram: null, error: null });
  await answered();
  assert.deepEqual(look(), { histogram: null, error: "This value is not in the log any more." });
  await new Promise((done) => setTimeout(done, 20));
  assert.equal(asked.length, 1);
  look(valuesNow());
  await answered();
  assert.equal(asked.length, 2);
  retryHistograms();
  assert.equal(look().error, null);
  await answered();
  assert.equal(asked.length, 3);
});

test("a histogram that was looked for among the steps of a choice that has changed is not said to be gone", async () => {
  answer = async () => {
    segments.set(segments.get() === "latest" ? "all" : "latest");
    return noHistograms();
  };
  const values = valuesNow();
  const look = () => histogramAt("biases", "a", values, 3);
  look();
  await answered();
  answer = async () => noHistograms([{ index: 3, step: 3, error: "bad" }]);
  assert.deepEqual(look(), { histogram: null, error: null });
  await answered();
  assert.deepEqual(asked.map(({ body }) => body.segments), ["latest", "all"]);
  assert.equal(look().error, "bad");
});

test("a change too large for a request that outlives the page does not take the others with it", () => {
  answer = () => new Promise(() => {});
  const note = (/** @type {string} */ run, /** @type {number} */ length) => ({ path: ["runs", run, "note"], value: "ä".repeat(length) });
  for (const changes of [[note("a", 5)], [note("b", 40_000)], [note("c", 7)]]) void changeState(changes);
  keepWaitingChanges();
  const sent = asked.filter(({ path }) => path === "api/state").map(({ body, keepalive }) => [keepalive, body.changes.map((/** @type {any} */ { path }) => path[1])]);
  assert.deepEqual(sent, [[false, ["b"]], [true, ["a", "c"]]]);
});
