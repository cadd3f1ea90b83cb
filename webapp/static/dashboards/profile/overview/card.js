/** A part of the overview with a heading. */

import { h } from "../../../ui/dom.js";

/** @param {string} id where it stands in the grid @param {string} title @param {string | Node} figure beside the title @param {...(import("../../../ui/dom.js").Child)} content */
export function card(id, title, figure, ...content) {
  const head = h("header", {}, h("h2", {}, title), figure && h("span", { className: "prof-figure" }, figure));
  return h("section", { className: `prof-card prof-card-${id}`, "aria-label": title }, head, ...content);
}
