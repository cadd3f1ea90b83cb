/** Pointer, wheel and keys over a cloud of points → how the camera moves, what is picked and what is drawn round. */

import { orbit, pan } from "../lib/camera.js";
import { zoomedAround } from "../lib/points-camera.js";
import { boxPolygon } from "../lib/points-pick.js";
import { keyedCamera } from "./scene-gestures.js";

/** @typedef {import("../lib/camera.js").Camera} Camera */
/** @typedef {"pan" | "box" | "lasso"} Mode */
/** @typedef {"replace" | "add" | "remove"} How */
/** @typedef {import("../lib/points-pick.js").Polygon} Polygon */

/**
 * @typedef {object} PointsTarget
 * @property {() => Camera} camera
 * @property {() => number} dims
 * @property {() => import("../lib/points-screen.js").Size} size
 * @property {(camera: Camera, byKeys: boolean) => void} move
 * @property {(x: number, y: number) => void} hover
 * @property {() => void} leave
 * @property {(x: number, y: number, event: MouseEvent) => void} pick
 * @property {(x: number, y: number) => void} twice
 * @property {(polygon: Polygon | null) => void} outline what is being drawn
 * @property {(polygon: Polygon, how: How) => void} select
 * @property {(event: KeyboardEvent) => boolean} key of the view itself; false where it means nothing
 */

const CLICK = 4; // a drag shorter than this is a click, pixels
const STEP = 3; // pixels from corner to corner of a lasso
const WHEEL = 0.0016; // per pixel of the wheel
const TYPES = ["pointerdown", "pointermove", "pointerup", "pointercancel", "pointerleave", "dblclick", "contextmenu", "wheel", "keydown"];

export class PointsGestures {
  /** @type {Mode} */ mode = "pan";
  #element; #target;
  /** @type {Map<number, {x: number, y: number}>} fingers and buttons that are down */ #down = new Map();
  /** @type {{polygon: Polygon, shape: Mode, how: How, far: boolean} | null} */ #drag = null;

  /** @param {HTMLElement} element @param {PointsTarget} target */
  constructor(element, target) {
    this.#element = element;
    this.#target = target;
    for (const type of TYPES) element.addEventListener(type, this, { passive: false });
  }

  stop() {
    for (const type of TYPES) this.#element.removeEventListener(type, this);
  }

  /** Whether a button or finger is down. */
  get isHeld() {
    return this.#down.size > 0;
  }

  /** Gives up what is being drawn. @returns {boolean} whether there was anything */
  giveUp() {
    const drawn = this.#drag !== null && this.#drag.shape !== "pan";
    if (drawn) this.#drag = null;
    this.#target.outline(null);
    return drawn;
  }

  /** @param {Event} event */
  handleEvent(event) {
    if (event instanceof WheelEvent) return this.#wheel(event);
    if (event instanceof KeyboardEvent) return this.#key(event);
    if (event.type === "contextmenu") return event.preventDefault();
    const at = this.#at(/** @type {PointerEvent} */ (event));
    if (event.type === "dblclick") return this.#target.twice(at.x, at.y);
    const pointer = /** @type {PointerEvent} */ (event);
    if (event.type === "pointerdown") return this.#begin(pointer, at);
    if (event.type === "pointermove") return this.#moved(pointer, at);
    if (event.type === "pointerleave") return pointer.pointerType === "touch" ? undefined : this.#target.leave();
    return this.#end(pointer, at);
  }

  /** @param {PointerEvent} event @param {{x: number, y: number}} at */
  #begin(event, at) {
    this.#down.set(event.pointerId, at);
    this.#element.focus({ preventScroll: true });
    try {
      this.#element.setPointerCapture(event.pointerId);
    } catch {
      // The pointer is gone already: the drag ends with the next event.
    }
    if (this.#down.size > 1) this.giveUp();
    const how = event.altKey ? "remove" : event.shiftKey ? "add" : "replace";
    const shape = event.button !== 0 ? "pan" : this.mode === "pan" && how !== "replace" ? "box" : this.mode;
    this.#drag = this.#down.size > 1 ? null : { polygon: [[at.x, at.y]], shape, how, far: false };
  }

  /** @param {PointerEvent} event @param {{x: number, y: number}} at */
  #moved(event, at) {
    const last = this.#down.get(event.pointerId);
    if (!last) return this.#target.hover(at.x, at.y);
    const before = this.#spread();
    this.#down.set(event.pointerId, at);
    if (this.#down.size > 1) return this.#pinched(at, last, before);
    const drag = this.#drag;
    if (!drag) return undefined;
    const [from] = drag.polygon;
    drag.far ||= Math.hypot(at.x - from[0], at.y - from[1]) > CLICK;
    if (!drag.far) return undefined;
    if (drag.shape === "pan") return this.#dragged(event, at, last);
    if (drag.shape === "box") drag.polygon = [from, [at.x, at.y]];
    else if (Math.hypot(at.x - drag.polygon[drag.polygon.length - 1][0], at.y - drag.polygon[drag.polygon.length - 1][1]) >= STEP) drag.polygon.push([at.x, at.y]);
    return this.#target.outline(outlineOf(drag));
  }

  /** @param {PointerEvent} event @param {{x: number, y: number}} at @param {{x: number, y: number}} last */
  #dragged(event, at, last) {
    const camera = this.#target.camera();
    const [dx, dy] = [at.x - last.x, at.y - last.y];
    const turning = this.#target.dims() === 3 && event.buttons !== 2 && event.buttons !== 4;
    this.#target.move(turning ? orbit(camera, dx, dy) : pan(camera, dx, dy, this.#target.size().height), false);
  }

  /** Two fingers: what is under them stays under them. @param {{x: number, y: number}} at @param {{x: number, y: number}} last @param {number} before how far they were apart */
  #pinched(at, last, before) {
    const size = this.#target.size();
    const fingers = [...this.#down.values()];
    const middle = { x: (fingers[0].x + fingers[1].x) / 2, y: (fingers[0].y + fingers[1].y) / 2 };
    const nearer = zoomedAround(this.#target.camera(), before / (this.#spread() || 1), middle, size);
    this.#target.move(pan(nearer, (at.x - last.x) / 2, (at.y - last.y) / 2, size.height), false);
  }

  /** @param {PointerEvent} event @param {{x: number, y: number}} at */
  #end(event, at) {
    const drag = this.#drag;
    if (!this.#down.delete(event.pointerId) || !drag) return;
    this.#drag = null;
    this.#target.outline(null);
    if (event.type === "pointercancel") return;
    if (!drag.far) {
      if (event.button === 0) this.#target.pick(at.x, at.y, event);
    } else if (drag.shape !== "pan") this.#target.select(outlineOf(drag), drag.how);
  }

  /** @param {WheelEvent} event */
  #wheel(event) {
    event.preventDefault();
    const pixels = event.deltaY * (event.deltaMode === WheelEvent.DOM_DELTA_LINE ? 16 : 1);
    // A trackpad's pinch comes as a wheel with Ctrl and small steps.
    const factor = Math.exp(Math.max(-150, Math.min(150, pixels * (event.ctrlKey ? 6 : 1))) * WHEEL);
    this.#target.move(zoomedAround(this.#target.camera(), factor, this.#at(event), this.#target.size()), false);
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const flat = this.#target.dims() === 2;
    const camera = keyedCamera(event, this.#target.camera(), this.#target.size().height, flat);
    if (camera) this.#target.move(camera, true);
    else if (!(event.key === "Escape" && this.giveUp()) && !this.#target.key(event)) return;
    event.preventDefault();
    event.stopPropagation(); // the page has arrow keys of its own
  }

  /** How far apart two fingers are. */
  #spread() {
    const [a, b] = [...this.#down.values()];
    return a && b ? Math.hypot(a.x - b.x, a.y - b.y) : 1;
  }

  /** @param {MouseEvent} event */
  #at(event) {
    const { left, top } = this.#element.getBoundingClientRect();
    return { x: event.clientX - left, y: event.clientY - top };
  }
}

/** @param {{polygon: Polygon, shape: Mode}} drag @returns {Polygon} */
function outlineOf({ polygon, shape }) {
  if (shape !== "box") return polygon;
  const [[x, y], [x2, y2]] = polygon;
  return boxPolygon(x, y, x2, y2);
}
