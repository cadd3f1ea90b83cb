/** The name of a run in little room: its folder gives way first, then the middle; the end stays. */

import { nameParts } from "../lib/run-names.js";
import { h } from "./dom.js";

export function runName() {
  const [folder, start, end] = [h("bdi", { dir: "ltr" }), h("span", { className: "run-start" }), h("span", { className: "run-end" })];
  const path = h("span", { className: "run-folder" }, folder);
  return {
    element: h("bdi", { className: "run-name", dir: "ltr" }, path, start, end),
    /** @param {string} name */
    show(name) {
      const parts = nameParts(name);
      [folder.textContent, start.textContent, end.textContent] = [parts.folder, parts.head, parts.tail];
      [path.hidden, end.hidden] = [parts.folder === "", parts.tail === ""]; // boxes that nobody sees take time, too
    },
  };
}
