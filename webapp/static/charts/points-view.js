/**
 * A cloud of points, flat or in space: drawn, moved, coloured, pointed at and selected from.
 *
 * What is shown is told by methods; each keeps what it was given by reference, so an array that changes is to be handed
 * in again. Rows are numbers of points. A point without finite coordinates is not drawn and cannot be selected.
 */

import { homeCamera } from "../lib/points-camera.js";
import { coded } from "../lib/points-colors.js";
import { MOST_DIAMETER } from "../lib/points-look.js";
import { rowAt, rowsWithin } from "../lib/points-pick.js";
import { PointsGestures } from "./points-gestures.js";
import { PointsOverlay } from "./points-overlay.js";
import { PLAIN_POINTS, paintPlain } from "./points-plain.js";
import { PointsStage } from "./points-stage.js";

/** @typedef {import("../lib/camera.js").Camera} Camera */
/** @typedef {import("../lib/points-colors.js").PointColors} PointColors */
/** @typedef {import("./points-gestures.js").How} How */

/**
 * @typedef {object} PointsEvents
 * @property {() => import("./points-stage.js").PointsInk} ink colours of the theme
 * @property {string} [label] what is shown, for those who do not see it
 * @property {(row: number | null, x: number, y: number) => void} [onHover] pixels within the element
 * @property {(row: number | null, event: MouseEvent | KeyboardEvent) => void} [onPick]
 * @property {(rows: Uint32Array, how: How) => void} [onSelect] rows rise
 * @property {(camera: Camera) => void} [onCamera] also while it moves by itself
 * @property {() => void} [onDrawn] all points are on the screen
 */

const REACH = 6; // pixels round the pointer

/** @param {HTMLElement} element positioned and with a size, which the cloud fills @param {PointsEvents} events */
export function pointsView(element, events) {
  return new PointsView(element, events);
}

export class PointsView {
  #events; #stage; #gestures; #overlay;
  #root = document.createElement("div");
  #note = document.createElement("p");
  /** @type {PointColors | null} */ #colors = null;
  #hovered = { asked: 0, row: /** @type {number | null} */ (null) };

  /** @param {HTMLElement} element @param {PointsEvents} events */
  constructor(element, events) {
    this.#events = events;
    const root = this.#root;
    root.className = "points";
    root.tabIndex = 0;
    root.setAttribute("role", "application");
    element.append(root);
    this.#overlay = new PointsOverlay(() => events.ink());
    this.#stage = new PointsStage(root, {
      ink: () => events.ink(),
      isHeld: () => this.#gestures.isHeld,
      under: (context, sight) => this.#overlay.paintUnder(context, sight, this.#stage.cloud),
      plain: (context, sight) => paintPlain(context, sight, this.#stage.cloud, this.#stage.data, events.ink(), PLAIN_POINTS),
      over: (context, sight) => this.#overlay.paintOver(context, sight, this.#stage.cloud),
      moved: (camera) => events.onCamera?.(camera),
      drawn: () => this.#drawn(),
      lost: (lost) => this.#say(lost ? "The browser has taken the graphics card away. The picture comes back with it." : ""),
    });
    this.#gestures = new PointsGestures(root, this.#target());
    this.#note.className = "points-note";
    this.#note.hidden = true;
    root.append(this.#note);
    this.#tell();
  }

  get dims() {
    return this.#stage.cloud.dims;
  }

  get autoRotate() {
    return this.#stage.motion.turns;
  }

  set autoRotate(/** @type {boolean} */ on) {
    this.#stage.motion.turns = on;
    this.#stage.touch("over");
  }

  /** Whether all is on the screen as it should be. */
  get isDrawn() {
    return this.#stage.isDrawn;
  }

  /** Other points: what was said of the old ones is forgotten. @param {number} count @param {2 | 3} dims */
  setPoints(count, dims) {
    const turned = dims !== this.dims;
    this.#stage.motion.move(0);
    this.#stage.cloud.reset(count, dims);
    this.#stage.data = { ...this.#stage.data, sizes: null, lines: null };
    this.#overlay.reset();
    if (turned || this.#stage.follows) {
      this.#stage.camera = homeCamera(dims);
      this.#stage.follows = true;
    }
    this.setColors(null);
    this.#tell();
  }

  /**
   * @param {Float32Array} coordinates `dims` numbers a point
   * @param {{animate?: number, bounds?: import("../lib/points-cloud.js").Bounds}} [how] ms until they are there; the box that layouts to come share
   * @throws {Error} with a sentence, where their number does not fit
   */
  setCoordinates(coordinates, { animate = 0, bounds } = {}) {
    const stage = this.#stage;
    const share = stage.motion.share(performance.now());
    stage.cloud.place(coordinates, bounds ?? null, share, animate > 0);
    stage.motion.move(stage.cloud.before ? animate : 0);
    stage.follow(stage.cloud.before ? animate : 0);
    stage.touch("flags");
  }

  /** @param {PointColors | null} colors null: all alike */
  setColors(colors) {
    this.#colors = colors;
    const { accent, muted } = this.#events.ink();
    const stage = this.#stage;
    stage.data = { ...stage.data, ...coded(colors, stage.cloud.count, accent, muted) };
    stage.touch("points");
  }

  /** @param {Float32Array | null} sizes diameters, 1 the usual one */
  setSizes(sizes) {
    this.#stage.data = { ...this.#stage.data, sizes };
    this.#stage.touch("points");
  }

  /** All points larger or smaller. @param {number} scale 1 the usual size */
  setPointScale(scale) {
    this.#stage.scale = scale;
    this.#stage.touch("points");
  }

  /** @param {Uint8Array | null} mask 0 hides a point */
  setVisible(mask) {
    this.#stage.cloud.show(mask);
    this.#stage.touch("flags");
  }

  /** @param {Uint32Array | Uint8Array | null} chosen rows, or a mask of all */
  setSelected(chosen) {
    this.#stage.cloud.select(chosen);
    this.#stage.touch("flags");
  }

  /** Rings round points, the first one thicker. @param {number | ArrayLike<number> | null} rows */
  setEmphasis(rows) {
    this.#overlay.rings = rows === null ? [] : typeof rows === "number" ? [rows] : Array.from(rows);
    this.#stage.touch("over");
  }

  /** @param {import("./points-gestures.js").Mode} mode */
  setMode(mode) {
    this.#gestures.mode = mode;
    this.#root.dataset.mode = mode;
  }

  camera() {
    return this.#stage.camera;
  }

  /** @param {Camera} camera */
  setCamera(camera) {
    this.#stage.setCamera(camera, true);
  }

  /** The camera moves until these points, or all, fill the picture. @param {ArrayLike<number>} [rows] */
  fit(rows) {
    const stage = this.#stage;
    const bounds = rows ? stage.cloud.boundsOf(rows) : undefined;
    if (bounds === null) return;
    stage.follows = !rows;
    stage.motion.glide(stage.camera, stage.fitting(bounds));
    stage.touch("points");
  }

  /** Takes the colours of the theme again. */
  restyle() {
    this.setColors(this.#colors);
  }

  destroy() {
    cancelAnimationFrame(this.#hovered.asked);
    this.#gestures.stop();
    this.#stage.destroy();
    this.#root.remove();
  }

  /** @returns {import("./points-gestures.js").PointsTarget} */
  #target() {
    const stage = this.#stage;
    return {
      camera: () => stage.camera, dims: () => this.dims, size: () => stage.size,
      move: (camera) => stage.setCamera(camera, true),
      hover: (x, y) => this.#hover(x, y),
      leave: () => this.#hover(-1, -1),
      pick: (x, y, event) => this.#events.onPick?.(this.#rowAt(x, y), event),
      twice: (x, y) => this.#rowAt(x, y) === null && this.fit(),
      outline: (polygon) => ((this.#overlay.outline = polygon), stage.touch("over")),
      select: (polygon, how) => stage.seen && this.#events.onSelect?.(rowsWithin(stage.cloud, stage.seen.places, stage.seen.map, polygon), how),
      key: (event) => this.#key(event),
    };
  }

  /** The row seen there. @param {number} x @param {number} y @returns {number | null} */
  #rowAt(x, y) {
    const { seen, cloud, data } = this.#stage;
    const { width, height } = this.#stage.size;
    if (!seen || x < 0 || y < 0 || x > width || y > height) return null;
    const { sizes } = data;
    const radius = (/** @type {number} */ row, /** @type {number} */ w) => seen.radius(sizes ? sizes[row] : 1, w, MOST_DIAMETER);
    const row = rowAt(cloud, seen.places, seen.map, radius, MOST_DIAMETER / 2, x, y, REACH);
    return row < 0 ? null : row;
  }

  /** Once a frame: of many moves the last one counts. @param {number} x @param {number} y */
  #hover(x, y) {
    if (!this.#events.onHover) return;
    cancelAnimationFrame(this.#hovered.asked);
    this.#hovered.asked = requestAnimationFrame(() => {
      const row = this.#rowAt(x, y);
      if (row === null && this.#hovered.row === null) return;
      this.#hovered.row = row;
      this.#root.dataset.over = row === null ? "" : "point";
      this.#events.onHover?.(row, x, y);
    });
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.key === "0" || event.key === "Home") this.fit();
    else return false;
    return true;
  }

  #drawn() {
    this.#root.dataset.drawn = String(this.isDrawn);
    if (this.isDrawn) this.#events.onDrawn?.();
  }

  /** What this is, and what it cannot do here. */
  #tell() {
    const { cloud, hasWebgl } = this.#stage;
    const keys = cloud.dims === 3 ? "arrow keys turn it, with Shift they move it" : "arrow keys move it";
    this.#root.setAttribute("aria-label", `${this.#events.label ?? "Points"}: ${cloud.count.toLocaleString("en")} in ${cloud.dims} dimensions; ${keys}, + and − zoom, 0 shows all`);
    const most = Math.min(cloud.count, PLAIN_POINTS).toLocaleString("en");
    if (!hasWebgl) this.#say(cloud.count > PLAIN_POINTS ? `This browser has no WebGL2: ${most} of ${cloud.count.toLocaleString("en")} points are drawn. Turn on hardware acceleration in its settings to see all.` : "");
  }

  /** @param {string} text */
  #say(text) {
    this.#note.textContent = text;
    this.#note.hidden = text === "";
  }
}
