/** The keys of the pages of cards: what each does, and what the help says of it. */

import * as store from "../../state/store.js";
import { following, listenTo } from "../scalar-keys.js";

/**
 * @typedef {object} KindKeyTarget
 * @property {() => void} focusTagFilter
 * @property {() => void} focusRunFilter
 * @property {(direction: 1 | -1, count: number) => void} moveCursor
 * @property {() => void} play
 * @property {() => void} note
 * @property {(action: "pin" | "wide" | "link") => void} onCard acts on the card under the pointer or in focus
 * @property {() => void} clear
 */

/** @type {import("../scalar-keys.js").Key<KindKeyTarget>[]} in the order of the help */
const KEYS = [
  { keys: ["/"], shown: "/", help: "filter tags", act: (target) => target.focusTagFilter() },
  { keys: ["r"], shown: "r", help: "filter runs", act: (target) => target.focusRunFilter() },
  {
    keys: ["ArrowLeft", "ArrowRight"], shown: "← →", help: "move the step cursor to the next value of the card under the pointer or in focus; with Shift ten values",
    act: (target, { key, shiftKey }) => target.moveCursor(key === "ArrowLeft" ? -1 : 1, shiftKey ? 10 : 1),
  },
  { keys: [" "], shown: "Space", help: "play: the step cursor moves from value to value", act: (target) => target.play() },
  { keys: ["u"], shown: "u", help: "a step of its own for the card, or the page's again", act: (target) => target.onCard("link") },
  { keys: ["n"], shown: "n", help: "write a note at the step cursor", act: (target) => target.note() },
  { keys: ["x"], shown: "x", help: "next axis: step, relative, wall", act: () => store.setAxis(following(/** @type {const} */ (["step", "relative", "wall"]), store.axis.get())) },
  { keys: ["f"], shown: "f", help: "full width of the card", act: (target) => target.onCard("wide") },
  { keys: ["p"], shown: "p", help: "pin or unpin the card", act: (target) => target.onCard("pin") },
  { keys: ["Escape"], shown: "Esc", help: "clear the cursor, a filter, a dialog", act: (target) => target.clear() },
];

/** Keys of what is in focus in a card. */
const IN_CARDS = [
  ["pictures", "Enter looks closer; of all steps, a click goes to a step and a double click looks closer"],
  ["film", "Space plays, ← → or , . go frame by frame, with Shift by ten, Home and End to its ends, < and > change the speed, l loops"],
  ["sound", "Space plays, ← → seek, ↑ ↓ or 1 … 9 hear another run, b the one before, l loops, [ and ] begin and end the loop"],
  ["mesh", "arrows turn, with Shift they move, + − zoom, 0 resets, o switches perspective"],
];

/** What the help shows: [key, what it does]. */
export const KIND_KEY_HELP = [...KEYS.map(({ shown, help }) => [shown, help]), ...IN_CARDS];

/** @param {KindKeyTarget} target @returns {() => void} stops listening */
export const listenToKindKeys = (target) => listenTo(KEYS, target);
