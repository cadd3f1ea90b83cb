/** Parallel coordinates: a line a run, an axis a column; dragging along an axis brushes it. */

import { makeLayer, sizeLayer } from "./canvas.js";
import { geometryOf, paintParallel, rowAt, strokeRow, yOf } from "./parallel-paint.js";

/** @typedef {import("./parallel-paint.js").ParallelModel} ParallelModel */
/** @typedef {import("./parallel-paint.js").Geometry} Geometry */
/** @typedef {import("../lib/parallel-axis.js").Axis} Axis */
/** @typedef {import("../lib/brush.js").Brush} Brush */

/**
 * @typedef {object} ParallelEvents
 * @property {(column: string, brush: Brush | null) => void} onBrush null takes the brush away
 * @property {(hover: {row: number, clientX: number, clientY: number} | null) => void} onHover
 *
 * @typedef {{width: number, height: number}} Size CSS pixels
 * @typedef {{axis: number, anchor: number, from: number, span: [number, number] | null, moved: boolean}} Drag
 *   `anchor`: the end that stays, a place; `span`: what is moved as a whole; `from`: where the drag began
 * @typedef {{model: ParallelModel, size: Size, geometry: Geometry, row: number, drag: Drag | null}} State
 */

const REACH = 16; // pixels beside an axis that belong to it
const GRIP = 5; // pixels around the end of a brush
const CLICK = 4; // pixels; a shorter drag is a click

/** @param {HTMLElement} element must be positioned @param {ParallelModel} model @param {Size} size @param {ParallelEvents} events */
export function parallelChart(element, model, size, events) {
  const base = makeLayer(element, "chart-lines");
  const top = makeLayer(element, "chart-overlay");
  /** @type {State} */
  const state = { model, size, geometry: geometryOf(model.axes.length, size.width, size.height), row: -1, drag: null };
  const paint = () => {
    state.geometry = geometryOf(state.model.axes.length, state.size.width, state.size.height);
    sizeLayer(base, state.size);
    paintParallel(base.context, state.model, state.geometry, false);
    paintRow();
  };
  const paintRow = () => {
    sizeLayer(top, state.size);
    if (state.row < 0) return;
    top.context.strokeStyle = state.model.colorOf(state.row);
    top.context.lineWidth = 3.5;
    strokeRow(top.context, state.model.axes, state.geometry, state.row);
  };
  const stop = listen(top.canvas, state, events, (row) => {
    if (row === state.row) return;
    state.row = row;
    paintRow();
  });
  paint();
  return {
    /** @param {ParallelModel} next @param {Size} nextSize */
    update(next, nextSize) {
      Object.assign(state, { model: next, size: nextSize, row: next.rows.includes(state.row) ? state.row : -1 });
      paint();
    },
    geometry: () => state.geometry,
    /** @param {number} row −1: none */
    highlight(row) {
      state.row = row;
      paintRow();
    },
    picture: () => ({
      ...state.size,
      paint: (/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {number} */ height) =>
        paintParallel(context, state.model, geometryOf(state.model.axes.length, width, height), true),
    }),
    destroy() {
      stop();
      element.replaceChildren();
    },
  };
}

/**
 * @param {HTMLCanvasElement} canvas @param {State} state @param {ParallelEvents} events @param {(row: number) => void} mark
 * @returns {() => void} stops listening
 */
function listen(canvas, state, events, mark) {
  let frame = 0;
  const pointOf = (/** @type {PointerEvent} */ event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  /** @type {Record<string, (event: PointerEvent) => void>} */
  const handlers = {
    pointerdown(event) {
      if (event.button !== 0) return;
      const { x, y } = pointOf(event);
      state.drag = beginDrag(state, x, y);
      if (state.drag) canvas.setPointerCapture(event.pointerId);
    },
    pointermove(event) {
      const { x, y } = pointOf(event);
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(() => {
        if (state.drag) return dragTo(state, y, events);
        const row = rowAt(state.model, state.geometry, x, y);
        canvas.style.cursor = axisAt(state.geometry, x) >= 0 ? "ns-resize" : "crosshair";
        mark(row);
        events.onHover(row < 0 ? null : { row, clientX: event.clientX, clientY: event.clientY });
      });
    },
    pointerup(event) {
      if (!state.drag) return;
      cancelAnimationFrame(frame);
      const { y } = pointOf(event);
      if (state.drag.moved || Math.abs(y - state.drag.from) > CLICK) dragTo(state, y, events);
      else click(state, state.drag.axis, y, events);
      state.drag = null;
    },
    pointercancel: () => void (state.drag = null),
    pointerleave() {
      cancelAnimationFrame(frame);
      if (state.drag) return;
      mark(-1);
      events.onHover(null);
    },
  };
  for (const [type, handler] of Object.entries(handlers)) canvas.addEventListener(type, /** @type {EventListener} */ (handler));
  return () => {
    cancelAnimationFrame(frame);
    for (const [type, handler] of Object.entries(handlers)) canvas.removeEventListener(type, /** @type {EventListener} */ (handler));
  };
}

/** @param {Geometry} geometry @param {number} x the axis there, or −1 */
function axisAt({ xs }, x) {
  return xs.findIndex((at) => Math.abs(at - x) <= REACH);
}

/** @param {Geometry} geometry @param {number} y */
function placeAt({ top, bottom }, y) {
  return (bottom - y) / (bottom - top);
}

/** A new brush; or the end or the whole of the one that is there. @param {State} state @param {number} x @param {number} y @returns {Drag | null} */
function beginDrag({ model, geometry }, x, y) {
  const axis = axisAt(geometry, x);
  if (axis < 0) return null;
  const brush = model.brushes.get(model.axes[axis].name);
  const [span] = brush && model.axes[axis].scale !== "category" ? model.axes[axis].spans(brush) : [];
  const fresh = { axis, anchor: placeAt(geometry, y), from: y, span: null, moved: false };
  if (!span) return fresh;
  const [low, high] = span.map((place) => yOf(geometry, place));
  if (Math.abs(y - high) <= GRIP) return { ...fresh, anchor: span[0] };
  if (Math.abs(y - low) <= GRIP) return { ...fresh, anchor: span[1] };
  return y < low && y > high ? { ...fresh, span } : fresh;
}

/** @param {State} state @param {number} y @param {ParallelEvents} events */
function dragTo({ model, geometry, drag }, y, events) {
  if (!drag || (!drag.moved && Math.abs(y - drag.from) <= CLICK)) return;
  drag.moved = true;
  const axis = model.axes[drag.axis];
  const here = placeAt(geometry, y);
  if (drag.span) {
    const by = Math.max(-drag.span[0], Math.min(1 - drag.span[1], here - drag.anchor));
    events.onBrush(axis.name, axis.brush(drag.span[0] + by, drag.span[1] + by, false));
    return;
  }
  const [low, high] = [drag.anchor, here].sort((a, b) => a - b);
  const missing = axis.gaps && Math.max(y, drag.from) > (geometry.bottom + geometry.gap) / 2;
  events.onBrush(axis.name, axis.brush(low, high, missing));
}

/** A click takes the brush away; where there is none it chooses the category, or what is missing. @param {State} state @param {number} at @param {number} y @param {ParallelEvents} events */
function click({ model, geometry }, at, y, events) {
  const axis = model.axes[at];
  if (model.brushes.has(axis.name)) return events.onBrush(axis.name, null);
  if (axis.gaps && y > (geometry.bottom + geometry.gap) / 2) return events.onBrush(axis.name, axis.brush(2, 3, true));
  if (axis.scale !== "category" || y < geometry.top || y > geometry.bottom) return undefined;
  const width = 1 / axis.categories.length;
  const low = axis.valueAt(placeAt(geometry, y)) * width;
  return events.onBrush(axis.name, axis.brush(low, low + width, false));
}
