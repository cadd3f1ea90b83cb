/** A cloud of points on a plain canvas: where there is no WebGL, and in a file of vectors. */

import { mix } from "../lib/color.js";
import { GONE, SELECTED } from "../lib/points-cloud.js";
import { MOST_DIAMETER } from "../lib/points-look.js";
import { placeRow } from "../lib/points-screen.js";

/** @typedef {{row: number, x: number, y: number, depth: number, radius: number, chosen: boolean}} Disc */

export const PLAIN_POINTS = 50_000; // more of them are not drawn without WebGL

/**
 * @param {CanvasRenderingContext2D} context @param {import("../lib/points-sight.js").Sight} sight @param {import("../lib/points-cloud.js").PointCloud} cloud
 * @param {import("./points-renderer.js").CloudData} data @param {import("./points-stage.js").PointsInk} ink @param {number} most points; of more every other one is left out
 */
export function paintPlain(context, sight, cloud, data, ink, most) {
  const { codes, table, missing, lines, trails } = data;
  const colorOf = (/** @type {number} */ row) => table[Math.min(codes[row], missing)];
  const shine = (/** @type {number} */ flags, /** @type {number} */ fade) => (flags & GONE ? 0 : fade * (cloud.selected > 0 && !(flags & SELECTED) ? 0.1 : 0.65));
  if (lines) paintLines(context, sight, sight.places, lines, (row) => ({ color: colorOf(row), alpha: shine(cloud.flags[row], 1) }));
  if (trails) {
    const places = { ...cloud.now, array: trails.coordinates };
    paintLines(context, sight, places, trails.pairs, (at) => ({ color: table[Math.min(trails.codes[at], missing)], alpha: shine(trails.flags[at], 0.12 + 0.88 * trails.fades[at]) }));
  }
  for (const disc of discsOf(sight, cloud, data.sizes, most)) {
    const quiet = cloud.selected > 0 && !disc.chosen;
    context.globalAlpha = quiet ? Math.min(0.25, sight.look.opacity / 2) : sight.look.opacity;
    context.fillStyle = quiet ? mix(colorOf(disc.row), ink.muted, 0.75) : colorOf(disc.row);
    context.beginPath();
    context.arc(disc.x, disc.y, disc.radius, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

/** The points in the picture, the uppermost last. @param {import("../lib/points-sight.js").Sight} sight @param {import("../lib/points-cloud.js").PointCloud} cloud @param {Float32Array | null} sizes @param {number} most */
function discsOf(sight, cloud, sizes, most) {
  const every = Math.ceil(cloud.count / most) || 1;
  const out = new Float64Array(4);
  /** @type {Disc[]} */
  const discs = [];
  for (let row = 0; row < cloud.count; row += every) {
    if (cloud.flags[row] & GONE || !placeRow(sight.map, sight.places, row, out)) continue;
    const radius = sight.radius(sizes ? sizes[row] : 1, out[3], MOST_DIAMETER);
    if (out[0] < -radius || out[1] < -radius || out[0] > sight.size.width + radius || out[1] > sight.size.height + radius) continue;
    discs.push({ row, x: out[0], y: out[1], depth: out[2], radius, chosen: (cloud.flags[row] & SELECTED) !== 0 });
  }
  const above = (/** @type {Disc} */ { chosen }) => (cloud.selected > 0 && chosen ? 1 : 0);
  return discs.sort((a, b) => above(a) - above(b) || (cloud.dims === 3 ? b.depth - a.depth : 0) || a.row - b.row);
}

/**
 * @param {CanvasRenderingContext2D} context @param {import("../lib/points-sight.js").Sight} sight @param {import("../lib/points-screen.js").Places} places of the corners
 * @param {Uint32Array} pairs of corners @param {(corner: number) => {color: string, alpha: number}} lookOf with no alpha it is not drawn
 */
function paintLines(context, sight, places, pairs, lookOf) {
  const [from, to] = [new Float64Array(4), new Float64Array(4)];
  context.lineWidth = 1;
  for (let at = 0; at < Math.min(pairs.length, 2 * PLAIN_POINTS); at += 2) {
    const { color, alpha } = lookOf(pairs[at + 1]);
    if (!alpha || !lookOf(pairs[at]).alpha || !placeRow(sight.map, places, pairs[at], from) || !placeRow(sight.map, places, pairs[at + 1], to)) continue;
    context.globalAlpha = alpha;
    context.strokeStyle = color;
    context.beginPath();
    context.moveTo(from[0], from[1]);
    context.lineTo(to[0], to[1]);
    context.stroke();
  }
  context.globalAlpha = 1;
}
