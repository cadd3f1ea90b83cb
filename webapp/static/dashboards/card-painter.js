/** Brings points to cards: asks for what the cards in sight need and paints those whose points or settings changed. */

import { axisTag } from "../lib/axis.js";
import { oncePerFrame, oncePerTask } from "../lib/atom.js";
import { bandTitle } from "../lib/band-title.js";
import { overrides, settingsOf } from "../state/chart-settings.js";
import { eventsKnown } from "../state/events.js";
import { groupColors, grouping, groupingTitle, isGrouped } from "../state/grouping.js";
import * as store from "../state/store.js";
import { isDark, readInk } from "../ui/ink.js";
import { linesOf, wantsOf } from "./chart-wants.js";
import { marksOf } from "./event-marks.js";
import { drawnLines } from "./run-lines.js";
import { runColors } from "./run-panel.js";

/** @typedef {import("./card-grid.js").Shown} Shown */
/** @typedef {import("./scalar-card.js").ScalarCard} ScalarCard */
/** @typedef {import("./chart-wants.js").Shown} Points */
/** @typedef {import("../state/series-store.js").SeriesStore} SeriesStore */
/** @typedef {import("../state/series-store.js").Want} Want */

/**
 * @typedef {object} Painted what a card showed when it was last painted
 * @property {Points[]} points
 * @property {string} revision of the points
 * @property {number} settings
 * @property {import("../lib/types.js").View} view
 * @property {string} marks
 */

const BUDGET = 120; // ms of painting in one frame; the rest waits for the next
/** @type {import("../lib/types.js").View} */
const WHOLE = { x: null, y: null };

export class CardPainter {
  /** @type {WeakMap<ScalarCard, Painted>} what is on each card */ #painted = new WeakMap();
  /** @type {Set<string>} names of the runs to draw */ #runs = new Set();
  /** @type {SeriesStore} */ #series;
  /** @type {() => Shown[]} */ #shown;
  #settings = 0; // grows when all cards look different
  #ink = readInk();
  #colors = readColors();
  #paintSoon = oncePerFrame(() => this.#paintAll());
  #askSoon = oncePerTask(() => this.#ask());

  /** @param {SeriesStore} series @param {() => Shown[]} shown the cards that exist now */
  constructor(series, shown) {
    this.#series = series;
    this.#shown = shown;
  }

  /** Other cards are in sight, or some have another size. @param {Shown[]} resized */
  sight(resized) {
    for (const { card } of resized) this.#painted.delete(card);
    this.#askSoon();
  }

  /** @param {Set<string>} runs names of the runs to draw */
  useRuns(runs) {
    const same = runs.size === this.#runs.size && [...runs].every((run) => this.#runs.has(run));
    this.#runs = runs;
    if (!same) return this.refresh();
    this.#colors = readColors();
    this.#askSoon();
  }

  /** A part of a chart was chosen, a card pinned: only cards that look different now are painted. */
  update() {
    this.#askSoon();
  }

  /** Settings changed: everything in sight is painted again, and asked for anew where that is needed. */
  refresh() {
    this.#settings += 1;
    this.#colors = readColors();
    this.#askSoon();
  }

  /** The theme is another one. */
  recolor() {
    this.#ink = readInk();
    this.refresh();
  }

  /** Points have come, or an error. */
  onData() {
    this.#ask();
  }

  /** Cards just out of sight are asked for once those in sight have everything. */
  #ask() {
    const visible = this.#shown().filter((item) => item.visible).flatMap(({ card }) => this.#wantsOf(card));
    const satisfied = visible.every((want) => this.#series.look(want).complete);
    this.#series.want(satisfied ? this.#visibleFirst().flatMap((card) => this.#wantsOf(card)) : visible);
    this.#paintSoon();
  }

  /** @returns {ScalarCard[]} */
  #visibleFirst() {
    return this.#shown().sort((a, b) => Number(b.visible) - Number(a.visible)).map(({ card }) => card);
  }

  /** @param {ScalarCard} card @returns {Want[]} */
  #wantsOf(card) {
    return wantsOf(card.tag, this.#runsOf(card), card.chartWidth());
  }

  /** The points of a card, and whether all of them are there. @param {ScalarCard} card */
  #pointsOf(card) {
    const looks = this.#wantsOf(card).map((want) => ({ want, ...this.#series.look(want) }));
    return { points: looks.map(({ want, dataset }) => ({ want, dataset })), complete: looks.every(({ complete }) => complete) };
  }

  /** @param {ScalarCard} card */
  #runsOf(card) {
    return drawnLines(card.tag, this.#runs);
  }

  #paintAll() {
    const began = performance.now();
    for (const card of this.#visibleFirst()) {
      if (performance.now() - began > BUDGET) {
        this.#paintSoon();
        break;
      }
      this.#paint(card);
    }
    this.#tellDrawn();
  }

  /** Old points stay on the card until the new ones are complete. @param {ScalarCard} card */
  #paint(card) {
    const { points, complete } = this.#pointsOf(card);
    const before = this.#painted.get(card);
    const shown = complete || !before || before.points[0].dataset.runs.size === 0 ? points : before.points;
    const now = this.#stateOf(card, shown);
    const error = points.find(({ dataset }) => dataset.error)?.dataset.error ?? null;
    if (before && sameState(before, now) && !error) return;
    this.#render(card, now, { complete, error });
    this.#painted.set(card, now);
  }

  /** @param {ScalarCard} card @param {Painted} now @param {{complete: boolean, error: string | null}} how */
  #render(card, { points, view }, { complete, error }) {
    const settings = settingsOf(card.tag);
    const { axis, logX, logY, robust } = settings;
    const runs = this.#runsOf(card);
    const statistics = store.statistics.get();
    const how = grouping.get();
    const lines = linesOf(points, this.#colors);
    card.render({
      lines,
      options: { axis, logX, logY, robust, view, ink: this.#ink, marks: marksOf(axis, runs, lines), selection: statistics.get(card.tag) ?? null, ...titlesOf(settings) },
      loading: !complete,
      error,
      pinned: isPinned(card),
      wide: store.wide.get().has(card.tag),
      statistics: statistics.has(card.tag),
      points,
      caption: captionOf(card.tag, settings, points[0]),
      grouping: points[0].want.groups && how ? bandTitle(how) : "",
      leftOut: points[0].want.groups ? 0 : runs.length - points[0].want.runs.length,
    });
    card.chart()?.showCursor(axis === store.axis.get() ? store.cursor.get() : null);
  }

  /** @param {ScalarCard} card @param {Points[]} points @returns {Painted} */
  #stateOf(card, points) {
    const marks = `${isPinned(card)} ${store.wide.get().has(card.tag)} ${store.statistics.get().has(card.tag)} ${store.statistics.get().get(card.tag)}`;
    const revision = points.map(({ dataset }) => dataset.revision).join();
    return { points, revision, settings: this.#settings, view: store.views.get().get(card.tag) ?? WHOLE, marks };
  }

  /** Every visible card shows its own points (or why not): the mark that tests and people's scripts wait for. */
  #tellDrawn() {
    if (store.page.get() !== "scalars") return;
    const done = this.#shown().every(({ card, visible }) => {
      if (!visible) return true;
      const { points, complete } = this.#pointsOf(card);
      const now = this.#painted.get(card);
      if (points.some(({ dataset }) => dataset.error)) return true;
      return complete && now !== undefined && sameState(now, this.#stateOf(card, points));
    });
    if (done && isGrouped() && eventsKnown() && (store.complete.get() || store.status.get()?.phase === "failed")) document.documentElement.dataset.drawn = "true";
    else delete document.documentElement.dataset.drawn;
  }
}

/** @param {Painted} a @param {Painted} b */
function sameState(a, b) {
  const same = a.points.length === b.points.length && a.points.every(({ dataset }, index) => dataset === b.points[index].dataset);
  return same && a.revision === b.revision && a.settings === b.settings && a.view === b.view && a.marks === b.marks;
}

/** @param {ScalarCard} card */
function isPinned(card) {
  return store.pins.get().includes(card.tag);
}

/** @returns {import("./chart-wants.js").Colors} */
function readColors() {
  return { run: runColors(), group: groupColors(isDark() ? "dark" : "light") };
}

/** Steps and times speak for themselves; other axes, and slopes, have a title. @param {import("../state/chart-settings.js").ChartSettings} settings */
function titlesOf({ axis, derivative }) {
  return { xTitle: axisTag(axis) ?? "", yTitle: derivative ? `change per ${axis === "step" ? "step" : axisTag(axis) ?? "second"}` : "" };
}

/** "grouped by optimizer · own settings" @param {string} tag @param {import("../state/chart-settings.js").ChartSettings} settings @param {Points} points */
function captionOf(tag, { derivative }, { want }) {
  const how = grouping.get();
  const parts = [
    want.groups && how ? `by ${groupingTitle(how)}` : "",
    derivative ? "slope" : "",
    overrides.get().has(tag) ? "own settings" : "",
  ];
  return parts.filter(Boolean).join(" · ");
}
