/** The view "Overview": where the time went, how well the GPU is used, what to do, and how far the trace can be trusted. */

import { h } from "../../../ui/dom.js";
import { Question } from "../question.js";
import { adviceCard } from "./advice-card.js";
import { fetchOverview } from "./answer.js";
import { gpusCard } from "./gpus-card.js";
import { healthCard } from "./health-card.js";
import { longestCard } from "./longest-card.js";
import { RanksCard } from "./ranks-card.js";
import { splitCard } from "./split-card.js";
import { StepsCard } from "./steps-card.js";
import { TablesCard } from "./tables-card.js";

/** @typedef {import("../views.js").ViewContext} ViewContext */
/** @typedef {import("./answer.js").Overview} Overview */
/** @typedef {import("./answer.js").Place} Place */
/** @typedef {import("../../../state/profile-api.js").Shown} Shown */

/** @param {ViewContext} context @returns {import("../views.js").MountedView} */
export const view = (context) => new OverviewView(context);

class OverviewView {
  #goTo;
  #question = new Question();
  #grid = h("div", { className: "prof-overview", hidden: true });
  #steps;
  #tables;
  #ranks = new RanksCard();
  /** @type {{overview: Overview, shown: Shown} | null} */ #drawn = null;
  element = h("div", { className: "prof-overview-frame" }, this.#question.element, this.#grid);

  /** @param {ViewContext} context */
  constructor(context) {
    this.#goTo = (/** @type {Place} */ place) => goTo(context, place);
    this.#steps = new StepsCard(this.#goTo);
    this.#tables = new TablesCard(this.#goTo);
  }

  /** @param {Shown} shown */
  async show(shown) {
    await this.#question.ask((asking) => fetchOverview(shown, asking), (overview) => this.#draw(overview, shown));
    if (this.#drawn?.shown === shown) await this.#tables.show(shown, this.#drawn.overview.gpu !== null);
  }

  search() {
    this.#tables.focusFilter();
  }

  recolor() {
    if (this.#drawn) this.#draw(this.#drawn.overview, this.#drawn.shown);
  }

  destroy() {
    this.#question.cancel();
    for (const part of [this.#steps, this.#tables, this.#ranks]) part.destroy();
  }

  /** @param {Overview} overview @param {Shown} shown */
  #draw(overview, shown) {
    this.#drawn = { overview, shown };
    this.#grid.hidden = false;
    this.#grid.replaceChildren(
      group("first", splitCard(overview), adviceCard(overview, this.#goTo)),
      group("steps", this.#steps.element),
      group("side", gpusCard(overview, shown.info.devices ?? []), healthCard(overview), longestCard(overview, this.#goTo)),
      group("rest", this.#ranks.element, this.#tables.element),
    );
    this.#steps.show(overview);
    this.#ranks.show(shown);
  }
}

/** Cards below each other. @param {string} area of the grid @param {...HTMLElement} cards */
const group = (area, ...cards) => h("div", { className: `prof-group prof-group-${area}` }, ...cards);

/** @param {ViewContext} context @param {Place} place */
function goTo(context, { view: tab, window, row, find }) {
  if (row >= 0) context.goTo(tab, { row, ...(window && { window: around(window) }) });
  else if (window) context.goTo(tab, { window });
  else context.goTo(tab, find ? { search: find, filter: find } : {}); // timelines search, tables filter
}

/** A stretch of time with as much again on either side, so that one sees what it lies between. @param {[number, number]} window ns @returns {[number, number]} */
function around([from, to]) {
  const room = Math.max(1, to - from);
  return [from - room, to + room];
}
