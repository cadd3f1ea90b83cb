/** Colours for up to 256 categories: the palette of the page first, then hues that go round by the golden angle at five lightnesses. */

import { SLOT_COUNT, slotColor } from "./color.js";

/** @typedef {"light" | "dark"} Theme */

export const MOST_CATEGORIES = 256;
const GOLDEN = 137.508; // degrees
const LIGHTNESS = { light: [0.5, 0.66, 0.42, 0.58, 0.72], dark: [0.74, 0.6, 0.84, 0.67, 0.55] };
const CHROMA = [0.15, 0.11, 0.13];

/** @param {number} count @param {Theme} theme @returns {string[]} "#rrggbb" each */
export function categoryPalette(count, theme) {
  return Array.from({ length: Math.min(count, MOST_CATEGORIES) }, (_, place) => {
    if (place < SLOT_COUNT) return slotColor(place, theme);
    const beyond = place - SLOT_COUNT;
    return oklch(LIGHTNESS[theme][beyond % 5], CHROMA[beyond % 3], (beyond * GOLDEN) % 360);
  });
}

/** Björn Ottosson, "A perceptual color space for image processing", 2020. @param {number} lightness 0 … 1 @param {number} chroma @param {number} hue degrees */
function oklch(lightness, chroma, hue) {
  const [a, b] = [chroma * Math.cos((hue * Math.PI) / 180), chroma * Math.sin((hue * Math.PI) / 180)];
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const linear = [4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s, -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s, -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s];
  return `#${linear.map((part) => Math.round(255 * encoded(part)).toString(16).padStart(2, "0")).join("")}`;
}

/** sRGB, within what a screen can show. @param {number} linear */
function encoded(linear) {
  const part = Math.min(1, Math.max(0, linear));
  return part <= 0.0031308 ? 12.92 * part : 1.055 * part ** (1 / 2.4) - 0.055;
}
