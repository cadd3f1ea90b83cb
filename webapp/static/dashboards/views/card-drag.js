/** Moving and resizing charts, by pointer and by keys. */

import { chartSize, SIZES } from "../../lib/view-file.js";

/** @typedef {import("./chart-card.js").ViewCard} ViewCard */
/** @typedef {import("../../lib/view-edits.js").Place} Place */

/**
 * @typedef {object} DragTarget
 * @property {(card: ViewCard) => Place} placeOf
 * @property {(clientX: number, clientY: number) => {place: Place, element: HTMLElement, after: boolean} | null} dropAt where a chart would go
 * @property {(card: ViewCard, to: Place) => void} move
 * @property {(card: ViewCard, direction: 1 | -1) => void} step one place on
 * @property {(card: ViewCard, columns: number, rows: number) => void} resize
 * @property {() => {column: number, row: number}} cell size of a grid cell with its gap, CSS pixels
 */

/** @param {ViewCard} card @param {DragTarget} target */
export function makeMovable(card, target) {
  card.grip.addEventListener("pointerdown", (event) => drag(card, target, event));
  card.grip.addEventListener("keydown", (event) => onKey(card, target, event));
  card.corner.addEventListener("pointerdown", (event) => resize(card, target, event));
}

/** @param {ViewCard} card @param {DragTarget} target @param {PointerEvent} event */
function drag(card, target, event) {
  if (event.button !== 0) return;
  /** @type {ReturnType<DragTarget["dropAt"]>} */
  let drop = null;
  const unmark = () => drop?.element.classList.remove("drop-before", "drop-after");
  follow(card.grip, event, {
    move(moved) {
      card.element.classList.add("dragged");
      unmark();
      drop = target.dropAt(moved.clientX, moved.clientY);
      drop?.element.classList.add(drop.after ? "drop-after" : "drop-before");
    },
    end(kept) {
      card.element.classList.remove("dragged");
      unmark();
      if (kept && drop) target.move(card, drop.place);
    },
  });
}

/** @param {ViewCard} card @param {DragTarget} target @param {PointerEvent} event */
function resize(card, target, event) {
  if (event.button !== 0) return;
  const from = chartSize(card.spec);
  const cell = target.cell();
  let size = from;
  follow(card.corner, event, {
    move(moved) {
      const within = (/** @type {number} */ value, /** @type {readonly number[]} */ [lo, hi]) => Math.min(hi, Math.max(lo, Math.round(value)));
      size = {
        columns: within(from.columns + (moved.clientX - event.clientX) / cell.column, SIZES.columns),
        rows: within(from.rows + (moved.clientY - event.clientY) / cell.row, SIZES.rows),
      };
      card.element.style.setProperty("--wide", String(size.columns));
      card.element.style.setProperty("--high", String(size.rows));
    },
    end(kept) {
      if (kept) target.resize(card, size.columns, size.rows);
      else target.resize(card, from.columns, from.rows);
    },
  });
}

/** From pointer down to pointer up; Escape gives up. @param {HTMLElement} element @param {PointerEvent} down @param {{move: (event: PointerEvent) => void, end: (kept: boolean) => void}} events */
function follow(element, down, { move, end }) {
  down.preventDefault();
  element.setPointerCapture(down.pointerId);
  const stop = new AbortController();
  const { signal } = stop;
  const finish = (/** @type {boolean} */ kept) => {
    stop.abort();
    end(kept);
  };
  element.addEventListener("pointermove", move, { signal });
  element.addEventListener("pointerup", () => finish(true), { signal });
  element.addEventListener("pointercancel", () => finish(false), { signal });
  document.addEventListener("keydown", (event) => event.key === "Escape" && finish(false), { signal, capture: true });
}

/** @param {ViewCard} card @param {DragTarget} target @param {KeyboardEvent} event */
function onKey(card, target, event) {
  const moves = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] });
  const move = moves[event.key];
  if (!move) return;
  event.preventDefault();
  event.stopPropagation();
  const { columns, rows } = chartSize(card.spec);
  if (event.shiftKey) target.resize(card, columns + move[0], rows + move[1]);
  else target.step(card, move[0] + move[1] > 0 ? 1 : -1);
  card.grip.focus();
}
