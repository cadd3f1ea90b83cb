/** Which embedding is looked at: one of the log, or a file that was opened by hand. */

import { escapeName } from "./names.js";

/**
 * @typedef {{run: string, tag: string}} LoggedEmbedding all its steps; which one is in sight, the step cursor says
 * @typedef {{file: string}} FileEmbedding its hash
 * @typedef {LoggedEmbedding | FileEmbedding} EmbeddingChoice
 * @typedef {{run: string, name: string} | FileEmbedding} EmbeddingRef one matrix, as the server names it: a tag at one step has a name of its own
 */

/** "run:tag", ":hash" of a file, "" where nobody chose. @param {EmbeddingChoice | null} choice */
export function encodeEmbedding(choice) {
  if (!choice) return "";
  return "file" in choice ? `:${escapeName(choice.file)}` : [choice.run, choice.tag].map(escapeName).join(":");
}

/** @param {string} text @returns {EmbeddingChoice | null} */
export function decodeEmbedding(text) {
  const [run, tag] = text.split(":").map(decodeURIComponent);
  if (!tag) return null;
  return run === "" ? { file: tag } : { run, tag };
}

/** A text for each matrix. @param {EmbeddingRef | null} ref */
export const refKey = (ref) => JSON.stringify(ref);
