/** What points are coloured by → the colours that are drawn, in the theme's palette. */

import { categoryPalette } from "../../lib/point-palette.js";
import { rampStops } from "../../lib/ramp.js";
import { isDark } from "../../ui/ink.js";

/** @typedef {import("../../state/projector-colors.js").Coloring} Coloring */

const theme = () => (isDark() ? "dark" : "light");

/** Of each category. @param {number} count */
export const paletteNow = (count) => categoryPalette(count, theme());

/** From low to high. */
export const rampNow = () => rampStops(theme());

/** @param {Coloring | null} coloring @param {import("../../state/projector-settings.js").ColorScale} scale @returns {import("../../lib/points-colors.js").PointColors | null} */
export function drawnColors(coloring, scale) {
  if (!coloring) return null;
  if (coloring.kind === "category") return { codes: /** @type {Uint8Array} */ (coloring.codes), palette: paletteNow(coloring.names.length) };
  return { values: coloring.values, low: scale === "log" && !coloring.positive ? undefined : coloring.least, high: coloring.most, scale, ramp: rampNow() };
}
