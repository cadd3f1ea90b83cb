/**
 * A line chart for up to a thousand runs. Lines are painted once on a canvas; what follows the pointer is painted on a
 * second one above it, so that moving the pointer never redraws a line.
 */

import { fromPixel, toPixel } from "../lib/scale.js";
import { drawFrame, frameOf } from "./line-frame.js";
import { drawHover, nearestRow, nextX, rowsAt, xAtPixel } from "./line-hover.js";
import { drawLines } from "./line-layers.js";
import { Gestures } from "./gestures.js";

/** @typedef {import("./line-frame.js").Line} Line */
/** @typedef {import("./line-frame.js").LineOptions} LineOptions */
/** @typedef {import("./line-frame.js").Frame} Frame */
/** @typedef {import("./line-hover.js").HoverRow} HoverRow */
/** @typedef {import("../lib/types.js").View} View */

/**
 * @typedef {object} Events
 * @property {(x: number | null) => void} onCursor the pointer's x in data units; null when it left
 * @property {(hover: {rows: HoverRow[], nearest: HoverRow | null, clientX: number, clientY: number} | null) => void} onHover
 * @property {(view: View) => void} onView a part was chosen by dragging, panning, the wheel or a double click
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
 * @property {() => void} destroy
 */

/**
 * @param {HTMLElement} element must be positioned
 * @param {Line[]} lines @param {LineOptions} options @param {Events} events
 * @returns {LineChart}
 */
export function lineChart(element, lines, options, events) {
  const base = layer(element, "chart-lines");
  const top = layer(element, "chart-overlay");
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
    destroy() {
      gestures.stop();
      element.replaceChildren();
    },
  };
}

/** @typedef {{canvas: HTMLCanvasElement, context: CanvasRenderingContext2D}} Layer */
/** @typedef {{x: number, y: number | null, origin: [number, number]}} Spot where the pointer is; y is null for the keyboard's cursor */
/** @typedef {{lines: Line[], options: LineOptions, frame: Frame, base: Layer, top: Layer, cursor: HTMLElement, strong: string | null, point: Spot | null, marked: boolean}} State */

/** @param {HTMLElement} element @param {string} name @returns {Layer} */
function layer(element, name) {
  const canvas = document.createElement("canvas");
  canvas.className = name;
  element.append(canvas);
  return { canvas, context: /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")) };
}

/** Sizes a canvas in device pixels and clears it. @param {Layer} layer @param {LineOptions} options */
function prepare({ canvas, context }, { width, height }) {
  const ratio = devicePixelRatio || 1;
  const [wide, high] = [Math.round(width * ratio), Math.round(height * ratio)];
  if (canvas.width !== wide || canvas.height !== high) {
    canvas.width = wide;
    canvas.height = high;
  }
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  context.clearRect(0, 0, width, height);
}

/** @param {State} state */
function paint(state) {
  const { width, height } = state.options;
  for (const { canvas } of [state.base, state.top]) {
    canvas.style.width = `${width}px`;
    canvas.style.height = `${height}px`;
  }
  prepare(state.base, state.options);
  drawFrame(state.base.context, state.frame, state.options.ink);
  drawLines(state.base.context, state.frame, state.lines, state.options);
  paintOverlay(state, [], null);
}

/** @param {State} state @param {HoverRow[]} rows @param {HoverRow | null} nearest */
function paintOverlay(state, rows, nearest) {
  const strong = state.lines.filter((line) => line === nearest?.line || line.series.run === state.strong);
  const nothing = rows.length === 0 && strong.length === 0;
  if (nothing && !state.marked) return; // a canvas that was never drawn on costs nothing
  state.marked = !nothing;
  prepare(state.top, state.options);
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
  const x = xAtPixel(state.frame, point.x);
  const rows = rowsAt(state.frame, state.lines, state.options, x, point.y);
  const nearest = nearestRow(rows);
  paintOverlay(state, rows, nearest);
  placeCursor(state, x);
  events.onCursor(x);
  const [left, top] = point.origin;
  events.onHover({ rows, nearest, clientX: left + point.x, clientY: top + (point.y ?? state.frame.box.top) });
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
    band: (from, to) => drawBand(state, bandOf(state.frame, from, to)),
    zoom(from, to) {
      const band = bandOf(state.frame, from, to);
      const x = band.wholeX ? state.options.view.x : rangeBetween(state.frame.x, band.left, band.right);
      const y = band.wholeY ? state.options.view.y : rangeBetween(state.frame.y, band.bottom, band.top);
      change({ x, y });
    },
    pan(dx, dy) {
      const x = rangeBetween(state.frame.x, state.frame.box.left - dx, state.frame.box.right - dx);
      const y = state.options.view.y ? rangeBetween(state.frame.y, state.frame.box.bottom - dy, state.frame.box.top - dy) : null;
      change({ x, y });
    },
    wheel(point, factor) {
      const { left, right } = state.frame.box;
      const x = rangeBetween(state.frame.x, point.x - (point.x - left) * factor, point.x + (right - point.x) * factor);
      change({ x, y: state.options.view.y });
    },
    reset: () => change({ x: null, y: null }),
  };
}

/** @param {import("../lib/scale.js").Scale} scale @param {number} from @param {number} to pixels @returns {[number, number]} */
function rangeBetween(scale, from, to) {
  return [fromPixel(scale, from), fromPixel(scale, to)];
}

const SLIM = 14; // a band thinner than this chooses along the other axis only, pixels

/**
 * @param {Frame} frame @param {{x: number, y: number}} from @param {{x: number, y: number}} to
 * @returns {{left: number, right: number, top: number, bottom: number, wholeX: boolean, wholeY: boolean}}
 */
function bandOf({ box }, from, to) {
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

/** @param {State} state @param {ReturnType<typeof bandOf>} band */
function drawBand(state, { left, right, top, bottom }) {
  state.marked = true;
  prepare(state.top, state.options);
  const { context } = state.top;
  context.fillStyle = state.options.ink.accent;
  context.strokeStyle = state.options.ink.accent;
  context.globalAlpha = 0.12;
  context.fillRect(left, top, right - left, bottom - top);
  context.globalAlpha = 0.8;
  context.lineWidth = 1;
  context.strokeRect(Math.round(left) + 0.5, Math.round(top) + 0.5, Math.round(right - left), Math.round(bottom - top));
  context.globalAlpha = 1;
}
