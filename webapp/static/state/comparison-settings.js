/** What was chosen where ranks or profiles are compared. */

import { Atom } from "../lib/atom.js";

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
