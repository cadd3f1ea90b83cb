/** Which points are under the pointer, in a box, within a lasso: by where they really are, not by what was painted. */

import { GONE, SELECTED } from "./points-cloud.js";
import { placeRow } from "./points-screen.js";

/** @typedef {import("./points-cloud.js").PointCloud} PointCloud */
/** @typedef {import("./points-screen.js").Places} Places */
/** @typedef {[number, number][]} Polygon pixels of the picture */
/** @typedef {{row: number, covers: boolean, chosen: boolean, depth: number, away: number}} Candidate */

const CELLS = 64; // a side of the raster laid over a polygon

/**
 * What is seen under the pointer: of the discs that cover it the uppermost, else the nearest one within reach.
 *
 * @param {PointCloud} cloud @param {Places} places @param {Float64Array} map @param {(row: number, w: number) => number} radius of a disc, pixels @param {number} largest of them
 * @param {number} x pixels @param {number} y @param {number} reach pixels beyond which nothing is meant
 * @returns {number} −1 where there is none
 */
export function rowAt({ flags, count, dims, selected }, places, map, radius, largest, x, y, reach) {
  const out = new Float64Array(4);
  const far = Math.max(reach, largest);
  let best = { row: -1, covers: false, chosen: false, depth: Infinity, away: Infinity };
  for (let row = 0; row < count; row += 1) {
    if (flags[row] & GONE || !placeRow(map, places, row, out)) continue;
    const [dx, dy] = [out[0] - x, out[1] - y];
    if (dx > far || dx < -far || dy > far || dy < -far) continue;
    const away = Math.hypot(dx, dy);
    const covers = away <= radius(row, out[3]);
    if (!covers && away > reach) continue;
    const found = { row, covers, chosen: selected > 0 && (flags[row] & SELECTED) !== 0, depth: dims === 3 ? out[2] : 0, away };
    if (isAbove(found, best)) best = found;
  }
  return best.row;
}

/** Selected points are drawn above the others, and of two at one depth the later one. @param {Candidate} point @param {Candidate} other found before */
function isAbove(point, other) {
  if (point.covers !== other.covers) return point.covers;
  if (!point.covers) return point.away < other.away;
  if (point.chosen !== other.chosen) return point.chosen;
  return point.depth <= other.depth;
}

/**
 * Rows of the points that lie within a polygon, also those behind others; hidden ones do not.
 *
 * @param {PointCloud} cloud @param {Places} places @param {Float64Array} map @param {Polygon} polygon
 * @returns {Uint32Array} rising
 */
export function rowsWithin({ flags, count }, places, map, polygon) {
  const isInside = polygonTest(polygon);
  const rows = new Uint32Array(count);
  const out = new Float64Array(4);
  let found = 0;
  for (let row = 0; row < count; row += 1) {
    if (flags[row] & GONE || !placeRow(map, places, row, out) || !isInside(out[0], out[1])) continue;
    rows[found] = row;
    found += 1;
  }
  return rows.slice(0, found);
}

/** A test of places against a polygon (even-odd rule). Far from its edges it is answered by a raster. @param {Polygon} polygon @returns {(x: number, y: number) => boolean} */
export function polygonTest(polygon) {
  const [xs, ys] = [polygon.map(([x]) => x), polygon.map(([, y]) => y)];
  const [left, top] = [Math.min(...xs), Math.min(...ys)];
  const [wide, high] = [(Math.max(...xs) - left) / CELLS || 1, (Math.max(...ys) - top) / CELLS || 1];
  const cells = new Int8Array(CELLS * CELLS).fill(-1); // 0 outside, 1 inside, 2 an edge runs through; −1 not asked yet
  polygon.forEach((from, at) => markEdge(cells, from, polygon[(at + 1) % polygon.length], left, top, wide, high));
  return (x, y) => {
    const [column, line] = [Math.floor((x - left) / wide), Math.floor((y - top) / high)];
    // The far edges of the box belong to no cell; whoever lies on them is asked for exactly.
    if (!(column >= 0 && line >= 0 && column <= CELLS && line <= CELLS)) return false;
    if (column === CELLS || line === CELLS) return contains(xs, ys, x, y);
    const cell = line * CELLS + column;
    if (cells[cell] === -1) cells[cell] = contains(xs, ys, x, y) ? 1 : 0;
    return cells[cell] === 2 ? contains(xs, ys, x, y) : cells[cell] === 1;
  };
}

/** Marks the cells that an edge may touch: line by line what it spans there, and one more at either side. @param {Int8Array} cells @param {[number, number]} from @param {[number, number]} to @param {number} left @param {number} top @param {number} wide @param {number} high */
function markEdge(cells, from, to, left, top, wide, high) {
  const [[x0, y0], [x1, y1]] = from[1] <= to[1] ? [from, to] : [to, from];
  const at = (/** @type {number} */ y) => (y1 > y0 ? x0 + ((x1 - x0) * Math.min(1, Math.max(0, (y - y0) / (y1 - y0)))) : x0);
  for (let line = Math.floor((y0 - top) / high) - 1; line <= Math.floor((y1 - top) / high) + 1; line += 1) {
    if (line < 0 || line >= CELLS) continue;
    const [a, b] = y1 > y0 ? [at(top + (line - 1) * high), at(top + (line + 2) * high)] : [x0, x1];
    const first = Math.max(0, Math.floor((Math.min(a, b) - left) / wide) - 1);
    const last = Math.min(CELLS - 1, Math.floor((Math.max(a, b) - left) / wide) + 1);
    for (let column = first; column <= last; column += 1) cells[line * CELLS + column] = 2;
  }
}

/** @param {number[]} xs @param {number[]} ys @param {number} x @param {number} y */
function contains(xs, ys, x, y) {
  let inside = false;
  for (let at = 0, last = xs.length - 1; at < xs.length; last = at, at += 1) {
    if (ys[at] > y !== ys[last] > y && x < xs[at] + ((xs[last] - xs[at]) * (y - ys[at])) / (ys[last] - ys[at])) inside = !inside;
  }
  return inside;
}

/** @param {number} x @param {number} y @param {number} x2 @param {number} y2 two corners of a box @returns {Polygon} */
export function boxPolygon(x, y, x2, y2) {
  return [[x, y], [x2, y], [x2, y2], [x, y2]];
}
