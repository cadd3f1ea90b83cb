/** What dragging over a picture does: moves it, or selects points. The same in all views. */

import { Atom } from "../../lib/atom.js";

export const pointMode = new Atom(/** @type {import("../../charts/points-gestures.js").Mode} */ ("pan"));
