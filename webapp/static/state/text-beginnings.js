/** The first characters of texts, fetched for the rows of a list that are in sight. */

import { valueId } from "../lib/blob-frame.js";
import { fetchBeginnings } from "./api.js";

const WAIT = 60; // ms: rows that are scrolled past are not asked for
const MOST_KEPT = 5000; // beginnings
const AT_ONCE = 200; // in one request

export class TextBeginnings {
  /** @type {Map<string, string | null>} by run and id; null: it cannot be read */ #known = new Map();
  /** @type {Map<string, {run: string, id: string}>} */ #wanted = new Map();
  #tag;
  #onCome;
  #timer = 0;

  /** @param {string} tag @param {() => void} onCome */
  constructor(tag, onCome) {
    this.#tag = tag;
    this.#onCome = onCome;
  }

  /** @param {string} run @param {import("../lib/blob-frame.js").Values} values @param {number} index @returns {string | null} null while it is on its way */
  get(run, values, index) {
    const id = valueId(values, index);
    const key = `${run}\n${id}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known ?? "This text cannot be read: its file was changed.";
    this.#wanted.set(key, { run, id });
    if (!this.#timer) this.#timer = window.setTimeout(() => void this.#ask(), WAIT);
    return null;
  }

  close() {
    clearTimeout(this.#timer);
  }

  async #ask() {
    while (this.#wanted.size) {
      const last = [...this.#wanted].slice(-AT_ONCE); // those in sight now
      this.#wanted.clear();
      const { run } = last[last.length - 1][1];
      const asked = last.filter(([, entry]) => entry.run === run);
      const texts = await fetchBeginnings({ run, tag: this.#tag, ids: asked.map(([, { id }]) => id) }).then((answer) => answer.texts, () => []);
      asked.forEach(([key], place) => this.#known.set(key, texts[place] ?? null));
      for (const key of this.#known.keys()) if (this.#known.size > MOST_KEPT) this.#known.delete(key);
      this.#onCome();
    }
    this.#timer = 0;
  }
}
