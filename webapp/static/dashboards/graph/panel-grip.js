/** The edge of the tree that makes it wider or narrower; arrow keys move it too. */

import { treeWidth } from "../../state/graph-settings.js";
import { h } from "../../ui/dom.js";

const [LEAST, MOST, STEP] = [200, 720, 20]; // pixels

export function treeGrip() {
  const setWidth = (/** @type {number} */ width) => treeWidth.set(Math.round(Math.min(MOST, Math.max(LEAST, width))));
  const element = h("div", { className: "side-grip", role: "separator", tabIndex: 0, "aria-orientation": "vertical", "aria-label": "Width of the tree" });
  element.addEventListener("pointerdown", (event) => {
    element.setPointerCapture(event.pointerId);
    element.classList.add("dragging");
  });
  element.addEventListener("pointermove", ({ clientX }) => {
    const left = element.parentElement?.getBoundingClientRect().left ?? 0;
    if (element.classList.contains("dragging")) setWidth(clientX - left);
  });
  element.addEventListener("pointerup", () => element.classList.remove("dragging"));
  element.addEventListener("keydown", (event) => {
    const change = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
    if (!change) return;
    event.stopPropagation();
    setWidth(treeWidth.get() + change);
  });
  return element;
}
