/** A bar a run (or a group, with its spread), one below the other; many of them scroll, and only those in sight are drawn. */

import { columnTicks, formatOnColumn } from "../lib/column-axis.js";
import { makeScale, toPixel } from "../lib/scale.js";
import { makeLayer, sizeLayer } from "./canvas.js";
import { FONT } from "./line-frame.js";
import { shortenedName } from "./scatter-frame.js";

/** @typedef {import("../lib/column-axis.js").ColumnAxis} ColumnAxis */
/** @typedef {import("../lib/chart-data.js").Bar} Bar */
/** @typedef {import("../lib/chart-data.js").BarData} BarData */

/**
 * @typedef {{width: number, height: number, log: boolean, ink: import("../lib/types.js").Ink}} BarOptions CSS pixels
 *
 * @typedef {object} BarEvents
 * @property {(bar: Bar | null, clientX: number, clientY: number) => void} onBar
 * @property {(bar: Bar) => void} onChoose
 */

const ROW = 22;
const BOTTOM = 20; // labels of the axis
const MOST_PICTURED = 200; // bars of a picture
const MOST_MEASURED = 200; // names

/**
 * @param {HTMLElement} element must be positioned
 * @param {BarData} data @param {BarOptions} options @param {BarEvents} events
 */
export function barChart(element, data, options, events) {
  const scroller = document.createElement("div");
  scroller.className = "bar-scroll";
  scroller.tabIndex = 0;
  scroller.setAttribute("role", "img");
  scroller.setAttribute("aria-label", "Bar chart: arrow keys go from bar to bar, Enter chooses one");
  const spacer = document.createElement("div");
  element.append(scroller);
  const layer = makeLayer(scroller, "chart-bars");
  scroller.append(spacer);
  /** @type {State} */
  const state = { data, options, layer, scroller, spacer, current: -1 };
  fit(state);
  scroller.addEventListener("scroll", () => paint(state));
  scroller.addEventListener("pointermove", (event) => point(state, events, barAt(state, event), event));
  scroller.addEventListener("pointerleave", () => point(state, events, -1));
  scroller.addEventListener("blur", () => point(state, events, -1));
  scroller.addEventListener("click", (event) => {
    const bar = state.data.bars[barAt(state, event)];
    if (bar) events.onChoose(bar);
  });
  scroller.addEventListener("keydown", (event) => onKey(state, events, event));
  return {
    /** @param {BarData} nextData @param {BarOptions} nextOptions */
    update(nextData, nextOptions) {
      Object.assign(state, { data: nextData, options: nextOptions });
      fit(state);
    },
    /** @param {string | null} run */
    highlight(run) {
      const index = run === null ? -1 : state.data.bars.findIndex(({ key }) => key === run);
      if (index === state.current) return;
      state.current = index;
      paint(state);
    },
    picture: () => ({
      width: state.options.width, height: Math.min(MOST_PICTURED, state.data.bars.length) * ROW + BOTTOM,
      paint: (/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {number} */ height) =>
        drawBars(context, state.data, { ...state.options, width, height }, { from: 0, shift: 0, current: -1 }),
    }),
    destroy: () => element.replaceChildren(),
  };
}

/** @typedef {{data: BarData, options: BarOptions, layer: import("./canvas.js").Layer, scroller: HTMLElement, spacer: HTMLElement, current: number}} State */

/** @param {State} state */
function fit(state) {
  const { width, height } = state.options;
  state.scroller.style.width = `${width}px`;
  state.scroller.style.height = `${height}px`;
  // The canvas sticks to the top and takes its own height: the rest of the rows is what can be scrolled.
  state.spacer.style.height = `${Math.max(0, state.data.bars.length * ROW + BOTTOM - height)}px`;
  paint(state);
}

/** @param {State} state */
function paint(state) {
  const { scrollTop } = state.scroller;
  const from = Math.floor(scrollTop / ROW);
  sizeLayer(state.layer, state.options);
  drawBars(state.layer.context, state.data, state.options, { from, shift: scrollTop - from * ROW, current: state.current });
}

/**
 * @param {CanvasRenderingContext2D} context @param {BarData} data @param {BarOptions} options
 * @param {{from: number, shift: number, current: number}} scroll first bar, and the pixels of it that are out of sight
 */
function drawBars(context, data, options, { from, shift, current }) {
  const { width, height, ink } = options;
  const bottom = height - BOTTOM;
  context.font = FONT;
  const scale = barScale(context, data, options);
  const { labels } = scale;
  drawAxis(context, data.axis, options, scale.x);
  context.save();
  context.beginPath();
  context.rect(0, 0, width, bottom);
  context.clip();
  context.textBaseline = "middle";
  const end = Math.min(data.bars.length, from + Math.ceil((bottom + shift) / ROW) + 1);
  for (let i = from; i < end; i += 1) {
    const bar = data.bars[i];
    const top = (i - from) * ROW - shift;
    if (i === current) {
      context.globalAlpha = 0.08;
      context.fillStyle = ink.accent;
      context.fillRect(0, top, width, ROW);
      context.globalAlpha = 1;
    }
    context.textAlign = "right";
    context.fillStyle = ink.label;
    context.fillText(shortenedName(context, bar.label, labels - 8), labels - 6, top + ROW / 2);
    drawBar(context, bar, data.axis, { x: scale.x, base: scale.base, top, ink });
  }
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {BarData} data @param {BarOptions} options */
function barScale(context, { bars, axis }, { width, log }) {
  let [lo, hi] = [Infinity, -Infinity];
  let widest = 0;
  for (const { value, low = value, high = value, label } of bars) {
    if (label.length > widest) widest = label.length;
    for (const end of [low, value, high]) {
      if (!Number.isFinite(end) || (log && end <= 0)) continue;
      lo = Math.min(lo, end);
      hi = Math.max(hi, end);
    }
  }
  if (lo > hi) [lo, hi] = log ? [0.1, 10] : [0, 1];
  // Letters are not equally wide: the long names are measured, not only the one with the most letters.
  const long = bars.filter(({ label }) => label.length > 0.6 * widest).slice(0, MOST_MEASURED);
  const labels = Math.ceil(Math.min(width * 0.4, Math.max(0, ...long.map(({ label }) => context.measureText(label).width)) + 14));
  // Lengths compare only when bars begin at nought; dates have none, and a logarithmic axis neither.
  if (log) lo /= 2;
  else if (axis.kind !== "time") [lo, hi] = [Math.min(0, lo), Math.max(0, hi)];
  const x = makeScale([lo, hi === lo ? lo + 1 : hi], [labels, Math.max(labels + 40, width - valueRoom(context, bars, axis))], log);
  return { x, labels, base: log || axis.kind === "time" ? lo : 0 };
}

/** Pixels for the values behind the bars. @param {CanvasRenderingContext2D} context @param {Bar[]} bars @param {ColumnAxis} axis */
function valueRoom(context, bars, axis) {
  let longest = "";
  for (const bar of bars.slice(0, MOST_PICTURED)) {
    const text = valueText(bar, axis);
    if (text.length > longest.length) longest = text;
  }
  return context.measureText(longest).width + 14;
}

/** The value, and how many runs are behind it. @param {Bar} bar @param {ColumnAxis} axis */
function valueText({ value, count }, axis) {
  return formatOnColumn(axis, value) + (count === undefined ? "" : ` (${count})`);
}

/** @param {CanvasRenderingContext2D} context @param {ColumnAxis} axis @param {BarOptions} options @param {import("../lib/scale.js").Scale} x */
function drawAxis(context, axis, { width, height, ink }, x) {
  context.strokeStyle = ink.grid;
  context.fillStyle = ink.label;
  context.lineWidth = 1;
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  context.beginPath();
  for (const tick of columnTicks(axis, x, Math.max(2, Math.floor(width / 90)))) {
    const at = Math.round(toPixel(x, tick.at)) + 0.5;
    context.moveTo(at, 0);
    context.lineTo(at, height - BOTTOM);
    context.fillText(tick.label, at, height - 5);
  }
  context.stroke();
}

/** @param {CanvasRenderingContext2D} context @param {Bar} bar @param {ColumnAxis} axis @param {{x: import("../lib/scale.js").Scale, base: number, top: number, ink: import("../lib/types.js").Ink}} place */
function drawBar(context, bar, axis, { x, base, top, ink }) {
  const { value, low, high, color } = bar;
  const [from, to] = [toPixel(x, base), toPixel(x, value)];
  const middle = top + ROW / 2;
  let end = Math.max(from, Number.isFinite(to) ? to : from);
  if (Number.isFinite(to)) {
    context.globalAlpha = 0.85;
    context.fillStyle = color;
    context.fillRect(Math.min(from, to), top + 4, Math.max(1, Math.abs(to - from)), ROW - 8);
    context.globalAlpha = 1;
  }
  if (low !== undefined && high !== undefined && high > low) {
    const [a, b] = [toPixel(x, low), toPixel(x, high)];
    context.strokeStyle = ink.label;
    context.lineWidth = 1.2;
    context.beginPath();
    context.moveTo(a, middle);
    context.lineTo(b, middle);
    for (const tip of [a, b]) {
      context.moveTo(tip, middle - 4);
      context.lineTo(tip, middle + 4);
    }
    context.stroke();
    end = Math.max(end, b);
  }
  context.textAlign = "left";
  context.fillStyle = ink.label;
  context.fillText(valueText(bar, axis), end + 6, middle);
}

/** @param {State} state @param {MouseEvent} event @returns {number} −1 below the last bar */
function barAt({ data, options, scroller }, { clientY }) {
  const y = clientY - scroller.getBoundingClientRect().top;
  const index = Math.floor((y + scroller.scrollTop) / ROW);
  return y >= 0 && y < options.height - BOTTOM && index < data.bars.length ? index : -1;
}

/** @param {State} state @param {BarEvents} events @param {number} index @param {{clientX: number, clientY: number}} [pointer] the keyboard has none */
function point(state, events, index, pointer) {
  if (index !== state.current) {
    state.current = index;
    paint(state);
  }
  const box = state.scroller.getBoundingClientRect();
  const place = pointer ?? { clientX: box.left + box.width / 2, clientY: box.top + (index + 1) * ROW - state.scroller.scrollTop };
  events.onBar(state.data.bars[index] ?? null, place.clientX, place.clientY);
}

/** @param {State} state @param {BarEvents} events @param {KeyboardEvent} event */
function onKey(state, events, event) {
  const bar = state.data.bars[state.current];
  if (event.key === "Enter" && bar) events.onChoose(bar);
  const move = { ArrowDown: 1, ArrowUp: -1, PageDown: 10, PageUp: -10, Home: -1e9, End: 1e9 }[event.key];
  if (move === undefined || state.data.bars.length === 0) return;
  event.preventDefault();
  event.stopPropagation();
  const next = Math.min(state.data.bars.length - 1, Math.max(0, state.current + move));
  const { scroller, options } = state;
  const room = options.height - BOTTOM - ROW;
  scroller.scrollTop = Math.min(next * ROW, Math.max(next * ROW - room, scroller.scrollTop));
  point(state, events, next);
}
