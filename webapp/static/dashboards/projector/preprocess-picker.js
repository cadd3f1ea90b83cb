/** What is done to the vectors before they are laid out, in the order of doing. */

import { methodOf } from "../../state/projector-catalog.js";
import { changeView, viewNow } from "../../state/projector-settings.js";
import { h } from "../../ui/dom.js";

/** @type {[step: string, title: string, help: string][]} */
const STEPS = [
  ["centre", "Centre", "The mean of each dimension is taken away."],
  ["standardise", "Standardise", "Each dimension is divided by its standard deviation."],
  ["l2", "Length 1", "Each vector is divided by its length."],
];

export function preprocessPicker() {
  const buttons = STEPS.map(([step, title, help]) => h("button", { type: "button", className: "toggle", title: help, onclick: () => press(step) }, title));
  const told = h("p", { className: "quiet" });
  const element = h("div", { className: "preprocess", role: "group", "aria-label": "Preprocessing" }, h("span", { className: "setting-name" }, "Vectors"), ...buttons);
  return {
    elements: [element, told],
    /** @param {import("../../lib/point-views.js").ViewSetting} view */
    update(view) {
      const now = stepsOf(view);
      element.hidden = view.method === "given";
      told.hidden = view.method === "given" || now.length < 2;
      buttons.forEach((button, place) => button.setAttribute("aria-pressed", String(now.includes(STEPS[place][0]))));
      told.textContent = `In this order: ${now.map((step) => STEPS.find(([name]) => name === step)?.[1].toLowerCase() ?? step).join(", then ")}.`;
    },
  };
}

/** @param {import("../../lib/point-views.js").ViewSetting} view @returns {readonly string[]} */
const stepsOf = ({ preprocess, method }) => preprocess ?? methodOf(method)?.preprocess ?? [];

/** What is pressed later is done later. @param {string} step */
function press(step) {
  const view = viewNow();
  const now = stepsOf(view);
  changeView(view.id, { preprocess: now.includes(step) ? now.filter((one) => one !== step) : [...now, step] });
}
