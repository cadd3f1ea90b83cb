/** One cursor and one tooltip for all charts, moved by pointer or keyboard. */

import { settingsOf } from "../state/chart-settings.js";
import * as store from "../state/store.js";
import { chartTip, noteOn } from "./chart-tip.js";
import { toggleMembers } from "./group-legend.js";
import { stepOfCursor, writeNote } from "./note-dialog.js";

/** @typedef {import("./scalar-card.js").ScalarCard} ScalarCard */

/** @typedef {ReturnType<typeof scalarPointer>} Pointer */

const ON_A_LINE = 7; // pixels

/** @param {() => import("./card-grid.js").Shown[]} shown */
export function scalarPointer(shown) {
  const tip = chartTip();
  /** @type {import("../lib/types.js").PointRow | null} under the pointer */
  let pointed = null;
  /** @type {import("../ui/tooltip.js").Hover | null} */
  let hovering = null;
  /** @type {ScalarCard | null} */
  let active = null;

  /** @param {number | null} x @param {ScalarCard | null} source draws its own */
  const spread = (x, source) => {
    const axis = source ? settingsOf(source.tag).axis : store.axis.get();
    for (const { card } of shown()) {
      if (card !== source && settingsOf(card.tag).axis === axis) card.chart()?.showCursor(x);
    }
  };
  store.cursor.subscribe((x) => spread(x, null));
  store.highlighted.subscribe((run) => {
    for (const { card } of shown()) card.chart()?.highlight(run);
  });

  return {
    element: tip.element,
    /** @param {ScalarCard} card @param {number | null} x null: the pointer left, the keyboard's cursor returns */
    moved(card, x) {
      spread(x ?? store.cursor.get(), x === null ? null : card);
    },
    /** @param {ScalarCard} card @param {import("../ui/tooltip.js").Hover | null} hover */
    hovered(card, hover) {
      active = card;
      hovering = hover?.rows.length ? hover : null;
      pointed = hover?.nearest ?? hover?.rows[0] ?? null;
      if (hover) tip.show(hover, store.tooltipSort.get());
      else tip.hide();
    },
    /** A click on the line of a group shows its members; elsewhere it pins what is said. @param {import("../charts/line-chart.js").Hover} hover */
    clicked(hover) {
      const { nearest } = hover;
      if (nearest && nearest.line.series.members !== undefined && nearest.distance < ON_A_LINE) toggleMembers(nearest.run);
      else tip.pin(hover, store.tooltipSort.get());
    },
    /** @param {ScalarCard} card */
    watch(card) {
      card.element.addEventListener("focusin", () => (active = card));
      card.element.addEventListener("pointerenter", () => (active = card));
    },
    active: () => (active?.element.isConnected ? active : null),
    /** Moves the cursor to the next point of the active chart. @param {1 | -1} direction @param {number} count */
    step(direction, count) {
      const card = active?.element.isConnected ? active : shown().find(({ visible }) => visible)?.card;
      const chart = card?.chart();
      if (!card || !chart) return;
      const [lo, hi] = chart.domain().x;
      let x = store.cursor.get();
      if (x === null || x < lo || x > hi) x = direction > 0 ? lo - (hi - lo) * 1e-9 : hi + (hi - lo) * 1e-9;
      for (let i = 0; i < count; i += 1) x = chart.neighbour(x, direction) ?? x;
      store.cursor.set(Math.max(lo, Math.min(hi, x)));
      active = card;
      chart.hoverAt(Math.max(lo, Math.min(hi, x)));
    },
    /** A note where the pointer is, else where the cursor was left. */
    note() {
      const step = stepOfCursor();
      if (pointed) noteOn(pointed);
      else if (step !== null) writeNote(step);
    },
    /** To the captured step nearest to where the pointer or the keyboard's cursor is. */
    captured: () => hovering && tip.follow(hovering, store.tooltipSort.get()),
    clear() {
      tip.unpin();
      store.cursor.set(null);
      spread(null, null);
    },
    /** A chart was painted anew: its cursor is put back. @param {ScalarCard} card */
    restore: (card) => card.chart()?.showCursor(store.cursor.get()),
  };
}
