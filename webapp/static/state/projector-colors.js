/** What the colours of points stand for: a column, or what was measured of the layout. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { MOST_CATEGORIES } from "../lib/point-palette.js";
import { asSentence, sentenceOf } from "../lib/sentence.js";
import { fetchFaithfulness } from "./projector-api.js";
import { clusters } from "./projector-clusters.js";
import { columnNow, columnsVersion } from "./projector-columns.js";
import { overTime, runsVersion } from "./projector-jobs.js";
import { layoutInAddress, layoutQuery } from "./projector-layout-query.js";
import { activeView, colorBy, pointViews, viewNow } from "./projector-settings.js";
import { shownEmbedding, shownStep } from "./projector-shown.js";
import { layoutNow, layoutsVersion } from "./projector-steps.js";

/** @typedef {import("../lib/arrays-frame.js").NamedArray} NamedArray */

/**
 * @typedef {{by: string, title: string, kind: "category", codes: NamedArray, names: readonly string[], counts: Float64Array}} CategoryColoring
 * @typedef {{by: string, title: string, kind: "number", values: Float32Array | Float64Array, least: number, most: number, positive: boolean}} NumberColoring `positive`: all above 0, a logarithm can be had
 * @typedef {CategoryColoring | NumberColoring} Coloring
 */

/** null: nothing is coloured. */
export const coloring = new Atom(/** @type {Coloring | null} */ (null));
/** Why not, or that it is on its way; "" when all is well. */
export const coloringProblem = new Atom("");

/** What the colours mean now: what was chosen, else the first column with a few categories: names of single points are none. */
export function colorNow() {
  const { columns = [], points = 0 } = shownEmbedding.get()?.info ?? {};
  const chosen = colorBy.get();
  if (chosen && (!chosen.startsWith("column:") || columns.some(({ name }) => `column:${name}` === chosen))) return chosen;
  const first = columns.find(({ kind, distinct }) => kind === "category" && distinct > 1 && 2 * distinct <= points);
  return first ? `column:${first.name}` : "none";
}

/** @type {Map<string, Float32Array>} by layout */
const faithful = new Map();
let asked = "";

async function resolve() {
  const by = colorNow();
  coloringProblem.set("");
  if (by === "none" || !shownEmbedding.get()) return coloring.set(null);
  if (by.startsWith("column:")) return takeColumn(by, by.slice("column:".length));
  if (by === "cluster") return takeClusters();
  if (by === "drift") return takeDrift();
  return takeFaithfulness();
}

/** @param {string} by @param {string} name */
function takeColumn(by, name) {
  const found = columnNow(name);
  if (!found) return; // what was there stays until it comes
  if (found.problem !== null) {
    coloring.set(null);
    return coloringProblem.set(asSentence(found.problem));
  }
  const column = found.value;
  if (column.kind === "number") return put(by, name, column.values);
  if (column.names.length > MOST_CATEGORIES) coloringProblem.set(`${name} has ${column.names.length} different texts: the ${MOST_CATEGORIES} most frequent have a colour.`);
  show({ by, title: name, kind: "category", codes: column.codes, names: column.names.slice(0, MOST_CATEGORIES), counts: countsOf(column.codes, column.names.length) });
}

function takeClusters() {
  const found = clusters.get();
  if (!found) return missing("No clusters were looked for yet.");
  const names = found.clusters.map(({ label, terms }) => terms.join(" · ") || `cluster ${label}`);
  const places = new Map(found.clusters.map(({ label }, place) => [label, place]));
  const codes = clusterCodes(found.labels, places, names.length);
  show({ by: "cluster", title: "cluster", kind: "category", codes, names, counts: countsOf(codes, names.length + 1) });
}

/** @type {WeakMap<Int32Array, Uint32Array>} the same array for the same labels */
const codesOf = new WeakMap();

/** @param {Int32Array} labels @param {Map<number, number>} places @param {number} none @returns {Uint32Array} */
function clusterCodes(labels, places, none) {
  const known = codesOf.get(labels) ?? Uint32Array.from(labels, (label) => places.get(label) ?? none);
  codesOf.set(labels, known);
  return known;
}

function takeDrift() {
  const drift = layoutNow(viewNow().id)?.drift;
  if (!drift) return missing(overTime() ? "The first step has no step before it to have come from." : "Drift is how far points move between steps: this embedding has one step, or they are not laid out together.");
  put("drift", "drift since the step before", drift);
}

async function takeFaithfulness() {
  const layout = layoutQuery();
  const key = JSON.stringify(layout);
  const known = faithful.get(key);
  if (known) return put("faithfulness", "neighbours kept", known);
  missing(layout ? "Comparing the neighbours of all points …" : "Faithfulness is measured when the layout is done.");
  if (!layout || asked === key) return;
  asked = key;
  try {
    const { arrays } = await fetchFaithfulness(layoutInAddress(layout));
    faithful.clear(); // one at a time: it is as long as the points
    faithful.set(key, /** @type {Float32Array} */ (arrays.recall));
    soon();
  } catch (problem) {
    if (colorNow() === "faithfulness") missing(sentenceOf(problem));
  }
  asked = "";
}

/** @param {string} text */
function missing(text) {
  coloring.set(null);
  coloringProblem.set(text);
}

/** @param {string} by @param {string} title @param {Float32Array | Float64Array} values */
function put(by, title, values) {
  const before = coloring.get();
  if (before?.kind === "number" && before.by === by && before.values === values) return;
  const { least, most } = rangeOf(values);
  if (least > most) return missing(`${title} has no numbers.`);
  coloring.set({ by, title, kind: "number", values, least, most, positive: least > 0 });
}

/** @param {CategoryColoring} next */
function show(next) {
  const before = coloring.get();
  if (before?.kind === "category" && before.by === next.by && before.codes === next.codes) return;
  coloring.set(next);
}

/** What was counted of an array: all frames of a layout, and who comes back to a column, ask again. @type {WeakMap<NamedArray, {counts?: Float64Array, range?: {least: number, most: number}}>} */
const known = new WeakMap();

/** @param {NamedArray} array */
function knownOf(array) {
  const found = known.get(array) ?? {};
  known.set(array, found);
  return found;
}

/** @param {NamedArray} codes @param {number} count @returns {Float64Array} */
function countsOf(codes, count) {
  const found = knownOf(codes);
  if (found.counts?.length === count) return found.counts;
  const counts = new Float64Array(count);
  for (let row = 0; row < codes.length; row += 1) counts[codes[row]] += 1;
  return (found.counts = counts);
}

/** Of what is finite. @param {Float32Array | Float64Array} values */
function rangeOf(values) {
  const found = knownOf(values);
  if (found.range) return found.range;
  let [least, most] = [Infinity, -Infinity];
  for (let row = 0; row < values.length; row += 1) {
    const value = values[row];
    if (value < least && value > -Infinity) least = value;
    if (value > most && value < Infinity) most = value;
  }
  return (found.range = { least, most });
}

const soon = oncePerTask(() => void resolve());
for (const atom of [colorBy, shownEmbedding, shownStep, columnsVersion, clusters, runsVersion, layoutsVersion, activeView, pointViews]) atom.subscribe(soon);
