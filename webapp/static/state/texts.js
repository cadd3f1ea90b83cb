/** Texts in the forms that pages show, and the search through all of them. */

import { Atom } from "../lib/atom.js";
import { unfinished } from "../lib/unfinished.js";
import { findText } from "./api.js";
import { FormStore, readJson } from "./form-store.js";

/** @typedef {{html: string, shape: number[], notes: string[]}} RenderedText */
/** @typedef {{text: string, characters: number, shape: number[], notes: string[]}} TextSource */

const ROOM = 16e6; // bytes

/** @type {FormStore<RenderedText>} */
export const renderedTexts = new FormStore(readJson, ROOM);
/** @type {FormStore<TextSource>} */
export const textSources = new FormStore(readJson, ROOM);

/**
 * @typedef {"literal" | "case" | "regex"} SearchMode
 * @typedef {{query: string, mode: SearchMode}} TextQuery
 *
 * @typedef {object} TextHit a value in which the query is found
 * @property {string} run
 * @property {string} tag
 * @property {number} index in the order of steps
 * @property {number} step
 * @property {number} wall_time
 * @property {number} element of a tensor of texts
 * @property {number} count how often it is found in it
 * @property {string} excerpt
 * @property {[number, number][]} spans where in the excerpt
 *
 * @typedef {object} TextSearch
 * @property {TextQuery} query
 * @property {TextHit[]} hits
 * @property {number} searched values
 * @property {number | null} of values there are; null: nobody has counted
 * @property {boolean} done
 * @property {string} problem "" when all is well
 * @property {number} unreadable values
 */

const MOST = 5000; // hits; who looks for something is helped by another word, not by more of them

/** The search that is shown, null for none. */
export const textSearch = new Atom(/** @type {TextSearch | null} */ (null));
/** The find that somebody went to last. */
export const chosenHit = new Atom(/** @type {TextHit | null} */ (null));
let asking = new AbortController();

/** Ends the search. */
export function clearSearch() {
  asking.abort();
  textSearch.set(null);
  chosenHit.set(null);
}

/** Looks through the texts of these runs, and tells what is found as it comes. @param {TextQuery} query @param {string[]} runs @param {string[]} tags */
export async function searchTexts(query, runs, tags) {
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  /** @type {TextSearch} */
  let found = { query, hits: [], searched: 0, of: null, done: false, problem: "", unreadable: 0 };
  const lacking = query.mode === "regex" ? unfinished(query.query) : "";
  if (lacking) return textSearch.set({ ...found, problem: lacking, done: true });
  textSearch.set(found);
  /** @type {number[] | null} */
  let from = null;
  do {
    try {
      const answer = await findText({ ...query, runs, tags, from }, signal);
      from = answer.next;
      const hits = [...found.hits, ...answer.hits];
      const done = from === null || hits.length >= MOST;
      found = { ...found, hits, searched: found.searched + answer.searched, of: answer.of, unreadable: found.unreadable + answer.unreadable, done };
    } catch (error) {
      if (signal.aborted) return;
      found = { ...found, problem: /** @type {Error} */ (error).message, done: true };
    }
    if (signal.aborted) return;
    textSearch.set(found);
  } while (!found.done);
}
