/** The controls of the viewer. */

import { h, iconButton } from "../dom.js";
import { dropDown, popover, segmented } from "../controls.js";
import { levelsControl } from "./levels-control.js";
import { sidePicker } from "./side-picker.js";

/** @typedef {import("./source.js").Mode} Mode */
/** @typedef {import("./plates.js").Side} Side */

/**
 * @typedef {object} BarOwner
 * @property {import("./source.js").ViewerSource} source
 * @property {() => Side[]} sides
 * @property {(place: number, side: Side) => void} setSide
 * @property {(mode: Mode) => void} setMode
 * @property {(zoom: "fit" | "actual" | "in" | "out") => void} zoom
 * @property {() => void} auto
 * @property {(direction: 1 | -1) => void} step
 * @property {(direction: 1 | -1) => void} sample
 * @property {() => void} changed a control that only this bar knows of: gain, pace, amount
 *
 * @typedef {{mode: Mode, zoom: string, where: string, sample: number, samples: number}} BarState
 */

/** @type {[string, string, string][]} */
const MODES = [
  ["side", "Side by side", "every run (m: next mode)"],
  ["difference", "Difference", "A minus B"],
  ["blink", "Blink", "A and B in turn (b)"],
  ["slider", "Slider", "A left of a line, B right of it"],
  ["onion", "Onion", "B shines through A"],
];

/** @param {BarOwner} owner */
export function viewerBar(owner) {
  const { source } = owner;
  const mode = segmented("Compare", MODES);
  mode.addEventListener("input", () => owner.setMode(mode.value));
  const zoomText = h("output", { className: "zoom-text", "aria-label": "Zoom" });
  const button = (/** @type {string} */ text, /** @type {string} */ hint, /** @type {() => void} */ onclick) => h("button", { type: "button", title: hint, "aria-label": hint, onclick }, text);
  const zoom = h("span", { className: "button-row", role: "group", "aria-label": "Zoom" },
    button("Fit", "Fit into the window (0)", () => owner.zoom("fit")), button("1:1", "Actual size (1)", () => owner.zoom("actual")),
    button("−", "Smaller (-)", () => owner.zoom("out")), zoomText, button("+", "Larger (+)", () => owner.zoom("in")));
  const levels = levelsControl(source.levels, owner.auto);
  const levelsPanel = h("div", { id: "viewer-levels", "aria-label": "Brightness, contrast, gamma" }, levels.element);
  const levelsButton = h("button", { type: "button", popoverTargetElement: levelsPanel }, "Levels");
  popover(levelsButton, levelsPanel, { width: 340 });
  const where = h("output", { className: "viewer-where" });
  const steps = h("span", { className: "button-row", role: "group", "aria-label": "Step" },
    button("←", "Previous step (←)", () => owner.step(-1)), where, button("→", "Next step (→)", () => owner.step(1)));
  const sampleText = h("output", {});
  const samples = h("span", { className: "button-row", role: "group", "aria-label": "Sample" },
    button("‹", "Previous sample ([)", () => owner.sample(-1)), sampleText, button("›", "Next sample (])", () => owner.sample(1)));
  const pickers = /** @type {const} */ (["A", "B"]).map((letter, place) => sidePicker(letter, source, () => owner.sides()[place], (side) => owner.setSide(place, side)));
  const swap = iconButton("undo", "Swap A and B (s)", () => {
    const [a, b] = owner.sides();
    owner.setSide(0, b);
    owner.setSide(1, a);
  });
  const gain = dropDown("Gain", [["1", "× 1"], ["2", "× 2"], ["4", "× 4"], ["8", "× 8"], ["16", "× 16"], ["64", "× 64"]]);
  const pace = dropDown("Every", [["250", "¼ s"], ["500", "½ s"], ["1000", "1 s"], ["0", "by hand (b)"]]);
  pace.value = "500";
  const amount = h("input", { type: "range", min: "0", max: "1", step: "0.005", value: "0.5", "aria-label": "Place of the line, or how far B shows" });
  for (const control of [gain, pace, amount]) control.addEventListener("input", owner.changed);
  const pair = h("div", { className: "viewer-pair" }, pickers[0].element, swap, pickers[1].element, gain, pace, amount);
  const element = h("div", { className: "viewer-bar" }, mode, zoom, levelsButton, levelsPanel, steps, samples, pair);
  return {
    element,
    get gain() {
      return mode.value === "difference" ? Number(gain.value) : 1;
    },
    get pace() {
      return Number(pace.value);
    },
    get amount() {
      return Number(amount.value);
    },
    /** @param {number} to */
    slide: (to) => void (amount.value = String(to)),
    /** @param {BarState} state */
    update(state) {
      mode.value = state.mode;
      zoomText.textContent = state.zoom;
      where.textContent = state.where;
      samples.hidden = state.samples < 2;
      sampleText.textContent = `sample ${state.sample + 1} of ${state.samples}`;
      pair.hidden = state.mode === "side";
      gain.hidden = state.mode !== "difference";
      pace.hidden = state.mode !== "blink";
      amount.hidden = state.mode !== "slider" && state.mode !== "onion";
      levels.update();
      if (!pair.hidden) for (const picker of pickers) picker.update();
    },
  };
}
