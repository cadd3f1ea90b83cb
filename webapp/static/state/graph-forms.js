/** Answers about parts of graphs, the children of a group or what there is to know of a box: kept while there is room. */

import { FormStore, readJson } from "./form-store.js";

const ROOM = 8e6; // bytes

export const graphForms = new FormStore(readJson, ROOM);
