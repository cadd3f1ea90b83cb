/** Lines of the scalars page: those of the runs, and those of a run's parts (train, validation) in its colour. */

import * as store from "../state/store.js";
import { displayName } from "../state/user-state.js";

/** @typedef {import("../lib/types.js").GroupSet} GroupSet */
/** @typedef {{group: string, dash: number}} GroupLine */

/** The row of the table that a line belongs to. @param {string} name */
export const rowOf = (name) => store.catalog.get().lineOf(name)?.row ?? name;

/** Names of the lines of a tag. @param {string} tag @param {ReadonlySet<string>} rows drawn rows of the table */
export function drawnLines(tag, rows) {
  return store.catalog.get().linesOf(tag).filter(({ row }) => rows.has(row)).map(({ name }) => name);
}

/** What the rows call a tag of theirs: that of a part has the part's name before it. @param {string} tag */
export function rowTags(tag) {
  const parts = new Set(store.catalog.get().linesOf(tag).map(({ part }) => part));
  return [...parts].map((part) => (part ? `${part}/${tag}` : tag));
}

/** What a line is called. @param {string} name */
export function lineName(name) {
  const line = store.catalog.get().lineOf(name);
  return line?.part ? `${displayName(line.row)}/${line.part}` : displayName(name);
}

/** Style of a line: training is solid as runs are, other parts are dashed. @param {string} part */
function dashOf(part) {
  return part === "" || part.startsWith("train") ? 0 : 1;
}

/** Style of a run's line. @param {string} name */
export const lineDash = (name) => dashOf(store.catalog.get().lineOf(name)?.part ?? "");

/** @type {WeakMap<GroupSet, Map<string, {set: GroupSet, lines: Map<string, GroupLine>}>>} */
const split = new WeakMap();

/**
 * The groups of a tag: where parts of the runs hold it, each group once for every part.
 *
 * @param {string} tag @param {GroupSet} set groups of rows
 * @returns {{set: GroupSet, lines: Map<string, GroupLine>}} lines: name → group and style
 */
export function groupLines(tag, set) {
  const found = store.catalog.get().linesOf(tag);
  const parts = [...new Set(found.map(({ part }) => part))];
  const known = split.get(set) ?? new Map();
  split.set(set, known);
  const key = JSON.stringify(parts.length > 1 || parts[0] ? found.map(({ name }) => name) : []);
  let made = known.get(key);
  if (!made) known.set(key, (made = key === "[]" ? whole(set) : splitByPart(set, parts, new Map(found.map(({ row, part, name }) => [`${part}\n${row}`, name])))));
  return made;
}

/** @param {GroupSet} set */
function whole(set) {
  return { set, lines: new Map(set.members.map(({ name }) => [name, { group: name, dash: 0 }])) };
}

/** @param {GroupSet} set @param {string[]} parts @param {Map<string, string>} names part and row → run */
function splitByPart(set, parts, names) {
  const lines = new Map();
  const members = set.members.flatMap(({ name: group, runs }) => parts.map((part) => {
    const name = part ? `${group} · ${part}` : group;
    lines.set(name, { group, dash: dashOf(part) });
    return { name, runs: runs.flatMap((row) => names.get(`${part}\n${row}`) ?? []) };
  })).filter(({ runs }) => runs.length > 0);
  return { set: { ...set, members }, lines };
}
