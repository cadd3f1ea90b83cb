/** How histograms are drawn. */

import { histogramFlags, histogramMode, histogramScale, setHistogramFlag } from "../../state/histogram-settings.js";
import { bind, dropDown, segmented, toggle } from "../../ui/controls.js";
import { h } from "../../ui/dom.js";

export function histogramToolbar() {
  const mode = segmented("Histograms as", [
    ["auto", "Auto", "A heat map; outlines where there are few steps"],
    ["heat", "Heat map", "A column a step, dark where many values are"],
    ["ridge", "Ridge", "Outlines one behind the other, the latest in front"],
    ["overlay", "Overlay", "Outlines over one another, the step at the cursor strong"],
    ["bands", "Percentiles", "Bands between percentiles: half a standard deviation apart where values are normally distributed"],
    ["one", "One step", "The histogram at the step cursor, all runs in one chart"],
  ]);
  bind(mode, histogramMode);
  const scale = dropDown("Values", [["linear", "linear"], ["symlog", "symlog"], ["log", "log"]]);
  bind(scale, histogramScale);
  const counts = flagButton("Counts", "The count of each bucket; else its density, the share of the values per unit of value, which does not depend on how wide buckets are", "counts");
  const log = flagButton("Log", "Counts by their logarithm, so that rare values are seen", "log");
  return h("div", { className: "histogram-tools" }, mode, scale, counts, log);
}

/** @param {string} text @param {string} hint @param {string} flag */
function flagButton(text, hint, flag) {
  const button = toggle(text, hint);
  const show = () => void (button.value = histogramFlags.get().has(flag));
  button.addEventListener("input", () => setHistogramFlag(flag, button.value));
  histogramFlags.subscribe(show);
  show();
  return button;
}
