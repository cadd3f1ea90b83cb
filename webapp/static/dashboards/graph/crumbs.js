/** Where in the model the selected box lies: each step leads there. */

import { groupsAround, nameOf } from "../../lib/graph-paths.js";
import { goTo, shownScene } from "../../state/graph-scene.js";
import { selectedBox } from "../../state/graph-settings.js";
import { h } from "../../ui/dom.js";

export function breadcrumb() {
  const list = h("ol", {});
  const element = h("nav", { className: "graph-crumbs", "aria-label": "Place in the model" }, list);
  let shown = "";
  const update = () => {
    const id = selectedBox.get();
    const title = shownScene.get()?.scene.graph.title || "model";
    const key = `${title}\n${id}`;
    if (key === shown) return;
    shown = key;
    const around = id && id !== "/" ? [...groupsAround(id), id] : [];
    list.replaceChildren(crumb(title, around.length === 0, "/"), ...around.map((step, index) => crumb(nameOf(step), index === around.length - 1, step)));
  };
  selectedBox.subscribe(update);
  shownScene.subscribe(update);
  update();
  return element;
}

/** @param {string} text @param {boolean} last @param {string} id */
function crumb(text, last, id) {
  return h("li", {}, h("button", { type: "button", className: "link", onclick: () => goTo(id), ...(last ? { "aria-current": "location" } : {}) }, h("bdi", {}, text)));
}
