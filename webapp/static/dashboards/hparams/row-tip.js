/** What a run says when the pointer is on it: its value in every column that is shown. */

import { h } from "../../ui/dom.js";

const GAP = 14; // pixels between pointer and tip

export function rowTip() {
  const element = h("div", { className: "tip hp-tip", role: "tooltip", hidden: true });
  return {
    element,
    hide: () => void (element.hidden = true),
    /** @param {string} run @param {[title: string, text: string][]} lines @param {{clientX: number, clientY: number}} at */
    show(run, lines, { clientX, clientY }) {
      element.replaceChildren(h("b", {}, h("bdi", {}, run)), h("table", {}, h("tbody", {}, ...lines.map(([title, text]) => h("tr", {}, h("td", { className: "quiet" }, h("bdi", {}, title)), h("td", {}, h("bdi", {}, text)))))));
      element.hidden = false;
      const { offsetWidth: width, offsetHeight: height } = element;
      const left = clientX + GAP + width > innerWidth - 8 ? clientX - GAP - width : clientX + GAP;
      element.style.left = `${Math.max(8, left)}px`;
      element.style.top = `${Math.max(8, Math.min(clientY + GAP, innerHeight - height - 8))}px`;
    },
  };
}
