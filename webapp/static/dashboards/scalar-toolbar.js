/** The bar above the charts: what is shown, along which axis, how smooth. */

import { compileFilter } from "../lib/search.js";
import { setSmoothingKind } from "../state/chart-settings.js";
import * as store from "../state/store.js";
import { bind, dropDown, popover, searchBox, slider, toggle } from "../ui/controls.js";
import { h, icon } from "../ui/dom.js";
import { smoothingControl } from "../ui/smoothing-control.js";
import { axisPicker } from "./axis-picker.js";
import { downloadMenu } from "./download-panel.js";
import { markToggles } from "./event-marks.js";
import { groupControl } from "./group-control.js";

export function scalarToolbar() {
  const tags = searchBox("Filter tags", "Filter tags", (text) => compileFilter(text).error);
  const smoothing = smoothingControl({ onKind: setSmoothingKind, onAmount: (amount) => store.smoothing.set(amount) });
  const showSmoothing = () => smoothing.show(store.smoothingKind.get(), store.smoothing.get());
  const logY = toggle("log y", "Logarithmic y axis (l)");
  const robust = toggle("Clip outliers", "Leave a few far-off values out of the y range (o)");
  const groups = groupControl();
  const count = h("span", { className: "quiet tag-count", role: "status" });
  bind(tags, store.tagFilter);
  for (const atom of [store.smoothing, store.smoothingKind]) atom.subscribe(showSmoothing);
  showSmoothing();
  bind(logY, store.logY);
  bind(robust, store.robust);
  const element = h("div", { className: "bar", role: "toolbar", "aria-label": "Charts" }, tags, count, axisPicker(), smoothing.element, groups.element, logY, robust, h("span", { className: "bar-end" }, moreMenu(), downloadMenu()));
  return { element, openGroups: groups.open, focusFilter: () => tags.focusBox(), showCount: (/** @type {string} */ text) => void (count.textContent = text) };
}

/** What is set once and left alone. */
function moreMenu() {
  const logX = toggle("log x", "Logarithmic horizontal axis");
  const segments = dropDown("After a restart", [["latest", "latest wins"], ["all", "all points"], ["separate", "a line for each"]]);
  const sort = dropDown("Order in tooltips", [["nearest", "nearest first"], ["descending", "largest first"], ["ascending", "smallest first"], ["name", "by run name"]]);
  const width = slider("Card width", { min: 240, max: 900, step: 10, boxMax: 1200, digits: 0 });
  const slope = toggle("slope", "The change per unit of the axis instead of the value");
  bind(logX, store.logX);
  bind(slope, store.derivative);
  bind(segments, store.segments);
  bind(sort, store.tooltipSort);
  bind(width, store.cardWidth);
  const button = h("button", { type: "button", title: "More settings", "aria-label": "More settings", className: "icon-button" }, icon("sliders"));
  const panel = h("div", {}, h("div", { className: "drop-down" }, h("span", {}, "Horizontal axis"), logX),
    h("div", { className: "drop-down" }, h("span", {}, "Instead of values"), slope), segments, sort, width, markToggles());
  popover(button, panel, { width: 340 });
  button.addEventListener("click", () => panel.togglePopover());
  return h("span", {}, button, panel);
}
