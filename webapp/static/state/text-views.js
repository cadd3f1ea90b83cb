/** How each card of texts shows them; saved in the URL, see url.js. */

import { Atom } from "../lib/atom.js";
import { escapeName } from "../lib/names.js";

/**
 * @typedef {object} TextView
 * @property {"text" | "raw" | "diff"} mode
 * @property {"previous" | "step" | "run"} against what the difference is from: the value before, one step of the same run, another run at the same step
 * @property {number} step
 * @property {string} run
 * @property {boolean} beside the two texts side by side
 */

/** @type {TextView} */
const USUAL = { mode: "text", against: "previous", step: 0, run: "", beside: false };

/** Cards that do not show texts as usual, by key. */
export const textViews = new Atom(/** @type {ReadonlyMap<string, TextView>} */ (new Map()));

/** @param {string} card */
export const textView = (card) => textViews.get().get(card) ?? USUAL;

/** @param {string} card @param {Partial<TextView>} change */
export function changeTextView(card, change) {
  textViews.set(new Map(textViews.get()).set(card, { ...textView(card), ...change }));
}

/** "card:diff,run,NAME,beside;…" @param {ReadonlyMap<string, TextView>} views */
export function encodeTextViews(views) {
  const changed = [...views].filter(([, { mode }]) => mode !== "text");
  return changed.map(([card, { mode, against, step, run, beside }]) => {
    const other = against === "step" ? String(step) : against === "run" ? escapeName(run) : "";
    return `${escapeName(card)}:${mode === "raw" ? "raw" : ["diff", against, other, beside ? "beside" : ""].join(",")}`;
  }).join(";");
}

/** @param {string} text @returns {Map<string, TextView>} */
export function decodeTextViews(text) {
  return new Map(text.split(";").filter(Boolean).map((part) => {
    const [card, how = ""] = part.split(":");
    const [mode, against, other = "", beside] = how.split(",");
    const view = { ...USUAL, mode: mode === "raw" ? /** @type {const} */ ("raw") : /** @type {const} */ ("diff"), beside: beside === "beside" };
    if (against === "step") Object.assign(view, { against, step: Number(other) || 0 });
    if (against === "run") Object.assign(view, { against, run: decodeURIComponent(other) });
    return [decodeURIComponent(card), view];
  }));
}
