/** The page "Hyperparameters". */

import { h } from "../../ui/dom.js";

export const hparams = {
  id: "hparams",
  title: "Hyperparameters",
  /** @param {HTMLElement} root @returns {import("../page-deck.js").MountedPage} */
  mount(root) {
    root.append(h("div", { className: "notice" }, "Hyperparameters"));
    document.documentElement.dataset.drawn = "true";
    return { show: () => void (document.documentElement.dataset.drawn = "true") };
  },
};
