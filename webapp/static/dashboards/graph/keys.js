/** The keys of the graph page: what each does, and what the help says of it. */

import { listenTo } from "../scalar-keys.js";

/**
 * @typedef {object} GraphKeyTarget
 * @property {() => void} search
 * @property {() => void} focusRunFilter
 * @property {() => void} expand
 * @property {() => void} collapse
 * @property {(direction: "up" | "down") => void} trace
 * @property {() => void} clear
 */

/** @type {import("../scalar-keys.js").Key<GraphKeyTarget>[]} in the order of the help */
const KEYS = [
  { keys: ["/"], shown: "/", help: "search the graph", act: (target) => target.search() },
  { keys: ["r"], shown: "r", help: "filter runs", act: (target) => target.focusRunFilter() },
  { keys: ["e"], shown: "e", help: "open every closed group one level further", act: (target) => target.expand() },
  { keys: ["c"], shown: "c", help: "close all groups", act: (target) => target.collapse() },
  { keys: ["u"], shown: "u", help: "mark everything that leads to the selected box", act: (target) => target.trace("up") },
  { keys: ["d"], shown: "d", help: "mark everything that the selected box leads to", act: (target) => target.trace("down") },
  { keys: ["Escape"], shown: "Esc", help: "clear marks, selection, a search, a dialog", act: (target) => target.clear() },
];

/** Keys of what is in focus. */
const IN_PICTURE = [
  ["picture", "arrows go from box to box, Enter opens or closes, + − zoom, 0 shows everything; drag to move, wheel to zoom, double click to open"],
  ["tree", "↑ ↓ move, → ← open and close, Enter shows the module in the picture"],
];

/** What the help shows: [key, what it does]. */
export const GRAPH_KEY_HELP = [...KEYS.map(({ shown, help }) => [shown, help]), ...IN_PICTURE];

/** @param {GraphKeyTarget} target @returns {() => void} stops listening */
export const listenToGraphKeys = (target) => listenTo(KEYS, target);
