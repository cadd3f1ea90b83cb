/** What the text of the run filter is: words, a regular expression, or a query that the server answers. */

import { quoteName } from "./column-list.js";

const OPERATORS = /[<>=~]|!=|\bis\s+(?:not\s+)?missing\b|\bnot?\s+in\s*\[|\bin\s*\[/;
const WORD = /(?:`[^`]*`?|[\w./:@[\]-]+)$/;
const COMPARED = /(`[^`]+`|[\w./:@[\]-]+)\s*(?:==?|!=)\s*("[^"]*|'[^']*|[\w.-]*)$/; // a name, an operator and the beginning of a value
const IN_TEXT = /^(?:[^"']|"[^"]*"|'[^']*')*$/;

/** Whether a filter compares columns rather than naming runs: `(?=…)` and `(?<!…)` belong to regular expressions. @param {string} text */
export function isQuery(text) {
  return OPERATORS.test(text.replace(/\(\?(?:<?[=!]|<\w+>)/g, "("));
}

/**
 * @typedef {object} QueryWords what a query may be made of
 * @property {readonly string[]} names of columns
 * @property {(name: string) => readonly string[]} valuesOf texts that a column holds
 *
 * @typedef {{text: string, insert: string}} Completion
 */

/**
 * What could stand where the caret is: names, and behind a name and its operator the values it has.
 *
 * @param {string} text up to the caret
 * @param {QueryWords} words
 * @param {number} most
 * @returns {{from: number, choices: Completion[]}} `from`: where the unfinished word begins
 */
export function completions(text, { names, valuesOf }, most) {
  const compared = COMPARED.exec(text);
  const values = compared ? valuesOf(compared[1].replaceAll("`", "")) : [];
  if (compared && values.length) {
    const start = compared[2].replace(/^["']/, "");
    const choices = matching(values, start).filter((value) => value !== start).map((value) => ({ text: value, insert: JSON.stringify(value) }));
    return { from: text.length - compared[2].length, choices: choices.slice(0, most) };
  }
  const word = WORD.exec(text)?.[0] ?? "";
  const from = text.length - word.length;
  if (!word || !IN_TEXT.test(text.slice(0, from))) return { from, choices: [] };
  const known = matching(names, word.replaceAll("`", "")).filter((name) => quoteName(name) !== word);
  return { from, choices: known.slice(0, most).map((name) => ({ text: name, insert: quoteName(name) })) };
}

/** Those that contain a text, those that begin with it first. @param {readonly string[]} texts @param {string} part */
function matching(texts, part) {
  const wanted = part.toLowerCase();
  const early = (/** @type {string} */ text) => (text.toLowerCase().startsWith(wanted) ? 0 : 1);
  return texts.filter((text) => text.toLowerCase().includes(wanted)).sort((a, b) => early(a) - early(b));
}
