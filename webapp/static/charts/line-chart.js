/**
 * A line chart for up to a thousand runs. Lines are painted once on a canvas; what follows the pointer is painted on a
 * second one above it, so that moving the pointer never redraws a line.
 */

import { fromPixel, toPixel } from "../lib/scale.js";
import { makeLayer, placeLayer, sizeLayer } from "./canvas.js";
import { drawFrame, frameOf } from "./line-frame.js";
import { clusterAt, drawMarks, drawSelection } from "./line-marks.js";
import { drawHover, nearestRow, nextX, rowsAt, xAtPixel } from "./line-hover.js";
import { drawLines } from "./line-layers.js";
import { Gestures } from "./gestures.js";
import { drawBox } from "./zoom-box.js";

/** @typedef {import("./line-frame.js").Line} Line */
/** @typedef {import("./line-frame.js").LineOptions} LineOptions */
/** @typedef {import("./line-frame.js").Frame} Frame */
/** @typedef {import("./line-hover.js").HoverRow} HoverRow */
/** @typedef {import("../lib/types.js").View} View */

/**
 * @typedef {object} Events
 * @property {(x: number | null) => void} onCursor the pointer's x in data units; null when it left
 * @property {(hover: Hover | null) => void} onHover
 * @property {(view: View) => void} onView a part was chosen by dragging, panning, the wheel or a double click
 * @property {(range: [number, number]) => void} [onSelect] a part of x was chosen with Alt + drag
 * @property {(hover: Hover) => void} [onClick]
 *
 * @typedef {{rows: HoverRow[], nearest: HoverRow | null, marks: import("../lib/types.js").Mark[], x: number, clientX: number, clientY: number}} Hover
 *
 * @typedef {object} LineChart
 * @property {(lines: Line[], options: LineOptions) => void} update
 * @property {(x: number | null) => void} showCursor the shared cursor, told by another chart
 * @property {(run: string | null) => void} highlight draws one run's lines on top
 * @property {(x: number, direction: 1 | -1) => number | null} neighbour x of the next point
 * @property {(x: number) => void} hoverAt as if the pointer were there: for the keyboard
 * @property {() => boolean} isClipped
 * @property {() => boolean} isBlank
 * @property {() => {x: [number, number], y: [number, number]}} domain
 * @property {() => {width: number, height: number, paint: (context: CanvasRenderingContext2D, width: number, height: number) => void}} picture
 *   draws the chart without what follows the pointer, on any canvas of that size
 * @property {() => void} destroy
 */

/**
 * @param {HTMLElement} element must be positioned
 * @param {Line[]} lines @param {LineOptions} options @param {Events} events
 * @returns {LineChart}
 */
export function lineChart(element, lines, options, events) {
  const base = makeLayer(element, "chart-lines");
  const top = makeLayer(element, "chart-overlay");
  const cursor = document.createElement("div");
  cursor.className = "chart-cursor";
  cursor.hidden = true;
  element.append(cursor);
  /** @type {State} */
  const state = { lines, options, frame: frameOf(base.context, lines, options), base, top, cursor, strong: null, point: null, marked: false };
  paint(state);
  const gestures = new Gestures(top.canvas, gestureTarget(state, events));
  return {
    update(nextLines, nextOptions) {
      Object.assign(state, { lines: nextLines, options: nextOptions });
      state.frame = frameOf(base.context, nextLines, nextOptions);
      paint(state);
      if (state.point) hover(state, events, state.point);
    },
    showCursor: (x) => placeCursor(state, x),
    highlight(run) {
      if (state.strong === run) return;
      state.strong = run;
      paintOverlay(state, [], null);
    },
    neighbour: (x, direction) => nextX(state.lines, state.options, x, direction),
    hoverAt(x) {
      const box = top.canvas.getBoundingClientRect();
      hover(state, events, { x: toPixel(state.frame.x, x), y: null, origin: [box.left, box.top] });
    },
    isClipped: () => state.frame.clipped,
    isBlank: () => state.frame.blank,
    domain: () => ({ x: [state.frame.x.lo, state.frame.x.hi], y: [state.frame.y.lo, state.frame.y.hi] }),
    picture: () => ({ width: state.options.width, height: state.options.height, paint: (context, width, height) => drawChart(context, state.lines, { ...state.options, width, height }) }),
    destroy() {
      gestures.stop();
      element.replaceChildren();
    },
  };
}

/** @typedef {import("./canvas.js").Layer} Layer */
/** @typedef {{x: number, y: number | null, origin: [number, number]}} Spot where the pointer is; y is null for the keyboard's cursor */
/** @typedef {{lines: Line[], options: LineOptions, frame: Frame, base: Layer, top: Layer, cursor: HTMLElement, strong: string | null, point: Spot | null, marked: boolean}} State */

/** @param {State} state */
function paint(state) {
  for (const layer of [state.base, state.top]) placeLayer(layer, state.options);
  sizeLayer(state.base, state.options);
  drawOnto(state.base.context, state.frame, state.lines, state.options);
  paintOverlay(state, [], null);
}

/** The whole chart on a context of its own. @param {CanvasRenderingContext2D} context @param {Line[]} lines @param {LineOptions} options @returns {Frame} */
function drawChart(context, lines, options) {
  const frame = frameOf(context, lines, options);
  drawOnto(context, frame, lines, options);
  return frame;
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {Line[]} lines @param {LineOptions} options */
function drawOnto(context, frame, lines, options) {
  drawSelection(context, frame, options);
  drawFrame(context, frame, options);
  drawLines(context, frame, lines, options);
  drawMarks(context, frame, options);
}

/** @param {State} state @param {HoverRow[]} rows @param {HoverRow | null} nearest */
function paintOverlay(state, rows, nearest) {
  const strong = state.lines.filter((line) => line === nearest?.line || (line.row ?? line.series.run) === state.strong);
  const nothing = rows.length === 0 && strong.length === 0;
  if (nothing && !state.marked) return; // a canvas that was never drawn on costs nothing
  state.marked = !nothing;
  sizeLayer(state.top, state.options);
  if (nothing) return;
  const dotted = nearest ? [nearest, ...rows.filter((row) => row !== nearest)] : rows;
  drawHover(state.top.context, state.frame, state.options, { rows: dotted, strong, dots: 12, veil: strong.length < state.lines.length });
}

/** @param {State} state @param {number | null} x */
function placeCursor(state, x) {
  const { frame, cursor } = state;
  const pixel = x === null ? NaN : toPixel(frame.x, x);
  const shown = pixel >= frame.box.left - 0.5 && pixel <= frame.box.right + 0.5;
  cursor.hidden = !shown;
  if (!shown) return;
  cursor.style.transform = `translateX(${Math.round(pixel)}px)`;
  cursor.style.top = `${frame.box.top}px`;
  cursor.style.height = `${frame.box.bottom - frame.box.top}px`;
}

/** @param {State} state @param {Events} events @param {Spot} point */
function hover(state, events, point) {
  const told = hoverOf(state, point);
  paintOverlay(state, told.rows, told.nearest);
  placeCursor(state, told.x);
  events.onCursor(told.x);
  events.onHover(told);
}

/** What the chart says at a place. @param {State} state @param {Spot} point @returns {Hover} */
function hoverOf({ frame, lines, options }, point) {
  const x = xAtPixel(frame, point.x);
  const rows = rowsAt(frame, lines, options, x, point.y);
  const [left, top] = point.origin;
  const marks = clusterAt(frame, options, point.x)?.marks ?? [];
  return { rows, nearest: nearestRow(rows), marks, x, clientX: left + point.x, clientY: top + (point.y ?? frame.box.top) };
}

/**
 * @param {State} state @param {Events} events
 * @returns {import("./gestures.js").Target}
 */
function gestureTarget(state, events) {
  const change = (/** @type {View} */ view) => events.onView(view);
  return {
    move(point) {
      state.point = point;
      hover(state, events, point);
    },
    leave() {
      if (!state.point) return; // a tap elsewhere: another chart may have the tooltip now
      state.point = null;
      paintOverlay(state, [], null);
      events.onHover(null);
      events.onCursor(null);
    },
    band: (from, to, selecting) => drawArea(state, boxOf(state.frame, from, selecting ? { ...to, y: from.y } : to)),
    select: (from, to) => events.onSelect?.(spanOf(state, from, to)),
    click: (point) => events.onClick?.(hoverOf(state, point)),
    zoom(from, to) {
      const box = boxOf(state.frame, from, to);
      const x = box.wholeX ? state.options.view.x : rangeBetween(state.frame.x, box.left, box.right);
      const y = box.wholeY ? state.options.view.y : rangeBetween(state.frame.y, box.bottom, box.top);
      change({ x, y, ...rightView(state, box.wholeY ? null : [box.bottom, box.top]) });
    },
    pan(dx, dy) {
      const x = rangeBetween(state.frame.x, state.frame.box.left - dx, state.frame.box.right - dx);
      const ends = /** @type {[number, number]} */ ([state.frame.box.bottom - dy, state.frame.box.top - dy]);
      const y = state.options.view.y ? rangeBetween(state.frame.y, ...ends) : null;
      change({ x, y, ...rightView(state, y ? ends : null) });
    },
    wheel(point, factor) {
      const { left, right } = state.frame.box;
      const x = rangeBetween(state.frame.x, point.x - (point.x - left) * factor, point.x + (right - point.x) * factor);
      change({ x, y: state.options.view.y, ...rightView(state, null) });
    },
    reset: () => change({ x: null, y: null }),
  };
}

/** @param {import("../lib/scale.js").Scale} scale @param {number} from @param {number} to pixels @returns {[number, number]} */
function rangeBetween(scale, from, to) {
  return [fromPixel(scale, from), fromPixel(scale, to)];
}

/** The second y axis moves with the first. @param {State} state @param {[number, number] | null} pixels null: as it is @returns {{right?: [number, number] | null}} */
function rightView({ frame, options }, pixels) {
  if (!frame.right) return {};
  return { right: pixels ? rangeBetween(frame.right, ...pixels) : options.view.right ?? null };
}

/** @param {State} state @param {{x: number, y: number}} from @param {{x: number, y: number}} to */
function spanOf({ frame }, from, to) {
  const box = boxOf(frame, from, { ...to, y: from.y });
  return rangeBetween(frame.x, box.left, box.right);
}

const SLIM = 14; // a box thinner than this chooses along the other axis only, pixels

/**
 * @param {Frame} frame @param {{x: number, y: number}} from @param {{x: number, y: number}} to
 * @returns {{left: number, right: number, top: number, bottom: number, wholeX: boolean, wholeY: boolean}}
 */
function boxOf({ box }, from, to) {
  const inside = (/** @type {number} */ value, /** @type {number} */ lo, /** @type {number} */ hi) => Math.max(lo, Math.min(hi, value));
  const [left, right] = [from.x, to.x].map((x) => inside(x, box.left, box.right)).sort((a, b) => a - b);
  const [top, bottom] = [from.y, to.y].map((y) => inside(y, box.top, box.bottom)).sort((a, b) => a - b);
  const wholeY = bottom - top < SLIM;
  const wholeX = !wholeY && right - left < SLIM;
  return {
    wholeX, wholeY, left: wholeX ? box.left : left, right: wholeX ? box.right : right,
    top: wholeY ? box.top : top, bottom: wholeY ? box.bottom : bottom,
  };
}

/** @param {State} state @param {ReturnType<typeof boxOf>} area */
function drawArea(state, { left, right, top, bottom }) {
  state.marked = true;
  sizeLayer(state.top, state.options);
  drawBox(state.top.context, state.options.ink, { x: left, y: top }, { x: right, y: bottom });
}
