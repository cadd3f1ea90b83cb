/** What the timeline asks the server: rows, tiles, one slice, searches, ranges, the critical path. */

import { partsOf } from "../lib/timeline-tiles.js";
import { askProfile, askProfileArrays } from "./profile-api.js";
import { timelinePattern, timelineSearch } from "./timeline-settings.js";

/** @typedef {import("./profile-api.js").Asking} Asking */
/** @typedef {import("../lib/timeline-rows.js").RankLine} RankLine */
/** @typedef {import("../lib/timeline-rows.js").TimelineInfo} TimelineInfo */
/** @typedef {import("../lib/timeline-tiles.js").Want} Want */
/** @typedef {{row: number, band: number, lane: number, start: number, duration: number, name: string}} SlicePlace */
/** @typedef {SlicePlace & {link: "launch" | "work" | "operator" | "forward" | "backward"}} SliceLink */

/**
 * @typedef {object} SliceDetails
 * @property {number} row
 * @property {number} band
 * @property {number} lane
 * @property {number} start ns
 * @property {number} duration
 * @property {string} name
 * @property {string} category
 * @property {number | null} self ns without what lies within; null on a device
 * @property {number} correlation
 * @property {Record<string, string | number>} arguments
 * @property {SlicePlace[]} stack what it lies in, the innermost first
 * @property {SlicePlace[]} python the frames around it
 * @property {SliceLink[]} links
 * @property {string} [reason] why work of a device has no operator
 * @property {number} [launch_delay] ns
 * @property {number} [launched] kernels, copies and fills
 * @property {number} [device_time] ns of those
 *
 * @typedef {{total: number, index: number, match: (SlicePlace & {rank: number}) | null, bins: number[], names: string[] | null, ranks: {rank: number, total: number}[], problem?: string}} SearchAnswer `names`: of all matches; `problem`: why it cannot be searched for
 * @typedef {{table: import("./profile-api.js").TableAnswer, devices: Record<string, number>}} RangeAnswer
 */

const of = (/** @type {string} */ p, /** @type {number | null} */ rank) => ({ p, rank, window: null });

/**
 * The rows of some ranks, on one clock: that of the first. A rank beside it that cannot be read is told, and left out.
 *
 * @param {string} p @param {readonly (number | null)[]} ranks @param {Asking} asking @returns {Promise<{lines: RankLine[], problems: string[]}>}
 */
export async function fetchTimelines(p, ranks, asking) {
  /** @type {string[]} */
  const problems = [];
  const asked = ranks.map((rank, place) => askProfile("timeline", of(p, rank), {}, asking).catch((problem) => {
    if (place === 0 || asking.signal?.aborted) throw problem;
    problems.push(problem.message);
    return null;
  }));
  const infos = /** @type {TimelineInfo[]} */ ((await Promise.all(asked)).filter((info) => info !== null));
  const [first] = infos;
  // Epoch times have more digits than a float holds: their difference does not.
  const shift = (/** @type {TimelineInfo} */ { zero_ns }) => (first.zero_ns && zero_ns ? Number(BigInt(zero_ns) - BigInt(first.zero_ns)) : 0);
  const offsets = infos.length > 1 ? await clockOffsets(p, asking) : new Map();
  const shifts = infos.map((info) => shift(info) - (offsets.get(info.rank) ?? 0));
  const least = Math.min(...shifts);
  return { lines: infos.map((info, place) => ({ info, shift: shifts[place] - least })), problems };
}

/** How far the clocks of ranks on other hosts are off, ns; empty where nobody can tell. @param {string} p @param {Asking} asking @returns {Promise<Map<number, number>>} */
async function clockOffsets(p, asking) {
  try {
    const { tables } = await askProfile("ranks", of(p, null), {}, asking);
    const columns = Object.fromEntries(/** @type {import("./profile-api.js").TableColumn[]} */ (tables.clock_offsets.columns).map(({ name, values }) => [name, values]));
    return new Map(columns.rank.map((rank, row) => [Number(rank), columns.corrected[row] === "yes" ? Number(columns.offset[row]) : 0]));
  } catch (problem) {
    if (asking.signal?.aborted) throw problem;
    return new Map(); // then their own clocks have to do
  }
}

/** "0-4,7" of ascending numbers. @param {readonly number[]} numbers */
export function shortList(numbers) {
  /** @type {[number, number][]} */
  const runs = [];
  for (const number of numbers) {
    const last = runs.at(-1);
    if (last && number === last[1] + 1) last[1] = number;
    else runs.push([number, number]);
  }
  return runs.map(([from, to]) => (from === to ? String(from) : `${from}-${to}`)).join(",");
}

/** @param {string} p @param {readonly Want[]} wants @param {Asking} asking */
export async function fetchTiles(p, wants, asking) {
  const ask = wants.map(({ rank, level, first, last, bands, curves }) => [rank, level, first, last, shortList(bands), shortList(curves)].join(":")).join(";");
  return partsOf(await askProfileArrays("timeline/tiles", of(p, null), { ask }, asking));
}

/** All rows over all of the time: what is drawn before anything better is here. @param {string} p @param {number} rank @param {Asking} asking */
export const fetchTimelineOverview = async (p, rank, asking) => partsOf(await askProfileArrays("timeline/overview", of(p, rank), {}, asking));

/** @param {string} p @param {number} rank @param {number} row @param {Asking} asking @returns {Promise<SliceDetails>} */
export const fetchSlice = (p, rank, row, asking) => askProfile("timeline/slice", of(p, rank), { row }, asking);

/** The slice that many places further in the same lane. @param {string} p @param {number} rank @param {number} row @param {number} by @returns {Promise<Partial<SlicePlace>>} */
export const fetchBeside = (p, rank, row, by) => askProfile("timeline/beside", of(p, rank), { row, by });

/**
 * What is searched for on some ranks, in order of time on their common clock.
 *
 * @param {string} p @param {readonly RankLine[]} lines @param {{index?: number, near?: number}} which @param {Asking} asking @returns {Promise<SearchAnswer>}
 */
export function fetchMatches(p, lines, which, asking) {
  const ranks = lines.map(({ info, shift }) => `${info.rank}:${Math.round(shift)}`).join(",");
  return askProfile("timeline/search", of(p, null), { q: timelineSearch.get(), mode: timelinePattern.get() ? "regex" : "words", ranks, ...which }, asking);
}

/** @param {string} p @param {number} rank @param {[number, number]} window @param {readonly number[] | null} bands @param {Asking} asking @returns {Promise<RangeAnswer>} */
export const fetchRange = (p, rank, window, bands, asking) => askProfile("timeline/range", { p, rank, window }, bands ? { bands: shortList(bands) } : {}, asking);

/**
 * What is worth saying, and the pieces of the path.
 *
 * @param {string} p @param {number} rank @param {[number, number] | null} window @param {Asking} asking @returns {Promise<{remarks: string[], begin: Float64Array, duration: Float32Array, lane: Uint32Array}>}
 */
export async function fetchCriticalPath(p, rank, window, asking) {
  const { header, arrays } = await askProfileArrays("timeline/path", { p, rank, window }, {}, asking);
  const { begin, duration, lane } = /** @type {any} */ (arrays);
  return { remarks: header.remarks, begin, duration, lane };
}

/**
 * One request at a time, for what is wanted last: views that were left meanwhile are not asked for.
 *
 * @param {(wants: Want[]) => Promise<void>} fetchAll
 * @returns {{want: (wants: Want[]) => void, stop: () => void}}
 */
export function latestOnly(fetchAll) {
  /** @type {Want[] | null} */
  let next = null;
  let busy = false;
  const go = async () => {
    while (next && !busy) {
      const wants = next;
      [next, busy] = [null, true];
      await fetchAll(wants).finally(() => (busy = false));
    }
  };
  return {
    want(wants) {
      next = wants;
      void go();
    },
    stop: () => void (next = null),
  };
}
