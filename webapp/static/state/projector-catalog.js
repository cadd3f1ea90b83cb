/** Which embeddings there are, which files were opened by hand, and what can be done with them. */

import { fetchEmbeddings } from "./projector-api.js";
import { WatchedAnswer } from "./watched-answer.js";

/**
 * @typedef {{step: number, name: string, shape?: [points: number, dimensions: number] | null, broken?: string}} EmbeddingStep `broken`: why it cannot be read
 * @typedef {{run: string, tag: string, steps: EmbeddingStep[], metadata: boolean, sprite: boolean}} EmbeddingSeries
 *
 * @typedef {object} Parameter one setting of a method, as the server tells it
 * @property {string} name
 * @property {"whole" | "number" | "choice" | "switch" | "text" | "column" | "values" | "labels"} kind
 * @property {any} default
 * @property {string} title
 * @property {string} [help]
 * @property {number | null} [least]
 * @property {number | null} [most]
 * @property {string[]} [choices]
 * @property {boolean} [live] may change while it runs
 *
 * @typedef {object} Method
 * @property {string} method
 * @property {string} title
 * @property {Parameter[]} parameters
 * @property {string[]} preprocess what it suggests
 * @property {number[]} [dims]
 * @property {boolean} quick it takes no time worth asking about
 * @property {boolean} available
 * @property {string} [install] the line that installs what is missing
 *
 * @typedef {{embeddings: EmbeddingSeries[], files: {file: string, name: string, shape?: [number, number] | null}[], methods: Method[], metrics: string[]}} EmbeddingsAnswer
 */

const watched = new WatchedAnswer(fetchEmbeddings);

/** null before the first answer. */
export const embeddings = watched.answer;
/** Why they could not be read; "" when all is well. */
export const embeddingsProblem = watched.problem;
/** Reads them now. */
export const readEmbeddings = watched.read;
/** The page is in sight, or no more. */
export const wakeEmbeddings = watched.wake;

/** @param {string} name @returns {Method | null} */
export const methodOf = (name) => embeddings.get()?.methods.find(({ method }) => method === name) ?? null;
