/** Which runs the viewer shows side by side. */

import { h } from "../dom.js";
import { countText, MOST_PLATES } from "./plates.js";

const AT_FIRST = 6;

export class LaneChips {
  #count = h("span", { className: "quiet", role: "status" });
  #chips = h("span", { className: "lane-list" });
  element = h("div", { className: "lane-chips", role: "group", "aria-label": "Runs in sight" }, this.#chips, this.#count);
  /** @type {Set<string> | null} null: nobody chose */ #chosen = null;
  #listed = "";

  /** @param {import("./source.js").ViewerSource} source @param {() => void} changed @param {string} [first] the run that was clicked: it is in sight from the beginning */
  constructor(source, changed, first) {
    this.source = source;
    this.changed = changed;
    this.first = first;
  }

  /** Keys of the runs in sight, in their order. @returns {string[]} */
  shown() {
    const keys = this.source.lanes().map(({ key }) => key);
    const chosen = this.#chosen;
    if (chosen) return keys.filter((key) => chosen.has(key));
    const place = keys.indexOf(this.first ?? "");
    const from = place < AT_FIRST ? 0 : Math.min(place, keys.length - AT_FIRST);
    return keys.slice(from, from + AT_FIRST);
  }

  /** @param {boolean} visible */
  update(visible) {
    const lanes = this.source.lanes();
    this.element.hidden = !visible || lanes.length < 2;
    const shown = this.shown();
    const listed = JSON.stringify([lanes, shown]);
    if (this.element.hidden || listed === this.#listed) return;
    this.#listed = listed;
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset.lane;
    const chips = lanes.map(({ key, label, color }) => {
      const swatch = h("span", { className: "swatch" });
      swatch.style.background = color;
      const on = shown.includes(key);
      return h("button", { type: "button", className: "toggle", "data-lane": key, "aria-pressed": String(on), title: label, onclick: () => this.#toggle(key) }, swatch, h("bdi", {}, label));
    });
    this.#chips.replaceChildren(...chips);
    if (focused) chips.find((chip) => chip.dataset.lane === focused)?.focus();
    else chips.find((chip) => chip.dataset.lane === (shown.find((key) => key === this.first) ?? shown[0]))?.scrollIntoView({ block: "nearest" }); // of many only two rows are seen
    this.#count.textContent = `${countText(Math.min(shown.length, MOST_PLATES), lanes.length)}${shown.length < MOST_PLATES ? "" : ", no more fit"}`;
  }

  /** @param {string} key */
  #toggle(key) {
    const next = new Set(this.shown());
    if (!next.delete(key)) next.add(key);
    if (next.size === 0 || next.size > MOST_PLATES) return;
    this.#chosen = next;
    this.changed();
  }
}
