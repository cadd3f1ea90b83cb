/** What the text of the run filter is: words, a regular expression, or a query that the server answers. */

import { quoteName } from "./column-list.js";

const OPERATORS = /[<>=~]|!=|\bis\s+(?:not\s+)?missing\b|\bnot?\s+in\s*\[|\bin\s*\[/;
const WORD = /(?:`[^`]*`?|[\w./:@[\]-]+)$/;
const IN_TEXT = /^(?:[^"']|"[^"]*"|'[^']*')*$/;

/** Whether a filter compares columns rather than naming runs: `(?=…)` and `(?<!…)` belong to regular expressions. @param {string} text */
export function isQuery(text) {
  return OPERATORS.test(text.replace(/\(\?(?:<?[=!]|<\w+>)/g, "("));
}

/**
 * Names that could stand where the caret is.
 *
 * @param {string} text up to the caret
 * @param {readonly string[]} names columns
 * @param {number} most
 * @returns {{from: number, choices: string[]}} `from`: where the unfinished word begins
 */
export function completions(text, names, most) {
  const word = WORD.exec(text)?.[0] ?? "";
  const from = text.length - word.length;
  if (!word || !IN_TEXT.test(text.slice(0, from))) return { from, choices: [] };
  const wanted = word.replaceAll("`", "").toLowerCase();
  const known = names.filter((name) => name.toLowerCase().includes(wanted) && quoteName(name) !== word);
  const early = (/** @type {string} */ name) => (name.toLowerCase().startsWith(wanted) ? 0 : 1);
  return { from, choices: known.sort((a, b) => early(a) - early(b)).slice(0, most) };
}
