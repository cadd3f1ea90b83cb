/** Names of runs in little room: what tells one run from another stays readable, what they share gives way. */

const LONG = 14; // characters of a last part that is not cut in two

/**
 * A name in three parts: the folder gives way first, then the middle.
 *
 * @param {string} name
 * @returns {{folder: string, head: string, tail: string}} together they are the name
 */
export function nameParts(name) {
  const cut = name.lastIndexOf("/", name.length - 2) + 1;
  const [folder, leaf] = [name.slice(0, cut), name.slice(cut)];
  const kept = leaf.length > LONG ? Math.min(10, leaf.length >> 1) : 0;
  return { folder, head: leaf.slice(0, leaf.length - kept), tail: leaf.slice(leaf.length - kept) };
}

/** Where the title of a column may be broken: behind the signs that join its words. @param {string} title @returns {string[]} */
export function titlePieces(title) {
  return title.split(/(?<=[/_.\-( ])(?=[^/_.\-( ])/);
}

/** How many characters wide a title is when it stands on two lines. @param {string} title */
export function titleWidth(title) {
  const pieces = titlePieces(title);
  const widths = pieces.map((_, place) => Math.max(pieces.slice(0, place).join("").length, pieces.slice(place).join("").length));
  return Math.min(...widths);
}
