/** Events of the drawn runs as marks on a chart's axis, and which kinds of them are drawn. */

import { MARK_KINDS, marksAmong } from "../lib/marks.js";
import { events } from "../state/events.js";
import * as store from "../state/store.js";
import { toggle } from "../ui/controls.js";
import { h } from "../ui/dom.js";
import { lineName, rowOf } from "./run-lines.js";

/** @typedef {import("../lib/types.js").Series} Series */

/**
 * @param {import("../lib/types.js").XAxis} axis @param {string[]} runs drawn in the chart
 * @param {{series: Series}[]} [lines] those of the chart
 * @returns {import("../lib/types.js").Mark[]} in order of x
 */
export function marksOf(axis, runs, lines = []) {
  const all = events.get();
  if (all.length === 0) return [];
  const drawn = new Set(runs.flatMap((run) => [run, rowOf(run)]));
  const hidden = store.hiddenMarks.get();
  const { byName } = store.catalog.get();
  return marksAmong(all, axis, lines, {
    isDrawn: (run) => drawn.has(run), isHidden: (kind) => hidden.has(kind), startOf: (run) => byName.get(rowOf(run))?.start ?? null, labelOf: lineName,
  });
}

/** One switch for each kind of event. */
export function markToggles() {
  const buttons = MARK_KINDS.map((kind) => {
    const button = toggle(kind, `Draw events of this kind on the axis: ${kind}`);
    button.addEventListener("input", () => store.hiddenMarks.set(store.toggled(store.hiddenMarks.get(), kind)));
    return button;
  });
  const show = () => buttons.forEach((button, index) => (button.value = !store.hiddenMarks.get().has(MARK_KINDS[index])));
  store.hiddenMarks.subscribe(show);
  show();
  return h("div", {}, h("span", { className: "quiet" }, "Events on the axis"), h("div", { className: "menu-flags" }, ...buttons));
}
