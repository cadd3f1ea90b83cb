/** The document of the user state on the page: its shape, and changes made to it before the server has answered. */

/**
 * @typedef {{name?: string, color?: string, tags?: string[], note?: string, hidden?: boolean}} RunEntry
 * @typedef {{text: string, step: number, wall_time?: number, run?: string, id?: string}} Annotation `id` is its key in the state
 *
 * @typedef {{address: string, selection?: string, isolated?: string}} Bookmark a page about embeddings, and which points were selected and isolated (row-set-text.js)
 * @typedef {{rows: string, points: number}} KeptSelection rows as text, and how many points the embedding had then
 *
 * @typedef {object} UserState as the README describes it; every section is there
 * @property {number} stepscope_state
 * @property {Record<string, RunEntry>} runs
 * @property {Record<string, string[]>} groups
 * @property {string | null} baseline
 * @property {Record<string, any>} views
 * @property {Record<string, any> | null} alerts rules by their ids; null: those that come with the dashboard
 * @property {Record<string, any>} columns
 * @property {Record<string, Annotation>} annotations
 * @property {Record<string, Bookmark>} bookmarks
 * @property {Record<string, Record<string, KeptSelection>>} selections by embedding, then by name
 *
 * @typedef {{path: string[], value: any}} Change `null` takes away what is at the path
 */

/** @type {UserState} */
export const EMPTY_STATE = { stepscope_state: 1, runs: {}, groups: {}, baseline: null, views: {}, alerts: null, columns: {}, annotations: {}, bookmarks: {}, selections: {} };

/**
 * A copy with the changes made; parts they do not touch are shared.
 *
 * @param {UserState} state @param {readonly Change[]} changes @returns {UserState}
 */
export function changed(state, changes) {
  const result = { ...state };
  for (const { path, value } of changes) put(result, path, value);
  return { ...EMPTY_STATE, ...result };
}

/** @param {Record<string, any>} owner a copy already @param {string[]} path @param {any} value */
function put(owner, [key, ...rest], value) {
  if (rest.length > 0) {
    const inner = has(owner, key) ? { ...owner[key] } : {};
    put(inner, rest, value);
    define(owner, key, inner);
  } else if (value === null) {
    delete owner[key];
  } else {
    define(owner, key, value);
  }
}

/** Runs may be called "__proto__". @param {object} owner @param {string} key */
function has(owner, key) {
  return Object.prototype.hasOwnProperty.call(owner, key);
}

/** @param {object} owner @param {string} key @param {any} value */
function define(owner, key, value) {
  Object.defineProperty(owner, key, { value, enumerable: true, configurable: true, writable: true });
}

/** The entry under a name, never something inherited. @template T @param {Record<string, T>} record @param {string} key @returns {T | undefined} */
export function entry(record, key) {
  return has(record, key) ? record[key] : undefined;
}

/** A key that nobody else has made. */
export function freshKey() {
  return [...crypto.getRandomValues(new Uint8Array(6))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
