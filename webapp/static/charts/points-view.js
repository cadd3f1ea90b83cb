/**
 * A cloud of points, flat or in space: drawn, moved, coloured, pointed at and selected from.
 *
 * What is shown is told by methods; each keeps what it was given by reference, so an array that changes is to be handed
 * in again. Rows are numbers of points. A point without finite coordinates is not drawn and cannot be selected.
 */

import { formatCount, plural } from "../lib/format.js";
import { homeCamera } from "../lib/points-camera.js";
import { coded } from "../lib/points-colors.js";
import { PointsOverlay } from "./points-overlay.js";
import { pointsPicture, SVG_POINTS } from "./points-picture.js";
import { PLAIN_POINTS, paintPlain } from "./points-plain.js";
import { PointsPointer } from "./points-pointer.js";
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
 * @property {(row: number) => string} [describe] a point, for those who do not see it
 * @property {() => void} [onDrawn] all points are on the screen
 */

/** @param {HTMLElement} element positioned and with a size, which the cloud fills @param {PointsEvents} events */
export function pointsView(element, events) {
  return new PointsView(element, events);
}

class PointsView {
  #events; #overlay;
  /** @type {PointsStage} */ #stage;
  /** @type {PointsPointer} */ #pointer;
  #root = document.createElement("div");
  #note = document.createElement("p");
  /** @type {PointColors | null} */ #colors = null;

  /** @param {HTMLElement} element @param {PointsEvents} events */
  constructor(element, events) {
    this.#events = events;
    const root = this.#root;
    root.className = "point-cloud";
    root.tabIndex = 0;
    root.setAttribute("role", "application");
    element.append(root);
    this.#overlay = new PointsOverlay({ ink: () => events.ink(), colorOf: (row) => this.#colorOf(row), repaint: () => this.#stage.touch("over") });
    this.#stage = new PointsStage(root, {
      ink: () => events.ink(),
      isHeld: () => this.#pointer.gestures.isHeld,
      under: (context, sight) => this.#overlay.paintUnder(context, sight, this.#stage.cloud),
      plain: (context, sight) => paintPlain(context, sight, this.#stage.cloud, this.#stage.data, events.ink(), PLAIN_POINTS),
      over: (context, sight) => this.#overlay.paintOver(context, sight, this.#stage.cloud),
      hands: (context, size) => this.#overlay.paintHands(context, size),
      moved: (camera) => events.onCamera?.(camera),
      drawn: () => this.#drawn(),
      lost: (lost) => this.#say(lost ? "The browser has taken the graphics card away. The picture comes back with it." : ""),
    });
    this.#pointer = new PointsPointer(root, this.#stage, this.#overlay, events, () => this.fit());
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
    this.#stage.trails = null;
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

  /** @param {Float32Array | null} sizes diameters, 1 the usual one; of another number of points they are none */
  setSizes(sizes) {
    this.#stage.data = { ...this.#stage.data, sizes: sizes?.length === this.#stage.cloud.count ? sizes : null };
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

  /** Names beside points, as many as there is room for. @param {import("./points-labels.js").PointLabel[] | null} labels */
  setLabels(labels) {
    this.#overlay.labels.set(labels);
    this.#stage.touch("over");
  }

  /** @param {import("./points-labels.js").ClusterLabel[] | null} labels the more important first */
  setClusterLabels(labels) {
    this.#overlay.labels.clusters = labels ?? [];
    this.#stage.touch("over");
  }

  /** Thumbnails, where there is room for them. @param {import("./points-sprites.js").Sprites | null} sprites @param {number} [size] of the longer side where all is seen, CSS pixels */
  setSprites(sprites, size = 36) {
    this.#overlay.sprites.set(sprites);
    this.#overlay.sprites.size = size;
    this.#stage.touch("over");
  }

  /** Lines from point to point, or paths of their own. @param {Uint32Array | import("../lib/points-trails.js").Trails | null} lines pairs of rows, or paths */
  setLines(lines) {
    const isPairs = lines instanceof Uint32Array;
    this.#stage.data = { ...this.#stage.data, lines: isPairs ? lines : null };
    this.#stage.trails = isPairs ? null : lines;
    this.#stage.touch("points");
  }

  /** Lines around the densest parts of a flat cloud. @param {boolean} on */
  setDensity(on) {
    this.#overlay.contours.isOn = on;
    this.#stage.touch("over");
  }

  /** @param {import("./points-gestures.js").Mode} mode */
  setMode(mode) {
    this.#pointer.gestures.mode = mode;
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

  /** The picture as a file. @param {"png" | "svg"} form @param {import("./points-picture.js").PictureWish} [wish] @returns {Promise<Blob>} */
  picture(form, wish = {}) {
    const { cloud, data, size } = this.#stage;
    const ink = this.#events.ink();
    return pointsPicture(form, wish, size, ink, (context, ratio) => {
      const sight = this.#stage.sightNow();
      this.#overlay.paintUnder(context, sight, cloud);
      if (ratio !== null || cloud.shown > SVG_POINTS) this.#stage.drawWhole(context, ratio ?? 2);
      else paintPlain(context, sight, cloud, data, ink, Infinity);
      this.#overlay.paintOver(context, sight, cloud);
    });
  }

  /** Takes the colours of the theme again. */
  restyle() {
    this.setColors(this.#colors);
  }

  destroy() {
    this.#pointer.stop();
    this.#stage.destroy();
    this.#root.remove();
  }

  #drawn() {
    this.#root.dataset.drawn = String(this.isDrawn);
    if (!this.isDrawn) return;
    this.#pointer.follow();
    this.#events.onDrawn?.();
  }

  /** What this is, and what it cannot do here. */
  #tell() {
    const { count, dims } = this.#stage.cloud;
    const keys = dims === 3 ? "arrow keys turn it, with Shift they move it" : "arrow keys move it";
    const name = `${this.#events.label ?? "Points"}: ${plural(count, "point")} in ${dims} dimensions`;
    this.#root.setAttribute("aria-label", `${name}; ${keys}, + and − zoom, 0 shows all, Enter picks the point in the middle, a selects all in view`);
    if (this.#stage.hasWebgl) return;
    const some = count > PLAIN_POINTS ? `${formatCount(PLAIN_POINTS)} of ${plural(count, "point")} are drawn` : "points are drawn without the graphics card";
    this.#say(count > 0 ? `This browser has no WebGL2: ${some}. Turn on hardware acceleration in its settings to ${count > PLAIN_POINTS ? "see all" : "move them smoothly"}.` : "");
  }

  /** The colour a point has by its code. @param {number} row */
  #colorOf(row) {
    const { codes, table, missing } = this.#stage.data;
    return table[Math.min(codes[row], missing)];
  }

  /** @param {string} text */
  #say(text) {
    this.#note.textContent = text;
    this.#note.hidden = text === "";
  }
}
