/**
 * Where the values of the cards in sight are: columns by kind, tag and run, fetched when asked for and kept up to date.
 *
 * Asking is wanting: `look` gives what is here and has the rest fetched; what nobody looked at since the last `sweep`
 * is kept while there is room, and not brought up to date.
 */

import { Atom, oncePerTask } from "../lib/atom.js";
import { joined, knownOf, valuesBytes } from "../lib/blob-frame.js";
import { fetchBlobs } from "./cards-api.js";
import { catalog, segments } from "./store.js";
import { changes, connection } from "./follow.js";

/** @typedef {import("../lib/blob-frame.js").Values} Values */

/**
 * @typedef {object} Columns of one tag
 * @property {string} kind
 * @property {string} tag
 * @property {Map<string, Values>} runs
 * @property {Set<string>} wanted runs that were looked at
 * @property {Set<string>} pending
 * @property {Map<string, number>} synced run → version of the log its values are of
 * @property {string | null} error
 * @property {number} asked ms since the page began
 * @property {number} bytes of all values
 *
 * @typedef {{columns: Columns, runs: string[]}} Part of a request
 */

const AT_ONCE = 4; // requests under way
const MOST_SERIES = 500; // in one request
const ROOM = 64e6; // bytes of columns kept
const NAMELESS = ["histograms"]; // kinds whose values are asked for by place: names are most of the bytes
const EVERY = 1000; // ms between two requests for the same columns: a run that logs all the time is not asked for all the time

/** @type {Map<string, Columns>} by kind and tag, the last looked at behind the others */
const known = new Map();
/** @type {Map<string, number>} run → version of the log in which it last changed */
const changedAt = new Map();
let allChangedAt = -1;
let underWay = 0;
let timer = 0;

/** Counts up when values, or an error, have come. */
export const blobVersion = new Atom(0);

/** @param {string} kind as the log calls it @param {string} tag */
function columnsOf(kind, tag) {
  const key = `${kind}\n${tag}`;
  let columns = known.get(key);
  if (columns) known.delete(key);
  else columns = { kind, tag, runs: new Map(), wanted: new Set(), pending: new Set(), synced: new Map(), error: null, asked: -Infinity, bytes: 0 };
  known.set(key, columns);
  return columns;
}

/**
 * The values of a run under a tag; what is missing or old is fetched.
 *
 * @param {string} kind as the log calls it @param {string} tag @param {string} run
 * @returns {Values | null} null while they are on their way, and where that failed
 */
export function blobValues(kind, tag, run) {
  const columns = columnsOf(kind, tag);
  if (!columns.wanted.has(run)) {
    columns.wanted.add(run);
    pumpSoon();
  }
  return columns.runs.get(run) ?? null;
}

/** Why the values of a tag could not be had. @param {string} kind @param {string} tag @returns {string | null} */
export function blobError(kind, tag) {
  return known.get(`${kind}\n${tag}`)?.error ?? null;
}

/** Tries what failed once more. @param {string} kind @param {string} tag */
export function retryBlobs(kind, tag) {
  columnsOf(kind, tag).error = null;
  pumpSoon();
}

/** A card is gone: its values are no longer brought up to date, and what failed is tried once more when somebody looks. @param {string} kind @param {string} tag */
export function leaveBlobs(kind, tag) {
  const left = known.get(`${kind}\n${tag}`);
  left?.wanted.clear();
  if (left) left.error = null;
  let room = ROOM;
  for (const [key, columns] of [...known].reverse()) {
    room -= columns.bytes;
    if (room < 0 && columns.wanted.size === 0 && columns.pending.size === 0) known.delete(key);
  }
}

const pumpSoon = oncePerTask(pump);

/** Asks for what is wanted: that of all cards at once, those first that were looked at last. */
function pump() {
  const now = performance.now();
  let wait = Infinity;
  /** @type {Part[]} */
  let parts = [];
  let room = MOST_SERIES;
  for (const columns of [...known.values()].reverse()) {
    if (underWay >= AT_ONCE) return;
    if (columns.error || columns.wanted.size === 0) continue;
    const runs = [...columns.wanted].filter((run) => !columns.pending.has(run) && isOld(columns, run));
    if (runs.length === 0) continue;
    const isNew = runs.some((run) => !columns.runs.has(run));
    if (!isNew && now - columns.asked < EVERY) {
      wait = Math.min(wait, columns.asked + EVERY - now);
      continue;
    }
    parts.push({ columns, runs: runs.slice(0, room) });
    room -= runs.length;
    if (room > 0) continue;
    void send(parts);
    [parts, room] = [[], MOST_SERIES];
  }
  if (parts.length > 0) void send(parts);
  if (wait === Infinity || timer) return;
  timer = window.setTimeout(() => {
    timer = 0;
    pump();
  }, wait);
}

/** @param {Columns} columns @param {string} run */
function isOld({ synced }, run) {
  return (synced.get(run) ?? -2) < Math.max(allChangedAt, changedAt.get(run) ?? -1);
}

/** @param {Part[]} parts */
async function send(parts) {
  underWay += 1;
  for (const { columns, runs } of parts) {
    columns.asked = performance.now();
    for (const run of runs) columns.pending.add(run);
  }
  const { lineOf, byName } = catalog.get();
  const startOf = (/** @type {string} */ run) => byName.get(lineOf(run)?.row ?? run)?.start ?? 0;
  const least = changes.get().version;
  const wanted = wantedSegments();
  const before = parts.map(({ columns, runs }) => new Map(runs.map((run) => [run, columns.runs.get(run)])));
  const asked = parts.map(({ columns: { kind, tag }, runs }, place) => ({ kind, tag, runs, known: knownAmong(before[place]), names: !NAMELESS.includes(kind) }));
  /** @type {string | null} */
  let error = null;
  try {
    const { version, found } = await fetchBlobs({ asked, segments: wanted }, startOf);
    const taken = wanted === wantedSegments() ? parts : [];
    for (const [place, { columns, runs }] of taken.entries()) for (const run of runs) take(columns, run, joined(before[place].get(run), found[place]?.get(run) ?? NOTHING), Math.max(version, least));
  } catch (problem) {
    error = /** @type {Error} */ (problem).message;
  }
  for (const { columns, runs } of parts) {
    columns.error = error;
    for (const run of runs) columns.pending.delete(run);
  }
  underWay -= 1;
  blobVersion.set(blobVersion.get() + 1);
  pumpSoon();
}

/** @param {Map<string, Values | undefined>} values by run */
function knownAmong(values) {
  return Object.fromEntries([...values].flatMap(([run, known]) => (known?.n ? [[run, knownOf(known)]] : [])));
}

/** What a restart superseded is left out where it is left out of the charts. */
export const wantedSegments = () => (segments.get() === "latest" ? "latest" : "all");

/** @type {Values & {from: number}} of a run that has lost the tag */
const NOTHING = { n: 0, from: 0, step: new Float64Array(), wall: new Float64Array(), crc: null, check: 0, lineage: 0, bytes: new Float64Array(), start: 0, plugin: "", displayName: "", description: "" };

/** Values that did not change stay the same object: a card that holds it has nothing to do. @param {Columns} columns @param {string} run @param {Values} values @param {number} version */
function take(columns, run, values, version) {
  columns.synced.set(run, version);
  const before = columns.runs.get(run);
  if (before && before.n === values.n && before.check === values.check && before.start === values.start) return;
  columns.bytes += valuesBytes(values) - (before ? valuesBytes(before) : 0);
  columns.runs.set(run, values);
}

changes.subscribe(({ version, runs, anew }) => {
  if (anew) {
    allChangedAt = -1;
    changedAt.clear();
    forgetVersions();
  }
  if (runs === null) allChangedAt = version;
  else for (const run of runs) changedAt.set(run, version);
  pumpSoon();
});

segments.subscribe(forgetVersions);

/** Everything wanted is asked for once more. */
function forgetVersions() {
  for (const columns of known.values()) columns.synced.clear();
  pumpSoon();
}

connection.subscribe(({ state }) => {
  if (state !== "live" && state !== "polling") return;
  for (const columns of known.values()) columns.error = null; // what failed while the server was away
  pumpSoon();
});
