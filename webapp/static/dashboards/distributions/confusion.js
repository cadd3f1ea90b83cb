/** Confusion matrices: a heat map a run, at the step cursor. */

import { confusionBase, confusionWords, chosenNorm, setNorm } from "../../state/confusion-settings.js";
import { drawnRuns, drawnVersion } from "../../state/listed-runs.js";
import * as store from "../../state/store.js";
import { segmented, toggle } from "../../ui/controls.js";
import { h } from "../../ui/dom.js";
import { lineName } from "../run-lines.js";
import { confusionCard } from "./confusion-card.js";

/** @type {import("../media/kind.js").Kind} */
export const confusionMatrices = {
  id: "confusion_matrices",
  title: "Confusion matrices",
  code: 'writer.add_confusion_matrix("classes", labels, predictions, step)',
  height: 440,
  card: (_, host) => confusionCard(host),
  toolbar,
};

function toolbar() {
  const norm = segmented("Cells", [["counts", "Counts"], ["true", "By true class", "Shares of each row: what a class is taken for"], ["predicted", "By predicted class", "Shares of each column: what is behind a prediction"]]);
  norm.value = chosenNorm();
  norm.addEventListener("input", () => setNorm(norm.value));
  const log = toggle("Log colours", "Colours grow with the logarithm: rare mistakes are seen");
  log.addEventListener("input", () => {
    if (log.value !== confusionWords.get().has("log")) confusionWords.set(store.toggled(confusionWords.get(), "log"));
  });
  const show = () => {
    norm.value = chosenNorm();
    log.value = confusionWords.get().has("log");
  };
  confusionWords.subscribe(show);
  show();
  return h("div", { className: "distribution-bar" }, norm, log, baseChoice());
}

/** What is taken away. */
function baseChoice() {
  const list = h("select", { "aria-label": "Difference to" });
  const fill = () => {
    const runs = [...drawnRuns()].map((run) => /** @type {[string, string]} */ ([`run:${run}`, lineName(run)]));
    const now = confusionBase.get();
    if (now.startsWith("run:") && !runs.some(([value]) => value === now)) runs.push([now, now.slice(4)]);
    const choices = [["", "nothing"], ["previous", "the previous step"], ["first", "the first step"], ...runs];
    list.replaceChildren(...choices.map(([value, text]) => h("option", { value }, text)));
    list.value = now;
  };
  list.addEventListener("input", () => confusionBase.set(list.value));
  for (const atom of [confusionBase, drawnVersion]) /** @type {import("../../lib/atom.js").Atom<unknown>} */ (atom).subscribe(fill);
  fill();
  return h("label", { className: "drop-down" }, h("span", {}, "Difference to"), list);
}
