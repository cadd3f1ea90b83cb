/** How the curves of a kind are drawn. */

import { curveFlags, modeOf, setFlag, setMode } from "../../state/curve-settings.js";
import { segmented, toggle } from "../../ui/controls.js";
import { h } from "../../ui/dom.js";

/** @param {import("../../state/curve-settings.js").CurveKind} kind */
export function curveToolbar(kind) {
  const mode = segmented("Curve", [["pr", "Precision-recall", "Precision over recall"], ["roc", "ROC", "True positives over false positives, from the same counts"]]);
  mode.addEventListener("input", () => setMode(kind, mode.value));
  const flags = [
    flagButton("Earlier steps", "Curves of earlier steps behind those at the cursor", "earlier", true),
    flagButton("Guides", "Lines of equal F1, or the diagonal of guessing", "bare", false),
    flagButton("Over steps", "The area of each run over its steps, below the curves", "still", false),
  ];
  const show = () => {
    mode.value = modeOf(kind);
    for (const { button, isOn } of flags) button.value = isOn();
  };
  curveFlags.subscribe(show);
  show();
  return h("div", { className: "distribution-bar" }, mode, ...flags.map(({ button }) => button));
}

/** @param {string} text @param {string} hint @param {string} flag @param {boolean} on whether the flag turns it on, or off */
function flagButton(text, hint, flag, on) {
  const button = toggle(text, hint);
  button.addEventListener("input", () => setFlag(flag, button.value === on));
  return { button, isOn: () => curveFlags.get().has(flag) === on };
}
