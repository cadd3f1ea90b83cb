/** What was chosen on the page of the model graph. */

import { Atom } from "../lib/atom.js";
import { isFile, isPair } from "../lib/graph-choice.js";

/** @typedef {import("../lib/graph-choice.js").GraphChoice} GraphChoice */
/** @typedef {{x: number, y: number, k: number}} GraphSight place and zoom of the picture */

/** null: nobody chose; the newest graph of the drawn runs is shown. */
export const graphChoice = new Atom(/** @type {GraphChoice | null} */ (null));
/** Groups that are open; null: nobody chose, the server says what is seen first. */
export const openGroupIds = new Atom(/** @type {ReadonlySet<string> | null} */ (null));
/** Repeats that are spread out again, by the ids of their boxes. */
export const unfoldedIds = new Atom(/** @type {ReadonlySet<string>} */ (new Set()));
/** Whether what repeats is drawn as one box. */
export const foldRepeats = new Atom(true);
/** The box that is looked at; "" for none. */
export const selectedBox = new Atom("");
/** What the colours mean; "": what suits the graph. */
export const graphColor = new Atom("");
/** null: the whole picture. */
export const graphSight = new Atom(/** @type {GraphSight | null} */ (null));
/** Whether the tree beside the picture is shown, and how wide, pixels. */
export const treeShown = new Atom(true);
export const treeWidth = new Atom(440);

/** Shows another graph. What is open stays where it may be the same model: at another step, in another run. @param {GraphChoice | null} choice */
export function chooseGraph(choice) {
  const before = graphChoice.get();
  if (kindOf(before) !== kindOf(choice)) forgetView();
  graphChoice.set(choice);
}

/** As a graph is seen that nobody has touched. */
function forgetView() {
  openGroupIds.set(null);
  unfoldedIds.set(new Set());
  selectedBox.set("");
  graphSight.set(null);
}

/** @param {GraphChoice | null} choice @returns {string} */
function kindOf(choice) {
  if (!choice || isFile(choice)) return choice ? choice.file : "";
  return isPair(choice) ? `pair of ${kindOf(choice.a)} and ${kindOf(choice.b)}` : `tag ${choice.tag}`;
}

/** "x,y,zoom". @param {GraphSight | null} sight */
export const encodeSight = (sight) => (sight ? [sight.x, sight.y, sight.k].map((part) => Number(part.toPrecision(6))).join(",") : "");

/** @param {string} text @returns {GraphSight | null} */
export function decodeSight(text) {
  const [x, y, k] = text.split(",").map(Number);
  return Number.isFinite(x) && Number.isFinite(y) && k > 0 && Number.isFinite(k) ? { x, y, k } : null;
}
