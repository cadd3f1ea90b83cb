/**
 * A sound as it comes, block by block → what is drawn of it: lowest and highest sample of each column and channel, and a
 * spectrogram. Memory does not grow with the sound.
 *
 * Spectrogram: Hann windows of about 46 ms, power averaged over channels, rows equally spaced on the mel scale
 * (2595 log₁₀(1 + f / 700), O'Shaughnessy 1987), decibels of a sine of full scale. Where several windows or
 * frequencies fall into one place, the strongest counts, so that a click of an hour's recording stays in sight.
 */

import { PowerSpectrum } from "./fft.js";

/**
 * @typedef {object} SoundColumns
 * @property {number} rate frames a second
 * @property {number} frames
 * @property {number} columns of the peaks
 * @property {{low: Float32Array, high: Float32Array}[]} peaks by channel
 * @property {number} times columns of the spectrogram
 * @property {number} bands its rows, the lowest frequency first
 * @property {Uint8Array} levels row by row; 0 is `FLOOR` decibels or less, 255 full scale
 */

export const FLOOR = -100; // decibels
const COLUMNS = 4096; // of the peaks: more than a card has pixels
const TIMES = 1200; // columns of the spectrogram
const BANDS = 160;
const WINDOW = 0.046; // seconds
const MOST_CHANNELS = 8; // whose power is averaged

export class SoundReader {
  #rate; #frames; #columns; #times;
  /** @type {{low: Float32Array, high: Float32Array}[]} */ #peaks;
  /** @type {PowerSpectrum} */ #spectrum;
  /** @type {Float64Array} */ #window;
  /** @type {Float32Array[]} per channel: the samples from which on windows are still to be made */ #kept;
  #keptFrom; #hop;
  #next = 0; // window
  #read = 0; // frames
  /** @type {Float64Array} */ #strongest;
  /** @type {Float64Array} */ #edges;

  /** @param {{rate: number, frames: number, channels: number}} sound */
  constructor({ rate, frames, channels }) {
    this.#rate = rate;
    this.#frames = frames;
    this.#columns = Math.min(COLUMNS, frames);
    this.#peaks = Array.from({ length: channels }, () => ({ low: new Float32Array(this.#columns).fill(Infinity), high: new Float32Array(this.#columns).fill(-Infinity) }));
    const size = windowSize(rate);
    this.#spectrum = new PowerSpectrum(size);
    this.#window = hann(size);
    this.#hop = Math.max(1, Math.min(size / 2, Math.floor(frames / TIMES)));
    this.#times = Math.min(TIMES, Math.ceil(frames / this.#hop));
    this.#keptFrom = -size / 2; // the first window is centred on the first frame
    this.#kept = Array.from({ length: Math.min(MOST_CHANNELS, channels) }, () => new Float32Array(size / 2));
    this.#strongest = new Float64Array(this.#times * BANDS);
    this.#edges = melEdges(BANDS, rate, size);
  }

  /** The next frames. @param {Float32Array[]} block by channel, all of one length */
  push(block) {
    const taken = Math.min(block[0].length, this.#frames - this.#read);
    if (taken <= 0) return;
    this.#takePeaks(block, taken);
    this.#kept = this.#kept.map((before, channel) => joined(before, block[channel].subarray(0, taken)));
    this.#read += taken;
    this.#takeWindows();
  }

  /** @returns {SoundColumns} frames that never came are silence */
  finish() {
    const missing = this.#frames - this.#read + this.#spectrum.size;
    this.#kept = this.#kept.map((before) => joined(before, new Float32Array(missing)));
    this.#read += missing;
    this.#takeWindows();
    for (const { low, high } of this.#peaks) {
      for (let i = 0; i < low.length; i += 1) if (low[i] > high[i]) low[i] = high[i] = 0;
    }
    const levels = Uint8Array.from(this.#strongest, levelOf(this.#window));
    return { rate: this.#rate, frames: this.#frames, columns: this.#columns, peaks: this.#peaks, times: this.#times, bands: BANDS, levels };
  }

  /** @param {Float32Array[]} block @param {number} taken frames */
  #takePeaks(block, taken) {
    const share = this.#columns / this.#frames, read = this.#read;
    this.#peaks.forEach(({ low, high }, channel) => {
      const samples = block[channel];
      for (let i = 0; i < taken; i += 1) {
        const column = Math.floor((read + i) * share);
        const sample = samples[i];
        if (sample < low[column]) low[column] = sample;
        if (sample > high[column]) high[column] = sample;
      }
    });
  }

  /** Every window whose samples are all here. */
  #takeWindows() {
    const size = this.#spectrum.size, weights = this.#window;
    const [windowed, power, mean] = [new Float64Array(size), new Float64Array(size / 2 + 1), new Float64Array(size / 2 + 1)];
    const last = Math.ceil(this.#frames / this.#hop);
    let from = this.#next * this.#hop - size / 2 - this.#keptFrom;
    for (; this.#next < last && from + size <= this.#kept[0].length; this.#next += 1, from += this.#hop) {
      mean.fill(0);
      for (const samples of this.#kept) {
        for (let i = 0; i < size; i += 1) windowed[i] = samples[from + i] * weights[i];
        this.#spectrum.of(windowed, power);
        for (let k = 0; k < mean.length; k += 1) mean[k] += power[k] / this.#kept.length;
      }
      this.#keepStrongest(mean, Math.min(this.#times - 1, Math.floor((this.#next * this.#times) / last)));
    }
    this.#kept = this.#kept.map((samples) => samples.slice(from));
    this.#keptFrom += from;
  }

  /** @param {Float64Array} power @param {number} time column */
  #keepStrongest(power, time) {
    const edges = this.#edges, strongest = this.#strongest;
    for (let band = 0, at = time; band < BANDS; band += 1, at += this.#times) {
      const low = edges[band], high = edges[band + 1];
      let found = powerAt(power, (low + high) / 2);
      for (let bin = Math.ceil(low); bin < high; bin += 1) if (power[bin] > found) found = power[bin];
      if (found > strongest[at]) strongest[at] = found;
    }
  }
}

/** The row, in fractions, of a frequency. @param {number} frequency hertz @param {number} bands @param {number} rate */
export function bandOf(frequency, bands, rate) {
  return (mel(frequency) / mel(rate / 2)) * bands - 0.5;
}

/** @param {number} rate @returns {number} samples: the power of two nearest to 46 ms */
function windowSize(rate) {
  return 2 ** Math.max(6, Math.min(14, Math.round(Math.log2(rate * WINDOW))));
}

/** @param {number} size */
function hann(size) {
  return Float64Array.from({ length: size }, (_, i) => 0.5 - 0.5 * Math.cos((2 * Math.PI * i) / size));
}

/** Edges of the rows, in bins: row i lies between edges i and i + 1. @param {number} bands @param {number} rate @param {number} size */
function melEdges(bands, rate, size) {
  return Float64Array.from({ length: bands + 1 }, (_, edge) => (hertz((mel(rate / 2) * edge) / bands) * size) / rate);
}

/** Between two bins. @param {Float64Array} power @param {number} bin */
function powerAt(power, bin) {
  const below = Math.min(power.length - 2, Math.floor(bin));
  return power[below] + (power[below + 1] - power[below]) * (bin - below);
}

/** Power → 0 … 255. A sine of full scale has the power (Σ w / 2)² in its bin. @param {Float64Array} window */
function levelOf(window) {
  const full = (window.reduce((sum, weight) => sum + weight, 0) / 2) ** 2;
  return (/** @type {number} */ power) => Math.round(255 * Math.max(0, Math.min(1, 1 - (10 * Math.log10(power / full)) / FLOOR)));
}

/** @param {number} frequency */
function mel(frequency) {
  return 2595 * Math.log10(1 + frequency / 700);
}

/** @param {number} mels */
function hertz(mels) {
  return 700 * (10 ** (mels / 2595) - 1);
}

/** @param {Float32Array} before @param {Float32Array} after */
function joined(before, after) {
  const all = new Float32Array(before.length + after.length);
  all.set(before);
  all.set(after, before.length);
  return all;
}
