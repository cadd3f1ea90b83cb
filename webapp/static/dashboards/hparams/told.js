/** What the page of hyperparameters says besides its charts: what they leave out, and what to do where there are none. */

import { formatCount, plural } from "../../lib/format.js";
import { knownVersion, tableProblem } from "../../state/run-table.js";
import * as store from "../../state/store.js";
import { h } from "../../ui/dom.js";
import { constants } from "./choices.js";

const MOST_CONSTANTS = 8; // named
const EXAMPLE = 'writer.add_hparams({"lr": 0.1, "adam": True}, {"val/acc": 0.93})';

/** What to say where there are no charts. @param {import("../../lib/column-list.js").ColumnsAnswer | null} known */
export function messageOf(known) {
  if (tableProblem.get()) return h("p", { className: "bad", role: "alert" }, tableProblem.get());
  if (!known || !store.complete.get() || knownVersion.get() < store.catalog.get().version) return known?.hparams.length ? null : h("p", { className: "quiet", role: "status" }, "Reading hyperparameters …");
  if (known.hparams.length) return null;
  return h("section", { className: "start" }, h("h1", {}, "No hyperparameters in these runs"),
    h("p", {}, "One line logs them, and the metrics they led to:"), h("pre", {}, h("code", {}, EXAMPLE)),
    h("p", { className: "quiet" }, `Looked at ${formatCount(store.catalog.get().runs.length)} runs. Those of PyTorch, Lightning, tensorboardX and TensorFlow's hparams API are read as they are.`));
}

/** What the charts leave out, and why. @param {import("../../lib/column-list.js").ColumnsAnswer} known @param {number} bare */
export function notesOf(known, bare) {
  const same = constants(known);
  const more = same.length > MOST_CONSTANTS ? ` and ${plural(same.length - MOST_CONSTANTS, "other")}` : "";
  const all = store.bareRuns.get();
  return [
    ...(bare ? [h("span", {}, all ? `${plural(bare, "run")} without any of these hyperparameters ` : `${plural(bare, "run")} without any of these hyperparameters left out `,
      h("button", { type: "button", className: "link", onclick: () => store.bareRuns.set(!all) }, all ? "Leave out" : "Show"))] : []),
    ...(same.length ? [h("span", { title: same.join("\n") }, "Only one value: ", h("bdi", {}, same.slice(0, MOST_CONSTANTS).join(" · ")), more)] : []),
  ];
}
