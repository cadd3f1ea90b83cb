/** What was chosen on the page of profiles. */

import { Atom } from "../lib/atom.js";

/** The profile's id; "": nobody chose, the newest is shown. */
export const profileChoice = new Atom("");
/** The view in sight; "": the first one that the profile has. */
export const profileTab = new Atom("");
/** null: the first rank. */
export const profileRank = new Atom(/** @type {number | null} */ (null));
/** The stretch of time that is looked at, ns; null: all of it. */
export const profileWindow = new Atom(/** @type {[from: number, to: number] | null} */ (null));

/** Another profile: rank and window are not of that one. @param {string} id */
export function chooseProfile(id) {
  if (id === profileChoice.get()) return;
  profileRank.set(null);
  profileWindow.set(null);
  profileChoice.set(id);
}

/** Another rank: every rank has a clock of its own. @param {number | null} rank */
export function chooseRank(rank) {
  if (rank === profileRank.get()) return;
  profileWindow.set(null);
  profileRank.set(rank);
}

/** "from,to". @param {[number, number] | null} window */
export const encodeWindow = (window) => (window ? window.join(",") : "");

/** @param {string} text @returns {[number, number] | null} */
export function decodeWindow(text) {
  const [from, to] = text.split(",").map(Number);
  return Number.isSafeInteger(from) && Number.isSafeInteger(to) && from < to ? [from, to] : null;
}
