/** Which points are under the pointer, in a box, within a lasso: by where they really are, not by what was painted. */

import { GONE, SELECTED } from "./points-cloud.js";
import { placeRow, rowsIn } from "./points-screen.js";

/** @typedef {import("./points-cloud.js").PointCloud} PointCloud */
/** @typedef {import("./points-screen.js").Places} Places */
/** @typedef {[number, number][]} Polygon pixels of the picture */
/** @typedef {{row: number, covers: boolean, chosen: boolean, depth: number, away: number}} Candidate */

const BANDS = 256; // that the height of a polygon is cut into

/**
 * What is seen under the pointer: of the discs that cover it the uppermost, else the nearest one within reach.
 *
 * @param {PointCloud} cloud @param {Places} places @param {Float64Array} map @param {(row: number, w: number) => number} radius of a disc, pixels @param {number} largest of them
 * @param {number} x pixels @param {number} y @param {number} reach pixels beyond which nothing is meant
 * @returns {number} −1 where there is none
 */
export function rowAt({ flags, dims, selected }, places, map, radius, largest, x, y, reach) {
  const out = new Float64Array(4);
  const far = Math.max(reach, largest);
  let best = { row: -1, covers: false, chosen: false, depth: Infinity, away: Infinity };
  for (const row of rowsIn(map, places, flags, GONE, { left: x - far, top: y - far, right: x + far, bottom: y + far })) {
    placeRow(map, places, row, out);
    const away = Math.hypot(out[0] - x, out[1] - y);
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
  if (!point.covers) return point.away <= other.away;
  if (point.chosen !== other.chosen) return point.chosen;
  return point.depth <= other.depth;
}

/**
 * Rows of the points that lie within a polygon, also those behind others; hidden ones do not.
 *
 * @param {PointCloud} cloud @param {Places} places @param {Float64Array} map @param {Polygon} polygon
 * @returns {Uint32Array} rising
 */
export function rowsWithin({ flags }, places, map, polygon) {
  const [xs, ys] = [polygon.map(([x]) => x), polygon.map(([, y]) => y)];
  const box = { left: Math.min(...xs), top: Math.min(...ys), right: Math.max(...xs), bottom: Math.max(...ys) };
  return rowsIn(map, places, flags, GONE, box, isBox(polygon) ? undefined : polygonTest(polygon)).slice();
}

/** Whether the box around a polygon is all of it. @param {Polygon} polygon */
function isBox(polygon) {
  if (polygon.length !== 4) return false;
  const [[x, y], [x2, y1], [x3, y2], [x4, y3]] = polygon;
  return y1 === y && x3 === x2 && x4 === x && y3 === y2;
}

/** A test of places against a polygon (even-odd rule): a place is held against the edges at its height only. @param {Polygon} polygon @returns {(x: number, y: number) => boolean} */
export function polygonTest(polygon) {
  const ys = polygon.map(([, y]) => y);
  const top = Math.min(...ys);
  const scale = BANDS / (Math.max(...ys) - top || 1);
  /** @type {number[][]} four numbers an edge: its upper and lower end, x at height 0 and how x grows with y */
  const edgesOf = Array.from({ length: BANDS + 1 }, () => []);
  polygon.forEach((from, at) => {
    const [[x0, y0], [x1, y1]] = [from, polygon[(at + 1) % polygon.length]].sort(([, a], [, b]) => a - b);
    const slope = (x1 - x0) / (y1 - y0);
    if (y0 === y1) return; // beside or below every place
    for (let band = bandOf(y0); band <= bandOf(y1); band += 1) edgesOf[band].push(y0, y1, x0 - slope * y0, slope);
  });
  function bandOf(/** @type {number} */ y) {
    return Math.floor((y - top) * scale);
  }
  const bands = edgesOf.map((edges) => Float64Array.from(edges));
  return (x, y) => {
    const band = bandOf(y);
    if (!(band >= 0 && band <= BANDS)) return false;
    const edges = bands[band];
    let inside = false;
    for (let at = 0; at < edges.length; at += 4) {
      if (edges[at] <= y && y < edges[at + 1] && x < edges[at + 2] + edges[at + 3] * y) inside = !inside;
    }
    return inside;
  };
}

/** @param {number} x @param {number} y @param {number} x2 @param {number} y2 two corners of a box @returns {Polygon} */
export function boxPolygon(x, y, x2, y2) {
  return [[x, y], [x2, y], [x2, y2], [x, y2]];
}
