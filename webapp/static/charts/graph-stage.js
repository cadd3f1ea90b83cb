/** The canvas of a model graph: draws frames, as few and as cheap as what moves allows. */

import { fitCamera, firstCamera, keptInView, pannedBy, placementOf, seenPart, zoomedAt } from "../lib/graph-camera.js";
import { firstBox } from "../lib/graph-walk.js";
import { makeLayer, sizeLayer } from "./canvas.js";
import { boxesIn } from "./graph-boxes.js";
import { paintHeaders, placeHeaders } from "./graph-headers.js";
import { looksSame } from "./graph-look.js";
import { GraphMotion } from "./graph-motion.js";
import { paintOverlay } from "./graph-overlay.js";
import { paintScene } from "./graph-paint.js";
import { GraphTiles } from "./graph-tiles.js";

/** @typedef {import("../lib/graph-scene.js").GraphScene} GraphScene */
/** @typedef {import("../lib/graph-camera.js").Camera} Camera */
/** @typedef {import("./graph-look.js").Look} Look */

/**
 * @typedef {object} StageOwner
 * @property {() => {pointed: import("./graph-overlay.js").Pointed, marked: Set<string> | null}} above what is drawn above the scene
 * @property {() => void} onFrame another part of the scene may be seen
 * @property {() => void} onSize the view has another size
 * @property {() => void} onRest the view has not moved for a while
 */

const REST = 160; // ms without a move until the drawing is made sharp and told
const QUICK = 9; // ms: a scene drawn in less is drawn anew in each frame of a zoom

export class GraphStage {
  /** @type {GraphScene | null} */ scene = null;
  /** @type {Look | null} */ look = null;
  /** @type {Camera} */ camera = { x: 0, y: 0, k: 1 };
  /** @type {import("./graph-headers.js").Header[]} */ headers = [];
  size = { width: 0, height: 0 };
  canvas;
  #layer;
  #owner;
  #motion = new GraphMotion();
  #tiles = new GraphTiles((context, placement, size) => this.scene && this.look && paintScene(context, this.scene, this.look, placement, size));
  #observer = new ResizeObserver(() => this.#resize());
  #waiting = 0;
  #rest = 0;
  #making = 0;
  #panned = -Infinity; // when
  #zoomed = -Infinity;
  #cost = 0; // ms that the whole scene took to draw
  /** @type {Camera | "first" | "all" | null} what to show once there is a size */ #wanted = null;

  /** @param {HTMLElement} element @param {StageOwner} owner */
  constructor(element, owner) {
    this.#owner = owner;
    this.#layer = makeLayer(element, "graph-drawing", { alpha: false });
    this.canvas = this.#layer.canvas;
    this.#observer.observe(element);
  }

  destroy() {
    cancelAnimationFrame(this.#waiting);
    clearTimeout(this.#rest);
    clearTimeout(this.#making);
    this.#observer.disconnect();
    this.scene = null;
  }

  get placement() {
    return placementOf(this.camera, this.size, devicePixelRatio || 1);
  }

  /** The scene's part in view. */
  get part() {
    return seenPart(this.placement, this.size);
  }

  /**
   * @param {GraphScene} scene @param {Look} look
   * @param {{shift: {x: number, y: number}, opened: string | null} | null} from where the scene before lies in this one; null: it is met for the first time. So it is where nothing of it would be in sight
   */
  show(scene, look, from) {
    const before = this.scene;
    const follows = before !== null && from !== null && (!this.#shows(before, this.camera) || this.#shows(scene, shifted(this.camera, from.shift)));
    [this.scene, this.look, this.#cost] = [scene, look, 0];
    this.#tiles.clear();
    if (follows) {
      this.camera = shifted(this.camera, from.shift);
      this.#motion.toScene(before, scene, look, from.shift, from.opened);
      this.#moved();
    } else this.#wanted ??= "first";
    this.#useWanted();
    this.request();
  }

  /** Whether any box that is no frame is in sight. @param {GraphScene} scene @param {Camera} camera */
  #shows(scene, camera) {
    const part = seenPart(placementOf(camera, this.size, 1), this.size);
    return boxesIn(scene, part).some((box) => scene.kind[box] !== "open");
  }

  /** The same scene, maybe in other colours. @param {Look} look @returns {boolean} whether it is drawn anew */
  relook(look) {
    this.request();
    if (this.look && looksSame(this.look, look)) return false;
    this.look = look;
    this.#tiles.clear();
    return true;
  }

  /** What to show from now on, at once. @param {Camera | "first" | "all"} wanted */
  aim(wanted) {
    this.#motion.stop();
    this.#wanted = wanted;
    this.#useWanted();
    this.request();
  }

  #useWanted() {
    const { scene } = this;
    if (this.#wanted === null || !scene || this.size.width === 0) return;
    const whole = { x: 0, y: 0, width: scene.width, height: scene.height };
    if (this.#wanted === "all") this.camera = fitCamera(whole, this.size);
    else if (this.#wanted === "first") this.camera = firstCamera(scene, this.size, middleOf(scene, firstBox(scene)));
    else this.camera = keptInView(this.#wanted, this.size, scene);
    this.#wanted = null;
    this.#moved();
  }

  /** @param {Camera} camera */
  glideTo(camera) {
    if (!this.scene) return;
    this.#motion.toCamera(this.camera, keptInView(camera, this.size, this.scene));
    this.request();
  }

  /** @param {number} factor @param {{x: number, y: number}} point CSS pixels */
  zoom(factor, point) {
    if (this.scene && factor !== 1) this.#use(zoomedAt(this.camera, this.size, factor, point), true);
  }

  /** @param {number} dx CSS pixels @param {number} dy */
  pan(dx, dy) {
    this.#use(pannedBy(this.camera, dx, dy), false);
  }

  /** Brings a point of the scene into the middle. @param {number} x @param {number} y */
  centre(x, y) {
    this.#use({ ...this.camera, x, y }, false);
  }

  /** @param {Camera} camera @param {boolean} zooms */
  #use(camera, zooms) {
    if (!this.scene) return;
    this.#motion.stop();
    this.camera = keptInView(camera, this.size, this.scene);
    if (zooms) this.#zoomed = performance.now();
    this.#panned = performance.now();
    this.#moved();
    this.request();
  }

  #moved() {
    clearTimeout(this.#rest);
    this.#rest = window.setTimeout(() => {
      this.request();
      this.#owner.onRest();
    }, REST);
  }

  /** A point of the view → of the scene. @param {{x: number, y: number}} point */
  toScene({ x, y }) {
    const { left, top, k } = this.placement;
    return { x: (x - left) / k, y: (y - top) / k };
  }

  request() {
    this.#waiting ||= requestAnimationFrame(() => this.#frame());
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = /** @type {HTMLElement} */ (this.canvas.parentElement);
    if (width === this.size.width && height === this.size.height) return;
    this.size = { width, height };
    this.#useWanted();
    this.#owner.onSize();
    this.#frame(); // at once: a canvas that changes its size is empty
  }

  #frame() {
    cancelAnimationFrame(this.#waiting);
    this.#waiting = 0;
    if (!this.scene || !this.look || this.size.width === 0 || this.size.height === 0) return;
    const now = performance.now();
    const camera = this.#motion.camera(now);
    if (camera) {
      if (camera.k !== this.camera.k) this.#zoomed = now;
      [this.camera, this.#panned] = [camera, now];
      this.#moved();
    }
    const drawn = this.#motion.scene(now) ?? { scene: this.scene, look: this.look };
    sizeLayer(this.#layer, this.size);
    const whole = this.#drawScene(drawn, now);
    this.#drawAbove(drawn.scene, drawn.look);
    this.#owner.onFrame();
    if (!whole || this.#motion.isMoving) this.request();
    else this.#ahead(REST);
  }

  /** @param {{scene: GraphScene, look: Look}} drawn @param {number} now @returns {boolean} whether nothing is missing */
  #drawScene({ scene, look }, now) {
    const { context } = this.#layer;
    const [zooming, panning] = [now - this.#zoomed < REST, now - this.#panned < REST];
    if (!zooming && !this.#motion.isMorphing && (panning || this.#tiles.cover(this.placement, this.size))) {
      context.fillStyle = look.ink.bg;
      if (panning) context.fillRect(0, 0, this.size.width, this.size.height); // below tiles that are not there yet
      return this.#tiles.draw(context, this.placement, this.size, panning);
    }
    if (zooming && this.#cost > QUICK && !this.#motion.isMorphing && this.#tiles.any) {
      context.fillStyle = look.ink.bg;
      context.fillRect(0, 0, this.size.width, this.size.height);
      this.#tiles.drawScaled(context, this.placement);
      this.#cost *= 0.97; // the next part may have less in it
      return true;
    }
    paintScene(context, scene, look, this.placement, this.size, !this.#motion.isMorphing);
    this.#cost = 0.5 * this.#cost + 0.5 * (performance.now() - now);
    return true;
  }

  /** @param {GraphScene} scene @param {Look} look */
  #drawAbove(scene, look) {
    const { context } = this.#layer;
    const { pointed, marked } = this.#owner.above();
    const { placement } = this;
    paintOverlay(context, scene, look, placement, pointed, marked);
    this.headers = placeHeaders(context, scene, placement, this.size);
    paintHeaders(context, scene, look, this.headers, pointed.hover);
  }

  /** Makes the tiles in the view and next to it while there is time: a first picture is there sooner without. @param {number} [wait] ms */
  #ahead(wait = 0) {
    this.#making ||= window.setTimeout(() => {
      this.#making = 0;
      if (!this.scene || this.size.width === 0 || performance.now() - this.#zoomed < REST) return;
      const waits = this.#waiting && this.#tiles.cover(this.placement, this.size);
      if (!waits && this.#tiles.drawAhead(this.placement, this.size)) this.#ahead();
    }, wait);
  }
}

/** @param {Camera} camera @param {{x: number, y: number}} shift @returns {Camera} */
const shifted = ({ x, y, k }, shift) => ({ x: x + shift.x, y: y + shift.y, k });

/** @param {GraphScene} scene @param {number} box */
function middleOf({ x, w, width }, box) {
  return box < 0 ? width / 2 : x[box] + w[box] / 2;
}
