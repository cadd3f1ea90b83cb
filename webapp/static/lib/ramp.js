/** A value → a colour: one ramp whose lightness goes one way, so that it reads without hue, too. */

import { mix } from "./color.js";

const STOPS = {
  light: ["#3b0f70", "#31588c", "#1f8a8c", "#3aa45f", "#b0a41c"],
  dark: ["#8a6fd6", "#5f93d8", "#35b5b0", "#6fd07a", "#f2e34c"],
};

/** @param {number} share 0 … 1 along the ramp @param {"light" | "dark"} theme @returns {string} "#rrggbb" */
export function rampColor(share, theme) {
  const stops = STOPS[theme];
  const at = Math.min(1, Math.max(0, share)) * (stops.length - 1);
  const below = Math.min(stops.length - 2, Math.floor(at));
  return mix(stops[below], stops[below + 1], at - below);
}

/** @param {"light" | "dark"} theme */
export function rampStops(theme) {
  return STOPS[theme];
}
