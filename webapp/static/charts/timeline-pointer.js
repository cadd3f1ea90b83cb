/** Mouse, pen and fingers over a timeline → what they mean. */

/** @typedef {{x: number, y: number}} Point CSS pixels of the drawing */

/**
 * @typedef {object} PointerTarget
 * @property {(factor: number, x: number) => void} zoom
 * @property {(dx: number, dy: number) => void} pan
 * @property {(from: Point, to: Point, done: boolean) => void} band a stretch is drawn
 * @property {(point: Point, client: Point) => void} click
 * @property {(point: Point) => void} twice
 * @property {(point: Point | null, client: Point) => void} hover
 * @property {() => boolean} pans whether a plain drag moves the view, as with Shift
 */

const SLOP = 4; // a drag shorter than this is a click, CSS pixels
const WHEEL = 0.0022; // per pixel of the wheel
const TYPES = ["pointerdown", "pointermove", "pointerup", "pointercancel", "pointerleave", "wheel", "dblclick"];

export class TimelinePointer {
  #element;
  #target;
  #left;
  /** @type {Map<number, Point>} */ #held = new Map();
  /** @type {{from: Point, panning: boolean, far: boolean} | null} */ #drag = null;

  /** @param {HTMLElement} element @param {() => number} left CSS pixels of the element that are no drawing @param {PointerTarget} target */
  constructor(element, left, target) {
    this.#element = element;
    this.#left = left;
    this.#target = target;
    for (const type of TYPES) element.addEventListener(type, this, { passive: false });
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event instanceof WheelEvent) this.#wheel(event);
    else if (event.type === "dblclick") {
      if (this.#isDrawing(event)) this.#target.twice(this.#pointOf(/** @type {MouseEvent} */ (event)));
    } else if (event instanceof PointerEvent) this.#pointer(event);
  }

  /** Buttons at the heads of rows are theirs. @param {Event} event */
  #isDrawing(event) {
    return this.#pointOf(/** @type {MouseEvent} */ (event)).x >= 0 && !(event.target instanceof Element && event.target.closest("button"));
  }

  /** The wheel scrolls rows; with Ctrl it zooms, with Shift or sideways it moves in time. @param {WheelEvent} event */
  #wheel(event) {
    const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1;
    const sideways = event.shiftKey ? event.deltaY || event.deltaX : event.deltaX;
    if (event.ctrlKey || event.metaKey) this.#target.zoom(Math.exp(-event.deltaY * unit * WHEEL * (Math.abs(event.deltaY) < 12 ? 4 : 1)), this.#pointOf(event).x);
    else if (Math.abs(sideways) > Math.abs(event.shiftKey ? 0 : event.deltaY)) this.#target.pan(-sideways * unit, 0);
    else return;
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  #pointer(event) {
    const point = this.#pointOf(event);
    const client = { x: event.clientX, y: event.clientY };
    if (event.type === "pointerdown") this.#begin(event, point);
    else if (event.type === "pointermove") this.#moved(event, point, client);
    else if (event.type === "pointerleave") this.#target.hover(null, client);
    else this.#finish(event, point, client);
  }

  /** @param {PointerEvent} event @param {Point} point */
  #begin(event, point) {
    if (event.button > 1 || !this.#isDrawing(event)) return;
    if (event.button === 1) event.preventDefault(); // no scrolling by itself
    this.#held.set(event.pointerId, point);
    this.#element.setPointerCapture(event.pointerId);
    const panning = event.button === 1 || event.shiftKey !== this.#target.pans() || (event.pointerType === "touch" && this.#held.size > 1);
    this.#drag = { from: point, panning, far: this.#held.size > 1 };
  }

  /** @param {PointerEvent} event @param {Point} point @param {Point} client */
  #moved(event, point, client) {
    const before = this.#held.get(event.pointerId);
    if (!before || !this.#drag) return this.#target.hover(point.x >= 0 ? point : null, client);
    const { from, panning, far } = this.#drag;
    if (!far && Math.hypot(point.x - from.x, point.y - from.y) < SLOP) return;
    this.#drag.far = true;
    this.#held.set(event.pointerId, point);
    const other = [...this.#held].find(([id]) => id !== event.pointerId)?.[1];
    if (other) return this.#pinch(before, point, other);
    this.#target.hover(null, client);
    if (panning) this.#target.pan(point.x - before.x, point.y - before.y);
    else this.#target.band(from, point, false);
  }

  /** Two fingers: how far they are apart zooms, their middle moves. @param {Point} before @param {Point} point @param {Point} other */
  #pinch(before, point, other) {
    const apart = (/** @type {Point} */ at) => Math.max(24, Math.abs(at.x - other.x));
    this.#target.zoom(apart(point) / apart(before), (point.x + other.x) / 2);
    this.#target.pan((point.x - before.x) / 2, (point.y - before.y) / 2);
  }

  /** @param {PointerEvent} event @param {Point} point @param {Point} client */
  #finish(event, point, client) {
    if (!this.#held.delete(event.pointerId) || !this.#drag || this.#held.size) return;
    const { from, panning, far } = this.#drag;
    this.#drag = null;
    if (event.type === "pointercancel") return;
    if (!far) this.#target.click(point, client);
    else if (!panning) this.#target.band(from, point, true);
  }

  /** @param {MouseEvent} event @returns {Point} */
  #pointOf(event) {
    const { left, top } = this.#element.getBoundingClientRect();
    return { x: event.clientX - left - this.#left(), y: event.clientY - top };
  }
}
