/** Exact values of a picture as /api/blob/pixels sends them: read, painted, subtracted. */

import { openFrame } from "./frame.js";
import { levelTable } from "./levels.js";

/**
 * @typedef {object} Pixels a rectangle of a picture
 * @property {number} x where it begins in the whole picture
 * @property {number} y
 * @property {number} width
 * @property {number} height
 * @property {number} channels 1 grey, 2 grey and alpha, 3 RGB, 4 RGB and alpha
 * @property {number} white the value that means white: 1, 255 or 65535
 * @property {[number, number]} size width and height of the whole picture
 * @property {boolean} [profiled] whether its colours are these values as a profile of its own reads them
 * @property {Uint8Array | Uint16Array} values row by row, the channels of a pixel side by side
 */

/** @param {ArrayBuffer} buffer @returns {Pixels} @throws {Error} when the bytes are no such frame */
export function parsePixels(buffer) {
  const { header, base } = openFrame(buffer);
  const { at, dtype } = header.values;
  const Kind = dtype === "u2" ? Uint16Array : Uint8Array;
  const { x, y, width, height, channels, white, size, profiled } = header;
  return { x, y, width, height, channels, white, size, profiled, values: new Kind(buffer, base + at, width * height * channels) };
}

/** The values of one pixel, x and y in the whole picture; null outside. @param {Pixels} pixels @param {number} x @param {number} y @returns {number[] | null} */
export function valuesAt(pixels, x, y) {
  const column = Math.floor(x) - pixels.x;
  const row = Math.floor(y) - pixels.y;
  if (column < 0 || row < 0 || column >= pixels.width || row >= pixels.height) return null;
  const at = (row * pixels.width + column) * pixels.channels;
  return [...pixels.values.subarray(at, at + pixels.channels)];
}

/** Names of the channels. @param {number} channels */
export function channelNames(channels) {
  return { 1: ["grey"], 2: ["grey", "alpha"], 3: ["R", "G", "B"], 4: ["R", "G", "B", "alpha"] }[channels] ?? [];
}

/**
 * As a canvas takes it: 8-bit RGBA. Alpha is not changed by levels.
 *
 * @param {Pixels} pixels @param {import("./levels.js").Levels} levels @returns {Uint8ClampedArray<ArrayBuffer>}
 */
export function paintPixels({ width, height, channels, white, values }, levels) {
  const table = levelTable(levels, white);
  const painted = new Uint8ClampedArray(4 * width * height);
  const hasColor = channels >= 3;
  const alphaAt = channels % 2 === 0 ? channels - 1 : -1;
  const toByte = 255 / white;
  for (let from = 0, to = 0; to < painted.length; from += channels, to += 4) {
    const first = table[values[from]];
    painted[to] = first;
    painted[to + 1] = hasColor ? table[values[from + 1]] : first;
    painted[to + 2] = hasColor ? table[values[from + 2]] : first;
    painted[to + 3] = alphaAt < 0 ? 255 : values[from + alphaAt] * toByte;
  }
  return painted;
}

/** Channels that hold light: all but alpha. @param {number} channels */
function lightOf(channels) {
  return channels >= 3 ? 3 : 1;
}

/**
 * The least and the largest value over the channels of light, as a share of white.
 *
 * @param {Pixels} pixels @returns {[number, number]}
 */
export function lightRange({ channels, white, values }) {
  const light = lightOf(channels);
  let low = Infinity;
  let high = -Infinity;
  for (let from = 0; from < values.length; from += channels) {
    for (let channel = 0; channel < light; channel += 1) {
      const value = values[from + channel];
      if (value < low) low = value;
      if (value > high) high = value;
    }
  }
  return [low / white, high / white];
}

/** @param {Pixels} pixels @param {number} pixel its number, row by row */
function alphaOf({ channels, white, values }, pixel) {
  return channels % 2 === 0 ? values[(pixel + 1) * channels - 1] : white;
}

/**
 * @typedef {object} Difference
 * @property {Pixels} pixels |a − b| of each channel of light, or of alpha where that is more, times `gain`
 * @property {number} most the largest difference, share of white
 * @property {number} mean over all pixels and channels, share of white
 * @property {number} changed share of the pixels that differ at all
 */

/**
 * @param {Pixels} a @param {Pixels} b of the same size; grey against colour counts as three equal channels, one without alpha as opaque @param {number} gain
 * @returns {Difference}
 * @throws {Error} when the sizes differ
 */
export function differenceOf(a, b, gain) {
  if (a.width !== b.width || a.height !== b.height || a.size.join() !== b.size.join()) { // those of large pictures are here reduced
    throw new Error(`They cannot be subtracted: one has ${a.size.join(" × ")} pixels, the other ${b.size.join(" × ")}.`);
  }
  const channels = Math.max(lightOf(a.channels), lightOf(b.channels));
  const white = Math.max(a.white, b.white);
  const [scaleA, scaleB] = [white / a.white, white / b.white];
  const values = white > 255 ? new Uint16Array(a.width * a.height * channels) : new Uint8Array(a.width * a.height * channels);
  const [stepA, stepB] = [lightOf(a.channels) === 1 ? 0 : 1, lightOf(b.channels) === 1 ? 0 : 1];
  const clear = a.channels % 2 === 0 || b.channels % 2 === 0;
  let [most, sum, changed] = [0, 0, 0];
  for (let pixel = 0, to = 0; pixel < a.width * a.height; pixel += 1) {
    let differs = false;
    const alphaGap = clear ? Math.abs(alphaOf(a, pixel) * scaleA - alphaOf(b, pixel) * scaleB) : 0;
    for (let channel = 0; channel < channels; channel += 1, to += 1) {
      const gap = Math.max(alphaGap, Math.abs(a.values[pixel * a.channels + channel * stepA] * scaleA - b.values[pixel * b.channels + channel * stepB] * scaleB));
      if (gap > 0) differs = true;
      if (gap > most) most = gap;
      sum += gap;
      values[to] = Math.min(white, gap * gain);
    }
    if (differs) changed += 1;
  }
  const pixels = { x: 0, y: 0, width: a.width, height: a.height, channels, white, size: a.size, values };
  return { pixels, most: most / white, mean: sum / (values.length * white), changed: changed / (a.width * a.height) };
}
