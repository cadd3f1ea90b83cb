/** Tags "a/b/c" → groups, in the order a person would number them. */

const COLLATOR = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

/** layer2 before layer10; equal but for case: upper case last, so that the order is total. @param {string} a @param {string} b */
export function naturalCompare(a, b) {
  const order = COLLATOR.compare(a, b);
  if (order !== 0 || a === b) return order;
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
