/** A dot a run: two columns of the run table against each other. Hover tells the run, a click and a box choose runs. */

import { makeLayer, sizeLayer } from "./canvas.js";
import { Gestures } from "./gestures.js";
import { drawBox } from "./zoom-box.js";
import { dotRadius, drawScatter, scatterFrame } from "./scatter-frame.js";

/** @typedef {import("./scatter-frame.js").Dot} Dot */
/** @typedef {import("./scatter-frame.js").ScatterData} ScatterData */
/** @typedef {import("./scatter-frame.js").ScatterOptions} ScatterOptions */
/** @typedef {import("./scatter-frame.js").ScatterFrame} ScatterFrame */

/**
 * @typedef {object} ScatterEvents
 * @property {(dot: Dot | null, clientX: number, clientY: number) => void} onDot the dot at the pointer or the keyboard's
 * @property {(run: string) => void} onRun a dot was clicked
 * @property {(runs: string[] | null) => void} onRuns the dots in a box; null after a double click: all of them
 */

const REACH = 14; // pixels between pointer and dot

/**
 * @param {HTMLElement} element must be positioned
 * @param {ScatterData} data @param {ScatterOptions} options @param {ScatterEvents} events
 */
export function scatterChart(element, data, options, events) {
  const base = makeLayer(element, "chart-dots");
  const top = makeLayer(element, "chart-overlay");
  const state = { data, options, frame: scatterFrame(base.context, data, options), base, top, current: -1, strong: /** @type {string | null} */ (null) };
  top.canvas.tabIndex = 0;
  top.canvas.setAttribute("role", "img");
  top.canvas.setAttribute("aria-label", "Scatter chart: arrow keys go from dot to dot, Enter chooses its run");
  paint(state);
  const gestures = new Gestures(top.canvas, gestureTarget(state, events));
  top.canvas.addEventListener("keydown", (event) => onKey(state, events, event));
  top.canvas.addEventListener("blur", () => point(state, events, -1));
  return {
    /** @param {ScatterData} nextData @param {ScatterOptions} nextOptions */
    update(nextData, nextOptions) {
      Object.assign(state, { data: nextData, options: nextOptions, current: -1 });
      state.frame = scatterFrame(base.context, nextData, nextOptions);
      paint(state);
    },
    /** @param {string | null} run marked while it is pointed at elsewhere */
    highlight(run) {
      if (state.strong === run) return;
      state.strong = run;
      paintOverlay(state);
    },
    leftOut: () => state.frame.leftOut,
    fit: () => state.frame.fit,
    /** Words of the colours are listed below the picture, where all have room; a ramp stays within. */
    picture() {
      const words = state.data.legend && "entries" in state.data.legend ? state.data.legend.entries : null;
      const data = words ? { ...state.data, legend: null } : state.data;
      return {
        width: state.options.width, height: state.options.height, legend: words ?? [],
        paint(/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {number} */ height) {
          const sized = { ...state.options, width, height };
          drawScatter(context, scatterFrame(context, data, sized), data, sized);
        },
      };
    },
    destroy() {
      gestures.stop();
      element.replaceChildren();
    },
  };
}

/** @typedef {{data: ScatterData, options: ScatterOptions, frame: ScatterFrame, base: import("./canvas.js").Layer, top: import("./canvas.js").Layer, current: number, strong: string | null}} State */
/** @typedef {{x: number, y: number}} Pixel */

/** @param {State} state */
function paint(state) {
  sizeLayer(state.base, state.options);
  drawScatter(state.base.context, state.frame, state.data, state.options);
  paintOverlay(state);
}

/** Rings around the dot at the pointer and that of the run pointed at elsewhere; the box being drawn. @param {State} state @param {[Pixel, Pixel]} [box] */
function paintOverlay(state, box) {
  sizeLayer(state.top, state.options);
  const { context } = state.top;
  const { px, py } = state.frame;
  const { dots } = state.data;
  const radius = dotRadius(dots.length) + 2;
  dots.forEach((dot, i) => {
    if (i !== state.current && dot.run !== state.strong) return;
    context.beginPath();
    context.arc(px[i], py[i], radius, 0, 2 * Math.PI);
    context.fillStyle = dot.color;
    context.strokeStyle = state.options.ink.label;
    context.lineWidth = 1.5;
    context.fill();
    context.stroke();
  });
  if (!box) return;
  drawBox(context, state.options.ink, ...box);
}

/** @param {State} state @param {Pixel} pixel @returns {number} index of the nearest dot within reach, else −1 */
function dotAt({ frame: { px, py } }, { x, y }) {
  let best = -1;
  let least = REACH;
  for (let i = 0; i < px.length; i += 1) {
    const distance = Math.hypot(px[i] - x, py[i] - y);
    if (distance < least) [best, least] = [i, distance];
  }
  return best;
}

/** @param {State} state @param {ScatterEvents} events @param {number} index −1: none */
function point(state, events, index) {
  if (index === state.current && index < 0) return;
  if (index !== state.current) {
    state.current = index;
    paintOverlay(state);
  }
  const { left, top } = state.top.canvas.getBoundingClientRect();
  events.onDot(state.data.dots[index] ?? null, left + state.frame.px[index], top + state.frame.py[index]);
}

/** @param {State} state @param {ScatterEvents} events @returns {import("./gestures.js").Target} */
function gestureTarget(state, events) {
  const choose = (/** @type {Pixel} */ from, /** @type {Pixel} */ to) => {
    const inside = (/** @type {number} */ value, /** @type {number} */ a, /** @type {number} */ b) => value >= Math.min(a, b) && value <= Math.max(a, b);
    const { px, py } = state.frame;
    const runs = state.data.dots.filter((_, i) => inside(px[i], from.x, to.x) && inside(py[i], from.y, to.y)).map(({ run }) => run);
    paintOverlay(state);
    if (runs.length) events.onRuns(runs);
  };
  return {
    move: (pixel) => point(state, events, dotAt(state, pixel)),
    leave: () => point(state, events, -1),
    band: (from, to) => paintOverlay(state, [from, to]),
    zoom: choose,
    select: choose,
    click(pixel) {
      const index = dotAt(state, pixel);
      if (index >= 0) events.onRun(state.data.dots[index].run);
    },
    pan: () => {},
    wheel: () => {},
    reset: () => events.onRuns(null),
  };
}

/** Left and right: by x; up and down: by y. @param {State} state @param {ScatterEvents} events @param {KeyboardEvent} event */
function onKey(state, events, event) {
  if (event.key === "Enter" && state.current >= 0) return void events.onRun(state.data.dots[state.current].run);
  const moves = /** @type {Record<string, [Float64Array, number]>} */ ({
    ArrowRight: [state.frame.px, 1], ArrowLeft: [state.frame.px, -1], ArrowDown: [state.frame.py, 1], ArrowUp: [state.frame.py, -1],
  });
  const move = moves[event.key];
  if (!move) return;
  event.preventDefault();
  event.stopPropagation();
  const [pixels, direction] = move;
  const order = [...pixels.keys()].filter((i) => Number.isFinite(state.frame.px[i] + state.frame.py[i])).sort((a, b) => pixels[a] - pixels[b] || a - b);
  const at = order.indexOf(state.current);
  const next = at < 0 ? (direction > 0 ? 0 : order.length - 1) : Math.min(order.length - 1, Math.max(0, at + direction));
  if (order.length) point(state, events, order[next]);
}
