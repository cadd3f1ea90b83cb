/** What was chosen within the views of a profile. */

import { Atom } from "../lib/atom.js";

/** "name", "shape", "stack" or "roofline". */
export const operatorsBy = new Atom("name");
/** "name", "launch", "operator", "copies" or "sequences". */
export const kernelsBy = new Atom("name");
/** "device", "host" or "python"; "": what the profile has. */
export const flameOf = new Atom("");
/** Which of Python's frames stand in a flame graph of the device: "modules", "all" or "none". */
export const flameFrames = new Atom("modules");
