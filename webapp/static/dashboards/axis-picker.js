/** The horizontal axis: step, time, or any other scalar, found by its name. */

import { axisTag, tagAxis } from "../lib/axis.js";
import { compileFilter } from "../lib/search.js";
import * as store from "../state/store.js";
import { dropDown, popover, searchBox } from "../ui/controls.js";
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

/** All scalars, those that people want along x first. @param {{chosen: () => string | null, onPick: (tag: string) => void}} how */
function tagPicker({ chosen, onPick }) {
  const search = searchBox("Filter scalars", "Filter scalars", (text) => compileFilter(text).error);
  const list = h("div", { className: "pick-list", role: "listbox", "aria-label": "Scalars" });
  const fill = () => {
    const filter = compileFilter(search.value);
    const found = store.catalog.get().tags.filter((tag) => filter.test(tag));
    const likely = filter.empty ? found.filter((tag) => LIKELY.test(tag)) : [];
    const tags = [...likely, ...found.filter((tag) => !likely.includes(tag))].slice(0, MOST);
    const now = chosen();
    list.replaceChildren(...tags.map((tag) => h("button", { type: "button", role: "option", title: tag, "aria-selected": String(tag === now), onclick: () => onPick(tag) }, tag)));
    if (found.length === 0) list.replaceChildren(h("p", { className: "quiet" }, "No scalar of that name."));
  };
  search.addEventListener("input", fill);
  return { element: h("div", { className: "picker" }, search, list), fill, focus: () => search.focusBox() };
}

/** The axis of the page: buttons, and a list behind the last of them. */
export function axisPicker() {
  const element = h("div", { className: "segmented", role: "group", "aria-label": "Horizontal axis" });
  const buttons = FIXED.map(([axis, text, title]) => h("button", { type: "button", title, onclick: () => store.setAxis(axis) }, text));
  const other = h("button", { type: "button", className: "axis-other", title: "Any other scalar: epoch, tokens, …" }, "Other");
  const picker = tagPicker({
    chosen: () => axisTag(store.axis.get()),
    onPick(tag) {
      store.setAxis(tagAxis(tag));
      picker.element.hidePopover();
    },
  });
  popover(other, picker.element, { width: 280, open: picker.fill });
  other.addEventListener("click", () => {
    picker.element.togglePopover();
    picker.focus();
  });
  const show = (/** @type {XAxis} */ axis) => {
    buttons.forEach((button, index) => button.setAttribute("aria-pressed", String(FIXED[index][0] === axis)));
    other.setAttribute("aria-pressed", String(axisTag(axis) !== null));
    other.textContent = axisTag(axis) ?? "Other";
  };
  store.axis.subscribe(show);
  show(store.axis.get());
  element.append(...buttons, other);
  return h("span", { className: "axis-picker" }, element, picker.element);
}

const OTHER = "other";

/** The axis of one chart: a list, and below it, where another scalar is wanted, all of them. @param {(axis: XAxis) => void} onAxis */
export function axisChoice(onAxis) {
  /** @type {XAxis} */
  let axis = "step";
  const picker = tagPicker({ chosen: () => axisTag(axis), onPick: (tag) => choose(tagAxis(tag)) });
  const list = dropDown("Horizontal axis", []);
  const element = h("div", { className: "axis-choice" }, list, picker.element);
  const show = (/** @type {XAxis} */ next) => {
    axis = next;
    const tag = axisTag(axis);
    const choices = [["step", "step"], ["relative", "relative time"], ["wall", "wall time"], ...(tag === null ? [] : [[axis, tag]]), [OTHER, "another scalar …"]];
    list.querySelector("select")?.replaceChildren(...choices.map(([value, text]) => h("option", { value }, text)));
    list.value = axis;
    picker.element.hidden = true;
  };
  const choose = (/** @type {XAxis} */ next) => {
    show(next);
    onAxis(next);
  };
  list.addEventListener("input", () => {
    if (list.value !== OTHER) return choose(list.value);
    picker.element.hidden = false;
    picker.fill();
    picker.focus();
  });
  return { element, show };
}
