/** What can be done to any card, by its key. */

import { cardPins, wideCards } from "../../state/media-settings.js";
import { toggled } from "../../state/store.js";

/** @param {string} key */
export function togglePin(key) {
  const pins = cardPins.get();
  cardPins.set(pins.includes(key) ? pins.filter((pin) => pin !== key) : [...pins, key]);
}

/** @param {string} key */
export function toggleWide(key) {
  wideCards.set(toggled(wideCards.get(), key));
}
