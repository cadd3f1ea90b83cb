/** Events of the drawn runs as marks on a chart's axis, and which kinds of them are drawn. */

import { axisTag } from "../lib/axis.js";
import { events } from "../state/events.js";
import * as store from "../state/store.js";
import { displayName } from "../state/user-state.js";
import { toggle } from "../ui/controls.js";
import { h } from "../ui/dom.js";

/** @typedef {import("../lib/types.js").XAxis} XAxis */
/** @typedef {import("../lib/types.js").Mark} Mark */

const ENDS = ["start", "stop"]; // every run has them, where its line begins and ends
const KINDS = ["restart", "checkpoint", "note", "alert", "text"];

/** @param {XAxis} axis @param {string[]} runs drawn in the chart @returns {Mark[]} in order of x */
export function marksOf(axis, runs) {
  const all = events.get();
  if (all.length === 0 || axisTag(axis) !== null) return [];
  const drawn = new Set(runs);
  const hidden = store.hiddenMarks.get();
  const { byName } = store.catalog.get();
  /** @type {Mark[]} */
  const marks = [];
  for (const { run, step, wall_time: wall, kind, text } of all) {
    const shown = KINDS.includes(kind) ? kind : "text";
    if ((run && !drawn.has(run)) || hidden.has(shown) || ENDS.includes(kind)) continue;
    const start = run === null ? null : byName.get(run)?.start ?? null;
    const x = axis === "step" ? step : axis === "wall" ? wall : wall !== null && start !== null ? wall - start : null;
    if (x !== null) marks.push({ x, kind: shown, text, run: run ? displayName(run) : undefined });
  }
  return marks.sort((a, b) => a.x - b.x);
}

/** One switch for each kind of event. */
export function markToggles() {
  const buttons = KINDS.map((kind) => {
    const button = toggle(kind, `Draw events of this kind on the axis: ${kind}`);
    button.addEventListener("input", () => store.hiddenMarks.set(store.toggled(store.hiddenMarks.get(), kind)));
    return button;
  });
  const show = () => buttons.forEach((button, index) => (button.value = !store.hiddenMarks.get().has(KINDS[index])));
  store.hiddenMarks.subscribe(show);
  show();
  return h("div", {}, h("span", { className: "quiet" }, "Events on the axis"), h("div", { className: "menu-flags" }, ...buttons));
}
