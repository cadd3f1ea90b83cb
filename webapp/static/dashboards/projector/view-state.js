/** What a view says where it has no picture, or not the one that its settings are about. */

import { isComplete, isCurrent, startView } from "../../state/projector-jobs.js";
import { methodOf } from "../../state/projector-catalog.js";
import { h } from "../../ui/dom.js";
import { methodTitle } from "./view-title.js";

/** @typedef {import("../../lib/point-views.js").ViewSetting} ViewSetting */
/** @typedef {import("../../state/projector-run.js").RunState} RunState */

/** @param {HTMLElement} box @param {ViewSetting} view @param {RunState} state @param {boolean} drawn whether there is a picture below it */
export function showViewState(box, view, state, drawn) {
  const content = contentOf(view, state, drawn);
  box.hidden = content.length === 0;
  box.classList.toggle("beside", drawn);
  const key = content.map((part) => part.textContent).join("|");
  if (box.dataset.key === key) return;
  box.dataset.key = key;
  box.replaceChildren(...content);
}

/** @param {ViewSetting} view @param {RunState} state @param {boolean} drawn @returns {HTMLElement[]} */
function contentOf(view, state, drawn) {
  const method = methodOf(view.method);
  if (method && !method.available) return [h("p", {}, `${method.title} needs a package that is not installed where the dashboard runs:`), h("pre", {}, h("code", {}, method.install ?? ""))];
  const again = h("button", { type: "button", onclick: () => startView(view.id, true) }, "Try again");
  if (state.message) return [h("p", { role: "alert" }, state.message), ...(state.phase === "failed" ? [again] : [])];
  if (!isComplete(view)) return [h("p", {}, "Say in the layout panel which points the axes lead to: by a pattern in their metadata, or take those that are selected.")];
  if (state.phase === "idle") return [h("p", {}, `${methodTitle(view.method)} takes a while: it starts when you say so.`), h("button", { type: "button", className: "primary", onclick: () => startView(view.id) }, `Run ${methodTitle(view.method)}`)];
  if (!drawn) return [h("p", { className: "quiet" }, state.stage ? `${state.stage} …` : "Laying out …")];
  if (!isCurrent(view) && (state.phase === "done" || state.phase === "stopped")) return [h("span", {}, "The settings have changed since."), h("button", { type: "button", onclick: () => startView(view.id) }, "Run again")];
  return [];
}
