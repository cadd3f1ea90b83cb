/** A chart of precision-recall or ROC curves: hovering finds the nearest threshold, dragging zooms. */

import { fromPixel } from "../lib/scale.js";
import { makeLayer, sizeLayer } from "./canvas.js";
import { curveAxes, curveFrame, drawCurves, drawDot, nearestPoint, strokeCurve } from "./curve-frame.js";
import { drawBox } from "./zoom-box.js";
import { Gestures } from "./gestures.js";

/** @typedef {import("./curve-frame.js").CurveLine} CurveLine */
/** @typedef {import("./curve-frame.js").CurveOptions} CurveOptions */
/** @typedef {import("../lib/types.js").View} View */
/** @typedef {{x: number, y: number, origin: [number, number]}} Point */

/**
 * @typedef {object} CurveEvents
 * @property {(found: {line: CurveLine, index: number, clientX: number, clientY: number} | null) => void} onPoint
 * @property {(found: {line: CurveLine, index: number}) => void} onChoose a point was clicked
 * @property {(view: View) => void} onView
 */

const REACH = 60; // pixels between the pointer and the point it means

/**
 * @param {HTMLElement} element must be positioned
 * @param {CurveLine[]} lines @param {CurveOptions} options @param {CurveEvents} events
 */
export function curveChart(element, lines, options, events) {
  const base = makeLayer(element, "chart-lines");
  const top = makeLayer(element, "chart-overlay");
  top.canvas.setAttribute("role", "img");
  /** @type {State} */
  const state = { lines, options, frame: curveFrame(base.context, options), base, top, pointed: null, strong: null };
  paint(state);
  const gestures = new Gestures(top.canvas, gestureTarget(state, events));
  return {
    /** @param {CurveLine[]} nextLines @param {CurveOptions} nextOptions */
    update(nextLines, nextOptions) {
      Object.assign(state, { lines: nextLines, options: nextOptions, pointed: null });
      state.frame = curveFrame(base.context, nextOptions);
      paint(state);
    },
    /** @param {string | null} run its curve is drawn on top */
    highlight(run) {
      if (state.strong === run) return;
      state.strong = run;
      paintOverlay(state);
    },
    picture: () => ({
      width: state.options.width, height: state.options.height,
      paint(/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {number} */ height) {
        const sized = { ...state.options, width, height };
        const frame = curveFrame(context, sized);
        drawCurves(context, frame, state.lines, sized);
        drawMarks(context, frame, state.lines, sized);
      },
    }),
    destroy() {
      gestures.stop();
      element.replaceChildren();
    },
  };
}

/** @typedef {import("./canvas.js").Layer} Layer */
/** @typedef {{lines: CurveLine[], options: CurveOptions, frame: import("./line-frame.js").Frame, base: Layer, top: Layer, pointed: {line: CurveLine, index: number} | null, strong: string | null}} State */

/** @param {State} state */
function paint(state) {
  const { x, y } = curveAxes(state.options.mode);
  state.top.canvas.setAttribute("aria-label", `${y} over ${x}, ${state.lines.filter(({ alpha }) => alpha === 1).length} curves; their figures are in the table`);
  sizeLayer(state.base, state.options);
  drawCurves(state.base.context, state.frame, state.lines, state.options);
  paintOverlay(state);
}

/** What follows the pointer and the threshold. @param {State} state */
function paintOverlay(state) {
  const { frame, lines, options, pointed, strong } = state;
  const { context } = state.top;
  sizeLayer(state.top, options);
  for (const line of lines) if (line.run === strong && line.alpha === 1) strokeCurve(context, frame, line, 3);
  drawMarks(context, frame, lines, options);
  if (pointed) drawDot(context, frame, pointed.line, pointed.index, 5, options.ink.label);
}

/** @param {CanvasRenderingContext2D} context @param {import("./line-frame.js").Frame} frame @param {CurveLine[]} lines @param {CurveOptions} options */
function drawMarks(context, frame, lines, { ink }) {
  for (const line of lines) if (line.mark >= 0) drawDot(context, frame, line, line.mark, 4, ink.surface);
}

/** @param {State} state @param {CurveEvents} events @returns {import("./gestures.js").Target} */
function gestureTarget(state, events) {
  const point = (/** @type {Point | null} */ at) => {
    state.pointed = at && nearestPoint(state.frame, state.lines, at, REACH);
    paintOverlay(state);
    events.onPoint(state.pointed && at && { ...state.pointed, clientX: at.origin[0] + at.x, clientY: at.origin[1] + at.y });
  };
  const zoomed = (/** @type {{x: number, y: number}} */ from, /** @type {{x: number, y: number}} */ to) => {
    const { x, y } = state.frame;
    events.onView({ x: rising(fromPixel(x, from.x), fromPixel(x, to.x)), y: rising(fromPixel(y, from.y), fromPixel(y, to.y)) });
  };
  const corners = (/** @type {number} */ dx, /** @type {number} */ dy) => {
    const { left, top, right, bottom } = state.frame.box;
    zoomed({ x: left - dx, y: top - dy }, { x: right - dx, y: bottom - dy });
  };
  return {
    move: point,
    leave: () => point(null),
    band(from, to) {
      paintOverlay(state);
      drawBox(state.top.context, state.options.ink, from, to);
    },
    zoom: zoomed,
    select: zoomed,
    click: () => state.pointed && events.onChoose(state.pointed),
    pan: corners,
    wheel({ x, y }, factor) {
      const { left, top, right, bottom } = state.frame.box;
      zoomed({ x: x - (x - left) * factor, y: y - (y - top) * factor }, { x: x + (right - x) * factor, y: y + (bottom - y) * factor });
    },
    reset: () => events.onView({ x: null, y: null }),
  };
}

/** @param {number} a @param {number} b @returns {[number, number]} */
function rising(a, b) {
  return a < b ? [a, b] : [b, a];
}
