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

export class HitList {
  /** @type {TextHit[]} */ #hits = [];
  #box;
  #list;
  element = h("div", { className: "popover text-hits", popover: "manual", onkeydown: (/** @type {KeyboardEvent} */ event) => this.#key(event) });

  /** @param {HTMLInputElement} box below which it opens @param {(hit: TextHit) => void} choose */
  constructor(box, choose) {
    this.#box = box;
    this.#list = new VirtualList({
      label: "What was found", rowHeight: ROW,
      fill: (row, index) => row.replaceChildren(...hitRow(this.#hits[index])),
      onActive: (index) => choose(this.#hits[index]),
      onOpen: () => this.#hide(),
    });
    this.element.append(this.#list.element);
    document.addEventListener("pointerdown", ({ target }) => {
      const inside = [this.element, box.closest(".text-search")].some((part) => part?.contains(/** @type {Node} */ (target)));
      if (!inside) this.#hide();
    });
  }

  show() {
    if (this.#hits.length === 0 || !this.element.isConnected) return this.#hide();
    const { left, bottom } = this.#box.getBoundingClientRect();
    const width = Math.min(640, innerWidth - 16);
    Object.assign(this.element.style, {
      width: `${width}px`,
      left: `${Math.max(8, Math.min(left, innerWidth - width - 8))}px`,
      top: `${bottom + 6}px`,
      height: `${Math.min(this.#hits.length * ROW + 2, Math.max(120, Math.min(400, innerHeight - bottom - 80)))}px`,
    });
    return this.element.showPopover();
  }

  /** Another search: from the first find on. */
  reset() {
    this.#list.update(0, { anew: true, at: -1 });
  }

  /** @param {1 | -1} direction */
  move(direction) {
    if (this.#hits.length === 0) return;
    this.show();
    const { active } = this.#list;
    this.#list.go(active < 0 && direction < 0 ? this.#hits.length - 1 : active + direction);
  }

  /** @param {TextSearch | null} found */
  update(found) {
    const anew = this.#hits[0] !== found?.hits[0];
    this.#hits = found?.hits ?? [];
    this.#list.update(this.#hits.length, { anew, at: anew ? -1 : this.#list.active });
    if (document.activeElement === this.#box || this.#hits.length === 0) this.show();
  }

  #hide() {
    if (this.element.matches(":popover-open")) this.element.hidePopover();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    this.#hide();
    this.#box.focus();
  }
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
