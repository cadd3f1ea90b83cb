/** The page "Runs". */

import { h } from "../../ui/dom.js";

export const runs = {
  id: "runs",
  title: "Runs",
  /** @param {HTMLElement} root @returns {import("../page-deck.js").MountedPage} */
  mount(root) {
    root.append(h("div", { className: "notice" }, "Runs"));
    document.documentElement.dataset.drawn = "true";
    return { show: () => void (document.documentElement.dataset.drawn = "true") };
  },
};
