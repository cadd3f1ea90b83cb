/** Brings points to cards: asks for what the cards in sight need and paints those whose points or settings changed. */

import { oncePerFrame, oncePerTask } from "../lib/atom.js";
import * as store from "../state/store.js";
import { readInk } from "../ui/ink.js";
import { runColors } from "./run-panel.js";

/** @typedef {import("./card-grid.js").Shown} Shown */
/** @typedef {import("./scalar-card.js").ScalarCard} ScalarCard */
/** @typedef {import("../state/datasets.js").Dataset} Dataset */
/** @typedef {import("../charts/line-frame.js").Line} Line */
/** @typedef {ReturnType<typeof import("../state/series-store.js").seriesStore>} SeriesStore */

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
/** @type {import("../lib/types.js").View} */
const WHOLE = { x: null, y: null };
const PIXEL_STEP = 128; // widths are asked for in such steps, so that a small resize asks for nothing

/** @param {SeriesStore} series @param {() => Shown[]} shown */
export function cardPainter(series, shown) {
  /** @type {WeakMap<ScalarCard, Painted>} what is on each card */
  const painted = new WeakMap();
  let runs = /** @type {Set<string>} */ (new Set());
  let settings = 0;
  let ink = readInk();
  let colorOf = runColors();

  /** @param {ScalarCard} card */
  const runsOf = (card) => store.catalog.get().runsOf(card.tag).filter((run) => runs.has(run)).slice(0, MOST_LINES);
  /** @param {ScalarCard} card */
  const wantOf = (card) => ({ tag: card.tag, runs: runsOf(card), look: lookOf(card) });
  const ordered = () => shown().sort((a, b) => Number(b.visible) - Number(a.visible));

  /** Cards just out of sight are asked for once those in sight have everything. */
  const want = () => {
    const visible = shown().filter((item) => item.visible).map(({ card }) => wantOf(card));
    const satisfied = visible.every((one) => series.look(one).complete);
    series.want(satisfied ? ordered().map(({ card }) => wantOf(card)) : visible);
  };
  const ask = oncePerTask(() => {
    want();
    paintSoon();
  });
  const paintSoon = oncePerFrame(() => {
    const began = performance.now();
    for (const { card } of ordered()) {
      if (performance.now() - began > BUDGET) {
        paintSoon();
        break;
      }
      paint(card);
    }
    tellDrawn();
  });

  /** Old points stay on the card until the new ones are complete. @param {ScalarCard} card */
  function paint(card) {
    const want = wantOf(card);
    const { dataset, complete } = series.look(want);
    const before = painted.get(card);
    const shownSet = complete || !before || before.dataset.runs.size === 0 ? dataset : before.dataset;
    const now = stateOf(card, shownSet);
    if (before && sameState(before, now) && !dataset.error) return;
    card.render({
      lines: linesOf(shownSet, want.runs, colorOf),
      options: { axis: store.axis.get(), logX: store.logX.get(), logY: store.logY.get(), robust: store.robust.get(), view: now.view, ink },
      loading: !complete,
      error: dataset.error,
      pinned: isPinned(card),
      wide: store.wide.get().has(card.tag),
      leftOut: Math.max(0, store.catalog.get().runsOf(card.tag).filter((run) => runs.has(run)).length - want.runs.length),
    });
    card.chart()?.showCursor(store.cursor.get());
    painted.set(card, now);
  }

  /** @param {ScalarCard} card @param {Dataset} dataset @returns {Painted} */
  function stateOf(card, dataset) {
    const marks = `${isPinned(card)} ${store.wide.get().has(card.tag)}`;
    return { dataset, revision: dataset.revision, settings, view: store.views.get().get(card.tag) ?? WHOLE, marks };
  }

  /** Every visible card shows its own points (or why not): the mark that tests and people's scripts wait for. */
  function tellDrawn() {
    const done = shown().every(({ card, visible }) => {
      if (!visible) return true;
      const { dataset, complete } = series.look(wantOf(card));
      const now = painted.get(card);
      return Boolean(dataset.error) || (complete && now !== undefined && sameState(now, stateOf(card, dataset)));
    });
    if (done && store.status.get()?.ready) document.documentElement.dataset.drawn = "true";
    else delete document.documentElement.dataset.drawn;
  }

  return {
    /** Other cards are in sight, or some have another size. @param {Shown[]} resized */
    sight(resized) {
      for (const { card } of resized) painted.delete(card);
      ask();
    },
    /** @param {Set<string>} next names of the runs to draw */
    useRuns(next) {
      const same = next.size === runs.size && [...next].every((run) => runs.has(run));
      runs = next;
      colorOf = runColors();
      if (same) ask();
      else this.refresh();
    },
    /** A part of a chart was chosen, a card pinned: only cards that look different now are painted. */
    update: () => ask(),
    /** Settings changed: everything in sight is painted again, and asked for anew where that is needed. */
    refresh() {
      settings += 1;
      colorOf = runColors();
      ask();
    },
    /** The theme is another one. */
    recolor() {
      ink = readInk();
      this.refresh();
    },
    /** @param {Set<string>} tags */
    onData(tags) {
      if (tags.size === 0) return;
      want();
      paintSoon();
    },
  };
}

/** @param {Painted} a @param {Painted} b */
function sameState(a, b) {
  return a.dataset === b.dataset && a.revision === b.revision && a.settings === b.settings && a.view === b.view && a.marks === b.marks;
}

/** @param {ScalarCard} card */
function isPinned(card) {
  return store.pins.get().includes(card.tag);
}

/** @param {ScalarCard} card @returns {import("../state/datasets.js").Look} */
function lookOf(card) {
  return {
    x: store.axis.get(),
    logX: store.logX.get(),
    smoothing: store.smoothing.get(),
    segments: store.segments.get(),
    range: store.views.get().get(card.tag)?.x ?? null,
    pixels: Math.min(8192, Math.ceil(Math.max(1, card.chartWidth()) / PIXEL_STEP) * PIXEL_STEP),
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
