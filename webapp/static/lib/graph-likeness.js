/** Which graph is worth comparing with another: of the same model, logged under the same tag, in the run of the most similar name. */

/** @typedef {{run: string, tag: string, id?: string, title: string}} TitledGraph */

/** @template {TitledGraph} Graph @param {Graph} graph @param {Graph[]} all @returns {Graph | undefined} none where there is no other */
export function mostAlike(graph, all) {
  const others = all.filter(({ run, tag, id }) => run !== graph.run || tag !== graph.tag || id !== graph.id);
  const likeness = (/** @type {Graph} */ { run, tag, title }) => 4 * Number(title === graph.title) + 2 * Number(tag === graph.tag) + Number(run !== graph.run);
  return others.sort((one, other) => likeness(other) - likeness(one) || sharedStart(other.run, graph.run) - sharedStart(one.run, graph.run))[0];
}

/** @param {string} one @param {string} other @returns {number} characters that both begin with */
function sharedStart(one, other) {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}
