/** What lies below and above the points of a cloud: the box in space, rings, and the outline being drawn. */

import { GONE } from "../lib/points-cloud.js";
import { MOST_DIAMETER } from "../lib/points-look.js";
import { placeRow } from "../lib/points-screen.js";
import { viewProjection } from "../lib/camera.js";
import { drawBox } from "./scene-box.js";

/** @typedef {import("../lib/points-sight.js").Sight} Sight */
/** @typedef {import("../lib/points-cloud.js").PointCloud} PointCloud */

export class PointsOverlay {
  /** @type {number[]} */ rings = [];
  /** @type {import("../lib/points-pick.js").Polygon | null} */ outline = null;
  #ink;

  /** @param {() => import("./points-stage.js").PointsInk} ink */
  constructor(ink) {
    this.#ink = ink;
  }

  /** Forgets what was said of points. */
  reset() {
    this.rings = [];
  }

  /** @param {CanvasRenderingContext2D} context @param {Sight} sight @param {PointCloud} cloud */
  paintUnder(context, sight, cloud) {
    if (cloud.dims !== 3 || cloud.shown === 0) return;
    const { line } = this.#ink();
    drawBox(context, sight.size, viewProjection(sight.camera, sight.size.width / sight.size.height), cloud.bounds, cloud.now.frame, { line, label: "transparent" });
  }

  /** @param {CanvasRenderingContext2D} context @param {Sight} sight @param {PointCloud} cloud */
  paintOver(context, sight, cloud) {
    const ink = this.#ink();
    const out = new Float64Array(4);
    for (const [at, row] of this.rings.entries()) {
      if (row >= cloud.count || cloud.flags[row] & GONE || !placeRow(sight.map, sight.places, row, out)) continue;
      const radius = sight.radius(1, out[3], MOST_DIAMETER) + 2.5;
      for (const [color, width] of /** @type {[string, number][]} */ ([[ink.surface, at === 0 ? 5 : 3.5], [ink.text, at === 0 ? 2 : 1.25]])) {
        context.strokeStyle = color;
        context.lineWidth = width;
        context.beginPath();
        context.arc(out[0], out[1], radius, 0, 2 * Math.PI);
        context.stroke();
      }
    }
    if (this.outline) this.#paintOutline(context, this.outline, ink.accent);
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
