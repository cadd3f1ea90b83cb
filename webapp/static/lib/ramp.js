/** A value → a colour: one ramp whose lightness goes one way, so that it reads without hue, too. */

import { mix } from "./color.js";

const STOPS = {
  light: ["#3b0f70", "#31588c", "#1f8a8c", "#3aa45f", "#b0a41c"],
  dark: ["#8a6fd6", "#5f93d8", "#35b5b0", "#6fd07a", "#f2e34c"],
};

/** From next to nothing, hardly other than the surface, to the most there is: for areas, where the other ramp is for lines and dots. */
const HEAT = {
  light: ["#e1ecf7", "#b4d0ea", "#7fb0dd", "#4389c9", "#1c62a8", "#0d3f78", "#071f42"],
  dark: ["#1b2c42", "#1f4669", "#246a93", "#2f95a8", "#5dbf9f", "#b0dc83", "#f4f2a0"],
};

/** @param {number} share 0 … 1 along the ramp @param {"light" | "dark"} theme @returns {string} "#rrggbb" */
export function rampColor(share, theme) {
  return colorAlong(STOPS[theme], share);
}

/** @param {"light" | "dark"} theme @returns {readonly string[]} */
export function heatStops(theme) {
  return HEAT[theme];
}

/** The colour at a share of the way through some others. @param {readonly string[]} stops "#rrggbb" @param {number} share 0 … 1 */
export function colorAlong(stops, share) {
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const below = Math.min(stops.length - 2, Math.floor(at));
  return mix(stops[below], stops[below + 1], at - below);
}

/** @param {"light" | "dark"} theme */
export function rampStops(theme) {
  return STOPS[theme];
}
