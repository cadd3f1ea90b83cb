/** An answer of the server about the log: read while the page that needs it is in sight, whenever the log changes. */

import { Atom } from "../lib/atom.js";
import { changes } from "./follow.js";

const ASK_EVERY = 1000; // ms
const TRY_AGAIN = 2000; // ms after a reading that failed

/**
 * @template T
 */
export class WatchedAnswer {
  /** null before the first answer. */
  answer = new Atom(/** @type {T | null} */ (null));
  /** Why it could not be read; "" when all is well. */
  problem = new Atom("");
  /** @type {() => Promise<T>} */ #fetch;
  #awake = false;
  #stale = true;
  #reading = Promise.resolve();
  #timer = 0;

  /** @param {() => Promise<T>} fetch @param {import("../lib/atom.js").Atom<any>} [version] another value whenever the answer may be another one; by default with every change of the log */
  constructor(fetch, version = changes) {
    this.#fetch = fetch;
    version.subscribe(() => {
      this.#stale = true;
      this.#soon(ASK_EVERY);
    });
  }

  /** Reads it now, after a reading that is under way: what that one finds may be older than the question. */
  read = () => (this.#reading = this.#reading.then(() => this.#readOnce()));

  async #readOnce() {
    this.#stale = false;
    try {
      const answer = await this.#fetch();
      if (JSON.stringify(answer) !== JSON.stringify(this.answer.get())) this.answer.set(answer);
      this.problem.set("");
    } catch (problem) {
      this.problem.set(/** @type {Error} */ (problem).message);
      this.#stale = true;
    }
    if (this.#stale) this.#soon(this.problem.get() ? TRY_AGAIN : ASK_EVERY);
  }

  /** The page is in sight, or no more. @param {boolean} on */
  wake = (on) => {
    this.#awake = on;
    if (on && this.#stale) void this.read();
  };

  /** @param {number} wait ms */
  #soon(wait) {
    if (this.#timer || !this.#awake) return;
    this.#timer = window.setTimeout(() => {
      this.#timer = 0;
      if (this.#awake) void this.read();
    }, wait);
  }
}
