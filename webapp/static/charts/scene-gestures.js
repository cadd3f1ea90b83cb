/** Pointer, wheel and keys → how a camera moves: drag turns, Shift or the other button pans, two fingers do both. */

import { orbit, pan, zoom } from "../lib/camera.js";

/** @typedef {import("../lib/camera.js").Camera} Camera */

/**
 * @typedef {object} SceneTarget
 * @property {() => Camera} camera
 * @property {(camera: Camera) => void} move
 * @property {() => void} reset
 * @property {(x: number, y: number) => void} hover pixels within the picture
 * @property {() => void} leave
 */

const KEY_TURN = 18; // pixels that an arrow key stands for
const KEY_ZOOM = 1.15;

export class SceneGestures {
  /** @type {HTMLElement} */ #element;
  /** @type {SceneTarget} */ #target;
  /** @type {Map<number, {x: number, y: number}>} fingers and buttons that are down */ #down = new Map();

  /** @param {HTMLElement} element @param {SceneTarget} target */
  constructor(element, target) {
    this.#element = element;
    this.#target = target;
    element.addEventListener("pointerdown", (event) => this.#begin(event));
    element.addEventListener("pointermove", (event) => this.#moved(event));
    for (const type of /** @type {const} */ (["pointerup", "pointercancel"])) element.addEventListener(type, ({ pointerId }) => this.#down.delete(pointerId));
    element.addEventListener("pointerleave", () => target.leave());
    element.addEventListener("dblclick", () => target.reset());
    element.addEventListener("contextmenu", (event) => event.preventDefault());
    element.addEventListener("wheel", (event) => this.#wheel(event), { passive: false });
    element.addEventListener("keydown", (event) => this.#key(event));
  }

  /** @param {PointerEvent} event */
  #begin(event) {
    this.#down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    this.#element.focus({ preventScroll: true });
    try {
      this.#element.setPointerCapture(event.pointerId);
    } catch {
      // The pointer is gone already: the drag ends with the next event.
    }
  }

  /** @param {PointerEvent} event */
  #moved(event) {
    const last = this.#down.get(event.pointerId);
    if (!last) {
      const { left, top } = this.#element.getBoundingClientRect();
      return this.#target.hover(event.clientX - left, event.clientY - top);
    }
    const [dx, dy] = [event.clientX - last.x, event.clientY - last.y];
    const before = this.#spread();
    this.#down.set(event.pointerId, { x: event.clientX, y: event.clientY });
    const camera = this.#target.camera();
    if (this.#down.size > 1) {
      const nearer = zoom(camera, before / (this.#spread() || 1));
      return this.#target.move(pan(nearer, dx / this.#down.size, dy / this.#down.size, this.#element.clientHeight));
    }
    const panning = event.shiftKey || event.buttons === 2 || event.buttons === 4;
    return this.#target.move(panning ? pan(camera, dx, dy, this.#element.clientHeight) : orbit(camera, dx, dy));
  }

  /** How far apart two fingers are. */
  #spread() {
    const [a, b] = [...this.#down.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 1;
  }

  /** The page scrolls unless the picture has the focus or Ctrl is held. @param {WheelEvent} event */
  #wheel(event) {
    if (document.activeElement !== this.#element && !(event.ctrlKey || event.metaKey || event.altKey)) return;
    event.preventDefault();
    this.#target.move(zoom(this.#target.camera(), Math.exp(Math.max(-60, Math.min(60, event.deltaY)) / 250)));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const camera = keyedCamera(event, this.#target.camera(), this.#element.clientHeight, false);
    if (camera) this.#target.move(camera);
    else if (event.key === "0" || event.key === "Home") this.#target.reset();
    else return;
    event.preventDefault();
    event.stopPropagation(); // the page has arrow keys of its own
  }
}

/** The camera after a key: arrows turn, with Shift they pan, + and − zoom, o takes the perspective away. @param {KeyboardEvent} event @param {Camera} camera @param {number} height of the picture, pixels @param {boolean} flat nothing turns @returns {Camera | null} null where the key means nothing */
export function keyedCamera(event, camera, height, flat) {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[event.key] ?? [0, 0];
  if (dx || dy) {
    const [x, y] = [dx * KEY_TURN, dy * KEY_TURN];
    if (flat) return pan(camera, -2 * x, -2 * y, height); // the eye goes where the arrow points
    return event.shiftKey ? pan(camera, x, y, height) : orbit(camera, x, y);
  }
  if (event.key === "+" || event.key === "=") return zoom(camera, 1 / KEY_ZOOM);
  if (event.key === "-") return zoom(camera, KEY_ZOOM);
  return event.key === "o" && !flat ? { ...camera, orthographic: !camera.orthographic } : null;
}
