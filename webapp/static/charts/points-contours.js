/** The density of a flat cloud: shaded below its points, with lines above them. */

import { densityOf, SIDE } from "../lib/points-density.js";
import { place } from "../lib/points-screen.js";
import { channels } from "./gl-program.js";

/** @typedef {import("../lib/points-sight.js").Sight} Sight */
/** @typedef {import("../lib/points-cloud.js").PointCloud} PointCloud */
/** @typedef {import("../lib/points-density.js").Density} Density */

const SHADES = 0.3; // of the densest part, opacity

export class PointContours {
  isOn = false;
  /** @type {{of: unknown[], density: Density | null}} */ #known = { of: [], density: null };
  /** @type {{density: Density, color: string, canvas: HTMLCanvasElement} | null} */ #shade = null;

  /** @param {CanvasRenderingContext2D} context @param {Sight} sight @param {PointCloud} cloud @param {string} color "#rrggbb" */
  paintShade(context, sight, cloud, color) {
    const density = this.#of(cloud);
    if (!density) return;
    if (this.#shade?.density !== density || this.#shade.color !== color) this.#shade = { density, color, canvas: shaded(density, color) };
    const [low, high] = [new Float64Array(4), new Float64Array(4)];
    if (!place(sight.map, density.left, density.bottom, 0, low) || !place(sight.map, density.left + density.width, density.bottom + density.height, 0, high)) return;
    context.imageSmoothingEnabled = true;
    context.drawImage(this.#shade.canvas, low[0], high[1], high[0] - low[0], low[1] - high[1]);
  }

  /** @param {CanvasRenderingContext2D} context @param {Sight} sight @param {PointCloud} cloud @param {string} color @param {string} rim of the lines */
  paintLines(context, sight, cloud, color, rim) {
    const density = this.#of(cloud);
    const [from, to] = [new Float64Array(4), new Float64Array(4)];
    context.beginPath(); // one path for all of them: each stroke goes over the whole canvas
    for (const { segments } of density?.contours ?? []) {
      for (let at = 0; at < segments.length; at += 4) {
        if (!place(sight.map, segments[at], segments[at + 1], 0, from) || !place(sight.map, segments[at + 2], segments[at + 3], 0, to)) continue;
        context.moveTo(from[0], from[1]);
        context.lineTo(to[0], to[1]);
      }
    }
    for (const [style, width, alpha] of /** @type {[string, number, number][]} */ ([[rim, 3, 0.5], [color, 1.1, 0.8]])) {
      context.globalAlpha = alpha;
      context.strokeStyle = style;
      context.lineWidth = width;
      context.stroke();
    }
    context.globalAlpha = 1;
  }

  /** Worked out anew when the points are elsewhere or others are hidden. @param {PointCloud} cloud */
  #of(cloud) {
    if (!this.isOn || cloud.dims !== 2) return null;
    const of = [cloud.now, cloud.shownVersion];
    if (of.some((part, at) => part !== this.#known.of[at])) this.#known = { of, density: densityOf(cloud) };
    return this.#known.density;
  }
}

/** @param {Density} density @param {string} color */
function shaded({ grid, contours }, color) {
  const canvas = Object.assign(document.createElement("canvas"), { width: SIDE, height: SIDE });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(SIDE, SIDE);
  const [red, green, blue] = channels(color).map((part) => Math.round(255 * part));
  const widest = contours[0].level;
  for (let cell = 0; cell < grid.length; cell += 1) {
    const upsideDown = (SIDE - 1 - Math.floor(cell / SIDE)) * SIDE + (cell % SIDE);
    const alpha = 255 * SHADES * Math.sqrt(grid[cell]) * Math.min(1, grid[cell] / widest);
    image.data.set([red, green, blue, alpha], 4 * upsideDown);
  }
  context.putImageData(image, 0, 0);
  return canvas;
}
