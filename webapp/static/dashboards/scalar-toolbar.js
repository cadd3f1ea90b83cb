/** The bar above the charts: what is shown, along which axis, how smooth. */

import { compileFilter } from "../lib/search.js";
import * as store from "../state/store.js";
import { bind, dropDown, searchBox, segmented, slider, toggle } from "../ui/controls.js";
import { h, icon } from "../ui/dom.js";

export function scalarToolbar() {
  const tags = searchBox("Filter tags", "Filter tags", (text) => compileFilter(text).error);
  const axis = segmented("Horizontal axis", [
    ["step", "Step", "As logged"],
    ["relative", "Relative", "Time since the run began"],
    ["wall", "Wall", "Date and time"],
  ]);
  const smoothing = slider("Smoothing", { min: 0, max: 0.99, step: 0.01, boxMax: 0.9999, digits: 2 });
  const logY = toggle("log y", "Logarithmic y axis (l)");
  const robust = toggle("Clip outliers", "Leave a few far-off values out of the y range (o)");
  const count = h("span", { className: "quiet tag-count", role: "status" });
  bind(tags, store.tagFilter);
  bind(axis, store.axis, store.setAxis);
  bind(smoothing, store.smoothing);
  bind(logY, store.logY);
  bind(robust, store.robust);
  const element = h("div", { className: "bar", role: "toolbar", "aria-label": "Charts" }, tags, axis, smoothing, logY, robust, moreMenu(), count);
  return { element, focusFilter: () => tags.focusBox(), showCount: (/** @type {string} */ text) => void (count.textContent = text) };
}

/** What is set once and left alone. */
function moreMenu() {
  const logX = toggle("log x", "Logarithmic horizontal axis");
  const segments = dropDown("After a restart", [["latest", "latest wins"], ["all", "all points"], ["separate", "a line for each"]]);
  const sort = dropDown("Order in tooltips", [["nearest", "nearest first"], ["descending", "largest first"], ["ascending", "smallest first"], ["name", "by run name"]]);
  const width = slider("Card width", { min: 240, max: 900, step: 10, boxMax: 1200, digits: 0 });
  bind(logX, store.logX);
  bind(segments, store.segments);
  bind(sort, store.tooltipSort);
  bind(width, store.cardWidth);
  const button = h("button", { type: "button", title: "More settings", "aria-label": "More settings", className: "icon-button", "aria-haspopup": "true" }, icon("sliders"));
  const panel = h("div", { className: "popover", popover: "auto" }, h("div", { className: "drop-down" }, h("span", {}, "Horizontal axis"), logX), segments, sort, width);
  panel.addEventListener("beforetoggle", () => {
    const { left, bottom } = button.getBoundingClientRect();
    panel.style.top = `${bottom + 6}px`;
    panel.style.left = `${Math.max(8, Math.min(left, innerWidth - 340))}px`;
  });
  button.addEventListener("click", () => panel.togglePopover());
  return h("span", {}, button, panel);
}
