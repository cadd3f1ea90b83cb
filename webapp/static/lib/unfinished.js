/** What a regular expression still lacks while it is being typed, so that nobody is asked to read half of one. */

// An escape, a set of characters, a comment, or any one character; what is not closed has nothing in its group.
const TOKEN = /\\[^]?|\[\^?\]?(?:\\[^]|[^\]\\])*(\]?)|\(\?#(?:\\[^]|[^)\\])*(\)?)|[^]/g;
const WITH_COMMENTS = /\(\?[a-zA-Z]*x/; // behind a # of such a pattern anything may stand

/**
 * A sentence; "" of a pattern that is finished, which may be wrong all the same: who searches tells.
 *
 * @param {string} pattern of Python
 */
export function unfinished(pattern) {
  if (WITH_COMMENTS.test(pattern)) return "";
  let open = 0;
  for (const [token, set, comment] of pattern.matchAll(TOKEN)) {
    if (token === "\\") return told(pattern, "a \\ stands at its end");
    if (set === "") return told(pattern, "a [ is not closed");
    if (comment === "") return told(pattern, "a ( is not closed");
    open += token === "(" ? 1 : token === ")" ? -1 : 0;
    if (open < 0) return told(pattern, "a ) closes nothing");
  }
  return open ? told(pattern, "a ( is not closed") : "";
}

/** @param {string} pattern @param {string} why */
const told = (pattern, why) => `'${pattern.slice(0, 80)}' is no regular expression: ${why}`;
