/**
 * Buckets → what each pixel of a line shows. A bucket that covers pixels gives each its own value, whatever its
 * neighbours are; only buckets narrower than a pixel share one.
 */

import { fromPixel, toPixel } from "./scale.js";
import { interval, isFilled, totalOf } from "./buckets.js";

/** @typedef {import("./histogram-frame.js").Histogram} Histogram */
/** @typedef {import("./scale.js").Scale} Scale */

/**
 * @param {Histogram} histogram
 * @param {Scale} scale value → pixel
 * @param {number} start pixel of the first entry
 * @param {number} length pixels
 * @param {"density" | "count"} how "density": the share of the counted values per unit of value, the shares within a
 *   pixel added; "count": the count of the bucket, the greatest within a pixel
 * @returns {Float64Array} a value a pixel; 0 where nothing was counted
 */
export function rasterize(histogram, scale, start, length, how) {
  const out = new Float64Array(length);
  const total = totalOf(histogram);
  const { counts } = histogram;
  for (let i = 0; i < counts.length; i += 1) {
    if (!isFilled(histogram, i)) continue;
    const ends = interval(histogram, i);
    const span = pixelSpan(ends, scale, start);
    if (!span || span[1] < 0 || span[0] > length || (span[0] === length && span[1] > length)) continue;
    if (span[0] === length) span[0] = span[1] = length - 1; // without width, at the very end of the axis: its last pixel
    if (how === "count") fillGreatest(out, span, counts[i]);
    else addShare(out, span, counts[i] / total, { interval: ends, scale, start });
  }
  for (let pixel = 0; pixel < length; pixel += 1) if (!(out[pixel] < MOST)) out[pixel] = MOST; // a density beyond all numbers
  return out;
}

/** @type {Map<Histogram, {question: (number | boolean | string | undefined)[], raster: Float64Array}>} of the task under way: the greatest is looked for first, then all is drawn */
const made = new Map();

/** As rasterize, but worked out once a task. @type {typeof rasterize} */
export function rasterOnce(histogram, scale, start, length, how) {
  const question = [scale.factor, scale.offset, scale.log, scale.bend, start, length, how];
  const known = made.get(histogram);
  if (known?.question.every((part, i) => part === question[i])) return known.raster;
  const raster = rasterize(histogram, scale, start, length, how);
  if (made.size === 0) queueMicrotask(() => made.clear());
  made.set(histogram, { question, raster });
  return raster;
}

/** @param {import("./types.js").Range} interval @param {Scale} scale @param {number} start @returns {[number, number] | null} from the lesser to the greater; null where there is no place for it */
function pixelSpan([a, b], scale, start) {
  if (Number.isNaN(a) || Number.isNaN(b) || (scale.log && !(b > 0))) return null;
  const from = scale.log && a <= 0 ? -Math.sign(scale.factor) * Infinity : toPixel(scale, a) - start;
  const to = toPixel(scale, b) - start;
  return from <= to ? [from, to] : [to, from];
}

/** @param {Float64Array} out @param {[number, number]} span @param {number} count */
function fillGreatest(out, [from, to], count) {
  const first = Math.max(0, Math.floor(from));
  const end = Math.min(out.length, Math.max(Math.ceil(to), first + 1));
  for (let pixel = first; pixel < end; pixel += 1) if (count > out[pixel]) out[pixel] = count;
}

/** @param {Float64Array} out @param {[number, number]} span @param {number} share of all values @param {{interval: import("./types.js").Range, scale: Scale, start: number}} place */
function addShare(out, [from, to], share, { interval: [a, b], scale, start }) {
  const first = Math.max(0, Math.floor(from));
  if (to - from < 1 || !Number.isFinite(b - a)) {
    const cells = Math.max(1, Math.min(out.length, Math.ceil(to)) - first);
    for (let pixel = first; pixel < first + cells && pixel < out.length; pixel += 1) {
      const covered = to > from ? (Math.min(to, pixel + 1) - Math.max(from, pixel)) / (to - from) : 1 / cells;
      out[pixel] += (share * covered) / Math.abs(fromPixel(scale, start + pixel + 1) - fromPixel(scale, start + pixel));
    }
    return;
  }
  const density = share / (b - a);
  const end = Math.min(out.length, Math.ceil(to));
  for (let pixel = first; pixel < end; pixel += 1) out[pixel] += density * (Math.min(to, pixel + 1) - Math.max(from, pixel));
}

/**
 * How high or how dark a value is drawn, 0 … 1 of the greatest there is.
 *
 * @param {number} value @param {number} peak @param {{log: boolean, how: "density" | "count"}} options counts are drawn by log(1 + count), densities over four powers of ten
 */
export function levelOf(value, peak, { log, how }) {
  if (!(value > 0) || !(peak > 0)) return 0;
  if (!log) return Math.min(1, value / peak);
  if (how === "count") return Math.min(1, Math.log1p(value) / Math.log1p(peak));
  return Math.min(1, Math.max(0, 1 + Math.log10(value / peak) / DECADES));
}

/** The value that is drawn at a level: the other way round. @param {number} level @param {number} peak @param {{log: boolean, how: "density" | "count"}} options */
export function valueAtLevel(level, peak, { log, how }) {
  if (!log) return level * peak;
  return how === "count" ? Math.expm1(level * Math.log1p(peak)) : peak * 10 ** ((level - 1) * DECADES);
}

const DECADES = 4;
const MOST = 1e300;
