/** The right edge of a panel that makes it wider or narrower; arrow keys move it too. */

import { h } from "./dom.js";

const STEP = 20; // pixels of a key

/** @param {string} label @param {{least: number, most: number}} ends pixels @param {import("../lib/atom.js").Atom<number>} width */
export function edgeGrip(label, { least, most }, width) {
  const setWidth = (/** @type {number} */ wanted) => width.set(Math.round(Math.min(most, Math.max(least, wanted))));
  const element = h("div", {
    className: "side-grip", role: "separator", tabIndex: 0, "aria-orientation": "vertical", "aria-label": label, "aria-valuemin": String(least), "aria-valuemax": String(most),
    onpointerdown(/** @type {PointerEvent} */ event) {
      element.setPointerCapture(event.pointerId);
      element.classList.add("dragging");
    },
    onpointermove(/** @type {PointerEvent} */ event) {
      const left = element.parentElement?.getBoundingClientRect().left ?? 0;
      if (element.classList.contains("dragging")) setWidth(event.clientX - left);
    },
    onpointerup: () => element.classList.remove("dragging"),
    onkeydown(/** @type {KeyboardEvent} */ event) {
      const change = { ArrowLeft: -STEP, ArrowRight: STEP }[event.key];
      if (!change) return;
      event.stopPropagation();
      setWidth(width.get() + change);
    },
  });
  const tell = () => element.setAttribute("aria-valuenow", String(width.get()));
  width.subscribe(tell);
  tell();
  return element;
}
