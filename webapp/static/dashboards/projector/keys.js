/** The keys of the page of embeddings: what each does, and what the help says of it. */

import { listenTo } from "../scalar-keys.js";

/**
 * @typedef {object} ProjectorKeyTarget
 * @property {() => void} search
 * @property {() => void} run
 * @property {() => void} fit
 * @property {(dims: 2 | 3) => void} dims
 * @property {(mode: "box" | "lasso") => void} mode
 * @property {() => void} isolate
 * @property {() => void} undo
 * @property {() => void} neighbors
 * @property {(by: 1 | -1) => void} step
 * @property {() => void} play
 * @property {() => void} clear
 */

/** @type {import("../scalar-keys.js").Key<ProjectorKeyTarget>[]} in the order of the help */
const KEYS = [
  { keys: ["/"], shown: "/", help: "search the metadata", act: (target) => target.search() },
  { keys: [" "], shown: "Space", help: "run the layout, pause it, go on", act: (target) => target.run() },
  { keys: ["f"], shown: "f", help: "show all points", act: (target) => target.fit() },
  { keys: ["2", "3"], shown: "2 3", help: "two or three dimensions", act: (target, { key }) => target.dims(key === "3" ? 3 : 2) },
  { keys: ["b"], shown: "b", help: "dragging selects a box of points, or moves the picture again", act: (target) => target.mode("box") },
  { keys: ["l"], shown: "l", help: "dragging selects what lies in an outline, or moves the picture again", act: (target) => target.mode("lasso") },
  { keys: ["i"], shown: "i", help: "show only the selected points", act: (target) => target.isolate() },
  { keys: ["u"], shown: "u", help: "undo that", act: (target) => target.undo() },
  { keys: ["n"], shown: "n", help: "nearest neighbours of the selected points", act: (target) => target.neighbors() },
  { keys: ["[", "]"], shown: "[ ]", help: "the step before, the next step", act: (target, { key }) => target.step(key === "[" ? -1 : 1) },
  { keys: ["p"], shown: "p", help: "play the steps", act: (target) => target.play() },
  { keys: ["Escape"], shown: "Esc", help: "clear a search, the selection, a dialog", act: (target) => target.clear() },
];

/** Keys of what is in focus. */
const IN_PICTURE = [["picture", "arrows move or turn it, + − zoom, 0 shows everything; drag to move, wheel to zoom, click a point; with Shift a drag adds points to the selection, with Alt it takes them away"]];

/** What the help shows: [key, what it does]. */
export const PROJECTOR_KEY_HELP = [...KEYS.map(({ shown, help }) => [shown, help]), ...IN_PICTURE];

/** @param {ProjectorKeyTarget} target @returns {() => void} stops listening */
export const listenToProjectorKeys = (target) => listenTo(KEYS, target);
