/** Data → pixels, straight or logarithmic, and the round numbers to label on the way. */

import { formatClock, formatCount, formatDuration, formatStep, formatValue } from "./format.js";

/** @typedef {{at: number, label: string}} Tick */
/** @typedef {import("./types.js").Range} Range */

/**
 * pixel = offset + factor · f(value), where f is log10 or nothing: loops over many points use the two numbers directly.
 * With `bend` f is the symmetric logarithm sign(v) · log10(1 + |v| / bend): straight around 0, logarithmic far from it.
 *
 * @typedef {{lo: number, hi: number, log: boolean, bend?: number, factor: number, offset: number}} Scale
 * @param {Range} domain
 * @param {Range} pixels where the ends of the domain lie
 * @param {boolean} log
 * @param {number} [bend]
 * @returns {Scale}
 */
export function makeScale([lo, hi], pixels, log, bend = 0) {
  const [a, b] = [lo, hi].map((end) => (bend ? bent(end, bend) : log ? Math.log10(end) : end));
  const length = pixels[1] - pixels[0];
  const factor = Number.isFinite(b - a) ? length / (b - a || 1) : length / 2 / (b / 2 - a / 2);
  return { lo, hi, log, ...(bend && { bend }), factor, offset: pixels[0] - a * factor };
}

/** @param {number} value @param {number} bend */
function bent(value, bend) {
  return Math.sign(value) * Math.log10(1 + Math.abs(value) / bend);
}

/** @param {Scale} scale @param {number} value */
export function toPixel(scale, value) {
  return scale.offset + scale.factor * (scale.bend ? bent(value, scale.bend) : scale.log ? Math.log10(value) : value);
}

/** @param {Scale} scale @param {number} pixel */
export function fromPixel(scale, pixel) {
  const value = (pixel - scale.offset) / scale.factor;
  if (scale.bend) return Math.sign(value) * scale.bend * (10 ** Math.abs(value) - 1);
  return scale.log ? 10 ** value : value;
}

const NICE = [1, 2, 2.5, 5, 10];
const SECONDS = [1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400, 172800, 604800];

/** @param {number} lo @param {number} hi @param {number} count wanted at most @returns {number[]} */
export function linearTicks(lo, hi, count) {
  return multiples(lo, hi, niceStep(hi / Math.max(1, count) - lo / Math.max(1, count)));
}

/** @param {number} rough */
function niceStep(rough) {
  if (!(rough > 0) || !Number.isFinite(rough)) return 1;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * (NICE.find((nice) => nice * power >= rough * 0.7) ?? 10);
}

/** @param {number} lo @param {number} hi @param {number} step */
function multiples(lo, hi, step) {
  const ticks = [];
  const first = Math.ceil(lo / step - 1e-9);
  const last = Math.floor(hi / step + 1e-9);
  for (let i = first; i <= last && ticks.length < 50; i += 1) ticks.push(i * step + 0); // + 0: no negative nought
  return ticks;
}

/** Powers of ten, thinned when there are many; within one or two decades 2 and 5 as well. @param {number} lo @param {number} hi @param {number} count */
export function logTicks(lo, hi, count) {
  const from = Math.floor(Math.log10(lo) + 1e-9);
  const to = Math.ceil(Math.log10(hi) - 1e-9);
  const stride = Math.max(1, Math.ceil((to - from) / Math.max(1, count)));
  const within = to - from <= count / 2 ? [1, 2, 5] : [1];
  const ticks = [];
  for (let power = from; power <= to; power += stride) {
    for (const digit of within) ticks.push(digit * 10 ** power);
  }
  const shown = ticks.filter((tick) => tick >= lo * 0.999999 && tick <= hi * 1.000001);
  return shown.length >= 2 ? shown : linearTicks(lo, hi, count).filter((tick) => tick > 0);
}

/** 0 and powers of ten on either side of it, thinned to about `count`. @param {number} lo @param {number} hi @param {number} bend @param {number} count */
function symlogTicks(lo, hi, bend, count) {
  const first = Math.ceil(Math.log10(bend) - 1e-9);
  const last = Math.floor(Math.log10(Math.max(Math.abs(lo), Math.abs(hi))) + 1e-9);
  const sides = Number(lo < 0) + Number(hi > 0);
  const stride = Math.max(1, Math.ceil((sides * (last - first + 1)) / Math.max(1, count - 1)));
  const ticks = [0];
  for (let power = last; power >= first; power -= stride) ticks.push(-(10 ** power), 10 ** power);
  const shown = ticks.filter((tick) => tick >= lo && tick <= hi).sort((a, b) => a - b);
  return shown.length >= 2 ? shown : linearTicks(lo, hi, count);
}

/** @param {Scale} scale @param {number} count @returns {Tick[]} */
export function valueTicks(scale, count) {
  if (scale.bend) return symlogTicks(scale.lo, scale.hi, scale.bend, count).map((at) => ({ at, label: formatValue(at, 4) }));
  const ticks = scale.log ? logTicks(scale.lo, scale.hi, count) : linearTicks(scale.lo, scale.hi, count);
  const step = ticks.length > 1 ? Math.abs(ticks[1] - ticks[0]) : 0;
  return ticks.map((at) => ({ at, label: scale.log ? formatValue(at, 4) : valueLabel(at, step, Math.max(Math.abs(scale.lo), Math.abs(scale.hi))) }));
}

/** As many digits as tell neighbouring ticks apart. @param {number} at @param {number} step @param {number} size */
function valueLabel(at, step, size) {
  if (!step || size < 1e-3 || size >= 1e15) return formatValue(at, 4);
  const decimals = Math.min(12, Math.max(0, Math.ceil(-Math.log10(step) - 1e-9) + (isHalf(step) ? 1 : 0)));
  if (size >= 1e5 && step >= size / 1000) return formatStep(at);
  return size >= 1e5 && decimals === 0 ? formatCount(at) : at.toFixed(decimals).replace("-", "−");
}

/** Steps of 2.5, 0.25 … need one more digit than their size says. @param {number} step */
function isHalf(step) {
  const lead = step / 10 ** Math.floor(Math.log10(step) + 1e-9);
  return Math.abs(lead - 2.5) < 1e-6;
}

/** @param {Scale} scale @param {number} count @returns {Tick[]} */
export function stepTicks(scale, count) {
  const ticks = scale.log ? logTicks(scale.lo, scale.hi, count) : linearTicks(scale.lo, scale.hi, count);
  const whole = ticks.filter((tick) => Number.isInteger(tick));
  return withStepLabels(whole.length >= 2 ? whole : ticks);
}

const MOST_DIGITS = 1e12; // longer numbers do not fit below a chart

/** Short labels where they tell neighbours apart; else every digit, or how far it is from the first. @param {number[]} ticks @returns {Tick[]} */
function withStepLabels(ticks) {
  const short = ticks.map((at) => ({ at, label: formatStep(at) }));
  if (short.every(({ label }, index) => label !== short[index - 1]?.label)) return short;
  const [first] = ticks;
  if (Math.abs(ticks[ticks.length - 1]) < MOST_DIGITS) return ticks.map((at) => ({ at, label: formatCount(at) }));
  return ticks.map((at, index) => ({ at, label: index ? `+${formatStep(at - first)}` : formatStep(at) }));
}

/** @param {Scale} scale in seconds @param {number} count @returns {Tick[]} */
export function durationTicks(scale, count) {
  if (scale.log) return logTicks(scale.lo, scale.hi, count).map((at) => ({ at, label: formatDuration(at) }));
  return multiples(scale.lo, scale.hi, secondsStep((scale.hi - scale.lo) / count)).map((at) => ({ at, label: shortDuration(at) }));
}

/** @param {Scale} scale in epoch seconds @param {number} count @returns {Tick[]} */
export function clockTicks(scale, count) {
  const step = secondsStep((scale.hi - scale.lo) / count);
  const zone = new Date(scale.lo * 1000).getTimezoneOffset() * 60;
  return multiples(scale.lo - zone, scale.hi - zone, step).map((local) => ({ at: local + zone, label: clockLabel(local + zone, step) }));
}

/** @param {number} rough */
function secondsStep(rough) {
  if (rough < 1) return niceStep(rough);
  return SECONDS.find((step) => step >= rough) ?? niceStep(rough / 604800) * 604800;
}

/** "1 h 30 m" without a part that is nought. @param {number} seconds */
function shortDuration(seconds) {
  return formatDuration(seconds).replace(/ 0 [smh]$/, "");
}

/** @param {number} seconds @param {number} step */
function clockLabel(seconds, step) {
  if (step < 1) return clockWithFraction(seconds, step);
  const date = new Date(seconds * 1000);
  const clock = formatClock(date);
  if (step >= 86400 || clock === "00:00:00") return date.toLocaleDateString("en", { month: "short", day: "numeric" });
  return step >= 60 ? clock.slice(0, 5) : clock;
}

/** "12:04:59.25", with as many digits as tell neighbouring ticks apart. @param {number} seconds @param {number} step */
function clockWithFraction(seconds, step) {
  const digits = Math.min(6, Math.ceil(-Math.log10(step) - 1e-9) + (isHalf(step) ? 1 : 0));
  const rounded = Number(seconds.toFixed(digits));
  const second = (rounded % 60).toFixed(digits).padStart(digits + 3, "0");
  return `${formatClock(new Date(rounded * 1000)).slice(0, 6)}${second}`;
}
