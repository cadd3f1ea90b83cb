/** What is known of the HTML pages of cells, and which of them may run their scripts. */

import { Atom } from "../lib/atom.js";
import { FormStore, readJson } from "./form-store.js";

/** @typedef {{characters: number, scripts: number, elsewhere: number}} PaneInfo */
/** @typedef {{text: string, characters: number}} PaneSource */

/** @type {FormStore<PaneInfo>} */
export const paneInfos = new FormStore(readJson, 1e6);
/** @type {FormStore<PaneSource>} */
export const paneSources = new FormStore(readJson, 16e6);

/** Cards (key) and runs whose scripts somebody let run: never saved, so that no link can do it. */
export const runningPanes = new Atom(/** @type {ReadonlySet<string>} */ (new Set()));
