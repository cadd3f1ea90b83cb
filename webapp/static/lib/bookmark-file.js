/** Bookmarks and named selections of embeddings as a file that people keep and hand on. */

import { freeName } from "./view-edits.js";

/** @typedef {import("./state-changes.js").Bookmark} Bookmark */
/** @typedef {import("./state-changes.js").KeptSelection} KeptSelection */
/** @typedef {{bookmarks: Record<string, Bookmark>, selections: Record<string, Record<string, KeptSelection>>}} Kept */

const VERSION = 1;

/** @param {Kept} kept @returns {string} */
export const writeBookmarks = ({ bookmarks, selections }) => JSON.stringify({ stepscope_bookmarks: VERSION, bookmarks, selections }, null, 1);

/**
 * @param {string} text @param {string} file its name
 * @returns {Kept}
 * @throws {Error} with a sentence when it is something else
 */
export function readBookmarks(text, file) {
  let found;
  try {
    found = JSON.parse(text);
  } catch {
    throw new Error(`${file} is no JSON; bookmarks are files that Export has written.`);
  }
  if (found?.stepscope_bookmarks !== VERSION) throw new Error(`${file} holds no bookmarks: got stepscope_bookmarks ${JSON.stringify(found?.stepscope_bookmarks ?? null)}, want ${VERSION}.`);
  const bookmarks = entriesOf(found.bookmarks).filter(([, mark]) => typeof mark?.address === "string");
  const selections = entriesOf(found.selections).map(([embedding, sets]) => /** @type {const} */ ([embedding, Object.fromEntries(entriesOf(sets).filter(([, set]) => typeof set?.rows === "string" && Number.isFinite(set.points)))]));
  return { bookmarks: Object.fromEntries(bookmarks), selections: Object.fromEntries(selections) };
}

/** What has to be changed in the user state so that it holds the file's, too; what has a name that is taken gets another. @param {Kept} file @param {Kept} kept @returns {import("./state-changes.js").Change[]} */
export function changesToAdd(file, kept) {
  const changes = additions(file.bookmarks, kept.bookmarks).map(([name, value]) => ({ path: ["bookmarks", name], value }));
  for (const [embedding, sets] of Object.entries(file.selections)) {
    const known = Object.hasOwn(kept.selections, embedding) ? kept.selections[embedding] : {};
    changes.push(...additions(sets, known).map(([name, value]) => ({ path: ["selections", embedding, name], value: /** @type {any} */ (value) })));
  }
  return changes;
}

/** @template T @param {Record<string, T>} more @param {Record<string, T>} known @returns {[string, T][]} */
function additions(more, known) {
  const names = Object.keys(known);
  return entriesOf(more).flatMap(([wanted, value]) => {
    if (Object.hasOwn(known, wanted) && JSON.stringify(known[wanted]) === JSON.stringify(value)) return [];
    const name = freeName(wanted, names);
    names.push(name);
    return [/** @type {[string, T]} */ ([name, value])];
  });
}

/** @param {unknown} record @returns {[string, any][]} */
const entriesOf = (record) => (typeof record === "object" && record !== null && !Array.isArray(record) ? Object.entries(record) : []);
