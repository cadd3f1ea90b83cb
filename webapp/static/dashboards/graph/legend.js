/** What the colours mean. A category that is pressed alone keeps its colour. */

import { Atom } from "../../lib/atom.js";
import { formatCount } from "../../lib/format.js";
import { withUnit } from "../../lib/graph-numbers.js";
import { graphValues, valuesProblem } from "../../state/graph-values.js";
import { toggled } from "../../state/store.js";
import { h } from "../../ui/dom.js";
import { isDark } from "../../ui/ink.js";
import { categoryColor, heatColor, heatScale } from "./box-colors.js";

/** @typedef {import("../../state/graph-values.js").GraphValues} GraphValues */
/** @typedef {import("../../state/graph-values.js").NumberValues} NumberValues */
/** @typedef {import("../../state/graph-values.js").CategoryValues} CategoryValues */

const STEPS = 12; // of the bar

/** Categories that are picked out; empty: all are shown alike. */
export const pickedValues = new Atom(/** @type {ReadonlySet<string>} */ (new Set()));

export function graphLegend() {
  const element = h("div", { className: "graph-legend", role: "group", "aria-label": "Colours", hidden: true });
  let by = "";
  const update = () => {
    const values = graphValues.get();
    if (values && values.by !== by) {
      ({ by } = values);
      pickedValues.set(new Set());
    }
    const said = valuesProblem.get();
    element.hidden = !said && !values;
    if (said) element.replaceChildren(h("span", { className: "bad", role: "alert" }, said));
    else if (values) element.replaceChildren(...(values.answer.kind === "category" ? categories(values, values.answer) : [bar(values.answer)]));
  };
  for (const atom of [graphValues, valuesProblem, pickedValues]) atom.subscribe(update);
  update();
  return { element, update };
}

/** @param {GraphValues} values @param {CategoryValues} answer */
function categories(values, { legend }) {
  if (legend.length === 0) return [h("span", { className: "quiet" }, "Nothing is known of these boxes")];
  const theme = isDark() ? "dark" : "light";
  const picked = pickedValues.get();
  return legend.map(({ value, label, count }) => {
    const swatch = h("span", { className: "swatch" });
    swatch.style.background = (value && categoryColor(values, value, theme)) || "var(--strong-line)";
    const parts = [swatch, h("bdi", {}, label || value), h("small", {}, formatCount(count))];
    if (!value) return h("span", { className: "legend-entry" }, ...parts);
    return h("button", { type: "button", className: "legend-entry", "aria-pressed": String(picked.has(value)), title: "Pick these out", onclick: () => pickedValues.set(toggled(picked, value)) }, ...parts);
  });
}

/** @param {NumberValues} answer */
function bar({ unit, values }) {
  const scale = heatScale(values);
  if (!scale) return h("span", { className: "quiet" }, "Nothing is known of these boxes");
  const theme = isDark() ? "dark" : "light";
  const strip = h("span", { className: "legend-bar", role: "img", "aria-label": "from little to much" });
  const stops = Array.from({ length: STEPS }, (_, step) => heatColor(step / (STEPS - 1), theme));
  strip.style.background = `linear-gradient(90deg, ${stops.join(", ")})`;
  const [least, greatest] = scale.ends.map((end) => withUnit(end, unit));
  return h("span", { className: "legend-scale" }, least !== greatest && h("span", {}, least), strip, h("span", {}, greatest),
    scale.logarithmic && h("small", {}, "log"));
}
