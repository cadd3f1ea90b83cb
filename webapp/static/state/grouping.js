/**
 * Runs drawn as groups: by what they are grouped, which groups that makes, and which of them show their members.
 *
 * The server does the grouping (POST /api/groups); `grouped` holds its answer for the drawn runs. While another answer
 * is on its way the old one stays.
 */

import { Atom } from "../lib/atom.js";
import { SPREADS } from "../lib/band-title.js";
import { escapeName } from "../lib/names.js";
import { slotColor, SLOT_COUNT } from "../lib/color.js";
import { fetchGroups } from "./api.js";
import { drawnRuns, drawnVersion } from "./listed-runs.js";
import { userState } from "./user-state.js";

/** @typedef {import("../lib/types.js").Center} Center */
/** @typedef {import("../lib/types.js").Spread} Spread */
/** @typedef {import("../lib/types.js").GroupSet} GroupSet */

/**
 * @typedef {{kind: "regex", pattern: string} | {kind: "prefix", depth: number} | {kind: "hparams", keys: string[]}
 *   | {kind: "hand", groups: Record<string, string[]>}} By
 * @typedef {{by: By, center: Center, band: Spread}} Grouping
 * @typedef {{name: string, runs: string[], values?: Record<string, unknown>}} Group
 * @typedef {{groups: Group[], set: GroupSet}} Grouped
 */

/** null: every run has a line of its own. */
export const grouping = new Atom(/** @type {Grouping | null} */ (null));
/** The groups of the drawn runs; null when nothing is grouped, or before the first answer. */
export const grouped = new Atom(/** @type {Grouped | null} */ (null));
/** The groups themselves, for those who only want these. */
export const groups = new Atom(/** @type {Group[]} */ ([]));
/** Why there are no groups: the server's words. */
export const groupingError = new Atom(/** @type {string | null} */ (null));
/** Groups whose members are drawn behind them. */
export const openGroups = new Atom(/** @type {ReadonlySet<string>} */ (new Set()));

let asked = "";
let answered = "";

/** Asks for the groups of the drawn runs when these or the grouping are others than before. */
function regroup() {
  const now = grouping.get();
  if (!now) return forget();
  const by = now.by.kind === "hand" ? { ...now.by, groups: userState.get().groups ?? {} } : now.by;
  const query = { by, runs: [...drawnRuns()] };
  const key = JSON.stringify(query);
  if (key !== asked) ask(key, query);
}

/** Whether the groups are those of the runs and the grouping of now. */
export const isGrouped = () => answered === asked && (grouping.get() === null || asked !== "");

function forget() {
  asked = answered = "";
  groupingError.set(null);
  groups.set([]);
  grouped.set(null);
}

/** @param {string} key @param {{by: By, runs: string[]}} query */
async function ask(key, query) {
  asked = key;
  try {
    const answer = await fetchGroups(query);
    if (asked !== key) return;
    groupingError.set(answer.error?.message ?? null);
    if (!answer.error) groups.set(answer.groups);
  } catch (problem) {
    if (asked !== key) return;
    groupingError.set(/** @type {Error} */ (problem).message);
  }
  answered = key;
  compose();
}

/** Groups and the look of their band, as requests carry them. */
function compose() {
  const now = grouping.get();
  if (!now) return;
  if (groups.get().length === 0) return grouped.set(null); // nothing to draw, or a mistake in the pattern: the runs stay
  const members = groups.get().map(({ name, runs }) => ({ name, runs }));
  grouped.set({ groups: groups.get(), set: { center: now.center, band: now.band, members } });
}

drawnVersion.subscribe(regroup);
userState.subscribe(regroup);
let by = "";
grouping.subscribe((now) => {
  const before = by;
  by = JSON.stringify(now?.by);
  if (by !== before) regroup();
  else if (now && isGrouped()) compose(); // only the look of the band is another
});

/** Colour of a group, by its place among the groups. @param {"light" | "dark"} theme @returns {(name: string) => string} */
export function groupColors(theme) {
  const slots = new Map(groups.get().map(({ name }, index) => [name, index % SLOT_COUNT]));
  return (name) => slotColor(slots.get(name) ?? 0, theme);
}

/** "optimizer", "name pattern", … for buttons and titles. @param {Grouping} now */
export function groupingTitle({ by: now }) {
  if (now.kind === "hparams") return now.keys.join(", ");
  if (now.kind === "prefix") return now.depth === 1 ? "folder" : `${now.depth} folders`;
  return now.kind === "regex" ? now.pattern : "hand";
}

/** "hparams:lr,optimizer;median;std" @param {Grouping | null} now */
export function encodeGrouping(now) {
  if (!now) return "";
  const { by: what } = now;
  const detail = { regex: () => [/** @type {any} */ (what).pattern], prefix: () => [/** @type {any} */ (what).depth], hparams: () => /** @type {any} */ (what).keys, hand: () => [] }[what.kind]();
  return [`${what.kind}:${detail.map((/** @type {unknown} */ part) => escapeName(String(part))).join(",")}`, now.center, now.band].join(";");
}

/** @param {string} text @returns {Grouping | null} groups by hand are filled in from the user state */
export function decodeGrouping(text) {
  const [what, center, band] = text.split(";");
  const [kind, list = ""] = what.split(/:(.*)/s);
  const parts = list.split(",").map(decodeURIComponent);
  const look = {
    center: /** @type {Center} */ (center === "median" ? "median" : "mean"),
    band: /** @type {Spread} */ (band in SPREADS ? band : "ci95"),
  };
  if (kind === "regex" && list) return { ...look, by: { kind, pattern: parts.join(",") } };
  if (kind === "prefix") return { ...look, by: { kind, depth: Math.max(1, Math.round(Number(list)) || 1) } };
  if (kind === "hparams" && list) return { ...look, by: { kind, keys: parts } };
  return kind === "hand" ? { ...look, by: { kind, groups: {} } } : null;
}
