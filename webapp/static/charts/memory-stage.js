/** The ground of pictures of memory: bytes upwards, time to the right, a cursor, and stretches of time drawn out by the pointer or keys. */

import { oncePerFrame } from "../lib/atom.js";
import { formatBytes } from "../lib/format.js";
import { linearTicks } from "../lib/scale.js";
import { makeLayer, sizeLayer } from "./canvas.js";
import { FONT } from "./line-frame.js";

/** @typedef {import("../lib/types.js").Ink & {dark: boolean, text: string, warn: string, line: string, bad: string}} StageInk */

/**
 * @typedef {object} StageScale
 * @property {number} left pixels
 * @property {number} right
 * @property {number} ground where no bytes are
 * @property {(time: number) => number} x
 * @property {(bytes: number) => number} y
 *
 * @typedef {object} Picture
 * @property {[from: number, to: number]} span ns
 * @property {number} most bytes at the upper edge
 * @property {(time: number) => string} timeText
 * @property {(context: CanvasRenderingContext2D, scale: StageScale, ink: StageInk) => void} paint
 * @property {(time: number, bytes: number) => number} hit what is there; −1 for nothing
 * @property {(context: CanvasRenderingContext2D, scale: StageScale, hit: number, ink: StageInk) => void} mark
 * @property {(hit: number, time: number, up: boolean) => number} next what the keys go to
 *
 * @typedef {object} StageEvents
 * @property {(at: {time: number, hit: number} | null) => void} onPoint
 * @property {(range: [from: number, to: number] | null) => void} onRange null: everything
 * @property {(hit: number) => void} onOpen
 */

const TOP = 8;
const BOTTOM = 20;
const GAP = 8;
const LEAST_RANGE = 4; // pixels
const STEP = 8; // pixels that an arrow key goes

export class MemoryStage {
  #base;
  #above;
  #events;
  #readInk;
  /** @type {Picture | null} */ #picture = null;
  /** @type {number | null} time */ #cursor = null;
  /** @type {number | null} where a range began */ #anchor = null;
  #hit = -1;
  #soon = oncePerFrame(() => this.#draw());
  #resized = new ResizeObserver(this.#soon);

  /** @param {HTMLElement} element must be positioned, and has a height @param {string} label @param {() => StageInk} readInk @param {StageEvents} events */
  constructor(element, label, readInk, events) {
    this.element = element;
    this.#events = events;
    this.#readInk = readInk;
    this.#base = makeLayer(element, "chart-lines");
    this.#above = makeLayer(element, "chart-overlay");
    const { canvas } = this.#above;
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "img");
    canvas.setAttribute("aria-label", `${label}: left and right move the cursor, with Shift they choose a stretch of time, Enter shows it, Escape shows all`);
    canvas.addEventListener("pointerdown", (event) => this.#press(event));
    canvas.addEventListener("pointermove", (event) => this.#point(event));
    canvas.addEventListener("pointerup", (event) => this.#release(event));
    canvas.addEventListener("pointerleave", ({ pointerType }) => this.#anchor === null && pointerType === "mouse" && this.#go(null, -1));
    canvas.addEventListener("dblclick", () => events.onRange(null));
    canvas.addEventListener("keydown", (event) => this.#key(event));
    this.#resized.observe(element);
  }

  /** @param {Picture | null} picture */
  show(picture) {
    this.#picture = picture;
    this.#cursor = this.#anchor = null;
    this.#hit = -1;
    this.#soon();
  }

  recolor() {
    this.#soon();
  }

  destroy() {
    this.#resized.disconnect();
  }

  /** @returns {StageScale | null} */
  #scale() {
    const picture = this.#picture;
    const { clientWidth: width, clientHeight: height } = this.element;
    if (!picture || width < 40 || height < 40) return null;
    const { context } = this.#base;
    context.font = FONT;
    const ticks = linearTicks(0, picture.most || 1, 4);
    const left = Math.max(...ticks.map((tick) => context.measureText(formatBytes(tick)).width)) + GAP;
    const [from, to] = picture.span;
    const [right, ground] = [width - 2, height - BOTTOM];
    return {
      left, right, ground,
      x: (time) => left + ((time - from) / Math.max(to - from, 1)) * (right - left),
      y: (bytes) => ground - (bytes / (picture.most || 1)) * (ground - TOP),
    };
  }

  #draw() {
    const { clientWidth: width, clientHeight: height } = this.element;
    for (const layer of [this.#base, this.#above]) sizeLayer(layer, { width, height });
    const [picture, scale] = [this.#picture, this.#scale()];
    if (!picture || !scale) return;
    const ink = this.#readInk();
    drawAxes(this.#base.context, picture, scale, ink);
    picture.paint(this.#base.context, scale, ink);
    this.#drawAbove(scale, ink);
  }

  /** @param {StageScale} scale @param {StageInk} ink */
  #drawAbove(scale, ink) {
    const { context, canvas } = this.#above;
    context.clearRect(0, 0, canvas.width, canvas.height);
    if (this.#hit >= 0) this.#picture?.mark(context, scale, this.#hit, ink);
    if (this.#cursor === null) return;
    const x = scale.x(this.#cursor);
    if (this.#anchor !== null) {
      const from = scale.x(this.#anchor);
      context.fillStyle = ink.accent;
      context.globalAlpha = 0.16;
      context.fillRect(Math.min(from, x), TOP, Math.abs(x - from), scale.ground - TOP);
      context.globalAlpha = 1;
    }
    context.fillStyle = ink.muted;
    context.fillRect(Math.round(x), TOP, 1, scale.ground - TOP);
  }

  /** @param {PointerEvent} event */
  #placeOf(event) {
    const scale = this.#scale();
    if (!scale || !this.#picture) return null;
    const [from, to] = this.#picture.span;
    const share = (event.offsetX - scale.left) / (scale.right - scale.left);
    const bytes = ((scale.ground - event.offsetY) / (scale.ground - TOP)) * this.#picture.most;
    return { time: from + Math.min(1, Math.max(0, share)) * (to - from), bytes };
  }

  /** @param {PointerEvent} event */
  #press(event) {
    const place = event.button === 0 ? this.#placeOf(event) : null;
    if (!place) return;
    this.#point(event); // a finger does not come over the canvas before
    this.#above.canvas.setPointerCapture(event.pointerId);
    this.#anchor = place.time;
  }

  /** @param {PointerEvent} event */
  #point(event) {
    const place = this.#placeOf(event);
    if (place) this.#go(place.time, this.#picture?.hit(place.time, place.bytes) ?? -1);
  }

  /** @param {PointerEvent} event */
  #release(event) {
    const [anchor, place, scale] = [this.#anchor, this.#placeOf(event), this.#scale()];
    this.#anchor = null;
    if (anchor === null || !place || !scale) return;
    if (Math.abs(scale.x(anchor) - scale.x(place.time)) >= LEAST_RANGE) this.#choose(anchor, place.time);
    else if (this.#hit >= 0) this.#events.onOpen(this.#hit);
    this.#soon();
  }

  /** @param {number} a @param {number} b */
  #choose(a, b) {
    const [from, to] = [Math.round(Math.min(a, b)), Math.round(Math.max(a, b))];
    if (to > from) this.#events.onRange([from, to]);
  }

  /** @param {number | null} time @param {number} hit */
  #go(time, hit) {
    [this.#cursor, this.#hit] = [time, hit];
    const scale = this.#scale();
    if (scale) this.#drawAbove(scale, this.#readInk());
    this.#events.onPoint(time === null ? null : { time, hit });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const [picture, scale] = [this.#picture, this.#scale()];
    if (!picture || !scale || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!this.#onKey(event, picture, scale)) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {KeyboardEvent} event @param {Picture} picture @param {StageScale} scale @returns {boolean} whether the key meant something */
  #onKey({ key, shiftKey }, picture, scale) {
    const [from, to] = picture.span;
    const time = this.#cursor ?? (from + to) / 2;
    const step = { ArrowLeft: -STEP, ArrowRight: STEP, Home: -Infinity, End: Infinity }[key];
    if (step !== undefined) {
      this.#anchor = shiftKey ? this.#anchor ?? time : null;
      const next = time + (step / (scale.right - scale.left)) * (to - from);
      this.#go(Math.min(to, Math.max(from, next)), this.#hit);
    } else if (key === "ArrowUp" || key === "ArrowDown") this.#go(time, picture.next(this.#hit, time, key === "ArrowUp"));
    else if (key === "Enter" && this.#anchor !== null) {
      this.#choose(this.#anchor, time);
      this.#anchor = null;
    } else if (key === "Enter" && this.#hit >= 0) this.#events.onOpen(this.#hit);
    else if (key === "Escape") this.#events.onRange(null);
    else return false;
    return true;
  }
}

/** @param {CanvasRenderingContext2D} context @param {Picture} picture @param {StageScale} scale @param {StageInk} ink */
function drawAxes(context, { most, span: [from, to], timeText }, { left, right, ground, x, y }, ink) {
  context.font = FONT;
  context.textBaseline = "middle";
  context.textAlign = "right";
  for (const tick of linearTicks(0, most || 1, 4)) {
    context.fillStyle = ink.grid;
    context.fillRect(left, Math.round(y(tick)), right - left, 1);
    context.fillStyle = ink.label;
    context.fillText(formatBytes(tick), left - GAP + 3, Math.max(y(tick), 6));
  }
  context.textAlign = "center";
  for (const tick of linearTicks(from, to, Math.max(2, Math.floor((right - left) / 110)))) {
    if (x(tick) > left + 16 && x(tick) < right - 16) context.fillText(timeText(tick), x(tick), ground + BOTTOM / 2 + 2);
  }
}
