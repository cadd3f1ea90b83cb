/** Asks for what the charts in sight need, and paints those that look different now. */

import { oncePerFrame, oncePerTask } from "../../lib/atom.js";
import { columnsOf } from "../../lib/chart-data.js";
import { wantColumns } from "../../state/run-table.js";
import { drawnRuns } from "../../state/listed-runs.js";
import * as store from "../../state/store.js";
import { openView } from "../../state/views.js";
import { isDark, readInk } from "../../ui/ink.js";
import { marksOf } from "../event-marks.js";
import { runColors } from "../run-panel.js";
import { axisOfChart, modelOf, needsOf } from "./chart-model.js";

/** @typedef {import("./chart-card.js").ViewCard} ViewCard */
/** @typedef {import("./chart-model.js").Surroundings} Surroundings */

const BUDGET = 120; // ms of painting in one frame

export class ViewPainter {
  /** @type {import("../../state/series-store.js").SeriesStore} */ #series;
  /** @type {() => ViewCard[]} */ #cards;
  /** @type {(card: ViewCard, model: import("./chart-model.js").Model) => void} */ #onPainted;
  #epoch = 0; // grows when every chart looks different
  #ink = readInk();
  /** @type {Surroundings} */ #around = { settings: {}, runs: [], colorOf: String, theme: "light" };
  #paintSoon = oncePerFrame(() => this.#paintAll());
  #askSoon = oncePerTask(() => this.#ask());

  /**
   * @param {import("../../state/series-store.js").SeriesStore} series
   * @param {() => ViewCard[]} cards that exist
   * @param {(card: ViewCard, model: import("./chart-model.js").Model) => void} onPainted
   */
  constructor(series, cards, onPainted) {
    this.#series = series;
    this.#cards = cards;
    this.#onPainted = onPainted;
  }

  /** Other cards, other sizes, other points. */
  update() {
    this.#askSoon();
  }

  /** Runs, colours or settings changed: everything in sight is painted again. */
  refresh() {
    this.#epoch += 1;
    this.#askSoon();
  }

  recolor() {
    this.#ink = readInk();
    this.refresh();
  }

  #ask() {
    if (store.page.get() !== "views") return;
    this.#around = { settings: openView.get().view?.settings ?? {}, runs: [...drawnRuns()], colorOf: runColors(), theme: isDark() ? "dark" : "light" };
    const visible = this.#cards().filter((card) => card.visible);
    this.#series.want(visible.flatMap((card) => needsOf(card.spec, this.#around, card.size().width, card.zoom).parts.map(({ want }) => want)));
    wantColumns("views", [...new Set(visible.flatMap((card) => columnsOf(card.spec)))].sort());
    this.#paintSoon();
  }

  #paintAll() {
    if (store.page.get() !== "views") return;
    const began = performance.now();
    let done = openView.get().view !== null || openView.get().error !== "";
    for (const card of this.#cards()) {
      if (!card.visible) continue;
      if (performance.now() - began > BUDGET) {
        done = false;
        this.#paintSoon();
        break;
      }
      done = this.#paint(card) && done;
    }
    if (done && store.complete.get()) document.documentElement.dataset.drawn = "true";
    else delete document.documentElement.dataset.drawn;
  }

  /** Old points stay on the card until the new ones are complete. @param {ViewCard} card @returns {boolean} whether it shows what it should */
  #paint(card) {
    const { width, height } = card.size();
    const model = modelOf(card.spec, this.#around, this.#series, width, card.zoom);
    const now = [card.spec, card.zoom, width, height, this.#epoch, model.complete, model.error, ...model.stamp];
    const same = now.length === card.painted.length && now.every((part, index) => Object.is(part, card.painted[index]));
    if (same) return model.complete || Boolean(model.error);
    if (!model.complete && !model.error && card.painted.length > 0) return false;
    const axis = axisOfChart(card.spec, this.#around.settings);
    card.render(model, { ink: this.#ink, axis, robust: store.robust.get(), marks: this.#marksOf(model, axis), ...titlesOf(model, axis) });
    card.chart()?.showCursor(store.cursor.get());
    card.painted = now;
    this.#onPainted(card, model);
    return model.complete || Boolean(model.error);
  }

  /** Events of the runs that the chart draws; of all runs where its lines are groups. @param {import("./chart-model.js").Model} model @param {import("../../lib/types.js").XAxis} axis */
  #marksOf({ data, grouped }, axis) {
    /** @type {{series: import("../../lib/types.js").Series}[]} */
    const lines = data?.lines ?? [];
    return marksOf(axis, grouped ? this.#around.runs : lines.map(({ series }) => series.run), lines);
  }
}

/** Titles where two y axes have to be told apart. @param {import("./chart-model.js").Model} model @param {string} axis */
function titlesOf({ legend }, axis) {
  const xTitle = axis.startsWith("tag:") ? axis.slice(4) : undefined;
  const names = (/** @type {"left" | "right"} */ side) => legend.filter((entry) => entry.axis === side && (!entry.color || legend.every(({ color }) => color))).map(({ label }) => label).join(", ");
  return names("right") ? { xTitle, yTitle: names("left"), rightTitle: names("right") } : { xTitle };
}
