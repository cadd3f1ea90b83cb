/** The keys of the scalars page: what each does, and what the help says of it; and how any page listens to keys. */

import { smoothBy } from "../state/chart-settings.js";
import * as store from "../state/store.js";

/**
 * @typedef {object} KeyTarget
 * @property {() => void} focusTagFilter
 * @property {() => void} focusRunFilter
 * @property {(direction: 1 | -1, count: number) => void} moveCursor
 * @property {() => void} play
 * @property {() => void} openGroups
 * @property {() => void} note
 * @property {() => void} captured
 * @property {(action: "pin" | "wide" | "reset" | "more" | "statistics") => void} onCard acts on the card under the pointer or in focus
 * @property {() => void} clear
 *
 */
/** @template T @typedef {{keys: string[], shown: string, help: string, act: (target: T, event: KeyboardEvent) => void}} Key */

/** @type {Key<KeyTarget>[]} in the order of the help */
const KEYS = [
  { keys: ["/"], shown: "/", help: "filter tags", act: (target) => target.focusTagFilter() },
  { keys: ["r"], shown: "r", help: "filter runs", act: (target) => target.focusRunFilter() },
  {
    keys: ["ArrowLeft", "ArrowRight"], shown: "← →", help: "move the step cursor to the next point; with Shift ten points",
    act: (target, { key, shiftKey }) => target.moveCursor(key === "ArrowLeft" ? -1 : 1, shiftKey ? 10 : 1),
  },
  { keys: [" "], shown: "Space", help: "play: the step cursor moves through the runs", act: (target) => target.play() },
  { keys: ["g"], shown: "g", help: "draw runs as groups: by what, and with which band", act: (target) => target.openGroups() },
  { keys: ["s"], shown: "s", help: "statistics of the card under the pointer or in focus over a range", act: (target) => target.onCard("statistics") },
  { keys: ["n"], shown: "n", help: "write a note at the step under the pointer, or at the step cursor", act: (target) => target.note() },
  { keys: ["c"], shown: "c", help: "show the profile of the captured step nearest to the point under the pointer or the cursor", act: (target) => target.captured() },
  { keys: ["+", "=", "-"], shown: "+ −", help: "more or less smoothing", act: (_, { key }) => smoothBy(key === "-" ? -1 : 1) },
  { keys: ["x"], shown: "x", help: "next horizontal axis: step, relative, wall", act: () => store.setAxis(following(/** @type {const} */ (["step", "relative", "wall"]), store.axis.get())) },
  { keys: ["l"], shown: "l", help: "logarithmic y axis", act: () => store.logY.set(!store.logY.get()) },
  { keys: ["o"], shown: "o", help: "leave outliers out of the y range", act: () => store.robust.set(!store.robust.get()) },
  { keys: ["f"], shown: "f", help: "full width of the card", act: (target) => target.onCard("wide") },
  { keys: ["p"], shown: "p", help: "pin or unpin the card", act: (target) => target.onCard("pin") },
  { keys: ["0"], shown: "0", help: "show all of the card's data again", act: (target) => target.onCard("reset") },
  { keys: ["d"], shown: "d", help: "range and points of the card", act: (target) => target.onCard("more") },
  { keys: ["Escape"], shown: "Esc", help: "clear the cursor, a filter, a dialog", act: (target) => target.clear() },
];

/** What the help shows: [key, what it does]. */
export const KEY_HELP = KEYS.map(({ shown, help }) => [shown, help]);

/** @param {KeyTarget} target @returns {() => void} stops listening */
export const listenToKeys = (target) => listenTo(KEYS, target);

/** Acts on the keys of a page. @template T @param {Key<T>[]} known @param {T} target @returns {() => void} stops listening */
export function listenTo(known, target) {
  const listener = (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open], :popover-open")) return;
    if (isTyping(event.target) && event.key !== "Escape") return;
    const found = known.find(({ keys }) => keys.includes(event.key));
    if (!found || (event.key === " " && event.target instanceof HTMLButtonElement)) return;
    event.preventDefault();
    found.act(target, event);
  };
  document.addEventListener("keydown", listener);
  return () => document.removeEventListener("keydown", listener);
}

/** Whether a key belongs to the element in focus. @param {EventTarget | null} element */
export function isTyping(element) {
  return element instanceof HTMLInputElement ? element.type !== "checkbox" : element instanceof HTMLSelectElement;
}

/** Escape: empties the search box in focus, leaves another box, and clears what the page has otherwise. @param {() => void} otherwise */
export function clearFocus(otherwise) {
  const box = document.activeElement;
  if (!(box instanceof HTMLInputElement)) return otherwise();
  if (box.type !== "search" || !box.value) return box.blur();
  box.value = "";
  return void box.dispatchEvent(new Event("input"));
}

/** @template T @param {readonly T[]} choices @param {T} current */
export function following(choices, current) {
  return choices[(choices.indexOf(current) + 1) % choices.length];
}
