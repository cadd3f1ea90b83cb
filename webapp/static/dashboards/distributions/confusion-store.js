/** Confusion matrices that are here. */

import { parseConfusion } from "../../lib/confusion.js";
import { FormStore } from "../../state/form-store.js";

const ROOM = 128e6; // bytes: a matrix of 1,000 classes has 4 MB

/** @type {FormStore<import("../../lib/confusion.js").Confusion>} */
export const matrices = new FormStore(parseConfusion, ROOM);
