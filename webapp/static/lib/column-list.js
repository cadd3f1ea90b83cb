/** Which columns a table shows, how wide, in which order; and how that is written in a URL. */

import { betterDirection } from "./best.js";
import { escapeName } from "./names.js";

/**
 * @typedef {{name: string, width?: number, pinned?: boolean}} ShownColumn width in CSS pixels
 * @typedef {import("./table-order.js").SortKey} SortKey
 *
 * @typedef {object} HparamInfo
 * @property {string} name
 * @property {"number" | "bool" | "text" | "mixed"} kind
 * @property {number} distinct
 * @property {boolean} differs between the runs
 * @property {number} missing runs without it
 * @property {unknown[]} [values] the first of them
 *
 * @typedef {object} ColumnsAnswer
 * @property {number} version
 * @property {HparamInfo[]} hparams
 * @property {string[]} scalars
 * @property {string[]} texts
 * @property {{name: string, title: string, kind: string}[]} builtin
 */

const PLAIN_NAME = /^[A-Za-z_][\w./:@[\]-]*$/;
export const MIN_WIDTH = 44;
export const MAX_WIDTH = 900;
const MOST_HPARAMS = 8;
const MOST_SCALARS = 6;
const RARE = 4; // a scalar that so many times fewer runs have than another comes later

/** A tag or hyperparameter as the table's language spells it. @param {string} name */
export function quoteName(name) {
  return PLAIN_NAME.test(name) ? name : `\`${name}\``;
}

/** "val/acc" and "max" → "val/acc.max"; "last" is what the name alone means. @param {string} tag @param {string} field */
export function scalarColumn(tag, field) {
  return field === "last" ? quoteName(tag) : `${quoteName(tag)}.${field}`;
}

/** The value of one scalar where another is best. @param {string} tag @param {string} other @param {"min" | "max"} field */
export function atBestColumn(tag, other, field) {
  return `${quoteName(tag)}.at(${quoteName(other)}.${field})`;
}

/** Scalars whose value says how good a run is, those of validation first; what few runs have comes later. @param {string[]} tags @param {number} most @param {(tag: string) => number} [countOf] runs that have it @returns {string[]} */
export function leadingScalars(tags, most, countOf = () => 1) {
  const usual = tags.reduce((top, tag) => Math.max(top, countOf(tag)), 0) / RARE;
  const rank = (/** @type {string} */ tag) =>
    (betterDirection(tag) === 0 ? 4 : 0) + (/val|eval|test/i.test(tag) ? 0 : 1) + (betterDirection(tag) > 0 ? 0 : 0.5) + (countOf(tag) < usual ? 3 : 0);
  const ranks = new Map(tags.map((tag) => [tag, rank(tag)]));
  return [...tags].sort((a, b) => Number(ranks.get(a)) - Number(ranks.get(b))).slice(0, most);
}

/** Hyperparameters that tell the runs apart, those that most runs have first. @param {HparamInfo[]} hparams */
function leadingHparams(hparams) {
  const varied = hparams.filter(({ distinct }) => distinct > 1);
  const differing = varied.length ? varied : hparams.filter(({ differs }) => differs);
  return [...(differing.length ? differing : hparams)].sort((a, b) => a.missing - b.missing).slice(0, MOST_HPARAMS);
}

/** The columns of a table nobody has set up. @param {ColumnsAnswer} known @param {boolean} compact @param {(tag: string) => number} [countOf] runs that have a tag @returns {ShownColumn[]} */
export function defaultColumns(known, compact, countOf) {
  const scalars = leadingScalars(known.scalars, compact ? 2 : MOST_SCALARS, countOf);
  const best = (/** @type {string} */ tag) => scalarColumn(tag, { "1": "max", "-1": "min", 0: "last" }[betterDirection(tag)] ?? "last");
  if (compact) return [...new Set(scalars.length ? scalars.map((tag) => scalarColumn(tag, "last")) : ["last_step"])].map((name) => ({ name }));
  const names = ["state", ...leadingHparams(known.hparams).map(({ name }) => quoteName(name)), ...scalars.map(best), "last_step", "duration", "start"];
  return [...new Set(names)].map((name) => ({ name }));
}

/** "lr:90,val/acc.max:120p": p for pinned. @param {readonly ShownColumn[] | null} columns null: those nobody chose */
export function encodeColumns(columns) {
  if (!columns) return "";
  const one = (/** @type {ShownColumn} */ { name, width, pinned }) => escapeName(name) + (width || pinned ? `:${width ? Math.round(width) : ""}${pinned ? "p" : ""}` : "");
  return columns.map(one).join(",") || "-";
}

/** @param {string} text @returns {ShownColumn[] | null} */
export function decodeColumns(text) {
  if (text === "") return null;
  return text.split(",").filter((part) => part && part !== "-").map((part) => {
    const [name, rest = ""] = part.split(":");
    const width = Number.parseInt(rest, 10);
    return {
      name: decodeURIComponent(name),
      ...(width > 0 ? { width: Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width)) } : {}),
      ...(rest.endsWith("p") ? { pinned: true } : {}),
    };
  });
}

/** "-val/acc.max,lr". @param {readonly SortKey[]} keys */
export function encodeOrder(keys) {
  return keys.map(({ name, descending }) => (descending ? "-" : "") + escapeName(name)).join(",");
}

/** @param {string} text @returns {SortKey[]} */
export function decodeOrder(text) {
  return text.split(",").filter(Boolean).map((part) => {
    const descending = part.startsWith("-");
    return { name: decodeURIComponent(descending ? part.slice(1) : part), descending };
  });
}

/** A column moved to stand before another place. @param {readonly ShownColumn[]} columns @param {number} from @param {number} to @returns {ShownColumn[]} */
export function movedColumn(columns, from, to) {
  const next = [...columns];
  const [column] = next.splice(from, 1);
  next.splice(Math.max(0, Math.min(next.length, to > from ? to - 1 : to)), 0, column);
  return next;
}
