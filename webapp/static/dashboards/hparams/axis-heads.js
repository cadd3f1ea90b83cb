/** Above each axis: its name, dragged (or moved with the arrow keys) to another place, and its scale. */

import * as store from "../../state/store.js";
import { h } from "../../ui/dom.js";

/** @typedef {import("../../lib/parallel-axis.js").Axis} Axis */

const SCALES = /** @type {const} */ (["linear", "log", "quantile"]);
const SHORT = { linear: "linear", log: "log", quantile: "quantile", category: "" };

/** @param {(names: string[]) => void} onOrder */
export function axisHeads(onOrder) {
  const element = h("div", { className: "hp-heads" });
  let names = /** @type {string[]} */ ([]);
  let xs = /** @type {number[]} */ ([]);
  let late = /** @type {(() => void) | null} */ (null); // shows what came while a head was dragged
  const moveTo = (/** @type {number} */ from, /** @type {number} */ to) => {
    const next = [...names];
    next.splice(to, 0, ...next.splice(from, 1));
    if (to >= 0 && to < names.length && from !== to) onOrder(next);
  };
  const show = (/** @type {Axis[]} */ axes, /** @type {number[]} */ places) => {
    const focused = element.contains(document.activeElement) ? /** @type {HTMLElement} */ (document.activeElement).dataset.name : undefined;
    [names, xs] = [axes.map(({ name }) => name), places];
    const room = places.length > 1 ? places[1] - places[0] - 4 : 200;
    element.replaceChildren(...axes.map((axis, at) => head(axis, at, { x: places[at], room, moveTo, nearest: (x) => nearest(xs, x) })));
    if (focused) [.../** @type {NodeListOf<HTMLElement>} */ (element.querySelectorAll("button[data-name]"))].find((button) => button.dataset.name === focused)?.focus();
  };
  const catchUp = () => late?.();
  element.addEventListener("pointerup", catchUp);
  element.addEventListener("pointercancel", catchUp);
  return {
    element,
    /** A head in somebody's hand stays until it is let go. @param {Axis[]} axes @param {number[]} places pixels */
    update(axes, places) {
      const later = element.querySelector(".dragged") && (() => this.update(axes, places));
      late = later;
      if (!later) show(axes, places);
    },
  };
}

/** @param {number[]} xs @param {number} x */
function nearest(xs, x) {
  return xs.reduce((best, at, index) => (Math.abs(at - x) < Math.abs(xs[best] - x) ? index : best), 0);
}

/** @param {Axis} axis @param {number} at @param {{x: number, room: number, moveTo: (from: number, to: number) => void, nearest: (x: number) => number}} place */
function head(axis, at, { x, room, moveTo, nearest: nearestAxis }) {
  const name = h("button", {
    type: "button", className: "hp-name", "data-name": axis.name, title: `${axis.title}\nDrag, or use ← and →, to move the axis`,
    onkeydown(/** @type {KeyboardEvent} */ event) {
      const step = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!step) return;
      event.stopPropagation();
      event.preventDefault();
      moveTo(at, at + step);
    },
  }, h("bdi", {}, axis.title));
  const element = h("div", { className: "hp-head" }, name, h("div", { className: "hp-head-tools" }, axis.scale !== "category" && scaleList(axis), flipButton(axis)));
  element.style.width = `${room}px`;
  const lie = (/** @type {number} */ middle) => (element.style.transform = `translateX(${Math.round(middle - room / 2)}px)`);
  lie(x);
  let from = NaN;
  name.addEventListener("pointerdown", (event) => {
    from = event.clientX;
    element.classList.add("dragged");
    name.setPointerCapture(event.pointerId);
  });
  name.addEventListener("pointermove", (event) => {
    if (Number.isNaN(from)) return;
    lie(x + event.clientX - from);
  });
  const finish = (/** @type {PointerEvent} */ event) => {
    if (Number.isNaN(from)) return;
    const to = nearestAxis(x + event.clientX - from);
    from = NaN;
    element.classList.remove("dragged");
    lie(x);
    moveTo(at, to);
  };
  name.addEventListener("pointerup", finish);
  name.addEventListener("pointercancel", () => {
    from = NaN;
    element.classList.remove("dragged");
    lie(x);
  });
  return element;
}

/** @param {Axis} axis */
function flipButton({ name, title, flipped }) {
  return h("button", {
    type: "button", className: "hp-flip", "aria-pressed": String(flipped), "aria-label": `Flip ${title}`, title: flipped ? "Greatest value to the top" : "Least value to the top",
    onclick: () => store.flippedAxes.set(store.toggled(store.flippedAxes.get(), name)),
  }, "⇅");
}

/** @param {Axis} axis */
function scaleList({ name, title, scale }) {
  const list = h("select", {
    className: "hp-scale", "aria-label": `Scale of ${title}`,
    onchange: () => store.axisScales.set(new Map(store.axisScales.get()).set(name, /** @type {import("../../lib/parallel-axis.js").AxisScale} */ (list.value))),
  }, ...SCALES.map((kind) => h("option", { value: kind }, SHORT[kind])));
  list.value = scale;
  return list;
}
