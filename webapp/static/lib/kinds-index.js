/** The server's list of kinds and tags, indexed for the questions the pages ask of it. */

import { naturalCompare } from "./tags.js";

/**
 * @typedef {object} KindsAnswer see GET /api/kinds
 * @property {string[]} tags
 * @property {Record<string, number[]>[]} sets kind → places in `tags`
 * @property {[name: string, set: number][]} runs rows of the run list
 * @property {{name: string, row: number, part: string, set: number}[]} parts
 * @property {number[]} animated places in `tags` of pictures that move
 *
 * @typedef {{name: string, row: string, part: string}} KindLine a run that has the tag: a row (part ""), or a part of one
 *
 * @typedef {object} KindsIndex
 * @property {string[]} kinds that the log has, "video" being pictures that move
 * @property {(kind: string, rows: ReadonlySet<string>) => string[]} tagsOf tags that one of these rows has, in natural order
 * @property {(kind: string, tag: string) => KindLine[]} linesOf in the order of the run list; the same array for tags of the same runs
 */

/** Pictures that move are a kind of their own on the page; the log has them among the images. */
const VIDEO = "video";
const IMAGES = "images";

/** What the log calls a kind of the page. @param {string} kind */
export const loggedKind = (kind) => (kind === VIDEO ? IMAGES : kind);

/** @param {KindsAnswer} answer @returns {KindsIndex} */
export function indexKinds({ tags, sets: logged, runs, parts, animated }) {
  const moving = new Set(animated);
  const sets = logged.map((set) => withVideo(new Map(Object.entries(set)), moving)); // a plugin may be called "constructor"
  const lines = linesOf(runs, parts);
  const numbers = new Map(tags.map((tag, index) => [tag, index]));
  /** @type {Map<string, KindLine[]>} by kind and tag */
  const known = new Map();
  /** @type {Map<string, KindLine[]>} by the sets that have the tag: many tags are of the same runs */
  const shared = new Map();
  return {
    kinds: [...new Set(sets.flatMap((set) => [...set.keys()]))],
    tagsOf(kind, rows) {
      const used = new Set(lines.filter(({ row }) => rows.has(row)).map(({ set }) => set));
      const found = new Set([...used].flatMap((set) => sets[set].get(kind) ?? []));
      return [...found].map((number) => tags[number]).sort(naturalCompare);
    },
    linesOf(kind, tag) {
      const key = `${kind}\n${tag}`;
      let found = known.get(key);
      if (!found) {
        const number = numbers.get(tag) ?? -1;
        const having = sets.flatMap((set, place) => (set.get(kind)?.includes(number) ? [place] : []));
        found = shared.get(having.join()) ?? lines.filter(({ set }) => having.includes(set));
        shared.set(having.join(), found);
        known.set(key, found);
      }
      return found;
    },
  };
}

/** @param {Map<string, number[]>} set @param {ReadonlySet<number>} moving @returns {Map<string, number[]>} */
function withVideo(set, moving) {
  const all = set.get(IMAGES) ?? [];
  const video = all.filter((tag) => moving.has(tag));
  if (video.length === 0) return set;
  const parted = new Map([...set, [VIDEO, video], [IMAGES, all.filter((tag) => !moving.has(tag))]]);
  if (video.length === all.length) parted.delete(IMAGES);
  return parted;
}

/** Every row with its parts behind it. @param {KindsAnswer["runs"]} runs @param {KindsAnswer["parts"]} parts @returns {(KindLine & {set: number})[]} */
function linesOf(runs, parts) {
  const lines = runs.map(([name, set]) => [{ name, row: name, part: "", set }]);
  for (const { name, row, part, set } of parts) lines[row].push({ name, row: runs[row][0], part, set });
  return lines.flat();
}

/** @type {KindsIndex} */
export const NO_KINDS = indexKinds({ tags: [], sets: [], runs: [], parts: [], animated: [] });
