/** What is drawn beside the points: a panel of switches. */

import { drawnExtras, imageSize } from "../../state/projector-settings.js";
import { clusters } from "../../state/projector-clusters.js";
import { overTime } from "../../state/projector-jobs.js";
import { shownEmbedding } from "../../state/projector-shown.js";
import { toggled } from "../../state/store.js";
import { bind, popover, slider } from "../../ui/controls.js";
import { h, icon } from "../../ui/dom.js";
import { sizePicker } from "./color-picker.js";

/** @type {[name: string, text: string, help: string, has: () => boolean][]} */
const EXTRAS = [
  ["images", "Images instead of points", "The thumbnails that were logged with the embedding.", () => Boolean(shownEmbedding.get()?.info.sprite)],
  ["density", "Density", "Lines of equal density of the points in sight; in two dimensions.", () => true],
  ["trajectories", "Trajectories", "The ways of the selected points through the steps; of all where they are few.", overTime],
  ["sequences", "Sequences", "Lines to the point that the metadata names as the next.", () => Boolean(shownEmbedding.get()?.info.next)],
  ["names", "Names of clusters", "Words that are more frequent in a cluster than elsewhere.", () => clusters.get() !== null],
];

export function extrasMenu() {
  const panel = h("div", { className: "extras-panel", role: "group", "aria-label": "Drawn beside the points" });
  const button = h("button", { type: "button", className: "with-icon", onclick: () => panel.togglePopover() }, "Draw", icon("fold"));
  const size = slider("Image size", { min: 8, max: 128, step: 1, boxMax: 256, digits: 0 });
  bind(size, imageSize);
  const sizes = sizePicker();
  popover(button, panel, { width: 280, open: () => fill() });
  const fill = () => panel.replaceChildren(...EXTRAS.map(([name, text, help, has]) => {
    const box = h("input", { type: "checkbox", checked: drawnExtras.get().has(name), disabled: !has(), onchange: () => drawnExtras.set(toggled(drawnExtras.get(), name)) });
    return h("label", { className: has() ? "check" : "check off", title: help }, box, h("span", {}, text), !has() && h("small", { className: "quiet" }, "none here"));
  }), size, sizes);
  return h("span", {}, button, panel);
}
