/** How the timeline is seen: where one is, what is picked out, what is marked. */

import { Atom } from "../lib/atom.js";
import { escapeName } from "../lib/names.js";

/** What is in sight of the timeline, ns; null: all of it. */
export const timelineSpan = new Atom(/** @type {[from: number, to: number] | null} */ (null));
/** The selected slice, "rank.row"; "": none. */
export const timelineSlice = new Atom("");
/** Rows kept at the top. */
export const timelinePins = new Atom(/** @type {ReadonlySet<string>} */ (new Set()));
/** Rows and groups that are not folded, or unfolded, as they are by themselves. */
export const timelineFolds = new Atom(/** @type {ReadonlySet<string>} */ (new Set()));
/** Ranks beside the first one. */
export const timelineRanks = new Atom(/** @type {ReadonlySet<string>} */ (new Set()));
/** "kind" or "name". */
export const timelineColors = new Atom(/** @type {"kind" | "name"} */ ("kind"));
/** The stretch of time whose figures are told, ns on the common clock, and the rows it is about; null: none. */
export const timelineRange = new Atom(/** @type {{from: number, to: number, lines: readonly string[] | null} | null} */ (null));
/** Marked times, ns. */
export const timelineMarks = new Atom(/** @type {readonly number[]} */ ([]));
/** Whether the critical path is marked. */
export const timelinePath = new Atom(false);
/** What is searched for. */
export const timelineSearch = new Atom("");
/** Whether that is a regular expression. */
export const timelinePattern = new Atom(false);

/** Another trace is shown: places in the one before mean nothing in it. */
export function forgetPlaces() {
  timelineSpan.set(null);
  timelineSlice.set("");
  timelineRange.set(null);
  timelineMarks.set([]);
}

/** "from,to,row,row". @param {{from: number, to: number, lines: readonly string[] | null} | null} range */
export const encodeRange = (range) => (range ? [range.from, range.to, ...(range.lines ?? []).map(escapeName)].join(",") : "");

/** @param {string} text */
export function decodeRange(text) {
  const [from, to, ...lines] = text.split(",");
  return text && Number(from) < Number(to) ? { from: Number(from), to: Number(to), lines: lines.length ? lines.map(decodeURIComponent) : null } : null;
}
