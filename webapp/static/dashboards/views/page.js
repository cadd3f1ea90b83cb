/** The page "Views". */

import { h } from "../../ui/dom.js";

export const views = {
  id: "views",
  title: "Views",
  /** @param {HTMLElement} root @returns {import("../page-deck.js").MountedPage} */
  mount(root) {
    root.append(h("div", { className: "notice" }, "Views"));
    document.documentElement.dataset.drawn = "true";
    return { show: () => void (document.documentElement.dataset.drawn = "true") };
  },
};
