/** Bookmarks and named selections of embeddings: kept by the server for everyone who looks at the log. */

import { Atom } from "../lib/atom.js";
import { changesToAdd, readBookmarks, writeBookmarks } from "../lib/bookmark-file.js";
import { encodeEmbedding } from "../lib/embedding-choice.js";
import { escapeValue } from "../lib/names.js";
import { decodeRows, encodeRows } from "../lib/row-set-text.js";
import { entry } from "../lib/state-changes.js";
import { isolated, selection } from "./projector-points.js";
import { pointCount, setIsolation } from "./projector-selection.js";
import { bookmarkName } from "./projector-settings.js";
import { shownEmbedding, shownRef, shownSeries } from "./projector-shown.js";
import { decodeHash, encodeHash, isOfProjector } from "./url.js";
import { changeState, stateMessage, userState } from "./user-state.js";

/** @typedef {import("../lib/row-sets.js").Rows} Rows */
/** @typedef {import("../lib/state-changes.js").Bookmark} Bookmark */

/** Why a bookmark or a selection cannot be shown or kept; "" when all is well. */
export const savedProblem = new Atom("");

/** What named selections of the embedding in sight are kept under: they hold for all its steps. */
function embeddingKey() {
  const [series, ref] = [shownSeries.get(), shownRef.get()];
  return encodeEmbedding(series ? { run: series.run, tag: series.tag } : ref && "file" in ref ? ref : null);
}

/** Named selections of the embedding in sight, by name. @returns {[name: string, points: number][]} */
export const namedSelections = () => Object.entries(entry(userState.get().selections, embeddingKey()) ?? {}).sort(([a], [b]) => a.localeCompare(b)).map(([name, { points }]) => [name, points]);

/** Bookmarks of all embeddings, by name. @returns {[name: string, mark: Bookmark][]} */
export const bookmarkList = () => Object.entries(userState.get().bookmarks).sort(([a], [b]) => a.localeCompare(b));

/** @param {string} name @param {Rows} [rows] */
export const keepSelection = (name, rows = selection.get()) => change([{ path: ["selections", embeddingKey(), name], value: { rows: encodeRows(rows), points: pointCount() } }]);

/** The points of a named selection; null, and a sentence in `savedProblem`, where they cannot be had. @param {string} name @returns {Rows | null} */
export function rowsNamed(name) {
  const kept = entry(entry(userState.get().selections, embeddingKey()) ?? {}, name);
  if (!kept) return null;
  const rows = readRows(kept.rows, `selection "${name}"`);
  if (rows && kept.points !== pointCount()) savedProblem.set(`"${name}" was kept when there were ${kept.points} points; now there are ${pointCount()}: rows may have moved.`);
  return rows;
}

/** @param {string} before @param {string} name a free one */
export function renameSelection(before, name) {
  const kept = entry(entry(userState.get().selections, embeddingKey()) ?? {}, before);
  return kept && change([{ path: ["selections", embeddingKey(), name], value: kept }, { path: ["selections", embeddingKey(), before], value: null }]);
}

/** @param {string} name */
export const deleteSelection = (name) => change([{ path: ["selections", embeddingKey(), name], value: null }]);

/** Keeps the page as it is now: what is shown, how, from where, and which points are selected and isolated. @param {string} name */
export function keepBookmark(name) {
  const alone = isolated.get();
  const mark = { address: encodeHash(isOfProjector), ...(selection.get().length ? { selection: encodeRows(selection.get()) } : {}), ...(alone ? { isolated: encodeRows(alone) } : {}) };
  return change([{ path: ["bookmarks", name], value: mark }]);
}

/** @param {string} before @param {string} name a free one */
export function renameBookmark(before, name) {
  const mark = entry(userState.get().bookmarks, before);
  return mark && change([{ path: ["bookmarks", name], value: mark }, { path: ["bookmarks", before], value: null }]);
}

/** @param {string} name */
export const deleteBookmark = (name) => change([{ path: ["bookmarks", name], value: null }]);

/** Where everybody finds a bookmark of this dashboard. @param {string} name */
export const bookmarkLink = (name) => `${location.href.split("#")[0]}#projector?pmark=${escapeValue(name)}`;

/** @type {{selected: Rows | null, alone: Rows | null, key: string} | null} rows of an embedding that is still being opened */
let waiting = null;

/** Shows the page as a bookmark kept it. @param {string} name @returns {boolean} whether there is one of that name */
export function openBookmark(name) {
  const mark = entry(userState.get().bookmarks, name);
  if (!mark) return false;
  savedProblem.set("");
  decodeHash(mark.address, isOfProjector);
  const told = `bookmark "${name}"`;
  waiting = { selected: readRows(mark.selection ?? "", told), alone: mark.isolated === undefined ? null : readRows(mark.isolated, told), key: "" };
  queueMicrotask(settle); // atoms that follow the address have followed it by then
  return true;
}

/** The rows are set once their embedding is there. */
function settle() {
  if (!waiting || !shownEmbedding.get() || shownEmbedding.get()?.ref !== shownRef.get()) return;
  const { selected, alone } = waiting;
  waiting = null;
  if (selected) selection.set(selected.filter((row) => row < pointCount()));
  setIsolation(alone && alone.filter((row) => row < pointCount()));
}
shownEmbedding.subscribe(() => queueMicrotask(settle));

/** A link that names a bookmark: opened once the user state is there. */
function follow() {
  const name = bookmarkName.get();
  if (!name || !openBookmark(name)) return;
  bookmarkName.set(""); // from now on the address itself says what is shown
}
bookmarkName.subscribe(follow);
userState.subscribe(follow);
follow();

/** All bookmarks and named selections as a file. */
export const bookmarkFile = () => new Blob([writeBookmarks(userState.get())], { type: "application/json" });

/** Takes those of a file in. @param {File} file */
export async function takeBookmarks(file) {
  savedProblem.set("");
  try {
    const changes = changesToAdd(readBookmarks(await file.text(), file.name), userState.get());
    if (changes.length > 0) await change(changes);
  } catch (problem) {
    savedProblem.set(/** @type {Error} */ (problem).message);
  }
}

/** @param {import("../lib/state-changes.js").Change[]} changes */
async function change(changes) {
  savedProblem.set("");
  const done = await changeState(changes);
  if (!done) savedProblem.set(stateMessage.get());
  return done;
}

/** @param {string} text @param {string} what @returns {Rows | null} */
function readRows(text, what) {
  try {
    return decodeRows(text);
  } catch (problem) {
    savedProblem.set(`The rows of ${what} cannot be read: ${/** @type {Error} */ (problem).message}.`);
    return null;
  }
}
