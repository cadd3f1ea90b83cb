/** Steps beside each other, each a column of what its time went to. Arrow keys go from step to step, Enter chooses one. */

import { formatNanoseconds } from "../lib/profile-units.js";
import { linearTicks } from "../lib/scale.js";
import { makeLayer, sizeLayer } from "./canvas.js";
import { FONT } from "./line-frame.js";

/**
 * @typedef {{label: string, parts: readonly number[], complete: boolean}} StepBar parts in ns, from the ground up
 * @typedef {{width: number, height: number, colors: readonly string[], ink: import("../lib/types.js").Ink}} StepsOptions CSS pixels; a colour per part
 *
 * @typedef {object} StepsEvents
 * @property {(place: number) => void} onStep the one that is pointed at; −1 for none
 * @property {(place: number) => void} onChoose
 */

const BOTTOM = 20; // labels of steps
const TOP = 6;
const GAP = 8; // between labels and columns
const WIDEST = 64; // pixels of a column
const LABEL = 46; // pixels that a label wants
const CUT = 0.45; // how strong a step is drawn that was cut off

/** @param {HTMLElement} element must be positioned @param {readonly StepBar[]} bars @param {StepsOptions} options @param {StepsEvents} events */
export function stepsChart(element, bars, options, events) {
  const layer = makeLayer(element, "chart-steps");
  const state = { bars, options, current: -1 };
  const paint = () => {
    sizeLayer(layer, state.options);
    draw(layer.context, state);
  };
  const point = (/** @type {number} */ place) => {
    if (place === state.current) return;
    state.current = place;
    paint();
    events.onStep(place);
  };
  const at = (/** @type {MouseEvent} */ { clientX }) => placeAt(layer.context, state, clientX - element.getBoundingClientRect().left);
  const listeners = /** @type {[string, (event: any) => void][]} */ ([
    ["pointermove", (event) => point(at(event))],
    ["pointerleave", () => point(-1)],
    ["blur", () => point(-1)],
    ["click", (event) => at(event) >= 0 && events.onChoose(at(event))],
    ["keydown", (event) => onKey(event, state, point, events)],
  ]);
  for (const [name, listener] of listeners) element.addEventListener(name, listener);
  paint();
  return {
    /** @param {readonly StepBar[]} nextBars @param {StepsOptions} nextOptions */
    update(nextBars, nextOptions) {
      Object.assign(state, { bars: nextBars, options: nextOptions, current: Math.min(state.current, nextBars.length - 1) });
      paint();
    },
    destroy() {
      for (const [name, listener] of listeners) element.removeEventListener(name, listener);
      layer.canvas.remove();
    },
  };
}

/** @typedef {{bars: readonly StepBar[], options: StepsOptions, current: number}} State */

/** @param {KeyboardEvent} event @param {State} state @param {(place: number) => void} point @param {StepsEvents} events */
function onKey(event, { bars, current }, point, events) {
  const last = bars.length - 1;
  const next = { ArrowRight: Math.min(last, current + 1), ArrowLeft: Math.max(0, current - 1), Home: 0, End: last }[event.key];
  if (next === undefined && !(event.key === "Enter" && current >= 0)) return;
  event.preventDefault();
  event.stopPropagation();
  if (next === undefined) events.onChoose(current);
  else point(next);
}

/** @param {StepBar} bar */
const heightOf = ({ parts }) => parts.reduce((sum, part) => sum + part, 0);

/** Where columns stand. @param {CanvasRenderingContext2D} context @param {State} state */
function place(context, { bars, options: { width } }) {
  const most = Math.max(1, ...bars.map(heightOf));
  const ticks = linearTicks(0, most, 4);
  context.font = FONT;
  const left = Math.max(...ticks.map((tick) => context.measureText(formatNanoseconds(tick)).width)) + GAP;
  const pitch = Math.min(WIDEST * 1.25, (width - left) / Math.max(1, bars.length));
  return { most, ticks, left, pitch };
}

/** @param {CanvasRenderingContext2D} context @param {State} state @param {number} x */
function placeAt(context, state, x) {
  const { left, pitch } = place(context, state);
  const found = Math.floor((x - left) / pitch);
  return found >= 0 && found < state.bars.length ? found : -1;
}

/** @param {CanvasRenderingContext2D} context @param {State} state */
function draw(context, state) {
  const { bars, current, options: { width, height, colors, ink } } = state;
  const { most, ticks, left, pitch } = place(context, state);
  const ground = height - BOTTOM;
  const y = (/** @type {number} */ value) => ground - ((ground - TOP) * value) / most;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const tick of ticks) {
    context.fillStyle = ink.grid;
    context.fillRect(left, Math.round(y(tick)), width - left, 1);
    context.fillStyle = ink.label;
    context.fillText(tick === 0 ? "0" : formatNanoseconds(tick), left - GAP, Math.max(y(tick), 6));
  }
  const gap = pitch > 12 ? pitch * 0.2 : pitch > 3 ? 1 : 0;
  const every = Math.max(1, Math.ceil(LABEL / pitch));
  context.textAlign = "center";
  bars.forEach((bar, index) => {
    const x = left + index * pitch;
    if (index === current) {
      context.fillStyle = ink.grid;
      context.fillRect(x, 0, pitch, ground);
    }
    context.globalAlpha = bar.complete ? 1 : CUT;
    let below = 0;
    bar.parts.forEach((part, kind) => {
      const top = y(below + part);
      context.fillStyle = colors[kind];
      context.fillRect(x + gap / 2, top, Math.max(pitch - gap, 0.5), y(below) - top);
      below += part;
    });
    context.globalAlpha = 1;
    context.fillStyle = index === current ? ink.accent : ink.label;
    if (index % every === 0) context.fillText(bar.label, x + pitch / 2, height - BOTTOM / 2 + 2);
  });
}
