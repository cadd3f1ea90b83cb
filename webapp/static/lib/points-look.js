/** How large and how solid points are drawn: many of them stay a texture, few of them are dots. */

import { halfHeight } from "./camera.js";

/** @typedef {{diameter: number, opacity: number}} PointLook CSS pixels, 0 … 1 */

const FILLED = 0.4; // of the picture is covered by the cloud, about
const [SMALLEST, LARGEST] = [1.8, 8.5]; // diameters where all is seen, CSS pixels
export const MOST_DIAMETER = 40;

/**
 * @param {number} shown points @param {number} dims @param {import("./camera.js").Camera} camera @param {import("./points-screen.js").Size} size @param {number} scale that the user chose, 1 the usual
 * @returns {PointLook}
 */
export function lookOf(shown, dims, camera, { width, height }, scale) {
  const side = Math.min(width, height);
  const area = FILLED * Math.max(1, Math.min(width * height, 1.7 * side * side)); // clouds are round, more or less
  const zoom = dims === 3 ? 1 : Math.max(1, 1 / halfHeight(camera));
  const usual = Math.min(LARGEST, Math.max(SMALLEST, 1.05 * Math.sqrt(area / Math.max(1, shown))));
  const diameter = Math.min(MOST_DIAMETER, scale * Math.min(1.8 * LARGEST, usual * zoom ** 0.4));
  if (dims === 3) return { diameter, opacity: 1 };
  const layers = (shown * Math.PI * (diameter / 2) ** 2) / (area * zoom * zoom); // points on a pixel
  return { diameter, opacity: Math.min(0.85, Math.max(0.3, 0.8 / Math.sqrt(layers))) };
}
