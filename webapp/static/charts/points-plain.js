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
export function paintPlain(context, sight, cloud, { codes, table, missing, sizes, lines }, ink, most) {
  const colorOf = (/** @type {number} */ row) => table[Math.min(codes[row], missing)];
  if (lines) paintLines(context, sight, cloud, lines, colorOf, most);
  const every = Math.ceil(cloud.count / most);
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
  discs.sort((a, b) => above(a) - above(b) || (cloud.dims === 3 ? b.depth - a.depth : 0) || a.row - b.row);
  for (const disc of discs) {
    const quiet = cloud.selected > 0 && !disc.chosen;
    context.globalAlpha = quiet ? Math.min(0.25, sight.look.opacity / 2) : sight.look.opacity;
    context.fillStyle = quiet ? mix(colorOf(disc.row), ink.muted, 0.75) : colorOf(disc.row);
    context.beginPath();
    context.arc(disc.x, disc.y, disc.radius, 0, 2 * Math.PI);
    context.fill();
  }
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {import("../lib/points-sight.js").Sight} sight @param {import("../lib/points-cloud.js").PointCloud} cloud @param {Uint32Array} lines @param {(row: number) => string} colorOf @param {number} most */
function paintLines(context, sight, cloud, lines, colorOf, most) {
  const [from, to] = [new Float64Array(4), new Float64Array(4)];
  context.globalAlpha = 0.55;
  context.lineWidth = 1;
  for (let at = 0; at < Math.min(lines.length, 2 * most); at += 2) {
    const [a, b] = [lines[at], lines[at + 1]];
    if ((cloud.flags[a] | cloud.flags[b]) & GONE || !placeRow(sight.map, sight.places, a, from) || !placeRow(sight.map, sight.places, b, to)) continue;
    context.strokeStyle = colorOf(a);
    context.beginPath();
    context.moveTo(from[0], from[1]);
    context.lineTo(to[0], to[1]);
    context.stroke();
  }
  context.globalAlpha = 1;
}
