/** The step cursor: one for all pages (`store.cursor`), and one of its own for each card that was unlinked. */

import { nearestIndex } from "../lib/nearest.js";
import * as store from "./store.js";
import { unlinked } from "./unlinked-cards.js";

/** @typedef {import("../lib/blob-frame.js").Values} Values */

/** The cursor of a card. @param {string} card @returns {number | null} */
export function cursorOf(card) {
  const own = unlinked.get();
  return own.has(card) ? (own.get(card) ?? null) : store.cursor.get();
}

/** Moves the cursor of a card: its own where it has one. @param {string} card @param {number | null} at */
export function moveCursor(card, at) {
  if (unlinked.get().has(card)) unlinked.set(new Map(unlinked.get()).set(card, at));
  else store.cursor.set(at);
}

/** Gives a card a cursor of its own, where the shared one is, or takes it away. @param {string} card */
export function toggleLink(card) {
  const next = new Map(unlinked.get());
  if (!next.delete(card)) next.set(card, store.cursor.get());
  unlinked.set(next);
}

/** The value at a card's cursor. @param {string} card @param {Values} values @returns {number} −1 where there is none */
export function indexAt(card, values) {
  return nearestIndex(values, cursorOf(card), store.axis.get());
}

/** The axis values are on: where another scalar is along x, values that are none are at their step, and the cursor says nothing of them. */
export function stepAxis() {
  const axis = store.axis.get();
  return axis === "relative" || axis === "wall" ? axis : "step";
}
