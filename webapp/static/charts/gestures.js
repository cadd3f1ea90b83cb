/** Pointer and wheel → what they mean on a chart. Moves are answered once per animation frame. */

const CLICK = 4; // a drag shorter than this is a click, pixels
const TYPES = ["pointermove", "pointerdown", "pointerup", "pointercancel", "pointerleave", "dblclick", "wheel"];

/**
 * @typedef {{x: number, y: number, origin: [number, number]}} Point pixels within the canvas; `origin` is its client position
 * @typedef {object} Target
 * @property {(point: Point) => void} move
 * @property {() => void} leave
 * @property {(from: Point, to: Point, selecting: boolean) => void} band the box being drawn
 * @property {(from: Point, to: Point) => void} zoom the box chosen
 * @property {(from: Point, to: Point) => void} select the part of x chosen with the Alt key
 * @property {(point: Point) => void} click
 * @property {(dx: number, dy: number) => void} pan pixels since the last call
 * @property {(point: Point, factor: number) => void} wheel
 * @property {() => void} reset
 */

export class Gestures {
  /** @type {HTMLCanvasElement} */ #canvas;
  /** @type {Target} */ #target;
  /** @type {{from: Point, last: Point, pan: boolean, selecting: boolean} | null} */ #drag = null;
  #waiting = 0;

  /** @param {HTMLCanvasElement} canvas @param {Target} target */
  constructor(canvas, target) {
    this.#canvas = canvas;
    this.#target = target;
    for (const type of TYPES) canvas.addEventListener(type, this, { passive: false });
    document.addEventListener("pointerdown", this);
  }

  stop() {
    cancelAnimationFrame(this.#waiting);
    for (const type of TYPES) this.#canvas.removeEventListener(type, this);
    document.removeEventListener("pointerdown", this);
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event instanceof WheelEvent) this.#wheel(event);
    else if (event.type === "dblclick") this.#target.reset();
    else if (event instanceof PointerEvent) this.#pointer(event);
  }

  /** @param {PointerEvent} event */
  #pointer(event) {
    const touch = event.pointerType === "touch";
    if (event.currentTarget === document) {
      // A finger leaves with each tap: what it asked for stays until another place is tapped.
      if (touch && event.target !== this.#canvas) this.#target.leave();
    } else if (event.type === "pointermove") this.#moved(event);
    else if (event.type === "pointerdown") this.#begin(event, touch);
    else if (event.type !== "pointerleave") this.#finish(event);
    else if (!this.#drag && !touch) {
      cancelAnimationFrame(this.#waiting);
      this.#target.leave();
    }
  }

  /** @param {PointerEvent} event */
  #moved(event) {
    const point = this.#pointOf(event);
    this.#atNextFrame(() => (this.#drag ? this.#dragged(point) : this.#target.move(point)));
  }

  /** @param {PointerEvent} event @param {boolean} touch */
  #begin(event, touch) {
    const from = this.#pointOf(event);
    if (touch) return this.#target.move(from); // dragging scrolls the page
    if (event.button !== 0) return;
    this.#drag = { from, last: from, pan: event.shiftKey, selecting: event.altKey };
    try {
      this.#canvas.setPointerCapture(event.pointerId);
    } catch {
      // The pointer is gone already: the drag ends with the next event.
    }
  }

  /** @param {Point} point */
  #dragged(point) {
    if (!this.#drag) return;
    const { from, last, pan, selecting } = this.#drag;
    this.#drag.last = point;
    if (pan) this.#target.pan(point.x - last.x, point.y - last.y);
    else if (distance(from, point) > CLICK) this.#target.band(from, point, selecting);
  }

  /** @param {PointerEvent} event */
  #finish(event) {
    if (!this.#drag) return;
    const { from, pan, selecting } = this.#drag;
    const point = this.#pointOf(event);
    cancelAnimationFrame(this.#waiting);
    if (pan) this.#dragged(point);
    this.#drag = null;
    const far = distance(from, point) > CLICK;
    if (!pan && far && event.type === "pointerup") this.#target[selecting ? "select" : "zoom"](from, point);
    this.#target.move(point);
    if (!far && event.type === "pointerup") this.#target.click(point);
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    if (!(event.ctrlKey || event.metaKey || event.altKey)) return;
    event.preventDefault();
    const point = this.#pointOf(event);
    const factor = Math.exp(Math.max(-60, Math.min(60, event.deltaY || event.deltaX)) / 200);
    this.#atNextFrame(() => this.#target.wheel(point, factor));
  }

  /** @param {() => void} action */
  #atNextFrame(action) {
    cancelAnimationFrame(this.#waiting);
    this.#waiting = requestAnimationFrame(action);
  }

  /** @param {MouseEvent} event @returns {Point} */
  #pointOf(event) {
    const { left, top } = this.#canvas.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top, origin: [left, top] };
  }
}

/** @param {Point} a @param {Point} b */
function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
