/** The sections of a view and their charts, on a grid; only charts in sight are drawn. */

import { moveChart, neighbourPlace, replaceChart } from "../../lib/view-edits.js";
import { chartSize, tidyChart } from "../../lib/view-file.js";
import { plural } from "../../lib/format.js";
import { edit, openView } from "../../state/views.js";
import { h, iconButton } from "../../ui/dom.js";
import { makeMovable } from "./card-drag.js";
import { ViewCard } from "./chart-card.js";

/** @typedef {import("../../lib/view-file.js").View} View */
/** @typedef {import("../../lib/view-edits.js").Place} Place */

/**
 * @typedef {object} GridEvents
 * @property {import("./chart-card.js").CardEvents} card
 * @property {() => void} onSight other cards are in sight, or have another size
 * @property {(section: number, button: HTMLElement) => void} onSection the menu of a section
 * @property {(section: number, title: string) => void} onTitle
 */

const ROW = 262;
const GAP = 12;
const NEAR = 300; // charts this far out of sight are drawn as well, pixels

export class ViewGrid {
  element = h("div", { className: "scroll view-scroll", tabIndex: -1 });
  /** @type {ViewCard[]} in reading order */ #cards = [];
  /** @type {Map<ViewCard, Place>} */ #places = new Map();
  /** @type {HTMLElement[]} */ #grids = [];
  /** @type {GridEvents} */ #events;
  #columns = 1;
  #spoken = h("div", { className: "spoken", role: "status" });
  #sight = new IntersectionObserver((entries) => this.#seen(entries), { root: this.element, rootMargin: `${NEAR}px 0px` });
  #sizes = new ResizeObserver(() => this.#events.onSight());
  #byElement = new WeakMap();

  /** @param {GridEvents} events */
  constructor(events) {
    this.#events = events;
  }

  cards = () => this.#cards;

  /** @param {ViewCard} card */
  placeOf = (card) => this.#places.get(card) ?? { section: 0, chart: 0 };

  /** @param {View} view @param {number} cardWidth wanted at least */
  arrange(view, cardWidth) {
    this.#columns = Math.max(1, Math.floor((this.element.clientWidth - 32 + GAP) / (cardWidth + GAP)));
    this.element.style.setProperty("--columns", String(this.#columns));
    const before = this.#cards;
    const claimed = new Set();
    this.#places.clear();
    const known = (/** @type {import("../../lib/view-file.js").Chart} */ chart) => before.find((card) => card.spec === chart && !claimed.has(card));
    const kept = view.sections.map(({ charts }) => charts.map((chart) => {
      const card = known(chart);
      claimed.add(card);
      return card;
    }));
    let at = -1;
    this.#cards = view.sections.flatMap(({ charts }, section) => charts.map((chart, index) => {
      at += 1;
      // An edited chart is another object at the same place: it keeps its card, and its place on the screen.
      const card = kept[section][index] ?? (before[at] && !claimed.has(before[at]) ? before[at] : this.#newCard(chart));
      claimed.add(card);
      card.use(chart);
      card.element.style.setProperty("--wide", String(Math.min(this.#columns, chartSize(chart).columns)));
      this.#places.set(card, { section, chart: index });
      return card;
    }));
    for (const card of before) if (!this.#places.has(card)) this.#drop(card);
    this.#place(view);
  }

  /** Puts elements where they belong; those that are there are not touched, or they would lose the focus. @param {View} view */
  #place(view) {
    const sections = view.sections.map((section, index) => this.#section(section, index));
    this.#grids.splice(sections.length).forEach((grid) => grid.parentElement?.remove());
    sections.forEach((grid, section) => {
      const wanted = this.#cards.filter((card) => this.placeOf(card).section === section).map(({ element }) => element);
      wanted.forEach((element, index) => {
        if (grid.children[index] !== element) grid.insertBefore(element, grid.children[index] ?? null);
      });
    });
    if (!this.#spoken.isConnected) this.element.append(this.#spoken);
  }

  /** @param {import("../../lib/view-file.js").ViewSection} section @param {number} index */
  #section({ title, charts }, index) {
    let grid = this.#grids[index];
    if (!grid) {
      grid = h("div", { className: "view-grid" });
      const name = h("input", { type: "text", className: "view-section-title", "aria-label": "Section title", placeholder: "Section without title", onchange: () => this.#events.onTitle(index, name.value) });
      const more = iconButton("more", "Section", () => this.#events.onSection(index, more));
      this.element.append(h("section", { className: "view-section" }, h("div", { className: "view-section-head" }, name, h("small", {}), more), grid));
      this.#grids.push(grid);
    }
    const head = /** @type {HTMLElement} */ (grid.previousElementSibling);
    const name = /** @type {HTMLInputElement} */ (head.firstElementChild);
    if (document.activeElement !== name) name.value = title;
    /** @type {HTMLElement} */ (name.nextElementSibling).textContent = plural(charts.length, "chart");
    head.classList.toggle("untitled", !title);
    return grid;
  }

  /** @param {import("../../lib/view-file.js").Chart} chart */
  #newCard(chart) {
    const card = new ViewCard(chart, this.#events.card);
    this.#byElement.set(card.element, card);
    makeMovable(card, this.#dragTarget);
    this.#sight.observe(card.element);
    this.#sizes.observe(card.element);
    return card;
  }

  /** @param {ViewCard} card */
  #drop(card) {
    this.#sight.unobserve(card.element);
    this.#sizes.unobserve(card.element);
    card.destroy();
  }

  /** @param {IntersectionObserverEntry[]} entries */
  #seen(entries) {
    for (const { target, isIntersecting } of entries) this.#byElement.get(target).visible = isIntersecting;
    this.#events.onSight();
  }

  /** @type {import("./card-drag.js").DragTarget} */
  #dragTarget = {
    placeOf: (card) => this.placeOf(card),
    dropAt: (x, y) => this.#dropAt(x, y),
    move: (card, to) => this.#change(card, (view, from) => moveChart(view, from, shifted(from, to))),
    step: (card, direction) => this.#change(card, (view, from) => {
      const to = neighbourPlace(view, from, direction);
      if (to) this.#spoken.textContent = `Moved to place ${to.chart + 1} of section ${to.section + 1}`;
      return to ? moveChart(view, from, to) : view;
    }),
    resize: (card, columns, rows) => this.#change(card, (view, place) => {
      const size = chartSize({ ...card.spec, columns, rows });
      const { columns: wide, rows: high } = chartSize(card.spec);
      if (wide === size.columns && high === size.rows) {
        card.use(card.spec);
        return view;
      }
      this.#spoken.textContent = `${size.columns} columns wide, ${size.rows} rows high`;
      return replaceChart(view, place, tidyChart({ ...card.spec, ...size }));
    }),
    cell: () => ({ column: (this.#grids[0]?.clientWidth ?? 340) / this.#columns, row: ROW + GAP }),
  };

  /** @param {ViewCard} card @param {(view: View, place: Place) => View} change */
  #change(card, change) {
    const { view } = openView.get();
    if (view) edit(change(view, this.placeOf(card)));
  }

  /** Before or after the card there; at the end of the section where there is none. @param {number} x @param {number} y */
  #dropAt(x, y) {
    const element = document.elementsFromPoint(x, y).find((found) => this.#byElement.has(found));
    if (element instanceof HTMLElement) {
      const { left, width } = element.getBoundingClientRect();
      const after = x > left + width / 2;
      const { section, chart } = this.placeOf(this.#byElement.get(element));
      return { element, after, place: { section, chart: chart + Number(after) } };
    }
    const section = this.#grids.findIndex((grid) => {
      const box = /** @type {HTMLElement} */ (grid.parentElement).getBoundingClientRect();
      return y >= box.top && y <= box.bottom;
    });
    if (section < 0) return null;
    return { element: this.#grids[section], after: true, place: { section, chart: this.#grids[section].children.length } };
  }
}

/** Taking the chart away moves those behind it in its section up by one. @param {Place} from @param {Place} to @returns {Place} */
function shifted(from, to) {
  return from.section === to.section && to.chart > from.chart ? { ...to, chart: to.chart - 1 } : to;
}
