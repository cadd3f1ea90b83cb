/** The scene of the graph in sight: asked for whenever another graph is shown or something opens or closes. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { encodeGraph, sameGraph } from "../lib/graph-choice.js";
import { isMade } from "../lib/graph-paths.js";
import { fetchFirstScene, fetchScene } from "./api.js";
import { endFirstPicture } from "./first-picture.js";
import { foldRepeats, graphColor, openGroupIds, selectedBox, unfoldedIds } from "./graph-settings.js";
import { shownGraph } from "./graph-shown.js";
import { toggled } from "./store.js";

/** @typedef {import("../lib/graph-choice.js").GraphChoice} GraphChoice */
/** @typedef {import("../lib/graph-scene.js").SceneAnswer} Scene */

/** @typedef {import("./graph-values.js").GraphValuesAnswer & {by: string, ids: string[], problem?: string}} Colors what the boxes are coloured by; `problem`: why not */

/**
 * @typedef {object} GraphInfo
 * @property {GraphChoice} g
 * @property {string} title
 * @property {string} format
 * @property {string} level
 * @property {string[]} notes what was and was not captured, and what is wrong with the graph
 * @property {number} nodes
 * @property {number} edges
 * @property {number} groups
 * @property {number} parameters
 * @property {number} depth
 * @property {string[]} [has] what it can be coloured by
 * @property {{by: string, title: string, group?: string}[]} [overlays] measurements it can be coloured by, too
 *
 * @typedef {Scene & {graph: GraphInfo, open: string[], unfold: string[], hidden?: number, refused?: string, colors?: Colors}} SceneAnswer
 * @typedef {{graph: GraphChoice, scene: SceneAnswer, fold: boolean}} Shown
 */

/** The last scene that came; it stays while the next is on its way. */
export const shownScene = new Atom(/** @type {Shown | null} */ (null));
/** Why the next one cannot be had; "" when all is well. */
export const sceneProblem = new Atom("");
export const sceneComing = new Atom(false);
/** A box that is to be brought into sight once the scene that has it is there. */
export const wantedBox = new Atom("");

let awake = false;
let answered = ""; // what the shown scene, or the problem, is the answer to
let asking = new AbortController();

/** @param {ReadonlySet<string> | null} open @param {ReadonlySet<string>} unfold */
function keyOf(open, unfold) {
  return JSON.stringify([encodeGraph(shownGraph.get()), open && [...open].sort(), [...unfold].sort(), foldRepeats.get()]);
}

/** @param {{all?: number, reveal?: string[]}} [more] */
async function ask(more) {
  const [graph, open, unfold, fold] = [shownGraph.get(), openGroupIds.get(), unfoldedIds.get(), foldRepeats.get()];
  const key = keyOf(open, unfold);
  if (!awake || !graph || (!more && key === answered)) return;
  asking.abort();
  const mine = (asking = new AbortController());
  sceneComing.set(true);
  try {
    const isFirst = open === null && unfold.size === 0 && fold && !graphColor.get() && !more;
    if (!isFirst) endFirstPicture();
    const scene = (isFirst && (await askedEarly(graph))) || await fetchScene({ g: graph, open: open && [...open], unfold: [...unfold], fold, color: graphColor.get(), ...more }, mine.signal);
    if (mine.signal.aborted) return;
    const arrives = shownScene.get() === null;
    take({ graph, scene, fold }, open === null && !more);
    if (arrives) void revealSelected(scene);
  } catch (problem) {
    if (mine.signal.aborted) return;
    answered = key;
    if (!sameGraph(shownScene.get()?.graph ?? null, graph)) shownScene.set(null); // what is said is not of the graph before
    sceneProblem.set(/** @type {Error} */ (problem).message);
  }
  sceneComing.set(false);
}

/** A box that a link names is shown wherever it lies; of one that the graph does not have nothing is selected. @param {SceneAnswer} scene */
async function revealSelected({ boxes }) {
  const id = selectedBox.get();
  if (!id || boxes.id.includes(id)) return;
  wantedBox.set(id);
  await ask({ reveal: [id] });
  if (!sceneProblem.get() || selectedBox.get() !== id) return;
  selectedBox.set("");
  wantedBox.set("");
  retryScene();
}

/** What theme.js has asked for while the page's own files were on their way. */
let early = document.querySelector('link[href="api/graph/first"]') && fetchFirstScene().catch(() => null);

/** The scene that is here already, if it is of this graph. @param {GraphChoice} graph */
async function askedEarly(graph) {
  const scene = await early;
  early = null;
  if (scene && sameGraph(scene.graph.g, graph)) return scene;
  endFirstPicture(); // it is of that graph, too
  return null;
}

/** @param {Shown} shown @param {boolean} first as the server shows a graph that nobody has touched */
function take(shown, first) {
  const { scene } = shown;
  const open = first ? null : new Set(scene.open);
  const unfold = first ? unfoldedIds.get() : new Set(scene.unfold);
  answered = keyOf(open, unfold);
  openGroupIds.set(open);
  unfoldedIds.set(unfold);
  sceneProblem.set("");
  shownScene.set(shown);
}

const soon = oncePerTask(() => void ask());
for (const atom of [shownGraph, openGroupIds, unfoldedIds, foldRepeats]) atom.subscribe(soon);

/** The page is in sight, or no more. @param {boolean} on */
export function wakeScene(on) {
  awake = on;
  if (on) soon();
}

/** How a picture is named in questions about what is in it. @param {Shown} shown */
export const pictureOf = ({ graph, scene, fold }) => ({ g: graph, open: scene.open, unfold: scene.unfold, fold });

/** Asks once more for what could not be had. */
export function retryScene() {
  answered = "";
  soon();
}

/** Groups that are open now, whoever opened them. @returns {ReadonlySet<string>} */
function openNow() {
  return openGroupIds.get() ?? new Set(shownScene.get()?.scene.open);
}

/** Opens what is closed, closes what is open. @param {string} id of a group or of repeats */
export function toggleBox(id) {
  if (isMade(id)) {
    openGroupIds.set(openNow()); // nothing else opens or closes along with it
    unfoldedIds.set(toggled(unfoldedIds.get(), id));
  } else openGroupIds.set(toggled(openNow(), id));
}

/** Opens every closed group that is drawn. */
export function openOneLevel() {
  const boxes = shownScene.get()?.scene.boxes;
  if (boxes) openGroupIds.set(new Set([...openNow(), ...boxes.id.filter((_, box) => boxes.kind[box] === "group")]));
}

/** Closes everything. */
export function closeAll() {
  unfoldedIds.set(new Set());
  openGroupIds.set(new Set());
}

/** Opens all groups down to a depth. @param {number} depth */
export const openToDepth = (depth) => void ask({ all: depth });

/** Brings a box into sight, whatever it lies in; "/" is all of the graph. @param {string} id */
export function reveal(id) {
  wantedBox.set(id);
  if (id !== "/" && !shownScene.get()?.scene.boxes.id.includes(id)) void ask({ reveal: [id] });
}

/** Selects a box and brings it into sight. @param {string} id */
export function goTo(id) {
  selectedBox.set(id);
  reveal(id);
}
