/** What people chose on the pages of cards (media, distributions); saved in the URL, see url.js. */

import { Atom } from "../lib/atom.js";

/** Kinds that are shown; empty: all there are. */
export const shownKinds = new Atom(/** @type {ReadonlySet<string>} */ (new Set()));
/** Cards that come first, by key, in the order of pinning. */
export const cardPins = new Atom(/** @type {readonly string[]} */ ([]));
/** Cards as wide as the page, by key. */
export const wideCards = new Atom(/** @type {ReadonlySet<string>} */ (new Set()));
/** Least width of a run's cell, CSS pixels. */
export const cellWidth = new Atom(240);
