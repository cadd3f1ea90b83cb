/** How pictures are shown on the page of media; saved in the URL, see url.js. */

import { Atom } from "../lib/atom.js";
import { AS_STORED } from "../lib/levels.js";
import { WHOLE } from "../lib/pan-zoom.js";
import { SIDE_BY_SIDE } from "../lib/picture-pair.js";

/** A tag's pictures side by side over runs at the cursor, or over steps, a row a run. */
export const imageLayout = new Atom(/** @type {"runs" | "steps"} */ ("runs"));
/** Brightness, contrast and gamma of all pictures. */
export const imageLevels = new Atom(AS_STORED);
/** The same once nobody moves them any more: pictures that the server draws with them are not asked for at every move. */
export const settledLevels = new Atom(AS_STORED);
/** Whether pictures are as large as they were logged. */
export const actualSize = new Atom(false);
/** Which of the pictures that were logged together. */
export const imageSample = new Atom(0);
/** How the viewer compares. */
export const comparison = new Atom(SIDE_BY_SIDE);
/** Which part of the pictures the viewer shows. */
export const imageSight = new Atom(WHOLE);
/** The card that is open in the viewer, by key; "": none. */
export const viewedCard = new Atom("");

const SETTLES = 150; // ms
let settling = 0;
imageLevels.subscribe((levels) => {
  clearTimeout(settling);
  settling = window.setTimeout(() => settledLevels.set(levels), SETTLES);
});
