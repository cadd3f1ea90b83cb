/** A chart of histograms in any of its modes: hovering tells the stored bucket, a click chooses a step, a drag zooms. */

import { fromPixel, toPixel } from "../lib/scale.js";
import { makeLayer, sizeLayer } from "./canvas.js";
import { Gestures } from "./gestures.js";
import { columnSpans, drawBands, drawHeat } from "./histogram-heat.js";
import { histogramFrame, stepsAcross } from "./histogram-frame.js";
import { bucketPixels, neighbours, pixelOf, pointedAt } from "./histogram-hover.js";
import { drawOne, drawOverlay, drawRidge, strokeOutline } from "./histogram-outlines.js";
import { drawFrame } from "./line-frame.js";
import { drawBox } from "./zoom-box.js";

/** @typedef {import("./histogram-frame.js").RunItems} RunItems */
/** @typedef {import("./histogram-frame.js").HistogramOptions} HistogramOptions */
/** @typedef {import("./histogram-hover.js").Pointed} Pointed */
/** @typedef {import("./line-frame.js").Frame} Frame */
/** @typedef {import("../lib/types.js").Range} Range */
/** @typedef {{x: number, y: number}} Pixel */

/**
 * @typedef {object} HistogramEvents
 * @property {(pointed: Pointed[], clientX: number, clientY: number) => void} onHover none when the pointer left
 * @property {(x: number) => void} onStep a place on the axis of steps was chosen
 * @property {(part: {steps: Range | null, values: Range | null} | null) => void} onZoom the axes of the box that was drawn, the other null; null altogether: everything again
 *
 * @typedef {{runs: RunItems[], options: HistogramOptions, frame: Frame, base: import("./canvas.js").Layer, top: import("./canvas.js").Layer, pointed: Pointed[]}} State
 */

const SLIM = 14; // a box thinner than this chooses along the other axis only, pixels

/**
 * @param {HTMLElement} element must be positioned
 * @param {RunItems[]} runs one, but for the mode "one" @param {HistogramOptions} options @param {HistogramEvents} events
 */
export function histogramChart(element, runs, options, events) {
  const base = makeLayer(element, "chart-histograms");
  const top = makeLayer(element, "chart-overlay");
  /** @type {State} */
  const state = { runs, options, frame: histogramFrame(base.context, options), base, top, pointed: [] };
  paint(state);
  const gestures = new Gestures(top.canvas, gestureTarget(state, events));
  top.canvas.tabIndex = 0;
  top.canvas.addEventListener("keydown", (event) => onKey(state, events, event));
  top.canvas.addEventListener("blur", () => point(state, events, [], { x: 0, y: 0, origin: [0, 0] }));
  return {
    /** @param {RunItems[]} nextRuns @param {HistogramOptions} nextOptions */
    update(nextRuns, nextOptions) {
      Object.assign(state, { runs: nextRuns, options: nextOptions, pointed: [] });
      state.frame = histogramFrame(base.context, nextOptions);
      paint(state);
    },
    /** The cursor alone is elsewhere: nothing else is drawn again. @param {number | null} cursor */
    showCursor(cursor) {
      state.options = { ...state.options, cursor };
      if (stepsAcross(state.options.mode)) paintOverlay(state);
      else paint(state);
    },
    picture: () => ({
      width: state.options.width, height: state.options.height,
      paint(/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {number} */ height) {
        const sized = { ...state.options, width, height };
        drawOnto(context, histogramFrame(context, sized), state.runs, sized);
      },
    }),
    destroy() {
      gestures.stop();
      element.replaceChildren();
    },
  };
}

/** @param {State} state */
function paint(state) {
  sizeLayer(state.base, state.options);
  drawOnto(state.base.context, state.frame, state.runs, state.options);
  paintOverlay(state);
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {RunItems[]} runs @param {HistogramOptions} options */
function drawOnto(context, frame, runs, options) {
  const { mode, how, ink } = options;
  const yTitle = mode === "one" || mode === "overlay" ? (how === "density" ? "share per unit of value" : "count") : "";
  drawFrame(context, frame, { ...options, yTitle, logX: false, logY: false, robust: false, view: { x: null, y: null }, ink });
  const { box } = frame;
  context.save();
  context.beginPath();
  context.rect(box.left, box.top, box.right - box.left, box.bottom - box.top + 1);
  context.clip();
  if (mode === "one") drawOne(context, frame, runs, options);
  else if (runs[0]) ({ heat: drawHeat, bands: drawBands, ridge: drawRidge, overlay: drawOverlay })[mode](context, frame, runs[0], options);
  context.restore();
}

/** The step cursor, and the bucket below the pointer. @param {State} state */
function paintOverlay({ frame, options, top, pointed }) {
  sizeLayer(top, options);
  const { context } = top;
  const { box } = frame;
  if (stepsAcross(options.mode) && options.cursor !== null) {
    const at = Math.round(toPixel(frame.x, options.cursor)) + 0.5;
    context.strokeStyle = options.ink.accent;
    context.lineWidth = 1.5;
    if (at >= box.left && at <= box.right) strokeLine(context, [at, box.top], [at, box.bottom]);
  }
  for (const one of pointed) drawPointed(context, frame, one, options);
}

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {Pointed} pointed @param {HistogramOptions} options */
function drawPointed(context, frame, pointed, options) {
  const { box } = frame;
  const span = bucketPixels(frame, pointed, options);
  context.strokeStyle = options.ink.label;
  context.lineWidth = 1;
  if (options.mode === "heat") {
    const [[from, to]] = columnSpans(pointed.run.items, frame).slice(pointed.run.items.indexOf(pointed.item));
    if (span) context.strokeRect(from - 1.5, Math.round(span[0]) - 0.5, to - from + 3, Math.max(2, Math.round(span[1] - span[0])));
    else strokeLine(context, [from + 0.5, box.top], [from + 0.5, box.bottom]);
    return;
  }
  if (options.mode === "bands") {
    const at = Math.round(toPixel(frame.x, pointed.item.x)) + 0.5;
    return strokeLine(context, [at, box.top], [at, box.bottom]);
  }
  if (span) {
    context.globalAlpha = 0.1;
    context.fillStyle = options.ink.label;
    context.fillRect(span[0], box.top, Math.max(1, span[1] - span[0]), box.bottom - box.top);
    context.globalAlpha = 1;
  }
  if (options.mode === "overlay") strokeOutline(context, frame, pointed.item, options, { color: options.ink.label, width: 1.5, alpha: 1 });
  if (options.mode === "ridge") {
    const base = Math.round(toPixel(frame.y, pointed.item.x)) + 0.5;
    strokeLine(context, [box.left, base], [box.right, base]);
  }
}

/** @param {CanvasRenderingContext2D} context @param {[number, number]} from @param {[number, number]} to */
function strokeLine(context, from, to) {
  context.beginPath();
  context.moveTo(...from);
  context.lineTo(...to);
  context.stroke();
}

/** @param {State} state @param {HistogramEvents} events @param {Pointed[]} pointed @param {import("./gestures.js").Point} at */
function point(state, events, pointed, at) {
  state.pointed = pointed;
  paintOverlay(state);
  events.onHover(pointed, at.origin[0] + at.x, at.origin[1] + at.y);
}

/** Up and down go from bucket to bucket at the step of the cursor. @param {State} state @param {HistogramEvents} events @param {KeyboardEvent} event */
function onKey(state, events, event) {
  const move = { ArrowUp: 1, ArrowDown: -1 }[event.key];
  if (move === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  event.stopPropagation();
  const pointed = neighbours(state.runs, state.options, state.pointed, move);
  const { left, top } = state.top.canvas.getBoundingClientRect();
  const place = pointed[0] && pixelOf(state.frame, pointed[0], state.options);
  point(state, events, pointed, { x: place?.x ?? 0, y: place?.y ?? 0, origin: [left, top] });
}

/** @param {State} state @param {HistogramEvents} events @returns {import("./gestures.js").Target} */
function gestureTarget(state, events) {
  const zoomed = (/** @type {Pixel} */ from, /** @type {Pixel} */ to) => events.onZoom(partOf(state, from, to));
  return {
    move: (at) => point(state, events, pointedAt(state.frame, state.runs, state.options, at), at),
    leave: () => point(state, events, [], { x: 0, y: 0, origin: [0, 0] }),
    band(from, to) {
      paintOverlay(state);
      drawBox(state.top.context, state.options.ink, ...bandOf(state, from, to));
    },
    zoom: zoomed,
    select: zoomed,
    click(at) {
      const [pointed] = pointedAt(state.frame, state.runs, state.options, at);
      if (pointed && state.options.mode !== "one") events.onStep(pointed.item.x);
    },
    pan(dx, dy) {
      const { left, right, top, bottom } = state.frame.box;
      zoomed({ x: left - dx, y: top - dy }, { x: right - dx, y: bottom - dy });
    },
    wheel({ x, y }, factor) {
      const { left, right, top, bottom } = state.frame.box;
      const across = stepsAcross(state.options.mode);
      // The wheel is for the values: the box is as wide, or as high, as the plot along the other axis.
      if (across) zoomed({ x: left, y: y - (y - top) * factor }, { x: left, y: y + (bottom - y) * factor });
      else zoomed({ x: x - (x - left) * factor, y: top }, { x: x + (right - x) * factor, y: top });
    },
    reset: () => events.onZoom(null),
  };
}

/** The box as it is drawn: a slim one goes through the whole plot. @param {State} state @param {Pixel} from @param {Pixel} to @returns {[Pixel, Pixel]} */
function bandOf({ frame: { box }, options }, from, to) {
  const { wide, high } = sidesOf(options, from, to);
  return [{ x: wide ? from.x : box.left, y: high ? from.y : box.top }, { x: wide ? to.x : box.right, y: high ? to.y : box.bottom }];
}

/** Along which axes a box chooses; counts are no axis to zoom on. @param {HistogramOptions} options @param {Pixel} from @param {Pixel} to */
function sidesOf({ mode }, from, to) {
  const wide = Math.abs(to.x - from.x) >= SLIM;
  const high = Math.abs(to.y - from.y) >= SLIM && mode !== "one" && mode !== "overlay";
  return { wide: wide || !high, high };
}

/** @param {State} state @param {Pixel} from @param {Pixel} to */
function partOf({ frame, options }, from, to) {
  const { wide, high } = sidesOf(options, from, to);
  const x = wide ? rising(fromPixel(frame.x, from.x), fromPixel(frame.x, to.x)) : null;
  const y = high ? rising(fromPixel(frame.y, from.y), fromPixel(frame.y, to.y)) : null;
  return stepsAcross(options.mode) ? { steps: x, values: y } : { steps: y, values: x };
}

/** @param {number} a @param {number} b @returns {Range | null} */
function rising(a, b) {
  if (!Number.isFinite(a) || !Number.isFinite(b) || a === b) return null;
  return a < b ? [a, b] : [b, a];
}
