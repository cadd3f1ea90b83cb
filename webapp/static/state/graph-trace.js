/** What is marked in the picture: everything before or behind a box, or the way between two. */

import { Atom } from "../lib/atom.js";
import { fetchTrace } from "./api.js";
import { pictureOf, shownScene } from "./graph-scene.js";
import { selectedBox } from "./graph-settings.js";
import { shownGraph } from "./graph-shown.js";

/** @typedef {{boxes: string[], edges: number[], nodes: number, steps?: {id: string, label: string}[], direction?: "down" | "up" | null}} TraceAnswer `steps`: the shortest way */
/** @typedef {{question: "trace", id: string, direction: "up" | "down" | "both"} | {question: "path", from: string, to: string}} Tracing */
/** @typedef {{asked: Tracing, answer: TraceAnswer | null, problem: string}} Trace */

/** null: nothing is traced. */
export const trace = new Atom(/** @type {Trace | null} */ (null));
/** Where a path begins whose end is still to be picked; "" for none. */
export const pathStart = new Atom("");

/** @param {Tracing} asked */
export async function startTrace(asked) {
  const shown = shownScene.get();
  if (!shown) return;
  const { question, ...ends } = asked;
  const isLast = () => trace.get()?.asked === asked && shownScene.get() === shown;
  trace.set({ asked, answer: null, problem: "" });
  try {
    const answer = await fetchTrace(question, { ...pictureOf(shown), ...ends });
    if (isLast()) trace.set({ asked, answer, problem: "" });
  } catch (problem) {
    if (isLast()) trace.set({ asked, answer: null, problem: /** @type {Error} */ (problem).message });
  }
}

/** The next box that is selected is where the path ends. @param {string} id where it begins; "" for none after all */
export function beginPath(id) {
  trace.set(null);
  pathStart.set(id);
}

export function clearTrace() {
  pathStart.set("");
  trace.set(null);
}

shownGraph.subscribe(clearTrace);
selectedBox.subscribe((id) => {
  const from = pathStart.get();
  const isFound = trace.get()?.asked.question === "path"; // its steps can be followed
  if (from && id && id !== from && !isFound) void startTrace({ question: "path", from, to: id });
});
// In another scene the same question has another answer.
shownScene.subscribe(() => {
  const asked = trace.get()?.asked;
  if (asked) void startTrace(asked);
});
