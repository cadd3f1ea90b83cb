/** Buckets of histograms: where they lie, which holds a value, what values there are. Never changed, never put together. */

/** @typedef {import("./histogram-frame.js").Histogram} Histogram */
/** @typedef {import("./types.js").Range} Range */

const [LEAST, MOST] = [1e-300, 1e300]; // beyond these the ends of an axis, or what lies between, are no numbers any more
const HUGE = Number.MAX_VALUE; // writers end their first and last bucket here, for want of an end

/** Where a bucket begins, as it was stored. @param {Histogram} histogram @param {number} i */
function leftEdge({ first, right, lefts }, i) {
  return lefts ? lefts[i] : i ? right[i - 1] : first;
}

/** A bucket's interval; one without an end ends at the least or the greatest value. @param {Histogram} histogram @param {number} i @returns {Range} */
export function interval(histogram, i) {
  return [bounded(leftEdge(histogram, i), histogram), bounded(histogram.right[i], histogram)];
}

/** @param {number} edge @param {Histogram} histogram */
function bounded(edge, { min, max }) {
  if (edge <= -HUGE && Number.isFinite(min)) return min;
  return edge >= HUGE && Number.isFinite(max) ? max : edge;
}

/** Finite values in buckets. @param {Histogram} histogram */
export function totalOf(histogram) {
  let total = 0;
  for (let i = 0; i < histogram.counts.length; i += 1) if (isFilled(histogram, i)) total += histogram.counts[i];
  return total;
}

/** Whether finite values were counted in a bucket; infinities have no place on an axis. @param {Histogram} histogram @param {number} i */
export function isFilled({ counts, low, high }, i) {
  return counts[i] > 0 && !(low > 0 && i === 0) && !(high > 0 && i === counts.length - 1);
}

/** From the first filled bucket to the last; null where none is. @param {Histogram} histogram @returns {Range | null} */
export function filledRange(histogram) {
  return rangeAbove(histogram, -Infinity);
}

/** As filledRange, of the ends that lie above a floor: a bucket across it counts with its end alone. @param {Histogram} histogram @param {number} floor @returns {Range | null} */
function rangeAbove(histogram, floor) {
  let [lo, hi] = [Infinity, -Infinity];
  const count = histogram.counts.length;
  for (let i = 0; i < count; i += 1) {
    if (!isFilled(histogram, i)) continue;
    const a = bounded(leftEdge(histogram, i), histogram);
    const b = bounded(histogram.right[i], histogram);
    if (a > floor && a < lo && a > -Infinity) lo = a;
    if (a > floor && a > hi && a < Infinity) hi = a;
    if (b > floor && b < lo && b > -Infinity) lo = b;
    if (b > floor && b > hi && b < Infinity) hi = b;
  }
  return lo <= hi ? [lo, hi] : null;
}

/** The range over many histograms, with some room where it is a single value. @param {Iterable<Histogram>} histograms @param {boolean} positive only what lies above 0 @returns {Range | null} */
export function valueRange(histograms, positive) {
  let [lo, hi] = [Infinity, -Infinity];
  for (const histogram of histograms) {
    const range = rangeAbove(histogram, positive ? 0 : -Infinity);
    if (range) [lo, hi] = [Math.min(lo, range[0]), Math.max(hi, range[1])];
  }
  return lo > hi ? null : roomy([lo, hi], positive);
}

/**
 * A range that an axis can show: neither a single value nor one whose ends are so far apart, or so near to nought, that
 * arithmetic ends there.
 *
 * @param {Range} range @param {boolean} positive @returns {Range}
 */
export function roomy(range, positive) {
  const [lo, hi] = range.map((end) => Math.max(positive ? LEAST : -MOST, Math.min(MOST, end)));
  if (positive) return lo < hi ? [lo, hi] : [lo / 2, hi * 2];
  const size = Math.max(Math.abs(lo), Math.abs(hi));
  if (hi - lo > Math.max(LEAST, size * 1e-12)) return [lo, hi];
  const room = size > LEAST ? size / 20 : 0.5;
  return [lo - room, hi + room];
}

/**
 * The bucket that holds a value: of [a, b) the last that does, so that one without width is found at its value.
 *
 * @param {Histogram} histogram @param {number} value @param {number} [reach] how far beside a bucket without width still means it
 * @returns {number} −1 where there is none
 */
export function bucketAt(histogram, value, reach = 0) {
  const count = histogram.counts.length;
  let near = -1;
  for (let i = count - 1; i >= 0; i -= 1) {
    const [a, b] = interval(histogram, i);
    if (a === b && Math.abs(value - a) <= reach && isFilled(histogram, i)) return i;
    if (value >= a && (value < b || (value === b && isLast(histogram, i)))) near = near < 0 ? i : near;
  }
  return near;
}

/** Whether the bucket takes its right edge, too: the last one does. @param {Histogram} histogram @param {number} i */
export function isLast({ counts }, i) {
  return i === counts.length - 1;
}
