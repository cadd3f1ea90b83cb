/** The embedding in sight: the one that was chosen, else the first there is; at the step nearest to the step cursor. And what there is to know of it. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { refKey } from "../lib/embedding-choice.js";
import { sentenceOf } from "../lib/sentence.js";
import { embeddings } from "./projector-catalog.js";
import { fetchEmbeddingInfo } from "./projector-api.js";
import { embeddingChoice } from "./projector-settings.js";
import * as store from "./store.js";

/** @typedef {import("../lib/embedding-choice.js").EmbeddingRef} EmbeddingRef */
/** @typedef {import("./projector-catalog.js").EmbeddingSeries} EmbeddingSeries */

/**
 * @typedef {{name: string, kind: "number" | "category" | "text", distinct: number, least?: number | null, most?: number | null, missing: number}} ColumnInfo
 * @typedef {{url: string, columns: number, rows: number, first: number, count: number}} SpritePage
 *
 * @typedef {object} EmbeddingInfo
 * @property {string} name
 * @property {number} points
 * @property {number} dimensions
 * @property {string} dtype
 * @property {boolean} complete whether all numbers were looked at; before, notes may be missing
 * @property {number | null} finite rows without NaN and infinity; null: not counted yet
 * @property {string[]} notes
 * @property {ColumnInfo[]} columns
 * @property {{width: number, height: number, pages: SpritePage[]} | null} sprite
 * @property {boolean} coordinates whether a layout came with the data
 * @property {Record<string, Record<string, string>>} expected by method and dimensions: what takes long
 * @property {string | null} next column that says which row follows
 *
 * @typedef {{ref: EmbeddingRef, info: EmbeddingInfo}} ShownEmbedding
 */

/** The tag in sight with its steps; null: a file is in sight, or nothing. */
export const shownSeries = new Atom(/** @type {EmbeddingSeries | null} */ (null));
/** The step in sight; null for a file. */
export const shownStep = new Atom(/** @type {number | null} */ (null));
/** The matrix in sight; null: there is none. */
export const shownRef = new Atom(/** @type {EmbeddingRef | null} */ (null));
/** The matrix that was last opened, and what there is to know of it; it stays while the next is on its way. */
export const shownEmbedding = new Atom(/** @type {ShownEmbedding | null} */ (null));
/** Why the one in sight cannot be shown; "" when all is well. */
export const shownProblem = new Atom("");

/** The step where the axis of the page is not that of steps: there the cursor says nothing. */
const ownStep = new Atom(/** @type {number | null} */ (null));

/** Moves to a step; null: the latest. @param {number | null} step */
export function moveToStep(step) {
  if (store.axis.get() === "step") store.cursor.set(step);
  else ownStep.set(step);
}

/** Where the step cursor is, for embeddings; null: at the latest. */
const stepWanted = () => (store.axis.get() === "step" ? store.cursor.get() : ownStep.get());

function resolve() {
  const answer = embeddings.get();
  if (!answer) return;
  const choice = embeddingChoice.get();
  const file = choice && "file" in choice ? choice : null;
  const series = file ? null : seriesOf(answer.embeddings);
  const gone = choice && !file && !series && store.complete.get();
  const at = series && stepNear(series.steps.map(({ step }) => step), stepWanted());
  shownSeries.set(series);
  const found = series?.steps.find(({ step }) => step === at);
  const ref = file ?? (series && found ? { run: series.run, name: found.name } : answer.embeddings.length === 0 && answer.files[0] ? { file: answer.files[0].file } : null);
  if (refKey(ref) !== refKey(shownRef.get())) shownRef.set(ref);
  shownStep.set(at);
  if (gone) tellGone(/** @type {{run: string, tag: string}} */ (choice));
}

/** What was chosen is not in the log, or no more; nothing else takes its place. @param {{run: string, tag: string}} choice */
function tellGone({ run, tag }) {
  asking.abort();
  answered = refKey(null);
  shownEmbedding.set(null);
  shownProblem.set(`The run ${run || "."} has no embedding ${tag} (any more). Choose another one above, or wait for it to be logged.`);
}

/** The one that was chosen; where nobody chose, the one in sight, else the first that can be read. @param {EmbeddingSeries[]} all */
function seriesOf(all) {
  const choice = embeddingChoice.get();
  const shown = shownSeries.get();
  const wanted = choice && "tag" in choice ? choice : shown;
  const found = wanted && all.find(({ run, tag }) => run === wanted.run && tag === wanted.tag);
  if (choice && "tag" in choice) return found ?? null;
  return found ?? all.find(({ steps }) => steps.some(({ broken }) => !broken)) ?? all[0] ?? null;
}

/** @param {readonly number[]} steps rising @param {number | null} wanted @returns {number | null} */
function stepNear(steps, wanted) {
  if (wanted === null || steps.length === 0) return steps.at(-1) ?? null;
  return steps.reduce((best, step) => (Math.abs(step - wanted) <= Math.abs(best - wanted) ? step : best));
}

const LOOK_AGAIN = 3000; // ms

let asking = new AbortController();
let answered = ""; // what the info, or the problem, is the answer to
let awake = false;

async function open() {
  const ref = shownRef.get();
  const key = refKey(ref);
  if (!awake || key === answered) return;
  asking.abort();
  const mine = (asking = new AbortController());
  if (!ref) return shownEmbedding.set(null);
  try {
    const info = await fetchEmbeddingInfo(ref, mine.signal);
    if (mine.signal.aborted) return;
    answered = key;
    shownProblem.set("");
    shownEmbedding.set({ ref, info });
    if (!info.complete) lookAgain(key);
  } catch (problem) {
    if (mine.signal.aborted) return;
    answered = key;
    shownEmbedding.set(null);
    shownProblem.set(sentenceOf(problem));
  }
}

const resolveSoon = oncePerTask(resolve);
for (const atom of [embeddings, embeddingChoice, store.cursor, store.axis, store.complete, ownStep]) atom.subscribe(resolveSoon);
const openSoon = oncePerTask(() => void open());
shownRef.subscribe(openSoon);

/** A large file is shown before all of it was looked at. @param {string} key */
function lookAgain(key) {
  setTimeout(() => {
    if (key !== answered || key !== refKey(shownRef.get())) return;
    answered = "";
    openSoon();
  }, LOOK_AGAIN);
}

/** Asks once more for what could not be had. */
export function retryEmbedding() {
  answered = "";
  openSoon();
}

/** The page is in sight, or no more. @param {boolean} on */
export function wakeShown(on) {
  awake = on;
  if (on) openSoon();
}
