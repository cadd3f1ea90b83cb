/** The keys of the page of profiles; a view may have its own beside them. */

import { listenTo } from "../scalar-keys.js";

/**
 * @typedef {object} ProfileKeyTarget
 * @property {(place: number) => void} tab the tab at a place
 * @property {(by: 1 | -1) => void} nextTab
 * @property {() => void} search
 * @property {() => void} open asks for a file
 * @property {(by: 1 | -1) => void} nextStep looks at the step after, or before
 * @property {() => void} clear
 */

/** @type {import("../scalar-keys.js").Key<ProfileKeyTarget>[]} in the order of the help */
const KEYS = [
  { keys: ["1", "2", "3", "4", "5", "6", "7", "8", "9"], shown: "1 … 9", help: "the view at that place of the tabs", act: (target, { key }) => target.tab(Number(key) - 1) },
  { keys: ["[", "]"], shown: "[ ]", help: "the view before, the view after", act: (target, { key }) => target.nextTab(key === "[" ? -1 : 1) },
  { keys: [",", "."], shown: ", .", help: "look at the step before, the step after", act: (target, { key }) => target.nextStep(key === "," ? -1 : 1) },
  { keys: ["/"], shown: "/", help: "search in the view", act: (target) => target.search() },
  { keys: ["o"], shown: "o", help: "open a file", act: (target) => target.open() },
  { keys: ["Escape"], shown: "Esc", help: "leave a search; look at all steps again", act: (target) => target.clear() },
];

/** What the help shows: [key, what it does]. */
export const PROFILE_KEY_HELP = KEYS.map(({ shown, help }) => [shown, help]);

/** @param {ProfileKeyTarget} target @returns {() => void} stops listening */
export const listenToProfileKeys = (target) => listenTo(KEYS, target);
