/** What is said of histograms in words. */

import { interval, isFilled, isLast, totalOf } from "../../lib/buckets.js";
import { formatCompact, formatCount, formatTime, formatValue, plural } from "../../lib/format.js";

/** @typedef {import("../../lib/histogram-frame.js").Histogram} Histogram */

const SHARES = ["least", "6.68 %", "15.87 %", "30.85 %", "median", "69.15 %", "84.13 %", "93.32 %", "greatest"];

/** A bucket's interval with every digit. @param {Histogram} histogram @param {number} bucket */
export function intervalText(histogram, bucket) {
  const [a, b] = interval(histogram, bucket);
  return `[${digits(a)}, ${digits(b)}${isLast(histogram, bucket) || a === b ? "]" : ")"}`;
}

/** The shortest text that is this number and no other. @param {number} value */
function digits(value) {
  if (!Number.isFinite(value)) return formatValue(value);
  return String(value).replaceAll("-", "−");
}

/** Whole counts whole, others as measured. @param {number} count */
export function countText(count) {
  return Number.isInteger(count) && Math.abs(count) < 1e15 ? formatCount(count) : formatValue(count);
}

/** The lines of the tip on one bucket. @param {Histogram} histogram @param {number} bucket −1 where there is none @returns {[string, string][]} */
export function bucketLines(histogram, bucket) {
  /** @type {[string, string][]} */
  const lines = [["step", formatCount(histogram.step)], ["time", formatTime(histogram.wall)]];
  if (bucket < 0) return [...lines, ["bucket", "none here"], ...wholeLines(histogram)];
  const [a, b] = interval(histogram, bucket);
  const share = histogram.counts[bucket] / totalOf(histogram);
  lines.push(["bucket", intervalText(histogram, bucket)], ["count", countText(histogram.counts[bucket])]);
  if (Number.isFinite(share)) lines.push(["share", `${formatValue(100 * share, 3)} %`]);
  if (Number.isFinite(share) && b > a) lines.push(["density", formatValue(share / (b - a), 4)]);
  return [...lines, ...wholeLines(histogram)];
}

/** @param {Histogram} histogram @returns {[string, string][]} */
function wholeLines(histogram) {
  /** @type {[string, string][]} */
  const lines = [["values", countText(histogram.num)]];
  if (histogram.min <= histogram.max) lines.push(["range", `${formatValue(histogram.min)} … ${formatValue(histogram.max)}`]);
  const odd = uncountedText(histogram);
  return odd ? [...lines, ["not in buckets", odd]] : lines;
}

/** "3 NaN or infinite · 1 +∞"; "" where every value is in a bucket. @param {Histogram} histogram */
export function uncountedText({ outside, low, high, sum }) {
  const parts = [];
  // Our writer leaves NaN out of all buckets, others infinities as well; those have no finite sum then.
  if (outside) parts.push(`${formatCount(outside)} ${sum === undefined || Number.isFinite(sum) ? "NaN" : "NaN or infinite"}`);
  if (low) parts.push(`${formatCount(low)} −∞`);
  if (high) parts.push(`${formatCount(high)} +∞`);
  return parts.join(" · ");
}

/** What a chart cannot show of a histogram; "" where it shows everything. @param {Histogram} histogram */
export function undrawnText(histogram) {
  if (histogram.counts.length === 0 && histogram.percentiles) return "";
  let endless = 0;
  for (let i = 0; i < histogram.counts.length; i += 1) {
    if (isFilled(histogram, i) && !interval(histogram, i).every(Number.isFinite)) endless += histogram.counts[i];
  }
  if (endless > 0) return `${countText(endless)} in buckets without an end`;
  if (totalOf(histogram) > 0) return "";
  return histogram.num > 0 ? "no finite values" : "no values";
}

/** The lines of the tip on percentiles. @param {Histogram} histogram @returns {[string, string][]} */
export function percentileLines(histogram) {
  const values = Array.from(histogram.percentiles ?? []);
  return [["step", formatCount(histogram.step)], ["time", formatTime(histogram.wall)],
    .../** @type {[string, string][]} */ (values.map((value, share) => [SHARES[share], formatValue(value)])).reverse(), ...wholeLines(histogram)];
}

/** "256 of 2,000 steps". @param {number} shown @param {number} all */
export function shownText(shown, all) {
  return shown < all ? `${formatCount(shown)} of ${plural(all, "step")}` : plural(all, "step");
}

/** A count or density at the end of a legend. @param {number} value @param {"density" | "count"} how */
export function levelText(value, how) {
  return how === "count" ? formatCompact(Math.round(value)) : formatValue(value, 3);
}
