/** Sections of cards, of which only those in sight exist. Knows where cards are, not what they show. */

import { inSight, layOut } from "../lib/layout.js";
import { plural } from "../lib/format.js";
import { h, icon, putAfter } from "../ui/dom.js";

/** @typedef {import("../lib/layout.js").Layout} Layout */
/** @typedef {import("../lib/layout.js").Section} Section */
/** @typedef {import("../lib/layout.js").SectionSpec} SectionSpec */
/** @typedef {import("../lib/layout.js").Place} Place */
/** @typedef {import("./scalar-card.js").ScalarCard} ScalarCard */

const MARGIN = 320; // cards this close to the visible part exist already, pixels

/**
 * @typedef {{key: string, section: string, card: ScalarCard, visible: boolean}} Shown
 * @typedef {object} GridEvents
 * @property {(tag: string) => ScalarCard} makeCard
 * @property {(resized: Shown[]) => void} onSight other cards are in sight, or they have another size
 * @property {(key: string) => void} onFold
 */

export class CardGrid {
  /** @type {Map<string, HTMLElement>} */ #heads = new Map();
  /** @type {Map<string, Shown>} */ #cards = new Map();
  /** @type {Layout} */ #layout = { sections: [], height: 0 };
  /** @type {GridEvents} */ #events;
  #sections = h("div", { className: "sections" });
  #height = 0;
  element = h("div", { className: "scroll", tabIndex: -1, onscroll: () => this.#refresh() }, this.#sections);

  /** @param {GridEvents} events */
  constructor(events) {
    this.#events = events;
  }

  /** The cards that exist now. @returns {Shown[]} */
  shown() {
    return [...this.#cards.values()];
  }

  /** @param {SectionSpec[]} specs @param {number} cardWidth @param {(key: string, tag: string) => boolean | number} isWide */
  arrange(specs, cardWidth, isWide) {
    const { clientWidth, clientHeight } = this.element;
    const { paddingLeft, paddingRight } = getComputedStyle(this.element);
    const width = clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
    this.#layout = layOut(specs, width, cardWidth, isWide);
    this.#height = clientHeight;
    this.#sections.style.height = `${this.#layout.height}px`;
    this.#refresh();
  }

  /** Brings a card into the visible part. @param {string} tag */
  reveal(tag) {
    for (const section of this.#layout.sections) {
      const place = section.places.find((candidate) => candidate.tag === tag);
      if (place) return this.element.scrollTo({ top: section.top + place.y - 60 });
    }
  }

  #refresh() {
    const top = this.element.scrollTop;
    const seen = inSight(this.#layout, top - MARGIN, top + this.#height + MARGIN);
    this.#removeMissing(seen);
    /** @type {Shown[]} */
    const resized = [];
    /** @type {Element | null} */
    let before = null;
    for (const { section, places } of seen) {
      const element = this.#sectionElement(section);
      putAfter(this.#sections, element, before);
      before = element;
      let last = element.firstElementChild;
      for (const place of places) {
        const item = this.#cardAt(section.key, place);
        putAfter(element, item.card.element, last);
        last = item.card.element;
        const y = section.top + place.y;
        item.visible = y < top + this.#height && y + place.height > top;
        if (item.card.moveTo(place)) resized.push(item);
      }
    }
    this.#events.onSight(resized);
  }

  /** @param {{section: Section, places: Place[]}[]} seen */
  #removeMissing(seen) {
    const sections = new Set(seen.map(({ section }) => section.key));
    const cards = new Set(seen.flatMap(({ section, places }) => places.map((place) => cardKey(section.key, place.tag))));
    for (const [key, element] of this.#heads) if (!sections.has(key)) element.remove(), this.#heads.delete(key);
    for (const [key, { card }] of this.#cards) if (!cards.has(key)) card.destroy(), this.#cards.delete(key);
  }

  /** @param {string} section @param {Place} place */
  #cardAt(section, place) {
    const key = cardKey(section, place.tag);
    let item = this.#cards.get(key);
    if (!item) {
      item = { key, section, card: this.#events.makeCard(place.tag), visible: false };
      this.#cards.set(key, item);
    }
    return item;
  }

  /** @param {Section} section */
  #sectionElement({ key, title, count, collapsed, top, left, width, height }) {
    let element = this.#heads.get(key);
    if (!element) {
      element = makeSection(title, () => this.#events.onFold(key));
      this.#heads.set(key, element);
    }
    element.style.top = `${top}px`;
    element.style.left = `${left}px`;
    element.style.width = `${width}px`;
    element.style.height = `${height}px`;
    element.querySelector("button")?.setAttribute("aria-expanded", String(!collapsed));
    const small = element.querySelector("small");
    if (small) small.textContent = plural(count, "chart");
    return element;
  }
}

/** @param {string} section @param {string} tag */
function cardKey(section, tag) {
  return `${section}\n${tag}`;
}

/** @param {string} title @param {() => void} onFold */
function makeSection(title, onFold) {
  const fold = h("button", { type: "button", onclick: onFold }, icon("fold"), h("bdi", {}, title), h("small", {}));
  return h("section", { className: "section", "aria-label": title }, h("h2", { className: "section-head" }, fold));
}
