/** Points without WebGL: squares on a plain canvas, the farthest first. */

import { toPicture, viewProjection } from "../lib/camera.js";

export const FALLBACK_POINTS = 20_000;

/** @param {import("./scene-renderer.js").Drawing} drawing @param {CanvasRenderingContext2D} context @param {number} width device pixels @param {number} height */
export function drawWithoutWebgl({ scene, place, camera, look, most }, context, width, height) {
  const { position, color, header } = scene;
  const matrix = viewProjection(camera, width / height);
  const shown = [];
  for (let i = 0; i < Math.min(header.points, most, FALLBACK_POINTS); i += 1) {
    const at = [0, 1, 2].map((axis) => place.offset[axis] + place.factor * position[3 * i + axis]);
    const found = toPicture(matrix, at[0], at[1], at[2], { width, height });
    if (found) shown.push({ found, i });
  }
  shown.sort((a, b) => b.found[2] - a.found[2]);
  for (const { found: [x, y], i } of shown) {
    context.fillStyle = color ? `rgb(${color[3 * i]} ${color[3 * i + 1]} ${color[3 * i + 2]})` : look.tint;
    context.fillRect(x - look.pointSize / 2, y - look.pointSize / 2, look.pointSize, look.pointSize);
  }
}
