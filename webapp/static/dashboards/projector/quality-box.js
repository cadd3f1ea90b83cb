/** How far the picture can be trusted: measured on a sample whose size is said. */

import { formatCount, plural } from "../../lib/format.js";
import { quality, qualityComing, qualityProblem, retryQuality } from "../../state/projector-quality.js";
import { h } from "../../ui/dom.js";

const HELP = {
  trustworthiness: "Whether neighbours in the picture are near in the data, too: 1 where no stranger is among them. Venna and Kaski, 2001.",
  recall: "The share of each point's nearest neighbours in the data that are its nearest in the picture, too.",
};

export function qualityBox() {
  const body = h("div", { className: "quality-body" });
  const element = h("section", { className: "panel-section quality", "aria-label": "Quality of the layout" }, h("h3", {}, "Quality"), body);
  const update = () => {
    const [found, problem] = [quality.get(), qualityProblem.get()];
    element.hidden = !found && !problem && !qualityComing.get();
    if (problem) body.replaceChildren(h("p", { className: "bad", role: "alert" }, problem), h("button", { type: "button", onclick: retryQuality }, "Measure again"));
    else if (!found) body.replaceChildren(h("p", { className: "quiet" }, "Comparing neighbours …"));
    else body.replaceChildren(meter("Trustworthiness", found.trustworthiness, HELP.trustworthiness), meter(`Recall of ${found.k} neighbours`, found.recall, HELP.recall), ...(found.notes?.length ? found.notes : [sampleText(found)]).map((note) => h("p", { className: "quiet" }, note)));
  };
  for (const atom of [quality, qualityComing, qualityProblem]) atom.subscribe(update);
  update();
  return element;
}

/** @param {string} name @param {number} share 0 … 1 @param {string} title */
function meter(name, share, title) {
  const fill = h("span", {});
  fill.style.width = `${Math.max(0, Math.min(1, share)) * 100}%`;
  return h("div", { className: "meter", title }, h("span", {}, name), h("span", { className: "meter-bar", "aria-hidden": "true" }, fill), h("b", {}, Number.isFinite(share) ? share.toFixed(3) : "–"));
}

/** @param {import("../../state/projector-quality.js").Quality} found */
function sampleText({ sample, points }) {
  return sample < points ? `Measured on ${formatCount(sample)} of ${plural(points, "point")}.` : points === 1 ? "Measured on the only point." : `Measured on all ${formatCount(points)} points.`;
}
