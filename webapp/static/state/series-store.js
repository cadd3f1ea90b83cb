/**
 * The points behind the visible cards: fetched together, kept while there is room, and brought up to date by their tails.
 *
 * A dataset is one tag seen in one way (axis, smoothing, range …) and holds the series of some runs. Cards say what they
 * want; the store asks the server for what is missing or has changed, most wanted first, a few requests at a time.
 */

import { appendTail, seriesBytes } from "../lib/frame.js";
import { datasetOf, dropSurplus, isComplete } from "./datasets.js";
import { nextBatch } from "./batches.js";

/** @typedef {import("../lib/types.js").Series} Series */
/** @typedef {import("./datasets.js").Dataset} Dataset */
/** @typedef {import("./datasets.js").Look} Look */
/** @typedef {import("./batches.js").Batch} Batch */

/**
 * @typedef {{tag: string, runs: string[], look: Look}} Want
 * @typedef {(query: object, signal: AbortSignal) => Promise<{version: number, series: Series[]}>} FetchSeries
 */

const AT_ONCE = 3; // requests under way
const ROOM = 128e6; // bytes of columns kept

/**
 * @param {FetchSeries} fetchSeries
 * @param {(tags: Set<string>) => void} onData called when datasets of these tags have new points or an error
 */
export function seriesStore(fetchSeries, onData) {
  /** @type {Map<string, Dataset>} */
  const datasets = new Map();
  /** @type {Map<string, number>} */
  const changedAt = new Map();
  /** @type {Set<{controller: AbortController, batch: Batch}>} */
  const underWay = new Set();
  /** @type {{dataset: Dataset, runs: string[]}[]} */
  let wanted = [];
  let allChangedAt = -1;
  let latest = -1;

  /** @param {string} run */
  const freshness = (run) => Math.max(allChangedAt, changedAt.get(run) ?? -1);

  function pump() {
    while (underWay.size < AT_ONCE) {
      const batch = nextBatch(wanted, freshness);
      if (!batch) return;
      send(batch);
    }
  }

  /** @param {Batch} batch */
  async function send(batch) {
    const request = { controller: new AbortController(), batch };
    const asked = latest;
    underWay.add(request);
    let error = null;
    try {
      const answer = await fetchSeries(batch.query, request.controller.signal);
      merge(batch, answer.series, Math.max(answer.version, asked));
    } catch (problem) {
      error = request.controller.signal.aborted ? null : /** @type {Error} */ (problem).message;
    }
    underWay.delete(request);
    for (const part of batch.parts) {
      part.dataset.error = error;
      for (const run of part.runs) part.dataset.pending.delete(run);
    }
    dropSurplus(datasets, new Set(wanted.map(({ dataset }) => dataset)), ROOM);
    onData(new Set(batch.parts.map(({ dataset }) => dataset.tag)));
    pump();
  }

  return {
    /** Says what the visible cards need, most urgent first. @param {Want[]} wants */
    want(wants) {
      wanted = wants.map(({ tag, runs, look }) => ({ dataset: datasetOf(datasets, tag, look), runs }));
      const current = new Set(wanted.map(({ dataset }) => dataset));
      for (const { controller, batch } of underWay) {
        if (!batch.parts.some(({ dataset }) => current.has(dataset))) controller.abort();
      }
      pump();
    },
    /** @param {Want} want @returns {{dataset: Dataset, complete: boolean}} */
    look({ tag, runs, look }) {
      const dataset = datasetOf(datasets, tag, look);
      return { dataset, complete: isComplete(dataset, runs) };
    },
    /** @param {number} version @param {string[] | null} runs null: any of them */
    changed(version, runs) {
      latest = Math.max(latest, version);
      if (runs === null) allChangedAt = version;
      else for (const run of runs) changedAt.set(run, version);
      pump();
    },
    /** Tries what failed once more. @param {string} [tag] */
    retry(tag) {
      for (const dataset of datasets.values()) if (tag === undefined || dataset.tag === tag) dataset.error = null;
      pump();
    },
    /** @returns {{bytes: number, datasets: number}} */
    size: () => ({ bytes: [...datasets.values()].reduce((sum, { bytes }) => sum + bytes, 0), datasets: datasets.size }),
  };
}

/** @param {Batch} batch @param {Series[]} answer @param {number} version */
function merge(batch, answer, version) {
  /** @type {Map<string, Map<string, Series[]>>} */
  const byTag = new Map();
  for (const series of answer) {
    const runs = byTag.get(series.tag) ?? new Map();
    byTag.set(series.tag, runs.set(series.run, [...(runs.get(series.run) ?? []), series]));
  }
  for (const { dataset, runs } of batch.parts) {
    for (const run of runs) {
      const fresh = byTag.get(dataset.tag)?.get(run) ?? [];
      const known = dataset.runs.get(run);
      put(dataset, run, known && fresh.length === 1 && fresh[0].from > 0 ? withTail(known, fresh[0]) : fresh);
      dataset.synced.set(run, version);
    }
    dataset.revision += 1;
  }
}

/** @param {Series[]} known @param {Series} tail @returns {Series[] | null} null when they do not fit together */
function withTail(known, tail) {
  const [series] = known;
  if (known.length !== 1 || series.epoch !== tail.epoch || series.n !== tail.from) return null;
  return tail.value.length ? [appendTail(series, tail)] : known;
}

/** @param {Dataset} dataset @param {string} run @param {Series[] | null} series */
function put(dataset, run, series) {
  for (const old of dataset.runs.get(run) ?? []) dataset.bytes -= seriesBytes(old);
  if (series) {
    dataset.runs.set(run, series);
    for (const now of series) dataset.bytes += seriesBytes(now);
  } else {
    dataset.runs.delete(run);
  }
}
