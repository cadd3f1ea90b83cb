/** What curves are smoothed with, and how much: a list in place of a label, and a slider in the unit of the chosen kind. */

import { slider } from "./controls.js";
import { h } from "./dom.js";

/** @typedef {import("../lib/types.js").SmoothingKind} SmoothingKind */

/** @type {[SmoothingKind, string, string][]} */
export const KINDS = [
  ["ema", "Smoothing", "Moving average, exponentially weighted, without the bias of its start"],
  ["time_ema", "Smoothing over x", "The same, with weights that follow the distance along x: for uneven steps"],
  ["mean", "Running mean", "Mean of so many points around each"],
  ["median", "Running median", "Median of so many points around each: outliers vanish"],
  ["gaussian", "Gaussian", "Weighted by a bell so many points wide (standard deviation)"],
];

const WEIGHT = { min: 0, max: 0.99, step: 0.01, boxMax: 0.9999, digits: 2 };
const LOG_WIDEST = 3; // the slider ends at a thousand points; the box goes on to ten thousand
const WINDOW = {
  min: 1, max: LOG_WIDEST, step: 0.01, boxMax: 10_001, digits: 0,
  toBar: (/** @type {number} */ points) => Math.log10(Math.max(1, points)),
  fromBar: (/** @type {number} */ at) => Math.round(10 ** at) | 1, // windows are odd
};
const SIGMA = {
  min: 0, max: LOG_WIDEST, step: 0.01, boxMax: 1000, digits: 1,
  toBar: (/** @type {number} */ points) => Math.log10(1 + points),
  fromBar: (/** @type {number} */ at) => Number((10 ** at - 1).toPrecision(2)),
};

/** @param {SmoothingKind} kind */
function rangeOf(kind) {
  if (kind === "mean" || kind === "median") return WINDOW;
  return kind === "gaussian" ? SIGMA : WEIGHT;
}

/**
 * @param {{onKind: (kind: SmoothingKind) => void, onAmount: (amount: number) => void}} events
 * @returns {{element: HTMLElement, show: (kind: SmoothingKind, amount: number) => void}}
 */
export function smoothingControl({ onKind, onAmount }) {
  const list = h("select", { className: "bare", "aria-label": "Averaging", onchange: () => onKind(/** @type {SmoothingKind} */ (list.value)) },
    ...KINDS.map(([value, text, hint]) => h("option", { value, title: hint }, text)));
  const element = h("span", { className: "smoothing" }, list);
  /** @type {SmoothingKind | null} */
  let kind = null;
  /** @type {import("./controls.js").Control | null} */
  let amount = null;
  return {
    element,
    show(nextKind, nextAmount) {
      if (kind === null || rangeOf(nextKind) !== rangeOf(kind)) {
        amount?.remove();
        amount = slider("Smoothing", rangeOf(nextKind));
        amount.addEventListener("input", () => onAmount(amount?.value));
        element.append(amount);
      }
      kind = nextKind;
      list.value = nextKind;
      list.title = KINDS.find(([value]) => value === nextKind)?.[2] ?? "";
      if (amount) amount.value = nextAmount;
    },
  };
}
