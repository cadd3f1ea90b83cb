/**
 * A strip along each axis that is brushed: dragged with a mouse, a pen or a finger (which scrolls the page everywhere else),
 * or moved with the arrow keys.
 */

import { brushText } from "../lib/brush.js";
import { yOf } from "./parallel-paint.js";

/** @typedef {import("../lib/parallel-axis.js").Axis} Axis */
/** @typedef {import("../lib/brush.js").Brush} Brush */
/** @typedef {import("./parallel-paint.js").Geometry} Geometry */
/** @typedef {{model: import("./parallel-paint.js").ParallelModel, geometry: Geometry}} Shown */
/** @typedef {(column: string, brush: Brush | null) => void} OnBrush */
/** @typedef {[number, number]} Span two places, the lower first */

/**
 * @typedef {object} Drag
 * @property {number} anchor the end that stays, a place; of a span that moves: where it was taken
 * @property {number} from where the drag began, pixels
 * @property {Span | null} span what is moved as a whole
 * @property {boolean} moved
 */

const WIDTH = 32; // pixels
const GRIP = 6; // pixels around the end of a brush
const CLICK = 4; // pixels; a shorter drag is a click
const KEY_STEP = 0.05;
const FIRST = 0.25; // of the axis: the brush that the first key makes

/** @param {HTMLElement} element of the chart @param {() => Shown} shown @param {OnBrush} onBrush */
export function axisStrips(element, shown, onBrush) {
  /** @type {HTMLElement[]} */
  let strips = [];
  return {
    /** Puts a strip on each axis; those that are there stay, with the focus and the drag they have. */
    place() {
      const { model, geometry } = shown();
      while (strips.length < model.axes.length) strips.push(newStrip(element, strips.length, shown, onBrush));
      strips.splice(model.axes.length).forEach((strip) => strip.remove());
      model.axes.forEach((axis, at) => {
        const brush = model.brushes.get(axis.name);
        const [[low, high]] = [(brush && axis.spans(brush)[0]) ?? [0, 1]];
        const { style } = strips[at];
        style.left = `${geometry.xs[at] - WIDTH / 2}px`;
        style.top = `${geometry.top - 8}px`;
        style.width = `${WIDTH}px`;
        style.height = `${geometry.gap + 12 - geometry.top}px`;
        strips[at].setAttribute("aria-label", `Brush of ${axis.title}`);
        strips[at].setAttribute("aria-valuenow", String(Math.round(50 * (low + high))));
        strips[at].setAttribute("aria-valuetext", brush ? brushText(brush) : "everything");
      });
    },
    destroy: () => strips.forEach((strip) => strip.remove()),
  };
}

/** @param {HTMLElement} element @param {number} at which axis @param {() => Shown} shown @param {OnBrush} onBrush */
function newStrip(element, at, shown, onBrush) {
  const strip = document.createElement("div");
  strip.className = "parallel-strip";
  strip.tabIndex = 0;
  for (const [name, value] of Object.entries({ role: "slider", "aria-orientation": "vertical", "aria-valuemin": "0", "aria-valuemax": "100" })) strip.setAttribute(name, value);
  strip.title = "Drag, or use ↑ and ↓ (with Shift the upper end, with Alt the lower one); Delete takes the brush away";
  listenToPointer(strip, () => ({ ...shown(), axis: shown().model.axes[at] }), onBrush);
  strip.addEventListener("keydown", (event) => {
    const { model } = shown();
    const axis = model.axes[at];
    const brush = keyedBrush(event, axis, model.brushes.get(axis.name));
    if (brush === undefined) return;
    event.preventDefault();
    event.stopPropagation();
    onBrush(axis.name, brush);
  });
  element.append(strip);
  return strip;
}

/** @param {HTMLElement} strip @param {() => Shown & {axis: Axis}} shown @param {OnBrush} onBrush */
function listenToPointer(strip, shown, onBrush) {
  /** @type {Drag | null} */
  let drag = null;
  let frame = 0;
  const yAt = (/** @type {PointerEvent} */ event) => event.clientY - (strip.parentElement?.getBoundingClientRect().top ?? 0);
  strip.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    drag = beginDrag(shown(), yAt(event));
    strip.setPointerCapture(event.pointerId);
  });
  strip.addEventListener("pointermove", (event) => {
    const y = yAt(event);
    if (!drag) return;
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(() => drag && dragTo(shown(), drag, y, onBrush));
  });
  strip.addEventListener("pointerup", (event) => {
    if (!drag) return;
    cancelAnimationFrame(frame);
    const y = yAt(event);
    if (drag.moved || Math.abs(y - drag.from) > CLICK) dragTo(shown(), drag, y, onBrush);
    else click(shown(), y, onBrush);
    drag = null;
  });
  strip.addEventListener("pointercancel", () => (drag = null));
}

/** @param {Geometry} geometry @param {number} y */
function placeAt({ top, bottom }, y) {
  return (bottom - y) / (bottom - top);
}

/** Whether a height belongs to the runs without a value. @param {Geometry} geometry @param {number} y */
function isGap({ bottom, gap }, y) {
  return y > (bottom + gap) / 2;
}

/** A new brush; or the end or the whole of the one that is there. @param {Shown & {axis: Axis}} shown @param {number} y @returns {Drag} */
function beginDrag({ model, geometry, axis }, y) {
  const brush = model.brushes.get(axis.name);
  const [span] = brush && axis.scale !== "category" ? axis.spans(brush) : [];
  const fresh = { anchor: placeAt(geometry, y), from: y, span: null, moved: false };
  if (!span) return fresh;
  const [low, high] = span.map((place) => yOf(geometry, place));
  if (Math.abs(y - high) <= GRIP) return { ...fresh, anchor: span[0] };
  if (Math.abs(y - low) <= GRIP) return { ...fresh, anchor: span[1] };
  return y < low && y > high ? { ...fresh, span } : fresh;
}

/** @param {Shown & {axis: Axis}} shown @param {Drag} drag @param {number} y @param {OnBrush} onBrush */
function dragTo({ geometry, axis }, drag, y, onBrush) {
  if (!drag.moved && Math.abs(y - drag.from) <= CLICK) return;
  drag.moved = true;
  const here = placeAt(geometry, y);
  if (drag.span) return onBrush(axis.name, axis.brush(...shifted(drag.span, here - drag.anchor), false));
  const [low, high] = [drag.anchor, here].sort((a, b) => a - b);
  return onBrush(axis.name, axis.brush(low, high, axis.gaps && isGap(geometry, Math.max(y, drag.from))));
}

/** A click takes the brush away; where there is none it chooses the category, or what is missing. @param {Shown & {axis: Axis}} shown @param {number} y @param {OnBrush} onBrush */
function click({ model, geometry, axis }, y, onBrush) {
  if (model.brushes.has(axis.name)) return onBrush(axis.name, null);
  if (axis.gaps && isGap(geometry, y)) return onBrush(axis.name, axis.brush(2, 3, true));
  if (axis.scale !== "category" || y < geometry.top || y > geometry.bottom) return undefined;
  return onBrush(axis.name, axis.brush(...slot(axis, placeAt(geometry, y)), false));
}

/** The part of the axis that belongs to the category at a place. @param {Axis} axis @param {number} place @returns {Span} */
function slot({ categories: { length } }, place) {
  const at = Math.max(0, Math.min(length - 1, Math.floor(place * length)));
  return [at / length, (at + 1) / length];
}

/** A span moved along the axis, not beyond its ends. @param {Span} span @param {number} by @returns {Span} */
function shifted([low, high], by) {
  const allowed = Math.max(-low, Math.min(1 - high, by));
  return [low + allowed, high + allowed];
}

/** What a key makes of a brush. @param {KeyboardEvent} event @param {Axis} axis @param {Brush | undefined} brush @returns {Brush | null | undefined} undefined: the key means nothing here */
function keyedBrush({ key, shiftKey, altKey }, axis, brush) {
  if (key === "Delete" || key === "Backspace") return null;
  const way = { ArrowUp: 1, ArrowDown: -1 }[key];
  if (!way) return undefined;
  const step = way * (axis.categories.length ? 1 / axis.categories.length : KEY_STEP);
  const spans = brush ? axis.spans(brush) : [];
  if (spans.length === 0) return axis.brush(...firstSpan(axis, way), false);
  const [low, high] = [spans[0][0], spans[spans.length - 1][1]].sort((a, b) => a - b);
  const missing = brush?.missing ?? false;
  const least = Math.abs(step) / 2;
  if (shiftKey) return axis.brush(low, Math.min(1, Math.max(low + least, high + step)), missing);
  if (altKey) return axis.brush(Math.max(0, Math.min(high - least, low + step)), high, missing);
  return axis.brush(...shifted([low, high], step), missing);
}

/** ↑ begins at the top, ↓ at the bottom. @param {Axis} axis @param {number} way @returns {Span} */
function firstSpan(axis, way) {
  if (axis.categories.length) return slot(axis, way > 0 ? 1 : 0);
  return way > 0 ? [1 - FIRST, 1] : [0, FIRST];
}
