/** Sections of cards that flow; a card far out of sight is an empty box of the size it had. */

import { plural } from "../../lib/format.js";
import { h, icon, putAfter } from "../../ui/dom.js";

/** @typedef {import("./kind-card.js").KindCardFrame} KindCardFrame */

/**
 * @typedef {object} FlowCard
 * @property {string} key unique on the page
 * @property {string} kind id of its kind
 * @property {string} title
 * @property {string} tag
 * @property {number} span columns
 * @property {number} height of the empty box, pixels
 *
 * @typedef {object} FlowSection
 * @property {string} key
 * @property {string} title
 * @property {boolean} collapsed
 * @property {HTMLElement | null} toolbar
 * @property {FlowCard[]} cards
 * @property {number} hidden cards that are left out at its end
 *
 * @typedef {{element: HTMLElement, grid: HTMLElement, head: HTMLElement, fold: HTMLElement, count: HTMLElement, more: HTMLElement}} Section
 * @typedef {{element: HTMLElement, card: FlowCard, frame: KindCardFrame | null, near: boolean | null}} Shell `near`: null before anybody knows
 *
 * @typedef {object} FlowEvents
 * @property {(element: HTMLElement, card: FlowCard) => KindCardFrame} make
 * @property {() => void} onSight cards came or went
 * @property {(key: string) => void} onFold
 * @property {(key: string) => void} onMore
 */

const GAP = 12; // pixels between cards; see media.css
const LEAST_WITH_TOOLBAR = 2; // columns
const NEAR = 400; // pixels; cards this close to the window exist already

export class CardFlow {
  /** @type {Map<string, Section>} */ #sections = new Map();
  /** @type {Map<string, Shell>} */ #shells = new Map();
  /** @type {WeakMap<Element, Shell>} */ #byElement = new WeakMap();
  /** @type {FlowEvents} */ #events;
  /** @type {IntersectionObserver} */ #near;
  /** @type {IntersectionObserver} */ #visible;
  #inner = h("div", { className: "kind-sections" });
  element = h("div", { className: "scroll kind-scroll", tabIndex: -1 }, this.#inner);

  /** @param {FlowEvents} events */
  constructor(events) {
    this.#events = events;
    this.#near = new IntersectionObserver((entries) => this.#sight(entries), { root: this.element, rootMargin: `${NEAR}px 0px` });
    this.#visible = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) {
        const frame = this.#byElement.get(target)?.frame;
        if (frame) frame.visible = isIntersecting;
      }
      events.onSight();
    }, { root: this.element });
  }

  /** The cards that exist now. @returns {KindCardFrame[]} */
  frames() {
    return [...this.#shells.values()].flatMap(({ frame }) => frame ?? []);
  }

  /** Whether it is known of every card whether it is in sight. */
  settled() {
    return [...this.#shells.values()].every(({ near }) => near !== null);
  }

  /** How many columns of at least this width there is room for. @param {number} least pixels */
  columns(least) {
    const { paddingLeft, paddingRight } = getComputedStyle(this.element);
    const width = this.element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
    return Math.max(1, Math.floor((width + GAP) / (least + GAP)));
  }

  /** @param {FlowSection[]} sections @param {number} columns @returns {boolean} whether cards were made */
  arrange(sections, columns) {
    this.#inner.style.setProperty("--columns", String(columns));
    const keys = new Set(sections.map(({ key }) => key));
    const cards = new Set(sections.flatMap((section) => (section.collapsed ? [] : section.cards.map(({ key }) => key))));
    for (const [key, shell] of this.#shells) if (!cards.has(key)) this.#drop(key, shell);
    for (const [key, { element }] of this.#sections) if (!keys.has(key)) element.remove(), this.#sections.delete(key);
    /** @type {Element | null} */
    let before = null;
    for (const spec of sections) {
      const section = this.#section(spec);
      const span = sections.length === 1 ? columns : widthOf(spec, columns);
      section.element.style.gridColumn = `span ${span}`;
      section.element.style.setProperty("--columns", String(span));
      putAfter(this.#inner, section.element, before);
      before = section.element;
      if (!spec.collapsed) this.#fill(section, spec.cards);
    }
    return this.#look();
  }

  /** Brings a card into the window. @param {string} key */
  reveal(key) {
    this.#shells.get(key)?.element.scrollIntoView({ block: "nearest" });
  }

  /** @param {FlowSection} spec */
  #section({ key, title, collapsed, toolbar, cards, hidden }) {
    let section = this.#sections.get(key);
    if (!section) this.#sections.set(key, (section = makeSection(title, toolbar, () => this.#events.onFold(key), () => this.#events.onMore(key))));
    section.fold.setAttribute("aria-expanded", String(!collapsed));
    section.count.textContent = plural(cards.length + hidden, "tag");
    section.grid.hidden = collapsed;
    section.more.hidden = collapsed || hidden === 0;
    section.more.textContent = `Show more: ${plural(hidden, "tag")} left`;
    if (toolbar) toolbar.hidden = collapsed;
    return section;
  }

  /** @param {Section} section @param {FlowCard[]} cards */
  #fill({ grid }, cards) {
    /** @type {Element | null} */
    let before = null;
    for (const card of cards) {
      const shell = this.#shells.get(card.key) ?? this.#shell(card);
      shell.card = card;
      shell.element.style.gridColumn = `span ${card.span}`;
      putAfter(grid, shell.element, before);
      before = shell.element;
    }
  }

  /** @param {FlowCard} card @returns {Shell} */
  #shell(card) {
    const element = h("section", { className: "card kind-card", tabIndex: 0, "aria-label": card.title, "data-kind": card.kind, "data-tag": card.tag });
    element.style.minHeight = `${card.height}px`;
    /** @type {Shell} */
    const shell = { element, card, frame: null, near: null };
    this.#shells.set(card.key, shell);
    this.#byElement.set(element, shell);
    this.#near.observe(element);
    this.#visible.observe(element);
    return shell;
  }

  /** Makes the new cards in sight at once, so that they ask for their values: the observers tell a frame later. */
  #look() {
    const shells = [...this.#shells.values()].filter(({ near, frame }) => near === null && !frame);
    const { top, bottom } = this.element.getBoundingClientRect();
    if (shells.length === 0 || bottom <= top) return false;
    const boxes = shells.map(({ element }) => element.getBoundingClientRect());
    const near = shells.filter((_, i) => boxes[i].bottom > top - NEAR && boxes[i].top < bottom + NEAR);
    for (const shell of near) this.#fillShell(shell);
    return near.length > 0;
  }

  /** @param {Shell} shell */
  #fillShell(shell) {
    shell.frame = this.#events.make(shell.element, shell.card);
    shell.element.style.minHeight = "";
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #sight(entries) {
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      const shell = this.#byElement.get(target);
      if (!shell || !this.#shells.has(shell.card.key)) continue;
      shell.near = isIntersecting;
      if (isIntersecting && !shell.frame) {
        this.#fillShell(shell);
        this.#visible.unobserve(shell.element);
        this.#visible.observe(shell.element); // tells once more, now that somebody listens
      } else if (!isIntersecting && shell.frame) this.#empty(shell, boundingClientRect.height);
    }
    this.#events.onSight();
  }

  /** @param {Shell} shell @param {number} height it had, pixels */
  #empty(shell, height) {
    shell.element.style.minHeight = `${height}px`;
    shell.frame?.destroy();
    shell.frame = null;
  }

  /** @param {string} key @param {Shell} shell */
  #drop(key, shell) {
    this.#near.unobserve(shell.element);
    this.#visible.unobserve(shell.element);
    shell.frame?.destroy();
    shell.element.remove();
    this.#shells.delete(key);
  }
}

/** Columns of a section: one of a few cards leaves room for the next beside it. @param {FlowSection} section @param {number} columns */
function widthOf({ cards, toolbar }, columns) {
  const wanted = cards.reduce((sum, { span }) => sum + span, 0);
  return Math.min(columns, Math.max(wanted, toolbar ? LEAST_WITH_TOOLBAR : 1));
}

/** @param {string} title @param {HTMLElement | null} toolbar @param {() => void} onFold @param {() => void} onMore @returns {Section} */
function makeSection(title, toolbar, onFold, onMore) {
  const count = h("small", {});
  const fold = h("button", { type: "button", onclick: onFold }, icon("fold"), h("bdi", {}, title), count);
  const head = h("div", { className: "kind-head" }, h("h2", { className: "section-head" }, fold), toolbar && h("div", { className: "kind-toolbar", role: "toolbar", "aria-label": title }, toolbar));
  const grid = h("div", { className: "kind-grid" });
  const more = h("button", { type: "button", className: "show-more", onclick: onMore });
  return { element: h("section", { className: "kind-section", "aria-label": title }, head, grid, more), grid, head, fold, count, more };
}
