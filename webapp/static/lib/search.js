/** The one meaning of a filter box: words, or a regular expression when the text looks like one. */

const LOOKS_LIKE_REGEX = /[\\^$*+?()[\]{}|]/;

/**
 * Plain text matches names that hold every one of its words. Text with a regular expression's characters in it matches
 * as one, and also literally, so that `a+b` or `f(x)` find the names spelt so. Case never matters.
 *
 * @typedef {{test: (name: string) => boolean, error: string | null, empty: boolean}} Filter
 * @param {string} text
 * @returns {Filter} `error` says why the text is no regular expression; it is then searched for literally
 */
export function compileFilter(text) {
  const wanted = text.trim().toLowerCase();
  if (!wanted) return { test: () => true, error: null, empty: true };
  if (!LOOKS_LIKE_REGEX.test(wanted)) {
    const words = wanted.split(/\s+/);
    return { test: (name) => hasAll(name.toLowerCase(), words), error: null, empty: false };
  }
  const literally = (/** @type {string} */ name) => name.toLowerCase().includes(wanted);
  try {
    const pattern = new RegExp(text.trim(), "i");
    return { test: (name) => pattern.test(name) || literally(name), error: null, empty: false };
  } catch (error) {
    return { test: literally, error: reason(error), empty: false };
  }
}

/** @param {string} name @param {string[]} words */
function hasAll(name, words) {
  return words.every((word) => name.includes(word));
}

/** "Invalid regular expression: /[/i: Unterminated character class" → "Unterminated character class". @param {unknown} error */
function reason(error) {
  const message = error instanceof Error ? error.message : String(error);
  return message.slice(message.lastIndexOf(": ") + 1).trim();
}
