/** Meshes and point clouds that are looked at, and how all of them are shown. */

import { Atom } from "../lib/atom.js";
import { parseScene } from "../lib/scene-data.js";
import { FormStore } from "./form-store.js";

const ROOM = 160e6; // bytes of scenes kept

export const scenes = new FormStore(parseScene, ROOM);

/** "auto" is as the log says. */
export const meshShading = new Atom(/** @type {"auto" | "smooth" | "flat" | "wireframe" | "points"} */ ("auto"));
/** Times the usual size of a point. */
export const pointScale = new Atom(1);
export const meshBox = new Atom(true);
export const meshUp = new Atom(/** @type {"y" | "z"} */ ("y"));
export const meshOrthographic = new Atom(false);
