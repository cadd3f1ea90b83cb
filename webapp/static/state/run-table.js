/** The run table: the columns somebody looks at, asked for once, then only the rows that changed. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { EMPTY_TABLE, withAnswer } from "../lib/table-data.js";
import { fetchColumns, fetchTable } from "./api.js";
import { firstCards } from "./first-cards.js";
import { changedAt } from "./follow.js";
import { catalog, status } from "./store.js";

/** @typedef {import("../lib/table-data.js").TableData} TableData */
/** @typedef {import("../lib/column-list.js").ColumnsAnswer} ColumnsAnswer */

const EVERY = 1000; // ms between two readings while points come in

/** What is known of the table: columns that were never asked for are not in it. */
export const table = new Atom(EMPTY_TABLE);
/** The columns there could be; null before the server's first word. */
export const knownColumns = new Atom(/** @type {ColumnsAnswer | null} */ (null));
/** The version of the log that `knownColumns` is true of, at least. */
export const knownVersion = new Atom(-1);
/** How many columns are being read for the first time; 0 when all that are wanted are here. */
export const columnsUnderWay = new Atom(0);
/** Why the table is not what it should be, or "". */
export const tableProblem = new Atom("");

/** @type {Map<string, string[]>} who looks → at which columns */
const wishes = new Map();
let busy = false;
let again = false;
let stale = true; // rows may have changed since the last answer
let readAt = 0;
let timer = 0;

/** Says which columns a place shows; [] when it shows none any more. @param {string} who @param {string[]} names */
export function wantColumns(who, names) {
  if (wishes.get(who)?.join("\n") === names.join("\n")) return;
  wishes.set(who, names);
  soon();
}

/** The columns there could be, as soon as the server has told them. @returns {Promise<ColumnsAnswer>} */
export function whenColumnsKnown() {
  const known = knownColumns.get();
  if (known) return Promise.resolve(known);
  return new Promise((resolve) => {
    const stop = knownColumns.subscribe((answer) => answer && (stop(), resolve(answer)));
  });
}

/** Reads columns whose values people change (tags, notes) once more. @param {string[]} names */
export function rereadColumns(names) {
  const columns = new Map(table.get().columns);
  if (names.filter((name) => columns.delete(name)).length === 0) return;
  table.set({ ...table.get(), columns });
  soon();
}

const soon = oncePerTask(() => void firstCards().then(read));

async function read() {
  if (busy) {
    again = true;
    return;
  }
  const wanted = [...new Set([...wishes.values()].flat())];
  const missing = wanted.filter((name) => !table.get().columns.has(name));
  if (missing.length === 0 && !(stale && wanted.length)) return;
  busy = true;
  columnsUnderWay.set(missing.length);
  if (missing.length === wanted.length) stale = false;
  try {
    if (missing.length) await readWhole(missing);
    else await readChanges(wanted);
    tableProblem.set("");
  } catch (error) {
    tableProblem.set(/** @type {Error} */ (error).message);
    readAt = Date.now();
    refreshSoon();
  }
  busy = false;
  columnsUnderWay.set(0);
  if (!tableProblem.get() && (again || stale)) soon();
  again = false;
}

/** @param {string[]} names */
async function readWhole(names) {
  readAt = Date.now();
  const answer = await fetchTable(names);
  const before = table.get();
  const next = withAnswer(before, answer);
  if (next) table.set({ ...next, version: before.columns.size && next.runs === before.runs ? before.version : next.version });
}

/** @param {string[]} wanted */
async function readChanges(wanted) {
  [stale, readAt] = [false, Date.now()];
  const before = table.get();
  const next = withAnswer(before, await fetchTable(wanted, before.version >= 0 ? before.version : undefined));
  table.set(next ?? withAnswer(EMPTY_TABLE, await fetchTable(wanted)) ?? before);
}

function refreshSoon() {
  stale = true;
  if (timer) return;
  timer = setTimeout(() => {
    timer = 0;
    soon();
  }, Math.max(0, readAt + EVERY - Date.now()));
}

async function readKnown() {
  await firstCards();
  try {
    const answer = await fetchColumns();
    knownVersion.set(answer.version);
    if (JSON.stringify({ ...answer, version: 0 }) !== JSON.stringify({ ...knownColumns.get(), version: 0 })) knownColumns.set(answer);
  } catch (error) {
    tableProblem.set(/** @type {Error} */ (error).message);
  }
}

changedAt.subscribe(refreshSoon);
/** @type {number | undefined} */
let states; // a run falls silent without any new point
status.subscribe((now) => {
  if (now && now.states !== states && states !== undefined) refreshSoon();
  states = now?.states ?? states;
});
let readKnownAt = 0;
catalog.subscribe(() => {
  refreshSoon();
  clearTimeout(readKnownAt);
  readKnownAt = setTimeout(readKnown, knownColumns.get() ? EVERY : 0);
});
