/** Tags "a/b/c" → groups, in the order a person would number them. */

/**
 * layer2 before layer10, case ignored; names equal but for case or leading noughts by their characters, so that the order
 * is total.
 *
 * @param {string} a @param {string} b
 */
export function naturalCompare(a, b) {
  if (a === b) return 0;
  const left = a.toLowerCase();
  const right = b.toLowerCase();
  let i = 0;
  let j = 0;
  while (i < left.length && j < right.length) {
    const digits = digitsAt(left, i);
    const others = digits ? digitsAt(right, j) : "";
    const order = others ? Number(digits) - Number(others) : left.charCodeAt(i) - right.charCodeAt(j);
    if (order !== 0) return order;
    i += others ? digits.length : 1;
    j += others.length || 1;
  }
  return left.length - i - (right.length - j) || (a < b ? -1 : 1);
}

/** The digits that begin at an index, "" where there is none. @param {string} text @param {number} from */
function digitsAt(text, from) {
  let end = from;
  while (text.charCodeAt(end) >= 48 && text.charCodeAt(end) <= 57) end += 1;
  return end > from ? text.slice(from, end) : "";
}

/**
 * Tags without a slash have no group of their own: they come first, under the empty name.
 *
 * @typedef {{name: string, tags: string[]}} TagGroup
 * @param {string[]} tags
 * @returns {TagGroup[]}
 */
export function groupTags(tags) {
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const tag of [...tags].sort(naturalCompare)) {
    const name = groupOf(tag);
    const members = groups.get(name);
    if (members) members.push(tag);
    else groups.set(name, [tag]);
  }
  return [...groups].map(([name, members]) => ({ name, tags: members })).sort((a, b) => naturalCompare(a.name, b.name));
}

/** @param {string} tag */
export function groupOf(tag) {
  const slash = tag.indexOf("/");
  return slash > 0 ? tag.slice(0, slash) : "";
}
