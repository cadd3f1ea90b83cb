/** The controls of the viewer. */

import { h, iconButton } from "../dom.js";
import { dropDown, popover, segmented } from "../controls.js";
import { levelsControl } from "./levels-control.js";
import { sidePicker } from "./side-picker.js";
import { VIEWER_KEY_HELP } from "./viewer-keys.js";

/** @typedef {import("./source.js").Mode} Mode */
/** @typedef {import("../../lib/picture-pair.js").Side} Side */

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
 * @property {() => void} play
 * @property {() => void} swap
 * @property {() => void} changed a control that only this bar knows of: gain, pace, amount
 *
 * @typedef {{mode: Mode, zoom: string, where: string, playing: boolean, sample: number, samples: number}} BarState
 */

const GAINS = [1, 2, 4, 8, 16, 64];
/** @type {[string, string, string][]} */
const MODE_CHOICES = [
  ["side", "Side by side", "every run (m: next mode)"],
  ["difference", "Difference", "A minus B"],
  ["blink", "Blink", "A and B in turn (b)"],
  ["slider", "Slider", "A left of a line, B right of it"],
  ["onion", "Onion", "B shines through A"],
];

/** @param {BarOwner} owner */
export function viewerBar(owner) {
  const { source } = owner;
  const mode = segmented("Compare", MODE_CHOICES);
  mode.addEventListener("input", () => owner.setMode(mode.value));
  const zoomText = h("output", { className: "zoom-text", "aria-label": "Zoom" });
  const levels = levelsControl(source.levels, owner.auto);
  const where = h("output", { className: "viewer-where" });
  const play = iconButton("play", "Play (Space)", owner.play);
  const sampleText = h("output", {});
  const samples = row("Sample", button("‹", "Previous sample ([)", () => owner.sample(-1)), sampleText, button("›", "Next sample (])", () => owner.sample(1)));
  const pair = pairControls(owner);
  const element = h("div", { className: "viewer-bar" }, mode,
    row("Zoom", button("Fit", "Fit into the window (0)", () => owner.zoom("fit")), button("1:1", "1:1, actual size (1)", () => owner.zoom("actual")),
      button("−", "Smaller (-)", () => owner.zoom("out")), zoomText, button("+", "Larger (+)", () => owner.zoom("in"))),
    ...panelButton("Levels", "brightness, contrast, gamma", levels.element, 340),
    row("Step", play, button("←", "Previous step (←)", () => owner.step(-1)), where, button("→", "Next step (→)", () => owner.step(1))),
    samples, ...panelButton("Keys", "what they do in the viewer", keyTable(), 420), pair.element);
  return {
    element,
    pair,
    get gain() {
      return mode.value === "difference" ? pair.gain : 1;
    },
    /** @param {BarState} state */
    update(state) {
      mode.value = state.mode;
      zoomText.textContent = state.zoom;
      where.textContent = state.where;
      play.setAttribute("aria-pressed", String(state.playing));
      samples.hidden = state.samples < 2;
      sampleText.textContent = `sample ${state.sample + 1} of ${state.samples}`;
      levels.update();
      pair.update(state.mode);
    },
  };
}

/** Which two pictures, and how they are laid over one another. @param {BarOwner} owner */
function pairControls(owner) {
  const pickers = /** @type {const} */ (["A", "B"]).map((letter, place) => sidePicker(letter, owner.source, () => owner.sides()[place], (side) => owner.setSide(place, side)));
  const gain = dropDown("Gain", GAINS.map((factor) => [String(factor), `× ${factor}`]));
  const pace = dropDown("Every", [["250", "¼ s"], ["500", "½ s"], ["1000", "1 s"], ["0", "by hand (b)"]]);
  pace.value = matchMedia("(prefers-reduced-motion: reduce)").matches ? "0" : "500";
  const amount = h("input", { type: "range", min: "0", max: "1", step: "0.005", value: "0.5", "aria-label": "Place of the line, or how far B shows" });
  for (const control of [gain, pace, amount]) control.addEventListener("input", owner.changed);
  const element = h("div", { className: "viewer-pair" }, pickers[0].element, iconButton("swap", "Swap A and B (s)", owner.swap), pickers[1].element, gain, pace, amount);
  return {
    element,
    get gain() {
      return Number(gain.value);
    },
    /** ms between two pictures that blink; 0: by hand */
    get pace() {
      return Number(pace.value);
    },
    get amount() {
      return Number(amount.value);
    },
    set amount(to) {
      amount.value = String(to);
    },
    /** @param {Mode} mode */
    update(mode) {
      element.hidden = mode === "side";
      gain.hidden = mode !== "difference";
      pace.hidden = mode !== "blink";
      amount.hidden = mode !== "slider" && mode !== "onion";
      if (!element.hidden) for (const picker of pickers) picker.update();
    },
  };
}

/** @param {string} label @param {...HTMLElement} children */
function row(label, ...children) {
  return h("span", { className: "button-row", role: "group", "aria-label": label }, ...children);
}

/** @param {string} text @param {string} hint @param {() => void} onclick */
function button(text, hint, onclick) {
  return h("button", { type: "button", title: hint, "aria-label": hint, onclick }, text);
}

/** A button and the panel it opens. @param {string} text @param {string} label @param {HTMLElement} content @param {number} width CSS pixels */
function panelButton(text, label, content, width) {
  const panel = h("div", { "aria-label": label }, content);
  const opener = h("button", { type: "button", title: label, "aria-label": `${text}: ${label}`, popoverTargetElement: panel }, text);
  popover(opener, panel, { width });
  return [opener, panel];
}

function keyTable() {
  return h("table", { className: "keys" }, ...VIEWER_KEY_HELP.map(([key, text]) => h("tr", {}, h("th", {}, h("kbd", {}, key)), h("td", {}, text))));
}
