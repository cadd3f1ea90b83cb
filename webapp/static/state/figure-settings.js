/** What people chose for Plotly figures; saved in the URL, see url.js. */

import { Atom } from "../lib/atom.js";

/** Whether figures keep the colours of the page they were made for, instead of those of this one. */
export const ownColors = new Atom(false);
