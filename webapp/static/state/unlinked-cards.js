/** Cards with a step cursor of their own. */

import { Atom } from "../lib/atom.js";
import * as store from "./store.js";

/** Cards that do not follow the shared cursor, by key → where theirs is, in units of the axis; null: at the latest value. */
export const unlinked = new Atom(/** @type {ReadonlyMap<string, number | null>} */ (new Map()));

// A place on one axis is none on another.
store.axis.subscribe(() => {
  if (unlinked.get().size) unlinked.set(new Map([...unlinked.get().keys()].map((card) => [card, null])));
});
