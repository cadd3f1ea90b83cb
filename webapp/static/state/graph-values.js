/** What the colours of the boxes in sight stand for: asked for with every scene, and when something else is chosen. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { encodeGraph } from "../lib/graph-choice.js";
import { jsonBody } from "./api.js";
import { pictureOf, shownScene } from "./graph-scene.js";
import { graphColor } from "./graph-settings.js";
import { requestDone } from "./patient-request.js";

/**
 * @typedef {{value: string, label: string, count: number}} LegendEntry
 * @typedef {{kind: "category", unit: string, values: (string | null)[], legend: LegendEntry[]}} CategoryValues
 * @typedef {{kind: "number", unit: string, values: (number | null)[], legend: number[]}} NumberValues least and greatest
 * @typedef {CategoryValues | NumberValues} GraphValuesAnswer
 * @typedef {{by: string, of: import("./graph-scene.js").Shown, ids: string[], answer: GraphValuesAnswer, slots: ReadonlyMap<string, number>}} GraphValues
 *   `slots`: place of each category in the palette, the same as long as one graph is coloured by one thing
 */

/** What the colours mean now: what was chosen, else what the server found to suit the graph. */
export const colorNow = () => graphColor.get() || shownScene.get()?.scene.colors?.by || "module";

/** A frame around other boxes has no sum: it would count what lies in it twice. */
const SUMS = new Set(["parameters", "flops", "activations", "time", "memory"]);

/** null: nothing is coloured. */
export const graphValues = new Atom(/** @type {GraphValues | null} */ (null));
export const valuesProblem = new Atom("");

let asking = new AbortController();
let slots = /** @type {{key: string, of: Map<string, number>}} */ ({ key: "", of: new Map() });

async function ask() {
  asking.abort();
  const [shown, by] = [shownScene.get(), colorNow()];
  valuesProblem.set("");
  if (!shown || by === "none") return graphValues.set(null);
  const told = shown.scene.colors;
  if (told?.by === by) return take(shown, told);
  const mine = (asking = new AbortController());
  const { id, kind } = shown.scene.boxes;
  const ids = id.filter((_, box) => kind[box] !== "stub" && (kind[box] !== "open" || !SUMS.has(by)));
  try {
    const answer = await (await requestDone("api/graph/values", { ...jsonBody({ ...pictureOf(shown), by, ids }), signal: mine.signal })).json();
    if (!mine.signal.aborted) show(shown, by, ids, answer);
  } catch (problem) {
    if (mine.signal.aborted) return;
    graphValues.set(null);
    valuesProblem.set(/** @type {Error} */ (problem).message);
  }
}

/** What came along with the scene. @param {import("./graph-scene.js").Shown} shown @param {import("./graph-scene.js").Colors} colors */
function take(shown, colors) {
  if (!colors.problem) return show(shown, colors.by, colors.ids, colors);
  graphValues.set(null);
  valuesProblem.set(colors.problem);
}

/** @param {import("./graph-scene.js").Shown} of @param {string} by @param {string[]} ids @param {GraphValuesAnswer} answer */
function show(of, by, ids, answer) {
  graphValues.set({ by, of, ids, answer, slots: slotsOf(`${encodeGraph(of.graph)} ${by}`, answer) });
}

/** @param {string} key @param {GraphValuesAnswer} answer */
function slotsOf(key, answer) {
  if (slots.key !== key) slots = { key, of: new Map() };
  if (answer.kind === "category") {
    for (const { value } of answer.legend) {
      if (value && !slots.of.has(value)) slots.of.set(value, slots.of.size);
    }
  }
  return new Map(slots.of);
}

const soon = oncePerTask(() => void ask());
shownScene.subscribe(soon);
graphColor.subscribe(soon);
