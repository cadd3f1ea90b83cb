/** The threshold of a card: a slider over the stored thresholds, whose keys go from one to the next. */

import { nearestIndex } from "../../lib/series.js";
import { formatValue } from "../../lib/format.js";
import { h } from "../../ui/dom.js";

const DIGITS = 4;

/** @param {(threshold: number) => void} onChoose */
export function thresholdBar(onChoose) {
  const slider = h("input", { type: "range", min: "0", step: "1", "aria-label": "Threshold" });
  const box = h("input", { type: "text", inputMode: "decimal", className: "number", "aria-label": "Threshold, exact" });
  const hint = h("span", { className: "quiet threshold-hint" });
  const element = h("div", { className: "threshold-bar" }, h("label", {}, h("span", {}, "Threshold"), slider), box, hint);
  /** @type {Float64Array} */
  let choices = new Float64Array();
  slider.addEventListener("input", () => onChoose(choices[Number(slider.value)]));
  box.addEventListener("change", () => {
    const wanted = Number(box.value.replace("−", "-"));
    if (choices.length === 0) return;
    const chosen = box.value.trim() && Number.isFinite(wanted) ? choices[nearestIndex(choices, wanted)] : choices[Number(slider.value)];
    box.value = formatValue(chosen, DIGITS); // there may be none just there
    onChoose(chosen);
  });
  return {
    element,
    textOf: (/** @type {number} */ threshold) => formatValue(threshold, DIGITS),
    /** @param {Float64Array} next rising @param {number} threshold NaN where there is none */
    show(next, threshold) {
      choices = next;
      element.hidden = next.length === 0;
      slider.max = String(Math.max(0, next.length - 1));
      slider.value = String(Math.max(0, nearestIndex(next, threshold)));
      const text = formatValue(threshold, DIGITS);
      slider.setAttribute("aria-valuetext", text);
      if (document.activeElement !== box) box.value = text;
    },
    /** What the pointer is at. @param {string} text */
    point: (text) => void (hint.textContent = text),
  };
}
