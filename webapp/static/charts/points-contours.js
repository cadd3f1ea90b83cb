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
  /** @type {{of: unknown[], density: Density | null, shade: HTMLCanvasElement | null}} */ #known = { of: [], density: null, shade: null };

  /** @param {CanvasRenderingContext2D} context @param {Sight} sight @param {PointCloud} cloud @param {string} color "#rrggbb" */
  paintShade(context, sight, cloud, color) {
    const { density, shade } = this.#of(cloud, color);
    if (!density || !shade) return;
    const [low, high] = [new Float64Array(4), new Float64Array(4)];
    if (!place(sight.map, density.left, density.bottom, 0, low) || !place(sight.map, density.left + density.width, density.bottom + density.height, 0, high)) return;
    context.imageSmoothingEnabled = true;
    context.drawImage(shade, low[0], high[1], high[0] - low[0], low[1] - high[1]);
  }

  /** @param {CanvasRenderingContext2D} context @param {Sight} sight @param {PointCloud} cloud @param {string} color @param {string} rim of the lines */
  paintLines(context, sight, cloud, color, rim) {
    const { density } = this.#of(cloud, color);
    const [from, to] = [new Float64Array(4), new Float64Array(4)];
    for (const { segments } of density?.contours ?? []) {
      context.beginPath();
      for (let at = 0; at < segments.length; at += 4) {
        if (!place(sight.map, segments[at], segments[at + 1], 0, from) || !place(sight.map, segments[at + 2], segments[at + 3], 0, to)) continue;
        context.moveTo(from[0], from[1]);
        context.lineTo(to[0], to[1]);
      }
      for (const [style, width, alpha] of /** @type {[string, number, number][]} */ ([[rim, 3, 0.5], [color, 1.1, 0.8]])) {
        context.globalAlpha = alpha;
        context.strokeStyle = style;
        context.lineWidth = width;
        context.stroke();
      }
    }
    context.globalAlpha = 1;
  }

  /** Worked out anew when the points are elsewhere or others are hidden. @param {PointCloud} cloud @param {string} color */
  #of(cloud, color) {
    const of = [cloud.now, cloud.shownVersion, color];
    if (!this.isOn || cloud.dims !== 2) return { density: null, shade: null };
    if (of.some((part, at) => part !== this.#known.of[at])) {
      const density = densityOf(cloud);
      this.#known = { of, density, shade: density && shaded(density, color) };
    }
    return this.#known;
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
