/** How dense a flat cloud is: a smoothed grid over it, and lines around the densest parts of it. */

import { GONE } from "./points-cloud.js";

/**
 * @typedef {object} Density
 * @property {Float32Array} grid SIDE × SIDE, line after line from the lowest y, share of the largest
 * @property {number} left coordinates of the grid's corner
 * @property {number} bottom
 * @property {number} width of the grid in coordinates
 * @property {number} height
 * @property {Contour[]} contours the widest first
 *
 * @typedef {{level: number, segments: Float32Array}} Contour `segments` are x, y, x2, y2 in coordinates
 */

export const SIDE = 256;
const SPREAD = 0.02; // of the longer side: the deviation that a point is smeared by
const BOXES = 3; // running means, which together are nearly a Gaussian
const SHARES = [0.95, 0.8, 0.6, 0.4, 0.2]; // of the points that lie within a line

/**
 * A kernel density estimate of the points that are seen; null without any.
 *
 * @param {import("./points-cloud.js").PointCloud} cloud flat
 * @returns {Density | null}
 */
export function densityOf(cloud) {
  const { low, high } = cloud.bounds;
  const side = Math.max(high[0] - low[0], high[1] - low[1]) || 1;
  const pad = 4 * SPREAD * side;
  const [width, height] = [high[0] - low[0] + 2 * pad, high[1] - low[1] + 2 * pad];
  const [left, bottom] = [low[0] - pad, low[1] - pad];
  const grid = counted(cloud, left, bottom, SIDE / width, SIDE / height);
  const [across, upward] = [(SPREAD * side * SIDE) / width, (SPREAD * side * SIDE) / height];
  for (let box = 0; box < BOXES; box += 1) {
    smooth(grid, 1, SIDE, across);
    smooth(grid, SIDE, 1, upward);
  }
  const most = grid.reduce((largest, value) => Math.max(largest, value), 0);
  if (most === 0) return null;
  for (let cell = 0; cell < grid.length; cell += 1) grid[cell] /= most;
  const contours = levelsOf(grid).map((level) => ({ level, segments: contour(grid, level, left, bottom, width / SIDE, height / SIDE) }));
  return { grid, left, bottom, width, height, contours };
}

/** @param {import("./points-cloud.js").PointCloud} cloud @param {number} left @param {number} bottom @param {number} across cells in a unit @param {number} upward */
function counted({ flags, count, now: { array, dims } }, left, bottom, across, upward) {
  const grid = new Float32Array(SIDE * SIDE);
  for (let row = 0; row < count; row += 1) {
    if (flags[row] & GONE) continue;
    // The margin around all points leaves none of them outside.
    grid[((array[row * dims + 1] - bottom) * upward | 0) * SIDE + ((array[row * dims] - left) * across | 0)] += 1;
  }
  return grid;
}

/** A running mean along all lines, in place. @param {Float32Array} grid @param {number} step from cell to cell @param {number} next from line to line @param {number} deviation of all means together, cells */
function smooth(grid, step, next, deviation) {
  // A mean over 2 r + 1 cells has the variance r (r + 1) / 3.
  const reach = Math.max(1, Math.round(Math.sqrt((3 * deviation * deviation) / BOXES + 0.25) - 0.5));
  const line = new Float32Array(SIDE);
  for (let start = 0; start < SIDE; start += 1) {
    for (let at = 0; at < SIDE; at += 1) line[at] = grid[start * next + at * step];
    let sum = 0;
    for (let at = 0; at < reach; at += 1) sum += line[at];
    for (let at = 0; at < SIDE; at += 1) {
      sum += (at + reach < SIDE ? line[at + reach] : 0) - (at - reach - 1 >= 0 ? line[at - reach - 1] : 0);
      grid[start * next + at * step] = sum / (2 * reach + 1);
    }
  }
}

/** Levels above which the grid holds given shares of all points. @param {Float32Array} grid */
function levelsOf(grid) {
  const falling = Float32Array.from(grid).sort().reverse();
  const whole = falling.reduce((sum, value) => sum + value, 0);
  let [sum, cell] = [0, 0];
  return [...SHARES].reverse().map((share) => {
    while (cell < falling.length - 1 && sum < share * whole) {
      sum += falling[cell];
      cell += 1;
    }
    return falling[cell];
  }).reverse();
}

/** Marching squares: the line between cells above and below a level. @param {Float32Array} grid @param {number} level @param {number} left @param {number} bottom @param {number} wide of a cell @param {number} high */
function contour(grid, level, left, bottom, wide, high) {
  /** @type {number[]} */
  const segments = [];
  for (let y = 0; y < SIDE - 1; y += 1) {
    for (let x = 0; x < SIDE - 1; x += 1) {
      const at = y * SIDE + x;
      const inside = Number(grid[at] >= level) + Number(grid[at + 1] >= level) + Number(grid[at + SIDE] >= level) + Number(grid[at + SIDE + 1] >= level);
      if (inside % 4 === 0) continue;
      const crossed = crossings([grid[at], grid[at + 1], grid[at + SIDE + 1], grid[at + SIDE]], level);
      for (let edge = 0; edge + 1 < crossed.length; edge += 2) {
        for (const [dx, dy] of [crossed[edge], crossed[edge + 1]]) segments.push(left + (x + 0.5 + dx) * wide, bottom + (y + 0.5 + dy) * high);
      }
    }
  }
  return Float32Array.from(segments);
}

/** Where a level crosses the edges of a square, one after the other round it. @param {number[]} corners @param {number} level @returns {[number, number][]} */
function crossings([a, b, c, d], level) {
  const part = (/** @type {number} */ from, /** @type {number} */ to) => (level - from) / (to - from);
  /** @type {[number, number][]} */
  const found = [];
  if (a >= level !== b >= level) found.push([part(a, b), 0]);
  if (b >= level !== c >= level) found.push([1, part(b, c)]);
  if (d >= level !== c >= level) found.push([part(d, c), 1]);
  if (a >= level !== d >= level) found.push([0, part(a, d)]);
  return found;
}
