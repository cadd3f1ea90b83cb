/** What was chosen where ranks or profiles are compared. */

import { Atom } from "../lib/atom.js";
import { askProfile } from "./profile-api.js";

/** @typedef {import("./profile-api.js").Shown} Shown */
/** @typedef {import("./profile-api.js").Asking} Asking */
/** @typedef {import("./profile-api.js").TableAnswer} TableAnswer */

/** Which table of the view of all ranks. */
export const ranksBy = new Atom("overlap");
/** What the heat map of ranks and steps shows: a column of the table "rank_steps". */
export const rankMetric = new Atom("total");
/** Which table of the critical path: "names", "categories" or "steps". */
export const pathBy = new Atom("names");
/** Which table of the comparison, or "flame". */
export const diffBy = new Atom("steps");
/** The profile in front of which the shown one is put; "": none chosen. */
export const diffOther = new Atom("");
/** In the place of a rank: each against the one with its number. */
export const ALL_RANKS = -1;
/** Its rank; null: the first one. */
export const diffRank = new Atom(/** @type {number | null} */ (null));

/**
 * @typedef {"overlap" | "rank_steps" | "stragglers" | "collectives" | "collective_sizes" | "clock_offsets"} RanksTable
 * @typedef {{notes: string[], tables: Record<RanksTable, TableAnswer>}} RanksAnswer
 * @typedef {{problem: string} | {start: number, end: number, total: number, nodes: number, categories: TableAnswer, names: TableAnswer, steps: TableAnswer}} PathAnswer
 * @typedef {"steps" | "operators" | "kernels" | "modules" | "memory" | "ranks"} DiffTable
 * @typedef {{steps: [number, number], notes: string[], tables: Record<DiffTable, TableAnswer>}} DiffAnswer
 */

/** @param {Shown} shown @param {Asking} asking @returns {Promise<RanksAnswer>} */
export const fetchRanks = ({ p }, asking) => askProfile("ranks", { p, rank: null, window: null }, {}, asking);

/** @param {Shown} shown @param {Asking} asking @returns {Promise<PathAnswer>} */
export const fetchPath = (shown, asking) => askProfile("path", shown, {}, asking);

/** @param {Shown} shown @param {{other: string, other_rank: number | null}} before @param {Asking} asking @returns {Promise<DiffAnswer>} */
export const fetchDiff = ({ p, rank }, { other, other_rank }, asking) => (other_rank === ALL_RANKS
  ? askProfile("diff", { p, rank: null, window: null }, { other, ranks: "all" }, asking)
  : askProfile("diff", { p, rank, window: null }, { other, other_rank }, asking));
