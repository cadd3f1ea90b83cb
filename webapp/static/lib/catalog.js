/** The run list of the server, indexed for the questions the page asks of it. */

import { naturalCompare } from "./tags.js";

/** @typedef {import("./types.js").RunInfo} RunInfo */
/** @typedef {import("./types.js").RunsAnswer} RunsAnswer */

/**
 * @typedef {object} Catalog
 * @property {number} version
 * @property {RunInfo[]} runs in the server's natural order
 * @property {string[]} names
 * @property {Map<string, RunInfo>} byName
 * @property {string[]} tags in natural order
 * @property {(tag: string) => string[]} runsOf names of the runs that have the tag, in order
 * @property {(runs: Set<string>) => Set<string>} tagsOf tags that at least one of these runs has
 */

/** @param {RunsAnswer} answer @returns {Catalog} */
export function indexRuns(answer) {
  const order = answer.tags.map((_, index) => index).sort((a, b) => naturalCompare(answer.tags[a], answer.tags[b]));
  const numbers = new Map(answer.tags.map((tag, index) => [tag, index]));
  const sets = answer.tag_sets.map((set) => new Set(set));
  /** @type {Map<string, string[]>} */
  const known = new Map();
  return {
    version: answer.version,
    runs: answer.runs,
    names: answer.runs.map((run) => run.name),
    byName: new Map(answer.runs.map((run) => [run.name, run])),
    tags: order.map((index) => answer.tags[index]),
    runsOf(tag) {
      let runs = known.get(tag);
      if (!runs) {
        const number = numbers.get(tag) ?? -1;
        runs = answer.runs.filter((run) => sets[run.tags].has(number)).map((run) => run.name);
        known.set(tag, runs);
      }
      return runs;
    },
    tagsOf(names) {
      const used = new Set(answer.runs.filter((run) => names.has(run.name)).map((run) => run.tags));
      const tags = new Set();
      for (const set of used) for (const number of answer.tag_sets[set]) tags.add(answer.tags[number]);
      return tags;
    },
  };
}

/** @type {Catalog} */
export const EMPTY_CATALOG = indexRuns({ version: -1, tags: [], tag_sets: [], runs: [] });
