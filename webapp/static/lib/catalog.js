/** The run list of the server, indexed for the questions the page asks of it. */

import { naturalCompare } from "./tags.js";

/** @typedef {import("./types.js").RunInfo} RunInfo */
/** @typedef {import("./types.js").RunsAnswer} RunsAnswer */

/**
 * @typedef {{name: string, row: string, part: string, tags: number}} RunLine a run that is drawn: a row of the table (part ""), or a part of one
 *
 * @typedef {object} Catalog
 * @property {number} version
 * @property {RunInfo[]} runs in the server's natural order
 * @property {string[]} names
 * @property {Map<string, RunInfo>} byName
 * @property {string[]} tags in natural order
 * @property {(tag: string) => number} countOf how many lines there are of the tag
 * @property {(tag: string) => string[]} runsOf names of the runs that have the tag, themselves or in a part, in order
 * @property {(tag: string) => RunLine[]} linesOf the tag's lines, parts behind their run
 * @property {(name: string) => RunLine | undefined} lineOf
 * @property {(runs: Set<string>) => Set<string>} tagsOf tags that at least one of these runs has, parts included
 */

/** @param {RunsAnswer} answer @returns {Catalog} */
export function indexRuns(answer) {
  const order = answer.tags.map((_, index) => index).sort((a, b) => naturalCompare(answer.tags[a], answer.tags[b]));
  const numbers = new Map(answer.tags.map((tag, index) => [tag, index]));
  const sets = answer.tag_sets.map((set) => new Set(set));
  const lines = linesOf(answer);
  const byLine = new Map(lines.map((line) => [line.name, line]));
  /** @type {Map<string, RunLine[]>} */
  const known = new Map();
  /** @type {Uint32Array | undefined} */
  let counts;
  const having = (/** @type {string} */ tag) => {
    let found = known.get(tag);
    if (!found) {
      const number = numbers.get(tag) ?? -1;
      found = lines.filter((line) => sets[line.tags].has(number));
      known.set(tag, found);
    }
    return found;
  };
  return {
    version: answer.version,
    runs: answer.runs,
    names: answer.runs.map((run) => run.name),
    byName: new Map(answer.runs.map((run) => [run.name, run])),
    tags: order.map((index) => answer.tags[index]),
    countOf(tag) {
      counts ??= countTags(answer, lines);
      return counts[numbers.get(tag) ?? -1] ?? 0;
    },
    runsOf(tag) {
      if (!answer.parts?.length) return having(tag).map(({ name }) => name);
      const behind = lines.filter(({ part, tags }) => part && tag.startsWith(`${part}/`) && sets[tags].has(numbers.get(tag.slice(part.length + 1)) ?? -1));
      return [...new Set([...having(tag), ...behind].map(({ row }) => row))];
    },
    linesOf: having,
    lineOf: (name) => byLine.get(name),
    tagsOf(names) {
      const used = new Set(lines.filter(({ row }) => names.has(row)).map(({ tags }) => tags));
      const tags = new Set();
      for (const set of used) for (const number of answer.tag_sets[set]) tags.add(answer.tags[number]);
      return tags;
    },
  };
}

/** Every run with its parts behind it. @param {RunsAnswer} answer @returns {RunLine[]} */
function linesOf({ runs, parts = [] }) {
  const lines = runs.map(({ name, tags }) => [{ name, row: name, part: "", tags }]);
  for (const { name, row, part, tags } of parts) lines[row].push({ name, row: runs[row].name, part, tags });
  return lines.flat();
}

/** How many lines there are of each tag. @param {RunsAnswer} answer @param {RunLine[]} lines */
function countTags({ tags, tag_sets }, lines) {
  const users = new Uint32Array(tag_sets.length);
  for (const line of lines) users[line.tags] += 1;
  const counts = new Uint32Array(tags.length);
  tag_sets.forEach((set, index) => set.forEach((number) => (counts[number] += users[index])));
  return counts;
}

/** @type {Catalog} */
export const EMPTY_CATALOG = indexRuns({ version: -1, tags: [], tag_sets: [], runs: [] });
