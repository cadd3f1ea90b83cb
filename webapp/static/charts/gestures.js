/** Pointer and wheel → what they mean on a chart. Moves are answered once per animation frame. */

const CLICK = 4; // a drag shorter than this is a click, pixels

/**
 * @typedef {{x: number, y: number, origin: [number, number]}} Point pixels within the canvas; `origin` is its client position
 * @typedef {object} Target
 * @property {(point: Point) => void} move
 * @property {() => void} leave
 * @property {(from: Point, to: Point) => void} band the box being drawn
 * @property {(from: Point, to: Point) => void} zoom the box chosen
 * @property {(dx: number, dy: number) => void} pan pixels since the last call
 * @property {(point: Point, factor: number) => void} wheel
 * @property {() => void} reset
 *
 * @param {HTMLCanvasElement} canvas @param {Target} target
 * @returns {() => void} stops listening
 */
export function listenToGestures(canvas, target) {
  /** @type {{from: Point, last: Point, pan: boolean} | null} */
  let drag = null;
  let waiting = 0;
  const atNextFrame = (/** @type {() => void} */ action) => {
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(action);
  };
  const moved = (/** @type {PointerEvent} */ event) => {
    const point = pointOf(canvas, event);
    if (!drag) return atNextFrame(() => target.move(point));
    return atNextFrame(() => dragged(point));
  };
  const dragged = (/** @type {Point} */ point) => {
    if (!drag) return;
    if (drag.pan) target.pan(point.x - drag.last.x, point.y - drag.last.y);
    else if (distance(drag.from, point) > CLICK) target.band(drag.from, point);
    drag.last = point;
  };
  const finish = (/** @type {PointerEvent} */ event) => {
    if (!drag) return;
    const { from, pan } = drag;
    const point = pointOf(canvas, event);
    drag = null;
    cancelAnimationFrame(waiting);
    if (!pan && event.type === "pointerup" && distance(from, point) > CLICK) target.zoom(from, point);
    target.move(point);
  };
  const listeners = /** @type {const} */ ({
    pointermove: moved,
    pointerdown(/** @type {PointerEvent} */ event) {
      if (event.button !== 0 || event.pointerType === "touch") return;
      const from = pointOf(canvas, event);
      drag = { from, last: from, pan: event.shiftKey };
      canvas.setPointerCapture(event.pointerId);
    },
    pointerup: finish,
    pointercancel: finish,
    pointerleave() {
      if (drag) return;
      cancelAnimationFrame(waiting);
      target.leave();
    },
    dblclick: () => target.reset(),
    wheel(/** @type {WheelEvent} */ event) {
      if (!(event.ctrlKey || event.metaKey || event.altKey)) return;
      event.preventDefault();
      const point = pointOf(canvas, event);
      atNextFrame(() => target.wheel(point, Math.exp(Math.max(-60, Math.min(60, event.deltaY || event.deltaX)) / 200)));
    },
  });
  for (const [type, listener] of Object.entries(listeners)) {
    canvas.addEventListener(type, /** @type {EventListener} */ (listener), { passive: false });
  }
  return () => {
    cancelAnimationFrame(waiting);
    for (const [type, listener] of Object.entries(listeners)) canvas.removeEventListener(type, /** @type {EventListener} */ (listener));
  };
}

/** @param {HTMLCanvasElement} canvas @param {MouseEvent} event @returns {Point} */
function pointOf(canvas, event) {
  const { left, top } = canvas.getBoundingClientRect();
  return { x: event.clientX - left, y: event.clientY - top, origin: [left, top] };
}

/** @param {Point} a @param {Point} b */
function distance(a, b) {
  return Math.hypot(a.x - b.x, a.y - b.y);
}
