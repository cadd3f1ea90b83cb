/** What people chose for confusion matrices; the words are saved in the URL, see url.js. */

import { Atom } from "../lib/atom.js";

/** @typedef {import("../lib/confusion.js").Norm} Norm */
/** @typedef {import("../lib/confusion.js").Part} Part */
/** @typedef {{row: number, column: number}} Cell */

/** "true" or "predicted": shares of these totals instead of counts; "log": colours by logarithm; "open:CARD": its table is open. */
export const confusionWords = new Atom(/** @type {ReadonlySet<string>} */ (new Set()));
/** What is taken away from each matrix: "" nothing, "first" or "previous" value of the run, "run:NAME" what another run has at the cursor. */
export const confusionBase = new Atom("");
/** The cell that is pointed at, in all maps of a card. */
export const pointedCell = new Atom(/** @type {{card: string, cell: Cell} | null} */ (null));
/** Cells in sight, by card: maps side by side show the same. */
export const matrixParts = new Atom(/** @type {ReadonlyMap<string, Part>} */ (new Map()));

/** @returns {Norm} */
export function chosenNorm() {
  const words = confusionWords.get();
  if (words.has("true")) return "true";
  return words.has("predicted") ? "predicted" : "counts";
}

/** @param {Norm} norm */
export function setNorm(norm) {
  const next = new Set(confusionWords.get());
  next.delete("true");
  next.delete("predicted");
  if (norm !== "counts") next.add(norm);
  confusionWords.set(next);
}

/** @param {string} card @param {Part | null} part */
export function setPart(card, part) {
  const next = new Map(matrixParts.get());
  if (part) next.set(card, part);
  else next.delete(card);
  matrixParts.set(next);
}
