/** Tags "a/b/c" → groups, in the order a person would number them. */

// 12, or 0.5 where that is no part of 0.5.1
const NUMBER = /((?<![0-9]\.)(?<![0-9])[0-9]+\.[0-9]+(?![0-9]|\.[0-9])|[0-9]+)/;

/**
 * layer2 before layer10, lr0.003 before lr0.02, v1.9.0 before v1.10.0; case ignored; names equal but for case or leading
 * noughts by their characters, so that the order is total.
 *
 * @param {string} a @param {string} b
 */
export function naturalCompare(a, b) {
  if (a === b) return 0;
  const left = a.toLowerCase().split(NUMBER);
  const right = b.toLowerCase().split(NUMBER);
  for (let i = 0; i < Math.min(left.length, right.length); i += 1) {
    const order = i % 2 ? Number(left[i]) - Number(right[i]) : compareText(left[i], right[i]);
    if (order !== 0) return order;
  }
  return left.length - right.length || (a < b ? -1 : 1);
}

/** @param {string} a @param {string} b */
function compareText(a, b) {
  if (a === b) return 0;
  return a < b ? -1 : 1;
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
