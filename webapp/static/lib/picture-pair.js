/** Which pictures the viewer compares and how, in a link. */

import { escapeName } from "./names.js";

/**
 * @typedef {"side" | "difference" | "blink" | "slider" | "onion"} Mode
 * @typedef {"cursor" | "previous" | "first" | "last" | `held:${number}`} When which of a run's pictures
 * @typedef {{key: string, when: When}} Side one of two pictures that are compared
 * @typedef {{mode: Mode, sides: [Side, Side] | null}} Comparison `sides`: null where nobody chose
 */

/** @type {Mode[]} */
export const MODES = ["side", "difference", "blink", "slider", "onion"];
const WHEN = /^(cursor|previous|first|last|held:\d{1,9})$/;

/** @type {Comparison} */
export const SIDE_BY_SIDE = { mode: "side", sides: null };

/** "difference,run a,cursor,run b,first"; "" for side by side. @param {Comparison} comparison */
export function encodeComparison({ mode, sides }) {
  if (mode === "side") return "";
  return [mode, ...(sides ?? []).flatMap(({ key, when }) => [escapeName(key), when])].join(",");
}

/** @param {string} text @returns {Comparison} what cannot be read counts as not chosen */
export function decodeComparison(text) {
  const [mode, ...rest] = text.split(",");
  const known = MODES.find((one) => one === mode);
  if (!known) return SIDE_BY_SIDE;
  const [keyA, whenA, keyB, whenB] = rest;
  if (keyB === undefined || !WHEN.test(whenA) || !WHEN.test(whenB)) return { mode: known, sides: null };
  const side = (/** @type {string} */ key, /** @type {string} */ when) => ({ key: decodeURIComponent(key), when: /** @type {When} */ (when) });
  return { mode: known, sides: [side(keyA, whenA), side(keyB, whenB)] };
}
