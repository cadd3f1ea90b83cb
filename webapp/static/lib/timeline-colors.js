/** The colours of slices: a hue for each kind of work, shades for names, and a palette of names. For both themes and colour-blind eyes. */

import { hashName, mix, slotColor, textOn } from "./color.js";

/** @typedef {"light" | "dark"} Theme */
/** @typedef {"kind" | "name"} ColorBy */

/** Places in the palette of the page, whose first eight keep apart for colour-blind eyes. @type {Record<string, number>} */
const SLOTS = { operator: 0, kernel: 2, communication: 5, memcpy: 4, memset: 4, annotation: 3, gpu_annotation: 3, step: 6, python: 7, runtime: 1, driver: 1, wait: 7, overhead: 7, other: 7 };
const NAMED = 24; // colours of names
const SHADES = [0, 0.16, 0.3]; // how far a name's shade is from its kind's colour

/** What the legend lists: [kinds of one colour, what they are called]. */
export const KIND_WORDS = /** @type {const} */ ([
  [["operator"], "operators"], [["runtime", "driver"], "CUDA calls"], [["kernel"], "kernels"], [["communication"], "communication"],
  [["memcpy", "memset"], "copies"], [["annotation", "gpu_annotation"], "annotations"], [["step"], "steps"], [["python", "wait", "overhead", "other"], "Python, waits, other"],
]);

/** @param {string} kind @param {Theme} theme @returns {string} "#rrggbb" */
export const kindColor = (kind, theme) => slotColor(SLOTS[kind] ?? SLOTS.other, theme);

/** @param {string} kind @param {string} name @param {ColorBy} by @param {Theme} theme @returns {string} "#rrggbb" */
export function sliceColor(kind, name, by, theme) {
  const hash = hashName(name.replace(/\d+$/, "")); // steps and modules with a number are alike
  if (by === "name") return slotColor(hash % NAMED, theme);
  return mix(kindColor(kind, theme), theme === "dark" ? "#0e1116" : "#ffffff", SHADES[hash % SHADES.length]);
}

/** As canvases keep pixels in memory on little-endian machines. @param {string} color "#rrggbb" @returns {number} */
export function pixelOf(color) {
  const value = parseInt(color.slice(1), 16);
  return ((255 << 24) | ((value & 255) << 16) | (value & 0xff00) | (value >> 16)) >>> 0;
}

/** The text that is read best on a colour. @param {string} color "#rrggbb" */
export const textColor = (color) => (textOn(color) === "#ffffff" ? "#ffffff" : "#10141a");
