/** Brings points to cards: asks for what the cards in sight need and paints those whose points or settings changed. */

import { oncePerFrame, oncePerTask } from "../lib/atom.js";
import { MOST_RAW_LINES } from "../charts/line-frame.js";
import * as store from "../state/store.js";
import { readInk } from "../ui/ink.js";
import { runColors } from "./run-panel.js";

/** @typedef {import("./card-grid.js").Shown} Shown */
/** @typedef {import("./scalar-card.js").ScalarCard} ScalarCard */
/** @typedef {import("../state/datasets.js").Dataset} Dataset */
/** @typedef {import("../charts/line-frame.js").Line} Line */
/** @typedef {import("../state/series-store.js").SeriesStore} SeriesStore */
/** @typedef {import("../state/series-store.js").Want} Want */

/**
 * @typedef {object} Painted what a card showed when it was last painted
 * @property {Dataset} dataset
 * @property {number} revision of the dataset
 * @property {number} settings
 * @property {import("../lib/types.js").View} view
 * @property {string} marks
 */

const MOST_LINES = 1000; // a chart; more cannot be told apart
const BUDGET = 120; // ms of painting in one frame; the rest waits for the next
const PIXEL_STEP = 64; // widths are asked for in such steps, so that a small resize asks for nothing
/** @type {import("../lib/types.js").View} */
const WHOLE = { x: null, y: null };

export class CardPainter {
  /** @type {WeakMap<ScalarCard, Painted>} what is on each card */ #painted = new WeakMap();
  /** @type {Set<string>} names of the runs to draw */ #runs = new Set();
  /** @type {SeriesStore} */ #series;
  /** @type {() => Shown[]} */ #shown;
  #settings = 0; // grows when all cards look different
  #ink = readInk();
  #colorOf = runColors();
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
    this.#colorOf = runColors();
    if (same) this.#askSoon();
    else this.refresh();
  }

  /** A part of a chart was chosen, a card pinned: only cards that look different now are painted. */
  update() {
    this.#askSoon();
  }

  /** Settings changed: everything in sight is painted again, and asked for anew where that is needed. */
  refresh() {
    this.#settings += 1;
    this.#colorOf = runColors();
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
    const visible = this.#shown().filter((item) => item.visible).map(({ card }) => this.#wantOf(card));
    const satisfied = visible.every((want) => this.#series.look(want).complete);
    this.#series.want(satisfied ? this.#visibleFirst().map((card) => this.#wantOf(card)) : visible);
    this.#paintSoon();
  }

  /** @returns {ScalarCard[]} */
  #visibleFirst() {
    return this.#shown().sort((a, b) => Number(b.visible) - Number(a.visible)).map(({ card }) => card);
  }

  /** @param {ScalarCard} card @returns {Want} */
  #wantOf(card) {
    const runs = this.#runsOf(card).slice(0, MOST_LINES);
    return { tag: card.tag, runs, look: lookOf(card, runs.length) };
  }

  /** @param {ScalarCard} card */
  #runsOf(card) {
    return store.catalog.get().runsOf(card.tag).filter((run) => this.#runs.has(run));
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
    const want = this.#wantOf(card);
    const { dataset, complete } = this.#series.look(want);
    const before = this.#painted.get(card);
    const shown = complete || !before || before.dataset.runs.size === 0 ? dataset : before.dataset;
    const now = this.#stateOf(card, shown);
    if (before && sameState(before, now) && !dataset.error) return;
    card.render({
      lines: linesOf(shown, want.runs, this.#colorOf),
      options: { axis: store.axis.get(), logX: store.logX.get(), logY: store.logY.get(), robust: store.robust.get(), view: now.view, ink: this.#ink },
      loading: !complete,
      error: dataset.error,
      pinned: isPinned(card),
      wide: store.wide.get().has(card.tag),
      leftOut: this.#runsOf(card).length - want.runs.length,
    });
    card.chart()?.showCursor(store.cursor.get());
    this.#painted.set(card, now);
  }

  /** @param {ScalarCard} card @param {Dataset} dataset @returns {Painted} */
  #stateOf(card, dataset) {
    const marks = `${isPinned(card)} ${store.wide.get().has(card.tag)}`;
    return { dataset, revision: dataset.revision, settings: this.#settings, view: store.views.get().get(card.tag) ?? WHOLE, marks };
  }

  /** Every visible card shows its own points (or why not): the mark that tests and people's scripts wait for. */
  #tellDrawn() {
    if (store.page.get() !== "scalars") return;
    const done = this.#shown().every(({ card, visible }) => {
      if (!visible) return true;
      const { dataset, complete } = this.#series.look(this.#wantOf(card));
      const now = this.#painted.get(card);
      return Boolean(dataset.error) || (complete && now !== undefined && sameState(now, this.#stateOf(card, dataset)));
    });
    if (done && (store.complete.get() || store.status.get()?.phase === "failed")) document.documentElement.dataset.drawn = "true";
    else delete document.documentElement.dataset.drawn;
  }
}

/** @param {Painted} a @param {Painted} b */
function sameState(a, b) {
  return a.dataset === b.dataset && a.revision === b.revision && a.settings === b.settings && a.view === b.view && a.marks === b.marks;
}

/** @param {ScalarCard} card */
function isPinned(card) {
  return store.pins.get().includes(card.tag);
}

/** @param {ScalarCard} card @param {number} lines @returns {import("../state/datasets.js").Look} */
function lookOf(card, lines) {
  // Where raw values are not drawn, half the columns give the smoothed lines all the points they can show.
  const width = card.chartWidth() / (lines > MOST_RAW_LINES ? 2 : 1);
  return {
    x: store.axis.get(),
    logX: store.logX.get(),
    smoothing: store.smoothing.get(),
    segments: store.segments.get(),
    range: store.views.get().get(card.tag)?.x ?? null,
    pixels: Math.min(8192, Math.ceil(Math.max(1, width) / PIXEL_STEP) * PIXEL_STEP),
  };
}

/** @param {Dataset} dataset @param {string[]} runs @param {(run: string) => string} colorOf @returns {Line[]} */
function linesOf(dataset, runs, colorOf) {
  const lines = [];
  for (const run of runs) {
    for (const series of dataset.runs.get(run) ?? []) {
      if (series.n === 0) continue;
      lines.push({ series, color: colorOf(run), label: series.segment > 0 ? `${run} · restart ${series.segment}` : run });
    }
  }
  return lines;
}
