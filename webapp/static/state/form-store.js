/** Values in one form (`GET /api/blob/<form>`), fetched when looked at and kept while there is room. */

import { Atom } from "../lib/atom.js";
import { fetchForm } from "./api.js";

/** How an answer in JSON is read. @param {ArrayBuffer} buffer */
export const readJson = (buffer) => JSON.parse(new TextDecoder().decode(buffer));

/**
 * @template T
 * @typedef {{value: T, bytes: number, problem: null} | {value: null, bytes: number, problem: string}} Found
 */

/**
 * @template T
 */
export class FormStore {
  /** Counts up when a value has come, or could not be had. */
  version = new Atom(0);
  /** @type {Map<string, Found<T>>} by address, the last looked at behind the others */ #found = new Map();
  /** @type {Set<string>} */ #pending = new Set();
  /** @type {(buffer: ArrayBuffer) => T} */ #read;
  /** @type {(address: string) => Promise<ArrayBuffer>} */ #ask;
  #room;
  #bytes = 0;

  /** @param {(buffer: ArrayBuffer) => T} read throws an Error whose text is for people @param {number} room bytes of answers that are kept @param {(address: string) => Promise<ArrayBuffer>} [ask] */
  constructor(read, room, ask = fetchForm) {
    this.#ask = ask;
    this.#read = read;
    this.#room = room;
  }

  /** A value, what is wrong with it, or null while it is on its way. @param {string} address @returns {Found<T> | null} */
  get(address) {
    const found = this.#found.get(address);
    if (found) {
      this.#found.delete(address);
      this.#found.set(address, found);
      return found;
    }
    if (!this.#pending.has(address)) void this.#fetch(address);
    return null;
  }

  /** Forgets a value that could not be had: the next look asks again. @param {string} address */
  retry(address) {
    if (this.#found.get(address)?.problem != null) this.#found.delete(address);
    this.version.set(this.version.get() + 1);
  }

  /** @param {string} address */
  async #fetch(address) {
    this.#pending.add(address);
    /** @type {Found<T>} */
    let found;
    try {
      const buffer = await this.#ask(address);
      found = { value: this.#read(buffer), bytes: buffer.byteLength, problem: null };
    } catch (problem) {
      found = { value: null, bytes: 0, problem: /** @type {Error} */ (problem).message };
    }
    this.#pending.delete(address);
    this.#found.set(address, found);
    this.#bytes += found.bytes;
    for (const [oldest, { bytes }] of this.#found) {
      if (this.#bytes <= this.#room || oldest === address) break;
      this.#found.delete(oldest);
      this.#bytes -= bytes;
    }
    this.version.set(this.version.get() + 1);
  }
}
