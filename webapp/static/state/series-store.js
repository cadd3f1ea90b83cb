/**
 * The points behind the visible cards: fetched together, kept while there is room, and brought up to date by their tails.
 *
 * A dataset is one tag or formula seen in one way (axis, smoothing, range, groups …) and holds the series of some runs. Cards say what they
 * want; the store asks the server for what is missing or has changed, most wanted first, a few requests at a time.
 */

import { nextBatch } from "./batches.js";
import { datasetOf, dropSurplus, isComplete, mergeAnswer } from "./datasets.js";

/** @typedef {import("../lib/types.js").Series} Series */
/** @typedef {import("./datasets.js").Dataset} Dataset */
/** @typedef {import("./datasets.js").Look} Look */
/** @typedef {import("./batches.js").Batch} Batch */

/**
 * @typedef {object} Want a tag or a formula, of runs or of groups of runs
 * @property {string} [tag]
 * @property {string} [formula]
 * @property {string[]} runs names of runs; of groups where `groups` is given
 * @property {Look} look
 * @property {import("../lib/types.js").GroupSet | null} [groups]
 *
 * @typedef {(query: object, signal: AbortSignal) => Promise<{version: number, series: Series[]}>} FetchSeries
 */

const AT_ONCE = 3; // requests under way
const ROOM = 128e6; // bytes of columns kept

export class SeriesStore {
  /** @type {Map<string, Dataset>} */ #datasets = new Map();
  /** @type {Map<string, number>} run → version of the log in which it last changed */ #changedAt = new Map();
  /** @type {Set<{controller: AbortController, batch: Batch}>} */ #underWay = new Set();
  /** @type {{dataset: Dataset, runs: string[]}[]} */ #wanted = [];
  /** @type {FetchSeries} */ #fetch;
  /** @type {() => void} */ #onData;
  #allChangedAt = -1;
  #latest = -1;

  /** @param {FetchSeries} fetchSeries @param {() => void} onData called when datasets have new points, or an error */
  constructor(fetchSeries, onData) {
    this.#fetch = fetchSeries;
    this.#onData = onData;
  }

  /** Says what the visible cards need, most urgent first; requests nobody needs any more are given up. @param {Want[]} wants */
  want(wants) {
    this.#wanted = wants.map((want) => ({ dataset: datasetOf(this.#datasets, want), runs: want.runs }));
    const current = new Set(this.#wanted.map(({ dataset }) => dataset));
    for (const { controller, batch } of this.#underWay) {
      if (!batch.parts.some(({ dataset }) => current.has(dataset))) controller.abort();
    }
    this.#pump();
  }

  /** @param {Want} want @returns {{dataset: Dataset, complete: boolean}} */
  look(want) {
    const dataset = datasetOf(this.#datasets, want);
    return { dataset, complete: isComplete(dataset, want.runs) };
  }

  /** Notes that runs have changed. @param {number} version of the log @param {string[] | null} runs null: any of them */
  changed(version, runs) {
    if (version < this.#latest || (runs === null && version === this.#latest)) this.#startAnew();
    this.#latest = Math.max(this.#latest, version);
    if (runs === null) this.#allChangedAt = version;
    else for (const run of runs) this.#changedAt.set(run, version);
    this.#pump();
  }

  /** Tries what failed once more. @param {string} [tag] of this tag or formula only */
  retry(tag) {
    for (const dataset of this.#datasets.values()) if (tag === undefined || dataset.tag === tag) dataset.error = null;
    this.#pump();
  }

  /** Versions count from the start of the server: after another start none of those we know means anything. */
  #startAnew() {
    this.#latest = -1;
    this.#changedAt.clear();
    for (const dataset of this.#datasets.values()) dataset.synced.clear();
  }

  #pump() {
    const freshness = (/** @type {string} */ run) => Math.max(this.#allChangedAt, this.#changedAt.get(run) ?? -1);
    while (this.#underWay.size < AT_ONCE) {
      const batch = nextBatch(this.#wanted, freshness);
      if (!batch) return;
      this.#send(batch);
    }
  }

  /** @param {Batch} batch */
  async #send(batch) {
    const request = { controller: new AbortController(), batch };
    const asked = this.#latest;
    this.#underWay.add(request);
    let error = null;
    let errorAt = /** @type {[number, number] | null} */ (null);
    try {
      const answer = await this.#fetch(batch.query, request.controller.signal);
      mergeAnswer(batch.parts, answer.series, Math.max(answer.version, asked));
    } catch (problem) {
      error = request.controller.signal.aborted ? null : /** @type {Error} */ (problem).message;
      errorAt = /** @type {import("./api.js").RequestError} */ (problem).at ?? null;
    }
    this.#underWay.delete(request);
    for (const { dataset, runs } of batch.parts) {
      dataset.error = error;
      dataset.errorAt = error ? errorAt : null;
      for (const run of runs) dataset.pending.delete(run);
    }
    dropSurplus(this.#datasets, new Set(this.#wanted.map(({ dataset }) => dataset)), ROOM);
    this.#onData();
    this.#pump();
  }
}
