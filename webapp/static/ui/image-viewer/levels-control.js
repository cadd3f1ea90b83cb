/** Sliders for brightness, contrast and gamma. */

import { AS_STORED, isAsStored, LEVEL_ENDS } from "../../lib/levels.js";
import { h } from "../dom.js";
import { slider } from "../controls.js";

/** @typedef {import("../../lib/levels.js").Levels} Levels */

/** Along the slider: the factor's logarithm, so that halving and doubling are as far. */
const byFactor = (/** @type {number} */ most) => ({ toBar: (/** @type {number} */ value) => Math.log2(value) / Math.log2(most), fromBar: (/** @type {number} */ at) => Number((most ** at).toPrecision(3)) });

/**
 * @param {import("../../lib/atom.js").Atom<Levels>} levels
 * @param {() => void} [onAuto] stretches what is shown from black to white; without it there is no such button
 * @returns {{element: HTMLElement, update: () => void}}
 */
export function levelsControl(levels, onAuto) {
  const parts = /** @type {[keyof Levels, import("../controls.js").Control][]} */ ([
    ["brightness", slider("Brightness", { min: -1, max: 1, step: 0.01, boxMax: 1, digits: 2 })],
    ["contrast", slider("Contrast", { min: LEVEL_ENDS.contrast[0], max: 1, step: 0.01, boxMax: LEVEL_ENDS.contrast[1], digits: 2, ...byFactor(16) })],
    ["gamma", slider("Gamma", { min: LEVEL_ENDS.gamma[0], max: 1, step: 0.01, boxMax: LEVEL_ENDS.gamma[1], digits: 2, ...byFactor(8) })],
  ]);
  const reset = h("button", { type: "button", onclick: () => levels.set(AS_STORED) }, "Reset");
  const element = h("div", { className: "levels", role: "group", "aria-label": "Brightness, contrast, gamma" });
  for (const [name, control] of parts) {
    control.addEventListener("input", () => levels.set({ ...levels.get(), [name]: control.value }));
    element.append(control);
  }
  element.append(h("span", { className: "row" }, onAuto && h("button", { type: "button", title: "From the darkest to the brightest value in sight", onclick: onAuto }, "Auto"), reset));
  const update = () => {
    for (const [name, control] of parts) control.value = levels.get()[name];
    reset.disabled = isAsStored(levels.get());
  };
  update();
  return { element, update };
}
