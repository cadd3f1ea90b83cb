/** Values written into the pixels themselves, once these are large enough to be read. */

import { lineOf } from "../../lib/levels.js";

/** @typedef {import("../../lib/pixels.js").Pixels} Pixels */

const LEAST = 44; // CSS pixels for a pixel
const LINE = 12; // CSS pixels

/** @param {CanvasRenderingContext2D} context in CSS pixels @param {Pixels} pixels @param {{left: number, top: number, scale: number}} place @param {{width: number, height: number}} box @param {import("../../lib/levels.js").Levels} levels */
export function drawNumbers(context, pixels, { left, top, scale }, box, levels) {
  const { width, height, channels, values, white, size } = pixels;
  if (scale < LEAST || width !== size[0]) return;
  context.font = "10px ui-monospace, monospace";
  context.textAlign = "center";
  context.textBaseline = "middle";
  const { slope, intercept } = lineOf(levels);
  const last = (/** @type {number} */ start, /** @type {number} */ room, /** @type {number} */ length) => Math.min(length, Math.ceil((room - start) / scale));
  for (let y = Math.max(0, Math.floor(-top / scale)); y < last(top, box.height, height); y += 1) {
    for (let x = Math.max(0, Math.floor(-left / scale)); x < last(left, box.width, width); x += 1) {
      const at = (y * width + x) * channels;
      const light = channels >= 3 ? 0.3 * values[at] + 0.6 * values[at + 1] + 0.1 * values[at + 2] : values[at];
      context.fillStyle = (slope * light) / white + intercept > 0.5 ? "#000" : "#fff";
      for (let channel = 0; channel < channels; channel += 1) {
        const text = String(values[at + channel]);
        const middle = top + (y + 0.5) * scale + (channel - (channels - 1) / 2) * LINE;
        context.fillText(text, left + (x + 0.5) * scale, middle);
      }
    }
  }
}
