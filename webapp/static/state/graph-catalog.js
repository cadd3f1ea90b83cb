/** Which run has which graphs, and which were opened by hand. */

import { fetchGraphs } from "./api.js";
import { WatchedAnswer } from "./watched-answer.js";

/**
 * @typedef {{id: string, step: number, wall: number}} GraphValue
 * @typedef {{tag: string, title: string, format: string, level: string, same_as?: string | null, values: GraphValue[]}} GraphSeries `same_as`: the tag that says more of the same call
 * @typedef {{runs: {run: string, graphs: GraphSeries[]}[], files: {file: string, name: string}[]}} GraphsAnswer
 */

const watched = new WatchedAnswer(fetchGraphs);

/** null before the first answer. */
export const graphs = watched.answer;
/** Why they could not be read; "" when all is well. */
export const graphsProblem = watched.problem;
/** Reads them now. */
export const readGraphs = watched.read;
/** The page is in sight, or no more. */
export const wakeGraphs = watched.wake;
