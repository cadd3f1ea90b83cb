/** What lies below the pointer on a chart of histograms: the histogram, and its bucket as it was stored. */

import { bucketAt, interval, isFilled } from "../lib/buckets.js";
import { fromPixel, toPixel } from "../lib/scale.js";
import { columnSpans } from "./histogram-heat.js";
import { nearestItem, stepsAcross } from "./histogram-frame.js";
import { heightsOf, overlayItems, placeOf, ridgeRows } from "./histogram-outlines.js";

/** @typedef {import("./histogram-frame.js").Item} Item */
/** @typedef {import("./histogram-frame.js").RunItems} RunItems */
/** @typedef {import("./histogram-frame.js").HistogramOptions} HistogramOptions */
/** @typedef {import("./line-frame.js").Frame} Frame */

/**
 * @typedef {{run: RunItems, item: Item, bucket: number}} Pointed `bucket`: −1 where no bucket lies
 * @typedef {{x: number, y: number}} Pixel
 */

/** @param {Frame} frame @param {RunItems[]} runs @param {HistogramOptions} options @param {Pixel} pixel @returns {Pointed[]} one a run, where it has something there */
export function pointedAt(frame, runs, options, pixel) {
  const { box } = frame;
  if (pixel.x < box.left || pixel.x > box.right || pixel.y < box.top - 4 || pixel.y > box.bottom + 4) return [];
  const across = stepsAcross(options.mode);
  const scale = across ? frame.y : frame.x;
  const at = across ? pixel.y : pixel.x;
  const value = fromPixel(scale, at);
  const reach = Math.abs(fromPixel(scale, at + 3) - fromPixel(scale, at - 3)) / 2;
  return runs.flatMap((run) => {
    const item = itemAt(frame, run, options, pixel);
    return item ? [{ run, item, bucket: options.mode === "bands" ? -1 : bucketAt(item.histogram, value, reach) }] : [];
  });
}

/** @param {Frame} frame @param {RunItems} run @param {HistogramOptions} options @param {Pixel} pixel @returns {Item | null} */
function itemAt(frame, { items }, options, pixel) {
  if (options.mode === "one") return items[0] ?? null;
  if (options.mode === "heat") {
    const spans = columnSpans(items, frame);
    const found = items.findLast((_, i) => pixel.x >= spans[i][0] && pixel.x < spans[i][1]);
    return found ?? (items.length > 1 ? nearestItem(items, fromPixel(frame.x, pixel.x)) : null);
  }
  if (options.mode === "bands") return nearestItem(items, fromPixel(frame.x, pixel.x));
  if (options.mode === "ridge") return nearestItem(ridgeRows(items, frame), fromPixel(frame.y, pixel.y));
  return nearestOutline(frame, overlayItems(items), options, pixel);
}

/** @param {Frame} frame @param {Item[]} items @param {HistogramOptions} options @param {Pixel} pixel */
function nearestOutline(frame, items, options, { x, y }) {
  const column = Math.floor(x - frame.box.left);
  let best = null;
  let least = Infinity;
  for (const item of items) {
    const distance = Math.abs(placeOf(frame, heightsOf(item, frame, options)[column] ?? 0) - y);
    if (distance <= least) [best, least] = [item, distance];
  }
  return best;
}

/** Where a bucket lies along the axis of values, in pixels. @param {Frame} frame @param {Pointed} pointed @param {HistogramOptions} options @returns {[number, number] | null} */
export function bucketPixels(frame, { item, bucket }, { mode }) {
  if (bucket < 0) return null;
  const { box } = frame;
  const across = stepsAcross(mode);
  const [scale, low, high] = across ? [frame.y, box.top, box.bottom] : [frame.x, box.left, box.right];
  const ends = interval(item.histogram, bucket).map((edge) => {
    if (scale.log && !(edge > 0)) return across ? high : low;
    return Math.max(low, Math.min(high, toPixel(scale, edge)));
  });
  return [Math.min(...ends), Math.max(...ends)];
}

/**
 * What the keyboard points at after one step from bucket to filled bucket, at the cursor's histogram of the first run;
 * the other runs have theirs at the same value.
 *
 * @param {RunItems[]} runs @param {HistogramOptions} options @param {Pointed[]} before @param {number} move 1 or −1
 * @returns {Pointed[]}
 */
export function neighbours(runs, { cursor, mode }, before, move) {
  const first = runs.find(({ items }) => items.length > 0);
  if (!first) return [];
  const item = cursor === null ? first.items[first.items.length - 1] : /** @type {Item} */ (nearestItem(first.items, cursor));
  if (mode === "bands") return [{ run: first, item, bucket: -1 }];
  const count = item.histogram.counts.length;
  const known = before.find(({ run, bucket }) => run.run === first.run && bucket >= 0);
  let bucket = known ? known.bucket + move : move > 0 ? 0 : count - 1;
  while (bucket >= 0 && bucket < count && !isFilled(item.histogram, bucket)) bucket += move;
  if (bucket < 0 || bucket >= count) return before;
  const [a, b] = interval(item.histogram, bucket);
  const others = runs.filter((run) => run !== first && run.items.length > 0);
  return [{ run: first, item, bucket }, ...others.map((run) => ({ run, item: run.items[0], bucket: bucketAt(run.items[0].histogram, (a + b) / 2) }))];
}

/** Where something that is pointed at lies. @param {Frame} frame @param {Pointed} pointed @param {HistogramOptions} options @returns {Pixel} */
export function pixelOf(frame, pointed, options) {
  const { box } = frame;
  const [from, to] = bucketPixels(frame, pointed, options) ?? [box.top, box.top];
  if (stepsAcross(options.mode)) return { x: toPixel(frame.x, pointed.item.x), y: (from + to) / 2 };
  return { x: (from + to) / 2, y: options.mode === "ridge" ? toPixel(frame.y, pointed.item.x) : (box.top + box.bottom) / 2 };
}
