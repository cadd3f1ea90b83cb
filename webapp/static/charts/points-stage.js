/**
 * The layers of a cloud's picture and when they are painted: below the points a plain canvas, the points themselves,
 * above them another plain canvas. Points are drawn in pieces that the graphics card does in time; while something
 * moves there may be fewer of them.
 */

import { fitted, homeCamera } from "../lib/points-camera.js";
import { PointCloud } from "../lib/points-cloud.js";
import { lookOf, MOST_DIAMETER } from "../lib/points-look.js";
import { Sight } from "../lib/points-sight.js";
import { trailMesh } from "../lib/points-trails.js";
import { makeLayer, placeLayer, sizeLayer } from "./canvas.js";
import { PointsMotion } from "./points-motion.js";
import { PointsPace } from "./points-pace.js";
import { PointsRenderer } from "./points-renderer.js";

/** @typedef {import("../lib/camera.js").Camera} Camera */
/** @typedef {import("../lib/points-screen.js").Places} Places */
/** @typedef {import("./points-renderer.js").CloudData} CloudData */
/** @typedef {import("./points-renderer.js").CloudSight} CloudSight */

/**
 * @typedef {{surface: string, text: string, muted: string, line: string, accent: string, dark: boolean}} PointsInk "#rrggbb"
 *
 * @typedef {{pieces: import("./points-renderer.js").Piece[], sight: CloudSight, seen: Sight}} Job a picture that is being drawn
 *
 * @typedef {object} StageHost
 * @property {() => PointsInk} ink
 * @property {() => boolean} isHeld a hand moves the camera
 * @property {(context: CanvasRenderingContext2D, sight: Sight) => void} under
 * @property {(context: CanvasRenderingContext2D, sight: Sight) => void} plain the points, where there is no WebGL
 * @property {(context: CanvasRenderingContext2D, sight: Sight) => void} over
 * @property {(context: CanvasRenderingContext2D, size: import("../lib/points-screen.js").Size) => void} hands
 * @property {(camera: Camera) => void} moved
 * @property {() => void} drawn `isDrawn` may be another
 * @property {(lost: boolean) => void} lost the graphics card, to the browser
 */

const REST = 160; // ms after which all points are drawn again
const POLL = 8; // ms until the graphics card is asked again: a timer costs less than a frame of the page

export class PointsStage {
  cloud = new PointCloud();
  motion = new PointsMotion();
  scale = 1; // of points, that the user chose
  /** @type {CloudData} */ data;
  /** @type {import("../lib/points-trails.js").Trails | null} */ trails = null;
  /** @type {Camera} */ camera = homeCamera(2);
  follows = true; // the camera shows all, until somebody moves it
  isDrawn = false;
  hasWebgl;
  #element; #host; #under; #over; #canvas;
  /** @type {import("./canvas.js").Layer | null} */ #plain = null;
  /** @type {PointsRenderer | null} */ #renderer;
  #pace = new PointsPace();
  #size = { width: 0, height: 0 };
  #observer = new ResizeObserver(() => this.#resize());
  #frame = 0;
  #timer = 0;
  #ended = false; // a thumbnail may come after the end
  #stale = { points: true, over: true, flags: true };
  #moved = -REST; // when something moved last
  /** @type {Job | null} */ #job = null;
  /** @type {Sight | null} */ #seen = null;
  /** @type {{trails: unknown, codes: unknown, mesh: import("../lib/points-trails.js").TrailMesh | null}} */ #trailsOf = { trails: null, codes: null, mesh: null };

  /** @param {HTMLElement} element positioned @param {StageHost} host */
  constructor(element, host) {
    this.#element = element;
    this.#host = host;
    this.#under = makeLayer(element, "points-under");
    this.#canvas = document.createElement("canvas");
    this.#canvas.className = "points-drawing";
    this.#renderer = PointsRenderer.start(this.#canvas);
    this.hasWebgl = this.#renderer !== null;
    if (this.hasWebgl) element.append(this.#canvas);
    else this.#plain = makeLayer(element, "points-drawing");
    this.#over = makeLayer(element, "points-over");
    this.data = { now: this.cloud.now, before: null, codes: new Uint8Array(0), table: ["#888888"], missing: 0, sizes: null, lines: null, trails: null };
    this.#canvas.addEventListener("webglcontextlost", (event) => (event.preventDefault(), this.#host.lost(true)));
    this.#canvas.addEventListener("webglcontextrestored", () => this.#restore());
    this.#observer.observe(element);
    this.#resize();
  }

  get size() {
    return this.#size;
  }

  /** Whether the browser took the graphics card away. */
  get isLost() {
    return this.#renderer?.isLost ?? false;
  }

  /** What the picture on the screen shows; null before the first. */
  get seen() {
    return this.#seen;
  }

  destroy() {
    this.#ended = true;
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#observer.disconnect();
    this.#renderer?.destroy();
    this.#renderer = null;
  }

  /** Something is to be drawn anew. @param {"points" | "flags" | "over"} what */
  touch(what) {
    if (this.#ended) return;
    this.#stale.over = true;
    if (what !== "over") this.#stale.points = true;
    if (what === "flags") this.#stale.flags = true;
    if (what !== "over") this.#tell(false);
    this.#frame ||= requestAnimationFrame(this.#tick);
  }

  /** @param {Camera} camera @param {boolean} byHand then it follows the cloud no longer */
  setCamera(camera, byHand) {
    this.motion.stay();
    this.camera = camera;
    if (byHand) this.follows = false;
    this.#moved = performance.now();
    this.touch("points");
    this.#host.moved(camera);
  }

  /** The camera that shows a box, or all. @param {import("../lib/points-cloud.js").Bounds} [bounds] */
  fitting(bounds = this.cloud.bounds) {
    return fitted(this.camera, bounds, this.cloud.now.frame, this.#size, this.cloud.dims);
  }

  /** Shows all again, now or within some time. @param {number} ms */
  follow(ms) {
    if (!this.follows || this.#size.width === 0) return;
    if (ms > 0) this.motion.glide(this.camera, this.fitting(), ms);
    else this.setCamera(this.fitting(), false);
    this.touch("points");
  }

  /** What a picture of now shows. */
  sightNow() {
    const { cloud, camera } = this;
    const share = this.motion.share(performance.now());
    return new Sight(cloud, camera, share, this.#size, lookOf(cloud.shown, cloud.dims, camera, this.#size, this.scale));
  }

  /** Draws all points at once, whatever time it takes, into a canvas of that size. @param {CanvasRenderingContext2D} context at the place of the picture @param {number} ratio device pixels in a CSS pixel */
  drawWhole(context, ratio) {
    const seen = this.sightNow();
    this.#send();
    if (!this.#renderer || this.isLost) return this.#host.plain(context, seen);
    const sight = this.#sightOf(seen, ratio);
    this.#renderer.begin(sight);
    for (const piece of this.#pace.all(this.cloud.count, this.cloud.selected > 0)) this.#renderer.draw(sight, piece);
    this.#renderer.present();
    context.drawImage(this.#canvas, 0, 0, this.#size.width, this.#size.height);
    this.touch("points");
  }

  #tick = () => {
    cancelAnimationFrame(this.#frame);
    clearTimeout(this.#timer);
    this.#frame = 0;
    if (this.#size.width === 0) return;
    const now = performance.now();
    this.#move(now);
    const busy = this.#pace.isBusy(now);
    if (!this.isDrawn && !this.#job && now - this.#moved >= REST) this.#stale.points = true;
    if (this.#stale.points && !busy) this.#begin(now);
    if (this.#job && !busy && this.#renderer && !this.isLost) this.#continue(this.#job, now);
    if (this.#stale.over) this.#paintOver();
    if (this.isLost) return;
    if (this.motion.turns || this.motion.isUnderWay(now)) this.#frame ||= requestAnimationFrame(this.#tick);
    else if (!this.isDrawn) this.#timer = window.setTimeout(this.#tick, this.#job || this.#stale.points ? POLL : REST);
  };

  /** @param {number} now */
  #move(now) {
    const camera = this.motion.camera(this.camera, now, this.#host.isHeld());
    const moving = camera !== this.camera || (this.cloud.before !== null && this.motion.share(now) < 1);
    if (camera !== this.camera) {
      this.camera = camera;
      this.#host.moved(camera);
    }
    if (moving) this.#moved = now;
    if (moving || (this.cloud.before && this.motion.share(now) >= 1)) this.#stale.points = this.#stale.over = true;
    if (this.cloud.before && this.motion.share(now) >= 1) this.cloud.before = null;
  }

  /** Begins a picture; one that is not finished is given up. @param {number} now */
  #begin(now) {
    const seen = this.sightNow();
    this.#stale.points = false;
    this.#tell(false);
    if (this.isLost) return;
    this.#send();
    if (!this.#renderer) {
      this.#paintPlain(seen);
      return;
    }
    const sight = this.#sightOf(seen, devicePixelRatio || 1);
    const { count, selected } = this.cloud;
    const resting = now - this.#moved >= REST;
    this.#job = { sight, seen, pieces: resting ? this.#pace.all(count, selected > 0) : this.#pace.some(count, selected > 0) };
    this.#renderer.begin(sight);
  }

  /** @param {Job} job @param {number} now */
  #continue(job, now) {
    const renderer = /** @type {PointsRenderer} */ (this.#renderer);
    const whole = job.pieces.every(({ every }) => every === 1);
    const { taken, points } = whole ? this.#pace.together(job.pieces) : { taken: job.pieces.splice(0), points: this.cloud.count };
    for (const piece of taken) renderer.draw(job.sight, piece);
    const drawn = taken.reduce((sum, { count, every }) => sum + count / every, 0);
    if (job.pieces.length === 0) {
      renderer.present();
      this.#seen = job.seen;
      this.#job = null;
      this.#stale.over = true;
      this.#tell(whole && !this.#stale.points && !this.motion.isUnderWay(now));
    }
    this.#pace.gave(whole ? points : drawn, now, renderer.fence());
  }

  /** @param {Sight} seen */
  #paintPlain(seen) {
    const layer = /** @type {import("./canvas.js").Layer} */ (this.#plain);
    sizeLayer(layer, this.#size);
    this.#host.plain(layer.context, seen);
    this.#seen = seen;
    this.#tell(!this.#stale.points && !this.motion.isUnderWay(performance.now()));
  }

  #paintOver() {
    this.#stale.over = false;
    const seen = this.#seen;
    if (!seen) return;
    for (const [layer, paint] of /** @type {const} */ ([[this.#under, this.#host.under], [this.#over, this.#host.over]])) {
      sizeLayer(layer, this.#size);
      paint(layer.context, seen);
    }
    this.#host.hands(this.#over.context, this.#size);
  }

  #send() {
    const { now, before, flags } = this.cloud;
    const { codes } = this.data;
    const known = this.#trailsOf;
    if (known.trails !== this.trails || known.codes !== codes || this.#stale.flags) {
      this.#trailsOf = { trails: this.trails, codes, mesh: this.trails && trailMesh(this.trails, codes, flags) };
    }
    this.data = { ...this.data, now, before, trails: this.#trailsOf.mesh };
    this.#renderer?.send(this.data, this.cloud.flags, this.#stale.flags);
    this.#stale.flags = false;
  }

  /** @param {Sight} seen @param {number} ratio @returns {CloudSight} */
  #sightOf({ camera, share, size, look }, ratio) {
    const ink = this.#host.ink();
    return {
      camera, share, opacity: look.opacity,
      width: Math.round(size.width * ratio), height: Math.round(size.height * ratio),
      diameter: look.diameter * ratio, most: MOST_DIAMETER * ratio,
      fog: ink.surface, quiet: ink.muted, quietOpacity: Math.min(0.25, look.opacity / 2),
      ring: ink.text, ringOpacity: this.cloud.selected > 5000 ? 0 : 0.8, selecting: this.cloud.selected > 0,
    };
  }

  #resize() {
    const { clientWidth: width, clientHeight: height } = this.#element;
    if (width === 0 || height === 0 || (width === this.#size.width && height === this.#size.height)) return;
    this.#size = { width, height };
    placeLayer({ canvas: this.#canvas, context: this.#over.context }, this.#size);
    this.follow(0);
    this.touch("points");
  }

  #restore() {
    this.#renderer = PointsRenderer.start(this.#canvas);
    this.#pace = new PointsPace();
    this.#job = null;
    this.#host.lost(false);
    this.touch("flags");
  }

  /** @param {boolean} drawn */
  #tell(drawn) {
    if (this.isDrawn === drawn) return;
    this.isDrawn = drawn;
    this.#host.drawn();
  }
}
