/** What the server says of ranks and profiles that are compared. */

import { ALL_RANKS } from "./comparison-settings.js";
import { askProfile } from "./profile-api.js";

/** @typedef {import("./profile-api.js").Shown} Shown */
/** @typedef {import("./profile-api.js").Asking} Asking */
/** @typedef {import("./profile-api.js").TableAnswer} TableAnswer */

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
