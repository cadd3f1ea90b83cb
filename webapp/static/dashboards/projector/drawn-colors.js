/** What points are coloured by → the colours that are drawn, in the theme's palette. */

import { formatValue } from "../../lib/format.js";
import { categoryPalette } from "../../lib/point-palette.js";
import { rampStops } from "../../lib/ramp.js";
import { isDark } from "../../ui/ink.js";

/** @typedef {import("../../state/projector-colors.js").Coloring} Coloring */

const MOST_PICTURED = 32; // categories; more of them leave no room for the points

const theme = () => (isDark() ? "dark" : "light");

/** Of each category. @param {number} count */
export const paletteNow = (count) => categoryPalette(count, theme());

/** From low to high. */
export const rampNow = () => rampStops(theme());

/** What the colours mean, for a picture that is saved. @param {Coloring | null} coloring @returns {import("../../charts/picture.js").LegendEntry[]} */
export function pictureLegend(coloring) {
  if (!coloring) return [];
  if (coloring.kind === "number") return [{ label: `${coloring.title}: ${formatValue(coloring.least, 4)} – ${formatValue(coloring.most, 4)}`, color: rampNow()[0], stops: [...rampNow()] }];
  const colors = paletteNow(coloring.names.length);
  return coloring.names.slice(0, MOST_PICTURED).map((label, place) => ({ label, color: colors[place] }));
}

/** @param {Coloring | null} coloring @param {import("../../state/projector-settings.js").ColorScale} scale @returns {import("../../lib/points-colors.js").PointColors | null} */
export function drawnColors(coloring, scale) {
  if (!coloring) return null;
  if (coloring.kind === "category") return { codes: /** @type {Uint8Array} */ (coloring.codes), palette: paletteNow(coloring.names.length) };
  return { values: coloring.values, low: scale === "log" && !coloring.positive ? undefined : coloring.least, high: coloring.most, scale, ramp: rampNow() };
}
