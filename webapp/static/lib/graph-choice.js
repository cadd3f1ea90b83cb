/** Which graph is looked at: one of the log, a file that was opened by hand, or two of them compared. */

import { escapeName } from "./names.js";

/**
 * @typedef {{run: string, tag: string, id?: string}} LoggedGraph `id` of the value; without it the newest
 * @typedef {{file: string}} FileGraph its hash
 * @typedef {LoggedGraph | FileGraph} OneGraph
 * @typedef {{a: OneGraph, b: OneGraph}} GraphPair
 * @typedef {OneGraph | GraphPair} GraphChoice
 */

/** @param {GraphChoice} graph @returns {graph is GraphPair} */
export const isPair = (graph) => "a" in graph;

/** @param {GraphChoice} graph @returns {graph is FileGraph} */
export const isFile = (graph) => "file" in graph;

/** "run:tag:id", ":hash" of a file, "one;other" of a pair, "" where nobody chose. @param {GraphChoice | null} graph @returns {string} */
export function encodeGraph(graph) {
  if (!graph) return "";
  if (isPair(graph)) return `${encodeGraph(graph.a)};${encodeGraph(graph.b)}`;
  if (isFile(graph)) return `:${escapeName(graph.file)}`;
  return [graph.run, graph.tag, ...(graph.id ? [graph.id] : [])].map(escapeName).join(":");
}

/** @param {string} text @returns {GraphChoice | null} */
export function decodeGraph(text) {
  const [a, b] = text.split(";").map(decodeOne);
  return a && b ? { a, b } : a;
}

/** @param {string} text @returns {OneGraph | null} */
function decodeOne(text) {
  const [run, tag, id] = text.split(":").map(decodeURIComponent);
  if (run === "") return tag ? { file: tag } : null;
  return tag === undefined ? null : { run, tag, ...(id ? { id } : {}) };
}

/** How a graph is named in the address of a GET. @param {GraphChoice} graph @returns {Record<string, string>} */
export function graphQuery(graph) {
  if (isPair(graph)) return { a: JSON.stringify(graph.a), b: JSON.stringify(graph.b) };
  return { ...graph };
}

/** @param {GraphChoice | null} one @param {GraphChoice | null} other */
export const sameGraph = (one, other) => encodeGraph(one) === encodeGraph(other);
