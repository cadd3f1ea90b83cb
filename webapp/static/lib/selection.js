/**
 * Which of many runs are chosen, and the shortest way to say so in a URL.
 *
 * A choice is a rule and its exceptions: everything but these (new runs join in), or nothing but these (they do not).
 */

import { hashName } from "./color.js";
import { escapeName } from "./names.js";

/** Exceptions are names, or (from a URL with very many of them) hashes of names behind HASHED. */
/** @typedef {{all: boolean, except: ReadonlySet<string>}} Choice */

/** @type {Choice} */
export const EVERYTHING = Object.freeze({ all: true, except: new Set() });

/** Longer lists of names than this are written as hashes, characters. */
const LONGEST_LIST = 1500;
const HASH_DIGITS = 6; // base 36: 31 bits

/** No run name starts with this character. */
const HASHED = "\u0000";

/** @param {Choice} choice @param {string} name */
export function isChosen(choice, name) {
  return choice.all !== (choice.except.has(name) || (choice.except.has(HASHED) && choice.except.has(HASHED + shortHash(name))));
}

/** @param {Choice} choice @param {Iterable<string>} names @param {boolean} on @returns {Choice} */
export function choose(choice, names, on) {
  const except = new Set(choice.except);
  for (const name of names) {
    if (isChosen(choice, name) === on) continue;
    if (choice.all !== on) except.add(name);
    else if (!except.delete(name)) except.delete(HASHED + shortHash(name));
  }
  return { all: choice.all, except };
}

/** @param {Iterable<string>} names @returns {Choice} */
export function only(names) {
  return { all: false, except: new Set(names) };
}

/**
 * `-a,b` is everything but a and b, `+a,b` is only those; a digit sign (`-#`, `+#`) means hashes instead of names.
 * Whichever rule needs fewer exceptions among the known runs is written.
 *
 * @param {Choice} choice @param {string[]} known
 * @returns {string} "" for everything
 */
export function encodeChoice(choice, known) {
  const { all, except } = shorter(choice, known);
  if (all && except.length === 0) return "";
  const sign = all ? "-" : "+";
  const names = except.map(escapeName).join(",");
  const hashed = names.length > LONGEST_LIST || except.some((name) => name.startsWith(HASHED));
  return hashed ? `${sign}#${except.map(exceptionHash).join("")}` : sign + names;
}

/** @param {Choice} choice @param {string[]} known @returns {{all: boolean, except: string[]}} */
function shorter(choice, known) {
  const except = [...choice.except].filter((name) => name !== HASHED);
  if (except.length <= known.length / 2) return { all: choice.all, except };
  const others = known.filter((name) => isChosen(choice, name) === choice.all);
  return others.length > 0 && others.length < except.length ? { all: !choice.all, except: others } : { all: choice.all, except };
}

/** @param {string} text @returns {Choice} */
export function decodeChoice(text) {
  if (!/^[-+]/.test(text)) return EVERYTHING;
  const all = text[0] === "-";
  if (text[1] !== "#") return { all, except: new Set(text.slice(1).split(",").filter(Boolean).map(decodeURIComponent)) };
  const except = new Set([HASHED]);
  for (let at = 2; at < text.length; at += HASH_DIGITS) except.add(HASHED + text.slice(at, at + HASH_DIGITS));
  return { all, except };
}

/** @param {string} exception */
function exceptionHash(exception) {
  return exception.startsWith(HASHED) ? exception.slice(1) : shortHash(exception);
}

/** @param {string} name */
function shortHash(name) {
  return (hashName(name) >>> 1).toString(36).padStart(HASH_DIGITS, "0");
}
