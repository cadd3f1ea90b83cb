/** The horizontal axis: step, time, or any other scalar, found by its name. */

import { axisTag, tagAxis } from "../lib/axis.js";
import { compileFilter } from "../lib/search.js";
import * as store from "../state/store.js";
import { popover, searchBox } from "../ui/controls.js";
import { h } from "../ui/dom.js";

/** @typedef {import("../lib/types.js").XAxis} XAxis */

/** @type {[XAxis, string, string][]} */
const FIXED = [
  ["step", "Step", "As logged"],
  ["relative", "Relative", "Time since the run began"],
  ["wall", "Wall", "Date and time"],
];
const MOST = 200; // tags in the list; the filter finds the others
/** Names that are what people want along x. */
const LIKELY = /(^|[/_.])(epochs?|tokens?|samples?|examples?|images?|episodes?|flops?|iterations?|time|seconds|hours)([/_.]|$)/i;

export function axisPicker() {
  const element = h("div", { className: "segmented", role: "group", "aria-label": "Horizontal axis" });
  const buttons = FIXED.map(([axis, text, title]) => h("button", { type: "button", title, onclick: () => store.setAxis(axis) }, text));
  const other = h("button", { type: "button", className: "axis-other", title: "Any other scalar: epoch, tokens, …" }, "Other");
  const search = searchBox("Filter scalars", "Filter scalars", (text) => compileFilter(text).error);
  const list = h("div", { className: "pick-list", role: "listbox", "aria-label": "Scalars" });
  const panel = h("div", { className: "picker" }, search, list);
  const fill = () => {
    const filter = compileFilter(search.value);
    const found = store.catalog.get().tags.filter((tag) => filter.test(tag));
    const likely = filter.empty ? found.filter((tag) => LIKELY.test(tag)) : [];
    const tags = [...likely, ...found.filter((tag) => !likely.includes(tag))].slice(0, MOST);
    const chosen = axisTag(store.axis.get());
    list.replaceChildren(...tags.map((tag) => h("button", {
      type: "button", role: "option", "aria-selected": String(tag === chosen),
      onclick: () => {
        store.setAxis(tagAxis(tag));
        panel.hidePopover();
      },
    }, tag)));
    if (found.length === 0) list.replaceChildren(h("p", { className: "quiet" }, "No scalar of that name."));
  };
  search.addEventListener("input", fill);
  popover(other, panel, { width: 280, open: fill });
  other.addEventListener("click", () => {
    panel.togglePopover();
    search.focusBox();
  });
  const show = (/** @type {XAxis} */ axis) => {
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(FIXED[index][0] === axis)));
    other.setAttribute("aria-pressed", String(axisTag(axis) !== null));
    other.textContent = axisTag(axis) ?? "Other";
  };
  store.axis.subscribe(show);
  show(store.axis.get());
  element.append(...buttons, other);
  return h("span", { className: "axis-picker" }, element, panel);
}
