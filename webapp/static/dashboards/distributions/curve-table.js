/** What each run's curve comes to, and what it says at the threshold. */

import { formatCount, formatStep, formatTime, formatValue } from "../../lib/format.js";
import { at, leadingArea } from "../../lib/threshold-curve.js";
import { h } from "../../ui/dom.js";
import { runName } from "../../ui/run-name.js";

/** @typedef {import("./curve-card.js").RunCurve} RunCurve */
/** @typedef {import("../../lib/threshold-curve.js").CurveMode} CurveMode */
/** @typedef {ReturnType<typeof at>} AtThreshold */
/** @typedef {{title: string, hint: string, text: (told: AtThreshold) => string}} Column */

const WORTH_TELLING = 0.0005; // bounds closer than this are the figure
const RATIO = 4; // digits of areas
const SHORT = 3; // and of ratios at the threshold

const AREAS = {
  pr: { title: "AP", hint: "Average precision: Σ (Rₙ − Rₙ₋₁) Pₙ over the stored thresholds, from the highest down. Behind it the bounds of the figure over the raw scores." },
  roc: { title: "ROC AUC", hint: "Area below the ROC curve by trapezoids; scores between two thresholds count as ties. Behind it the bounds of the figure over the raw scores." },
};
const TRAPEZOID = { title: "PR area", hint: "Area below precision over recall by trapezoids, from recall 0 with precision 1. Too optimistic: average precision is the better figure." };

/** @type {Column[]} */
const COUNTS = [
  { title: "TP", hint: "True positives at the threshold", text: ({ tp }) => countText(tp) },
  { title: "FP", hint: "False positives at the threshold", text: ({ fp }) => countText(fp) },
  { title: "TN", hint: "True negatives at the threshold", text: ({ tn }) => countText(tn) },
  { title: "FN", hint: "False negatives at the threshold", text: ({ fn }) => countText(fn) },
];
/** @type {Record<CurveMode, Column[]>} */
const RATIOS = {
  pr: [
    { title: "Precision", hint: "TP / (TP + FP), as stored", text: ({ precision }) => ratioText(precision) },
    { title: "Recall", hint: "TP / (TP + FN), as stored", text: ({ recall }) => ratioText(recall) },
    { title: "F1", hint: "2 TP / (2 TP + FP + FN)", text: ({ f1 }) => ratioText(f1) },
  ],
  roc: [
    { title: "TPR", hint: "True positive rate, TP / (TP + FN)", text: ({ recall }) => ratioText(recall) },
    { title: "FPR", hint: "False positive rate, FP / (FP + TN)", text: ({ fall }) => ratioText(fall) },
    { title: "F1", hint: "2 TP / (2 TP + FP + FN)", text: ({ f1 }) => ratioText(f1) },
  ],
};
const THRESHOLD = { title: "At", hint: "The run's stored threshold nearest to the one chosen", text: (/** @type {AtThreshold} */ { threshold }) => formatValue(threshold, RATIO) };

/** @param {(run: string | null) => void} onPoint */
export function curveTable(onPoint) {
  const head = h("thead");
  const body = h("tbody");
  const element = h("div", { className: "curve-table", tabIndex: 0, role: "region", "aria-label": "Figures of each run" }, h("table", { className: "statistics" }, head, body));
  let drawn = "";
  element.addEventListener("pointerleave", () => onPoint(null));
  return {
    element,
    /** @param {RunCurve[]} shown @param {CurveMode} mode */
    show(shown, mode) {
      const columns = [THRESHOLD, ...RATIOS[mode], ...COUNTS]; // what does not fit is cut off at the end
      const areas = mode === "pr" ? [AREAS.pr, TRAPEZOID] : [AREAS.roc];
      if (drawn !== (drawn = mode)) head.replaceChildren(h("tr", {}, headCell("Run", "Run"), headCell("Step", "Step of the run's value nearest to the cursor"), ...[...areas, ...columns].map(({ title, hint }) => headCell(title, hint))));
      body.replaceChildren(...shown.map((one) => row(one, mode, columns, areas.length, onPoint)));
    },
  };
}

/** @param {string} title @param {string} hint */
function headCell(title, hint) {
  return h("th", { scope: "col", title: hint }, title);
}

/** @param {RunCurve} one @param {CurveMode} mode @param {Column[]} columns @param {number} areas how many columns tell areas @param {(run: string | null) => void} onPoint */
function row({ run, curve, problem, loading, mark }, mode, columns, areas, onPoint) {
  const swatch = h("span", { className: "swatch" });
  swatch.style.background = run.color;
  const label = runName();
  label.show(run.label);
  const name = h("th", { scope: "row", title: run.name }, h("span", { className: "tip-run" }, swatch, label.element));
  const cells = curve
    ? [h("td", { className: "quiet", title: `${formatCount(curve.step)} · ${formatTime(curve.wall)}` }, formatStep(curve.step)), ...areaCells(curve, mode), ...columns.map(({ text }) => h("td", {}, text(at(curve, mark))))]
    : [h("td", { colSpan: columns.length + areas + 1, className: "quiet curve-problem" }, loading ? "…" : problem)];
  return h("tr", { onpointerenter: () => onPoint(run.name) }, name, ...cells);
}

/** @param {import("../../lib/threshold-curve.js").Curve} curve @param {CurveMode} mode */
function areaCells({ areas }, mode) {
  const area = leadingArea(areas, mode);
  const [value, low, high] = area ?? [NaN, NaN, NaN];
  const bounds = high - low > WORTH_TELLING ? h("span", { className: "quiet bounds" }, ` ${low.toFixed(3)}–${high.toFixed(3)}`) : null;
  const leading = h("td", { className: "strong", title: area ? `Over the raw scores between ${low.toFixed(6)} and ${high.toFixed(6)}` : "" }, area ? value.toFixed(RATIO) : "–", bounds);
  if (mode === "roc") return [leading];
  return [leading, h("td", {}, areas.precision_recall === null ? "–" : areas.precision_recall.toFixed(RATIO))];
}

/** Weighted counts are no whole numbers. @param {number} count */
function countText(count) {
  return Number.isInteger(count) && Math.abs(count) < 1e12 ? formatCount(count) : formatValue(count);
}

/** @param {number} ratio */
function ratioText(ratio) {
  return Number.isNaN(ratio) ? "–" : ratio.toFixed(SHORT);
}
