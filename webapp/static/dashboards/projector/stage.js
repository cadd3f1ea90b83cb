/** The views beside each other: one card for each, the same points, selection and colours in all of them. */

import { activeView, pointViews } from "../../state/projector-settings.js";
import { h } from "../../ui/dom.js";
import { ViewCard } from "./view-card.js";

export class ViewStage {
  element = h("div", { className: "view-stage" });
  /** @type {Map<number, ViewCard>} by the id of their view */ #cards = new Map();

  constructor() {
    pointViews.subscribe(() => this.#arrange());
    this.#arrange();
  }

  /** The card that keys are about. */
  get active() {
    return this.#cards.get(activeView.get()) ?? [...this.#cards.values()][0];
  }

  /** Brings points into sight, in all views. @param {ArrayLike<number>} [rows] */
  fit(rows) {
    for (const card of this.#cards.values()) card.fit(rows);
  }

  recolor() {
    for (const card of this.#cards.values()) card.recolor();
  }

  #arrange() {
    const views = pointViews.get();
    for (const [id, card] of this.#cards) {
      if (views.some((view) => view.id === id)) continue;
      card.destroy();
      this.#cards.delete(id);
    }
    for (const { id } of views) {
      if (this.#cards.has(id)) continue;
      const card = new ViewCard(id);
      this.#cards.set(id, card);
      this.element.append(card.element);
    }
    this.element.dataset.views = String(views.length);
    if (!views.some(({ id }) => id === activeView.get())) activeView.set(views[0].id);
  }
}
