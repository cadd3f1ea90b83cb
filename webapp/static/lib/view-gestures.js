/** Wheel, drag, pinch and pointer over a picture → zoom, pan and a place in it. */

/** @typedef {{x: number, y: number}} Point CSS pixels within the element */

/**
 * @typedef {object} ViewTarget
 * @property {(factor: number, point: Point) => void} zoom
 * @property {(dx: number, dy: number) => void} pan
 * @property {(point: Point | null) => void} point where the pointer is; null when it has left
 * @property {(point: Point) => void} twice a double click
 */

const TYPES = ["pointerdown", "pointermove", "pointerup", "pointercancel", "pointerleave", "wheel", "dblclick"];
const WHEEL = 0.0016; // per pixel of the wheel

export class ViewGestures {
  /** @type {HTMLElement} */ #element;
  /** @type {ViewTarget} */ #target;
  /** @type {Map<number, Point>} */ #held = new Map();

  /** @param {HTMLElement} element @param {ViewTarget} target */
  constructor(element, target) {
    this.#element = element;
    this.#target = target;
    for (const type of TYPES) element.addEventListener(type, this, { passive: false });
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event instanceof WheelEvent) this.#wheel(event);
    else if (event.type === "dblclick") this.#target.twice(this.#pointOf(/** @type {MouseEvent} */ (event)));
    else if (event instanceof PointerEvent) this.#pointer(event);
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1);
    // A trackpad's pinch comes as a wheel with Ctrl and small steps.
    this.#target.zoom(Math.exp(-pixels * (event.ctrlKey ? 6 : 1) * WHEEL), this.#pointOf(event));
  }

  /** @param {PointerEvent} event */
  #pointer(event) {
    const point = this.#pointOf(event);
    if (event.type === "pointerdown") {
      if (event.button > 1) return;
      this.#held.set(event.pointerId, point);
      this.#element.setPointerCapture(event.pointerId);
      this.#target.point(point);
    } else if (event.type === "pointermove") this.#moved(event.pointerId, point);
    else {
      this.#held.delete(event.pointerId);
      if (event.type === "pointerleave" && event.pointerType !== "touch") this.#target.point(null);
    }
  }

  /** @param {number} id @param {Point} point */
  #moved(id, point) {
    const before = this.#held.get(id);
    this.#target.point(point);
    if (!before) return;
    this.#held.set(id, point);
    const other = [...this.#held].find(([held]) => held !== id)?.[1];
    if (other) {
      const far = (/** @type {Point} */ from) => Math.hypot(from.x - other.x, from.y - other.y);
      this.#target.zoom(far(point) / Math.max(1, far(before)), { x: (point.x + other.x) / 2, y: (point.y + other.y) / 2 });
    }
    const share = other ? 0.5 : 1; // the middle of two fingers moves half as far as one of them
    this.#target.pan((point.x - before.x) * share, (point.y - before.y) * share);
  }

  /** @param {MouseEvent} event @returns {Point} */
  #pointOf(event) {
    const { left, top } = this.#element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}
