/** Neighbours in the space of the vectors against those in the picture. */

/**
 * @typedef {{row: number, distance: number, here: boolean, original: boolean}} Neighbor `here`: near in the picture; `original`: among the nearest vectors
 * @typedef {"all" | "shared" | "original" | "here"} NeighborPart both; near only as vectors; near only in the picture
 */

/**
 * The neighbours of the space by distance, then those that only the picture shows (their distance is not known: NaN).
 *
 * @param {ArrayLike<number>} rows @param {ArrayLike<number>} distances @param {ArrayLike<number> | null} here
 * @returns {Neighbor[]}
 */
export function compareNeighbors(rows, distances, here) {
  const near = new Set(Array.from(here ?? []));
  const original = new Set(Array.from(rows));
  const listed = Array.from(rows, (row, place) => ({ row, distance: distances[place], here: near.has(row), original: true }));
  const only = [...near].filter((row) => !original.has(row)).map((row) => ({ row, distance: NaN, here: true, original: false }));
  return [...listed, ...only];
}

/** @param {Neighbor[]} neighbors @param {NeighborPart} part */
export function partOf(neighbors, part) {
  if (part === "all") return neighbors.filter(({ original }) => original);
  return neighbors.filter(({ here, original }) => (part === "shared" ? here && original : part === "here" ? !original : !here));
}

/** How long the bar of a distance is, 0 … 1: the nearest shortest. @param {number} distance @param {number} most the farthest */
export function barShare(distance, most) {
  if (!(distance > 0) || !(most > 0)) return 0;
  return Math.min(1, distance / most);
}
