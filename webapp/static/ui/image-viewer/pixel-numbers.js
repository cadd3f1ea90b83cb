/** Values written into the pixels themselves, once these are large enough to be read. */

/** @typedef {import("../../lib/pixels.js").Pixels} Pixels */

const LEAST = 44; // CSS pixels for a pixel
const LINE = 12; // CSS pixels

/** @param {CanvasRenderingContext2D} context in CSS pixels @param {Pixels} pixels @param {{left: number, top: number, scale: number}} place @param {{width: number, height: number}} box */
export function drawNumbers(context, pixels, { left, top, scale }, box) {
  const { width, height, channels, values, size } = pixels;
  if (scale < LEAST || width !== size[0]) return;
  context.font = "10px ui-monospace, monospace";
  context.textAlign = "center";
  context.textBaseline = "middle";
  context.lineWidth = 2.5;
  context.strokeStyle = "#000c";
  context.fillStyle = "#fff";
  const last = (/** @type {number} */ start, /** @type {number} */ room, /** @type {number} */ length) => Math.min(length, Math.ceil((room - start) / scale));
  for (let y = Math.max(0, Math.floor(-top / scale)); y < last(top, box.height, height); y += 1) {
    for (let x = Math.max(0, Math.floor(-left / scale)); x < last(left, box.width, width); x += 1) {
      const at = (y * width + x) * channels;
      for (let channel = 0; channel < channels; channel += 1) {
        const text = String(values[at + channel]);
        const middle = top + (y + 0.5) * scale + (channel - (channels - 1) / 2) * LINE;
        context.strokeText(text, left + (x + 0.5) * scale, middle);
        context.fillText(text, left + (x + 0.5) * scale, middle);
      }
    }
  }
}
