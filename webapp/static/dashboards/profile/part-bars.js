/** Bars whose parts add up: one a rank, or one of a path; with a legend that tells each part's share. */

import { kindColor } from "../../lib/timeline-colors.js";
import { formatNanoseconds, formatUnit } from "../../lib/profile-units.js";
import { h } from "../../ui/dom.js";
import { isDark } from "../../ui/ink.js";

/**
 * @typedef {{id: string, title: string, kind: string | null}} Part `kind`: whose colour it has; null: of nothing at all
 * @typedef {{title: string, values: number[], onOpen?: () => void}} Bar ns, in the order of the parts
 */

export class PartBars {
  #parts;
  /** @type {Bar[]} */ #bars = [];
  #legend = h("ul", { className: "prof-parts-legend" });
  #rows = h("div", { className: "prof-parts-rows" });
  element;

  /** @param {string} label @param {readonly Part[]} parts */
  constructor(label, parts) {
    this.#parts = parts;
    this.element = h("section", { className: "prof-parts", "aria-label": label }, this.#legend, this.#rows);
  }

  /** @param {Bar[]} bars */
  show(bars) {
    this.#bars = bars;
    this.recolor();
  }

  recolor() {
    const theme = isDark() ? "dark" : "light";
    const most = Math.max(1, ...this.#bars.map(({ values }) => sum(values)));
    const sums = this.#parts.map((_, place) => sum(this.#bars.map(({ values }) => values[place] ?? 0)));
    const all = sum(sums) || 1;
    const used = this.#parts.map((part, place) => ({ ...part, place })).filter(({ place }) => sums[place] > 0);
    const colored = (/** @type {HTMLElement} */ element, /** @type {string | null} */ kind) => {
      if (kind) element.style.setProperty("--part", kindColor(kind, theme));
      return element;
    };
    this.#legend.replaceChildren(...used.map(({ title, kind, place }) =>
      h("li", {}, colored(h("span", { className: "prof-part-swatch" }), kind), `${title} `, h("b", {}, formatUnit(sums[place] / all, "share")))));
    this.#rows.replaceChildren(...this.#bars.map(({ title, values, onOpen }) => {
      const words = used.map(({ title: part, place }) => `${part} ${formatNanoseconds(values[place])}`).join(", ");
      const pieces = used.map(({ title: part, kind, place }) => {
        const piece = colored(h("span", { className: "prof-part", title: `${part}: ${formatNanoseconds(values[place])}` }), kind);
        piece.style.setProperty("--size", String(values[place] / most));
        return piece;
      });
      const bar = h("span", { className: "prof-part-bar", role: "img", "aria-label": `${title}: ${words}` }, ...pieces);
      const name = onOpen ? h("button", { type: "button", className: "link", title: `${title}: show in the timeline`, onclick: onOpen }, title) : h("span", {}, title);
      return h("div", { className: "prof-part-row" }, name, bar, h("span", { className: "prof-part-sum" }, formatNanoseconds(sum(values))));
    }));
  }
}

/** @param {readonly number[]} values */
const sum = (values) => values.reduce((whole, value) => whole + value, 0);
