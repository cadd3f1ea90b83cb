/** What one text has that another has not, word by word. */

/** @typedef {{text: string, kind: "same" | "added" | "removed"}} DiffPart */

const MOST = 1500; // words and gaps of a text; longer ones are compared line by line

/** @param {string} before @param {string} after @returns {DiffPart[]} in the order of reading; what was removed stands before what was added */
export function textDiff(before, after) {
  const words = [before, after].map((text) => text.split(/(\s+)/).filter(Boolean));
  const [a, b] = words.every(({ length }) => length <= MOST) ? words : [before, after].map((text) => text.split(/(?<=\n)/));
  const lengths = commonLengths(a, b);
  /** @type {DiffPart[]} */
  const parts = [];
  const add = (/** @type {DiffPart["kind"]} */ kind, /** @type {string} */ text) => {
    const last = parts.at(-1);
    if (last?.kind === kind) last.text += text;
    else parts.push({ kind, text });
  };
  let [i, j] = [0, 0];
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) add("same", a[(i += 1, j += 1, i - 1)]);
    else if (i < a.length && (j === b.length || lengths[i + 1][j] >= lengths[i][j + 1])) add("removed", a[i++]);
    else add("added", b[j++]);
  }
  return parts;
}

/** Length of the longest common subsequence of what follows each pair of places. @param {string[]} a @param {string[]} b */
function commonLengths(a, b) {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1) {
    for (let j = b.length - 1; j >= 0; j -= 1) lengths[i][j] = a[i] === b[j] ? lengths[i + 1][j + 1] + 1 : Math.max(lengths[i + 1][j], lengths[i][j + 1]);
  }
  return lengths;
}
