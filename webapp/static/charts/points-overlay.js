/** What lies below and above the points of a cloud: the box in space, density, thumbnails, names, rings, and the outline being drawn. */

import { viewProjection } from "../lib/camera.js";
import { GONE } from "../lib/points-cloud.js";
import { MOST_DIAMETER } from "../lib/points-look.js";
import { Room } from "../lib/points-room.js";
import { placeRow } from "../lib/points-screen.js";
import { PointContours } from "./points-contours.js";
import { PointLabels } from "./points-labels.js";
import { PointSprites } from "./points-sprites.js";
import { drawBox } from "./scene-box.js";

/** @typedef {import("../lib/points-sight.js").Sight} Sight */
/** @typedef {import("../lib/points-cloud.js").PointCloud} PointCloud */

export class PointsOverlay {
  /** @type {number[]} */ rings = [];
  /** @type {import("../lib/points-pick.js").Polygon | null} */ outline = null;
  aims = false; // the middle is where the keys point
  labels = new PointLabels();
  contours = new PointContours();
  sprites;
  #host;

  /** @param {{ink: () => import("./points-stage.js").PointsInk, colorOf: (row: number) => string, repaint: () => void}} host */
  constructor(host) {
    this.#host = host;
    this.sprites = new PointSprites(() => host.repaint());
  }

  /** Forgets what was said of points. */
  reset() {
    this.rings = [];
    this.labels.set(null);
    this.labels.clusters = [];
    this.sprites.set(null);
  }

  /** @param {CanvasRenderingContext2D} context @param {Sight} sight @param {PointCloud} cloud */
  paintUnder(context, sight, cloud) {
    const { line, muted } = this.#host.ink();
    if (cloud.shown === 0) return;
    if (cloud.dims === 2) return this.contours.paintShade(context, sight, cloud, muted);
    const matrix = viewProjection(sight.camera, sight.size.width / sight.size.height);
    drawBox(context, sight.size, matrix, cloud.bounds, cloud.now.frame, { line, label: "transparent" });
  }

  /** @param {CanvasRenderingContext2D} context @param {Sight} sight @param {PointCloud} cloud */
  paintOver(context, sight, cloud) {
    const ink = this.#host.ink();
    if (cloud.dims === 2) this.contours.paintLines(context, sight, cloud, ink.text, ink.surface);
    this.sprites.paint(context, sight, cloud, this.rings, this.#host.colorOf);
    this.#paintRings(context, sight, cloud, ink);
    this.labels.paint(context, sight, cloud, new Room(sight.size), ink, this.rings);
  }

  /** What hands do just now: no part of a picture that is saved. @param {CanvasRenderingContext2D} context @param {import("../lib/points-screen.js").Size} size */
  paintHands(context, { width, height }) {
    const { accent, muted } = this.#host.ink();
    if (this.outline) this.#paintOutline(context, this.outline, accent);
    if (!this.aims) return;
    const [x, y] = [Math.round(width / 2) + 0.5, Math.round(height / 2) + 0.5];
    context.strokeStyle = muted;
    context.lineWidth = 1;
    context.beginPath();
    for (const [dx, dy] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
      context.moveTo(x + 4 * dx, y + 4 * dy);
      context.lineTo(x + 11 * dx, y + 11 * dy);
    }
    context.stroke();
  }

  /** Points that stand out, whatever lies above them or is selected. @param {CanvasRenderingContext2D} context @param {Sight} sight @param {PointCloud} cloud @param {import("./points-stage.js").PointsInk} ink */
  #paintRings(context, sight, cloud, ink) {
    const out = new Float64Array(4);
    const disc = (/** @type {number} */ radius, /** @type {string} */ color) => {
      context.fillStyle = color;
      context.beginPath();
      context.arc(out[0], out[1], radius, 0, 2 * Math.PI);
      context.fill();
    };
    for (const [at, row] of [...this.rings.entries()].reverse()) {
      if (row >= cloud.count || cloud.flags[row] & GONE || !placeRow(sight.map, sight.places, row, out)) continue;
      const radius = Math.max(3, sight.radius(1, out[3], MOST_DIAMETER));
      const width = at === 0 ? 2.2 : 1.3;
      disc(radius + width + 2.5, ink.surface);
      disc(radius + width + 1, ink.text);
      disc(radius + 1, ink.surface);
      disc(radius, this.#host.colorOf(row));
    }
  }

  /** @param {CanvasRenderingContext2D} context @param {[number, number][]} polygon @param {string} color */
  #paintOutline(context, polygon, color) {
    context.beginPath();
    polygon.forEach(([x, y], at) => (at === 0 ? context.moveTo(x, y) : context.lineTo(x, y)));
    context.closePath();
    context.globalAlpha = 0.12;
    context.fillStyle = color;
    context.fill();
    context.globalAlpha = 1;
    context.strokeStyle = color;
    context.lineWidth = 1.25;
    context.setLineDash([5, 4]);
    context.stroke();
    context.setLineDash([]);
  }
}
