/** Parallel coordinates: a line a run, an axis a column; dragging along an axis brushes it. */

import { makeLayer, sizeLayer } from "./canvas.js";
import { axisStrips } from "./parallel-strips.js";
import { besideEachOther, crossing, geometryOf, paintAxes, paintParallel, paintPassing, paintRest, rowAt, shuffled, strokeRow } from "./parallel-paint.js";

/** @typedef {import("./parallel-paint.js").ParallelModel} ParallelModel */
/** @typedef {import("./parallel-paint.js").Geometry} Geometry */
/** @typedef {import("../lib/parallel-axis.js").Axis} Axis */
/** @typedef {import("../lib/brush.js").Brush} Brush */

/**
 * @typedef {object} ParallelEvents
 * @property {(column: string, brush: Brush | null) => void} onBrush null takes the brush away
 * @property {(hover: {row: number, clientX: number, clientY: number} | null) => void} onHover
 * @property {(row: number, add: boolean) => void} onPick a click on a line; `add`: to those that are picked
 *
 * @typedef {{width: number, height: number}} Size CSS pixels
 * @typedef {{model: ParallelModel, size: Size, geometry: Geometry, row: number}} State
 */

const DOT = 4; // pixels, radius of the marks of the run under the pointer

/** @param {HTMLElement} element must be positioned @param {ParallelModel} given @param {Size} room @param {ParallelEvents} events */
export function parallelChart(element, given, room, events) {
  const rest = makeLayer(element, "chart-rest");
  const base = makeLayer(element, "chart-lines");
  const top = makeLayer(element, "chart-overlay");
  /** @type {State} */
  const state = { model: withOrder(given), size: room, geometry: geometryOf(given.axes.length, room.width, room.height), row: -1 };
  const strips = axisStrips(element, () => state, events.onBrush);
  let restShows = "";
  const paint = (/** @type {boolean} */ same) => {
    const { model, size } = state;
    state.geometry = geometryOf(model.axes.length, size.width, size.height);
    // Rows outside of the brushes are the costly ones, and the same while a brush is dragged: all rows lie below the others.
    const wanted = model.brushes.size ? "rows" : "nothing";
    if (!same || wanted !== restShows) {
      sizeLayer(rest, size);
      if (model.brushes.size) paintRest(rest.context, model, state.geometry, model.rows);
    }
    restShows = wanted;
    sizeLayer(base, size);
    paintPassing(base.context, model, state.geometry);
    paintAxes(base.context, model, state.geometry, false);
    strips.place();
    paintRow();
  };
  const paintRow = () => {
    sizeLayer(top, state.size);
    if (state.row >= 0) paintMarked(top.context, state);
  };
  const mark = (/** @type {number} */ row) => {
    if (row === state.row) return;
    state.row = row;
    paintRow();
  };
  const stop = followPointer(element, top.canvas, state, events, mark);
  paint(false);
  return {
    /** @param {ParallelModel} next @param {Size} size */
    update(next, size) {
      const before = state.model;
      const same = sameList(before.axes, next.axes) && sameList(before.rows, next.rows) && before.ink === next.ink && size.width === state.size.width && size.height === state.size.height;
      Object.assign(state, { model: withOrder(next, before), size, row: next.rows.includes(state.row) ? state.row : -1 });
      paint(same);
    },
    geometry: () => state.geometry,
    /** @param {number} row −1: none */
    highlight: mark,
    picture: () => ({
      ...state.size,
      paint: (/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {number} */ height) =>
        paintParallel(context, state.model, geometryOf(state.model.axes.length, width, height)),
    }),
    destroy() {
      stop();
      strips.destroy();
      element.replaceChildren();
    },
  };
}

/** The model with the order and the places beside each other of its rows: those from before where they are the same rows. @param {ParallelModel} model @param {ParallelModel} [before] @returns {ParallelModel} */
function withOrder(model, before) {
  const same = before && sameList(before.rows, model.rows);
  return {
    ...model, order: same ? before.order : shuffled(model.rows),
    aside: same && before.axes[before.axes.length - 1] === model.axes[model.axes.length - 1] ? before.aside : besideEachOther(model.axes, model.rows),
  };
}

/** @template T @param {readonly T[]} a @param {readonly T[]} b */
function sameList(a, b) {
  return a.length === b.length && a.every((item, at) => item === b[at]);
}

/** @param {CanvasRenderingContext2D} context @param {State} state */
function paintMarked(context, { model, geometry, row }) {
  context.strokeStyle = context.fillStyle = model.colorOf(row);
  context.lineWidth = 3.5;
  strokeRow(context, model, geometry, row);
  model.axes.forEach((axis, at) => {
    context.beginPath();
    context.arc(geometry.xs[at], crossing(model, geometry, axis, row), DOT, 0, 2 * Math.PI);
    context.fill();
  });
}

/**
 * The run under the pointer is told and marked; under a finger where it taps.
 *
 * @param {HTMLElement} element @param {HTMLCanvasElement} canvas @param {State} state @param {ParallelEvents} events @param {(row: number) => void} mark
 * @returns {() => void} stops listening
 */
function followPointer(element, canvas, state, events, mark) {
  let frame = 0;
  const rowUnder = (/** @type {PointerEvent | MouseEvent} */ event) => {
    const { left, top } = canvas.getBoundingClientRect();
    return rowAt(state.model, state.geometry, event.clientX - left, event.clientY - top);
  };
  const tell = (/** @type {PointerEvent | MouseEvent} */ event) => {
    const row = rowUnder(event);
    mark(row);
    events.onHover(row < 0 ? null : { row, clientX: event.clientX, clientY: event.clientY });
  };
  const leave = () => {
    cancelAnimationFrame(frame);
    mark(-1);
    events.onHover(null);
  };
  /** @type {Record<string, (event: any) => void>} */
  const handlers = {
    pointerdown: (event) => (event.target === canvas && event.pointerType === "touch" ? tell(event) : undefined),
    pointermove(event) {
      cancelAnimationFrame(frame);
      if (event.buttons === 0) frame = requestAnimationFrame(() => tell(event));
    },
    pointerleave: (event) => (event.pointerType === "touch" ? undefined : leave()),
    click(event) {
      const row = event.target === canvas ? rowUnder(event) : -1;
      if (row >= 0) events.onPick(row, event.ctrlKey || event.metaKey || event.shiftKey);
    },
  };
  for (const [type, handler] of Object.entries(handlers)) element.addEventListener(type, handler);
  return () => {
    leave();
    for (const [type, handler] of Object.entries(handlers)) element.removeEventListener(type, handler);
  };
}
