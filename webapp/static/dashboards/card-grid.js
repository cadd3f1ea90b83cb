/** Sections of cards, of which only those in sight exist. Knows where cards are, not what they show. */

import { inSight, layOut } from "../lib/layout.js";
import { plural } from "../lib/format.js";
import { h, icon } from "../ui/dom.js";

/** @typedef {import("../lib/layout.js").Layout} Layout */
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
 *
 * @param {GridEvents} events
 */
export function cardGrid(events) {
  const sections = h("div", { className: "sections" });
  const scroll = h("div", { className: "scroll", tabIndex: -1, onscroll: () => refresh() }, sections);
  /** @type {Map<string, HTMLElement>} */
  const heads = new Map();
  /** @type {Map<string, Shown>} */
  const shown = new Map();
  /** @type {Layout} */
  let layout = { sections: [], height: 0 };
  let height = 0;

  function refresh() {
    const top = scroll.scrollTop;
    const seen = inSight(layout, top - MARGIN, top + height + MARGIN);
    removeMissing(heads, new Set(seen.map(({ section }) => section.key)));
    const keys = new Set(seen.flatMap(({ section, places }) => places.map((place) => cardKey(section.key, place.tag))));
    for (const [key, { card }] of shown) if (!keys.has(key)) card.destroy(), shown.delete(key);
    /** @type {Shown[]} */
    const changed = [];
    /** @type {Element | null} */
    let before = null;
    for (const { section, places } of seen) {
      const element = sectionElement(section);
      inOrder(sections, element, before);
      before = element;
      let last = element.firstElementChild;
      for (const place of places) {
        const item = put(section.key, place);
        inOrder(element, item.card.element, last);
        last = item.card.element;
        item.visible = section.top + place.y < top + height && section.top + place.y + place.height > top;
        if (item.card.moveTo(place)) changed.push(item);
      }
    }
    events.onSight(changed);
  }

  /** @param {string} section @param {Place} place */
  function put(section, place) {
    const key = cardKey(section, place.tag);
    let item = shown.get(key);
    if (!item) {
      item = { key, section, card: events.makeCard(place.tag), visible: false };
      shown.set(key, item);
    }
    return item;
  }

  /** @param {import("../lib/layout.js").Section} section */
  function sectionElement(section) {
    let element = heads.get(section.key);
    if (!element) {
      element = makeSection(section.title, () => events.onFold(section.key));
      heads.set(section.key, element);
    }
    element.style.top = `${section.top}px`;
    element.style.height = `${section.height}px`;
    element.querySelector("button")?.setAttribute("aria-expanded", String(!section.collapsed));
    const count = element.querySelector("small");
    if (count) count.textContent = plural(section.count, "chart");
    return element;
  }

  return {
    element: scroll,
    shown: () => [...shown.values()],
    /** @param {SectionSpec[]} specs @param {{width: number, height: number}} size @param {number} cardWidth @param {(key: string, tag: string) => boolean} isWide */
    arrange(specs, size, cardWidth, isWide) {
      layout = layOut(specs, size.width, cardWidth, isWide);
      height = size.height;
      sections.style.height = `${layout.height}px`;
      refresh();
    },
    /** Brings a card into the visible part. @param {string} tag */
    reveal(tag) {
      for (const section of layout.sections) {
        const place = section.places.find((candidate) => candidate.tag === tag);
        if (place) return scroll.scrollTo({ top: section.top + place.y - 60 });
      }
    },
  };
}

/** The order in the document is the order on the screen: for the Tab key and for screen readers. @param {Element} parent @param {Element} element @param {Element | null} before */
function inOrder(parent, element, before) {
  if (before ? before.nextElementSibling === element : parent.firstElementChild === element) return;
  if (before) before.after(element);
  else parent.prepend(element);
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

/** @param {Map<string, HTMLElement>} elements @param {Set<string>} kept */
function removeMissing(elements, kept) {
  for (const [key, element] of elements) {
    if (kept.has(key)) continue;
    element.remove();
    elements.delete(key);
  }
}
