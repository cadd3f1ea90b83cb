/** What a search has found, as a list below its box. */

import { formatCount } from "../../lib/format.js";
import { runColors } from "../run-colors.js";
import { lineName } from "../run-lines.js";
import { h } from "../../ui/dom.js";
import { VirtualList } from "../../ui/virtual-list.js";
import { textTitle } from "./text-titles.js";

/** @typedef {import("../../state/texts.js").TextHit} TextHit */
/** @typedef {import("../../state/texts.js").TextSearch} TextSearch */

const ROW = 44; // pixels; see text.css

/** @param {HTMLInputElement} box @param {{choose: (hit: TextHit) => void}} events */
export function hitList(box, { choose }) {
  /** @type {TextHit[]} */
  let hits = [];
  const list = new VirtualList({
    label: "What was found", rowHeight: ROW,
    fill: (row, index) => row.replaceChildren(...hitRow(hits[index])),
    onActive: (index) => choose(hits[index]),
    onOpen: () => hide(),
  });
  const element = h("div", { className: "popover text-hits", popover: "manual" }, list.element);
  const hide = () => element.hidePopover();
  const show = () => {
    if (hits.length === 0) return hide();
    const { left, bottom } = box.getBoundingClientRect();
    const width = Math.min(640, innerWidth - 16);
    element.style.width = `${width}px`;
    element.style.left = `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`;
    element.style.top = `${bottom + 6}px`;
    element.style.height = `${Math.min(hits.length * ROW + 2, Math.max(120, Math.min(400, innerHeight - bottom - 80)))}px`;
    return element.showPopover();
  };
  const leave = (/** @type {Event} */ event) => {
    const target = /** @type {Node} */ (event.target);
    if (!element.contains(target) && !box.closest(".text-search")?.contains(target)) hide();
  };
  document.addEventListener("pointerdown", leave);
  element.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    hide();
    box.focus();
  });
  return {
    element,
    show,
    /** Another search: from the first find on. */
    reset: () => list.update(0, { anew: true, at: -1 }),
    /** @param {1 | -1} direction */
    move(direction) {
      if (hits.length === 0) return;
      show();
      list.go(list.active < 0 && direction < 0 ? hits.length - 1 : list.active + direction);
    },
    /** @param {TextSearch | null} found */
    update(found) {
      const anew = hits[0] !== found?.hits[0];
      hits = found?.hits ?? [];
      list.update(hits.length, { anew, at: anew ? -1 : list.active });
      if (document.activeElement === box || hits.length === 0) show();
    },
  };
}

/** @param {TextHit} hit */
function hitRow({ run, tag, step, count, excerpt, spans }) {
  const swatch = h("span", { className: "swatch" });
  swatch.style.background = runColors()(run);
  return [
    h("div", { className: "hit-where" }, swatch, h("bdi", { className: "hit-run" }, lineName(run)), h("bdi", { className: "hit-tag" }, textTitle(tag)), h("span", {}, `step ${formatCount(step)}${count > 1 ? ` · ${formatCount(count)} finds` : ""}`)),
    h("div", { className: "hit-text", dir: "auto" }, ...markedExcerpt(excerpt, spans)),
  ];
}

/** @param {string} text @param {[number, number][]} spans */
function markedExcerpt(text, spans) {
  const parts = [];
  let done = 0;
  for (const [from, to] of spans) {
    parts.push(text.slice(done, from), h("mark", {}, text.slice(from, to)));
    done = to;
  }
  return [...parts, text.slice(done)];
}
