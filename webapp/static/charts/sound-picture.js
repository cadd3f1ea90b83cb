/** A sound on a canvas: a waveform for each channel, a spectrogram below, seconds along x. */

import { formatDuration } from "../lib/format.js";
import { mix } from "../lib/color.js";
import { bandOf, FLOOR } from "../lib/sound-columns.js";

/** @typedef {import("../lib/sound-columns.js").SoundColumns} SoundColumns */
/** @typedef {{x: number, y: number, width: number, height: number}} Box CSS pixels */
/** @typedef {{label: string, grid: string, line: string, surface: string, text: string, dark: boolean}} SoundInk */

/** Silence is the card's own colour; lightness goes one way, so that it reads without hue, too. */
const STOPS = {
  light: ["#ffffff", "#d5e4f2", "#86b3d9", "#4674b4", "#432a86", "#1d0b33"],
  dark: ["#151a21", "#2b2359", "#6b3a86", "#b7546f", "#f08f52", "#fdeba0"],
};
const FREQUENCIES = [100, 300, 1000, 3000, 10_000, 30_000];
const TICKS = [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 1800, 3600];
const TICK_ROOM = 64; // pixels from one time to the next
export const TIME_ROOM = 15; // pixels below the picture for the times

/**
 * @param {CanvasRenderingContext2D} context @param {SoundColumns} sound @param {Box} box @param {number} seconds its width
 * @param {string} color
 */
export function drawWave(context, sound, box, seconds, color) {
  const width = Math.min(box.width, (box.width * sound.frames) / sound.rate / seconds);
  const high = box.height / sound.peaks.length;
  const loudest = Math.max(1, ...sound.peaks.map(({ low, high: tops }) => Math.max(-least(low), -least(tops.map((top) => -top)))));
  context.fillStyle = color;
  sound.peaks.forEach(({ low, high: tops }, channel) => {
    const middle = box.y + high * (channel + 0.5);
    const scale = (high / 2 - 1) / loudest;
    context.globalAlpha = 0.35;
    context.fillRect(box.x, middle - 0.5, box.width, 1);
    context.globalAlpha = 1;
    for (let x = 0; x < width; x += 1) {
      const first = Math.floor((x / width) * sound.columns);
      const last = Math.max(first + 1, Math.floor(((x + 1) / width) * sound.columns));
      const [bottom, top] = [least(low.subarray(first, last)), -least(tops.subarray(first, last).map((value) => -value))];
      context.fillRect(box.x + x, middle - top * scale, 1, Math.max(1, (top - bottom) * scale));
    }
  });
}

/** @param {Float32Array} values */
function least(values) {
  let found = Infinity;
  for (const value of values) if (value < found) found = value;
  return found;
}

/** The spectrogram as pixels, one a row and column. @param {SoundColumns} sound @param {boolean} dark @returns {HTMLCanvasElement} */
export function spectrogramImage({ times, bands, levels }, dark) {
  const canvas = document.createElement("canvas");
  canvas.width = times;
  canvas.height = bands;
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  const image = context.createImageData(times, bands);
  const pixels = new Uint32Array(image.data.buffer);
  const colors = palette(dark);
  for (let band = 0; band < bands; band += 1) {
    const [from, to] = [band * times, (bands - 1 - band) * times];
    for (let time = 0; time < times; time += 1) pixels[to + time] = colors[levels[from + time]];
  }
  context.putImageData(image, 0, 0);
  return canvas;
}

/** Level → colour as bytes R, G, B, A. @param {boolean} dark */
function palette(dark) {
  const colors = new Uint8Array(1024);
  for (let level = 0; level < 256; level += 1) {
    const color = levelColor(level / 255, dark);
    for (let part = 0; part < 3; part += 1) colors[4 * level + part] = parseInt(color.slice(1 + 2 * part, 3 + 2 * part), 16);
    colors[4 * level + 3] = 255;
  }
  return new Uint32Array(colors.buffer);
}

/** @param {number} share 0: silence, 1: full scale @param {boolean} dark @returns {string} "#rrggbb" */
export function levelColor(share, dark) {
  const stops = STOPS[dark ? "dark" : "light"];
  const at = share * (stops.length - 1);
  const below = Math.min(stops.length - 2, Math.floor(at));
  return mix(stops[below], stops[below + 1], at - below);
}

/**
 * @param {CanvasRenderingContext2D} context @param {SoundColumns} sound @param {HTMLCanvasElement} image @param {Box} box
 * @param {number} seconds its width @param {SoundInk} ink
 */
export function drawSpectrogram(context, sound, image, box, seconds, ink) {
  const width = Math.min(box.width, (box.width * sound.frames) / sound.rate / seconds);
  context.imageSmoothingEnabled = true;
  context.drawImage(image, box.x, box.y, width, box.height);
  context.font = "10px system-ui, sans-serif";
  context.textBaseline = "middle";
  context.textAlign = "left";
  let above = Infinity;
  for (const frequency of FREQUENCIES) {
    const y = box.y + box.height * (1 - (bandOf(frequency, sound.bands, sound.rate) + 0.5) / sound.bands);
    if (y < box.y + 6 || y > box.y + box.height - 5 || above - y < 13) continue;
    above = y;
    const text = frequency < 1000 ? `${frequency} Hz` : `${frequency / 1000} kHz`;
    context.fillStyle = ink.surface;
    context.globalAlpha = 0.7;
    context.fillRect(box.x, y - 6, context.measureText(text).width + 6, 12);
    context.globalAlpha = 1;
    context.fillStyle = ink.text;
    context.fillText(text, box.x + 3, y);
  }
}

/** Times below the picture. @param {CanvasRenderingContext2D} context @param {Box} box @param {number} seconds @param {SoundInk} ink */
export function drawTimes(context, box, seconds, ink) {
  const step = TICKS.find((tick) => (tick / seconds) * box.width >= TICK_ROOM) ?? seconds;
  context.font = "10px system-ui, sans-serif";
  context.textBaseline = "bottom";
  context.fillStyle = ink.label;
  for (let i = 0; i * step <= seconds * 1.0001; i += 1) {
    const x = box.x + (i * step * box.width) / seconds;
    if (box.x + box.width - x < 28 && i > 0) break;
    context.textAlign = i === 0 ? "left" : "center";
    context.fillText(i === 0 ? "0" : formatDuration(i * step), x, box.y + box.height + TIME_ROOM);
    context.fillRect(x, box.y + box.height, 1, 3);
  }
}

/** What the colours mean, lowest first. */
export const LEVEL_RANGE = [`${FLOOR} dB`.replace("-", "−"), "0 dB"];
