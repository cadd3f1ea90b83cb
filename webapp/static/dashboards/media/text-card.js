/** A card of texts: a cell a run, and how it shows them. */

import { formatCount } from "../../lib/format.js";
import { chosenHit, renderedTexts, textSearch, textSources } from "../../state/texts.js";
import { changeTextView, textView, textViews } from "../../state/text-views.js";
import { segmented, toggle } from "../../ui/controls.js";
import { h, iconButton } from "../../ui/dom.js";
import { runCells } from "./run-cells.js";
import { textCell } from "./text-cell.js";

/** @typedef {import("./kind.js").CardHost} CardHost */

const LEAST = 320; // pixels of a cell: texts need lines

/** @param {CardHost} host @returns {import("./kind.js").KindCard} */
export function textCard(host) {
  const mode = segmented("How texts are shown", [
    ["text", "Text", "Markdown"],
    ["raw", "Raw", "As it was logged"],
    ["diff", "Diff", "What changed, word by word"],
  ]);
  const bar = differenceBar(host);
  mode.addEventListener("input", () => changeTextView(host.key, { mode: mode.value }));
  host.controls.append(mode, iconButton("list", "All steps", () => showSteps(host)));
  host.menu([{ label: "All steps …", act: () => showSteps(host) }]);
  host.body.append(bar.element);
  const cells = runCells(host, { minWidth: LEAST, makeCell: (run, { say }) => textCell(host, run, say) });
  const stop = [textViews, renderedTexts.version, textSources.version, textSearch, chosenHit].map((atom) => atom.subscribe(() => host.redraw()));
  return {
    ...cells,
    update() {
      const view = textView(host.key);
      mode.value = view.mode;
      bar.update(view);
      cells.update();
    },
    destroy() {
      for (const end of stop) end();
      cells.destroy?.();
    },
  };
}

/** @param {CardHost} host */
async function showSteps(host) {
  (await import("./text-steps.js")).showTextSteps(host);
}

/** What the difference is from, and how it is laid out. @param {CardHost} host */
function differenceBar(host) {
  const list = h("select", { "aria-label": "Compare with", oninput: () => choose(list.value) });
  const beside = toggle("Side by side", "The two texts beside each other instead of in one");
  beside.addEventListener("input", () => changeTextView(host.key, { beside: beside.value }));
  const element = h("div", { className: "text-bar" }, h("label", { className: "drop-down" }, h("span", {}, "Compared with"), list), beside);
  let shown = "";
  const choose = (/** @type {string} */ value) => {
    if (value === "previous") changeTextView(host.key, { against: "previous" });
    else if (value.startsWith("run:")) changeTextView(host.key, { against: "run", run: value.slice(4) });
    else changeTextView(host.key, { against: "step", step: value === "here" ? stepHere(host) : Number(value.slice(5)) });
  };
  return {
    element,
    /** @param {import("../../state/text-views.js").TextView} view */
    update(view) {
      element.hidden = view.mode !== "diff";
      if (element.hidden) return;
      beside.value = view.beside;
      const runs = host.runs();
      const options = [
        ["previous", "the text before"],
        ["here", "this step from now on"],
        ...(view.against === "step" ? [[`step:${view.step}`, `step ${formatCount(view.step)}`]] : []),
        ...(runs.length > 1 || view.against === "run" ? runs.map(({ name, label }) => [`run:${name}`, label]) : []),
      ];
      const key = JSON.stringify(options);
      if (key !== shown) list.replaceChildren(...options.map(([value, label]) => h("option", { value }, label)));
      shown = key;
      list.value = view.against === "previous" ? "previous" : view.against === "run" ? `run:${view.run}` : `step:${view.step}`;
    },
  };
}

/** The step that the first run's cell shows. @param {CardHost} host */
function stepHere(host) {
  for (const { name } of host.runs()) {
    const values = host.values(name);
    const index = host.at(name);
    if (values && index >= 0) return values.step[index];
  }
  return 0;
}
