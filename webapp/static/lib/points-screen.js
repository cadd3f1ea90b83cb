/**
 * From coordinates to the picture. A map is a 4 × 4 matrix, row after row, that takes coordinates as they came to
 * (x · w, y · w, depth · w, w): pixels from the upper left corner, and a depth from −1 near to 1 far.
 */

import { viewProjection } from "./camera.js";

/** @typedef {import("./scene-data.js").SceneFrame} SceneFrame */
/** @typedef {{width: number, height: number}} Size pixels */
/** @typedef {{array: Float32Array, dims: number, frame: SceneFrame}} Places coordinates, `dims` numbers a point */

/** @param {import("./camera.js").Camera} camera @param {SceneFrame} frame the cube that the camera looks at @param {Size} size @returns {Float64Array} */
export function screenMap(camera, { center, scale }, { width, height }) {
  const m = viewProjection(camera, width / height);
  const map = new Float64Array(16);
  for (let column = 0; column < 4; column += 1) {
    const unit = column < 3 ? scale : 1;
    const [x, y, z, w] = m.subarray(4 * column, 4 * column + 4);
    map[column] = ((x + w) * width) / 2 / unit;
    map[4 + column] = ((w - y) * height) / 2 / unit;
    map[8 + column] = z / unit;
    map[12 + column] = w / unit;
  }
  for (let row = 0; row < 16; row += 4) map[row + 3] -= map[row] * center[0] + map[row + 1] * center[1] + map[row + 2] * center[2];
  return map;
}

/**
 * Where a place is in the picture, into `out`: x, y, depth, w.
 *
 * @param {Float64Array} map @param {number} x @param {number} y @param {number} z @param {Float64Array} out
 * @returns {boolean} false where it is none of the picture: behind the eye, too near or too far
 */
export function place(map, x, y, z, out) {
  const w = along(map, 12, x, y, z), depth = along(map, 8, x, y, z);
  if (!isSeen(w, depth)) return false;
  out[0] = along(map, 0, x, y, z) / w;
  out[1] = along(map, 4, x, y, z) / w;
  out[2] = depth / w;
  out[3] = w;
  return true;
}

/** A row of the map by a place. @param {Float64Array} map @param {number} at its first factor @param {number} x @param {number} y @param {number} z */
const along = (map, at, x, y, z) => map[at] * x + map[at + 1] * y + map[at + 2] * z + map[at + 3];

/** Whether it is in front of the eye, neither too near nor too far. @param {number} w @param {number} depth times w */
const isSeen = (w, depth) => w > 0 && depth >= -w && depth <= w;

/** As `place`, for a point. @param {Float64Array} map @param {Places} places @param {number} row @param {Float64Array} out */
export function placeRow(map, { array, dims }, row, out) {
  const at = row * dims;
  return place(map, array[at], array[at + 1], dims === 3 ? array[at + 2] : 0, out);
}

/**
 * Rows of the points that lie in a part of the picture: a million are gone through in some milliseconds, so that what
 * is dear is asked of few.
 *
 * @param {Float64Array} map @param {Places} places @param {Uint8Array} flags of the points @param {number} gone bits of flags that leave a point out
 * @param {{left: number, top: number, right: number, bottom: number}} part pixels, its edges included
 * @param {(x: number, y: number) => boolean} [accepts] whether a place within the part counts
 * @returns {Uint32Array<ArrayBuffer>} rising
 */
export function rowsIn(map, { array, dims }, flags, gone, part, accepts) {
  const planes = planesOf(map, part, dims);
  const lx = planes[0], ly = planes[1], lz = planes[2], l = planes[3], rx = planes[4], ry = planes[5], rz = planes[6], r = planes[7];
  const tx = planes[8], ty = planes[9], tz = planes[10], t = planes[11], bx = planes[12], by = planes[13], bz = planes[14], b = planes[15];
  const third = dims - 1; // of flat points y stands for z, whose factors are 0
  const out = new Float64Array(4);
  let rows = new Uint32Array(1024);
  let found = 0;
  for (let row = 0, at = 0; row < flags.length; row += 1, at += dims) {
    const x = array[at], y = array[at + 1], z = array[at + third];
    if (!(lx * x + ly * y + lz * z + l >= 0 && rx * x + ry * y + rz * z + r >= 0 && tx * x + ty * y + tz * z + t >= 0 && bx * x + by * y + bz * z + b >= 0)) continue;
    if (flags[row] & gone) continue;
    const depth = dims === 3 ? z : 0;
    if (!(accepts ? place(map, x, y, depth, out) && accepts(out[0], out[1]) : isSeen(along(map, 12, x, y, depth), along(map, 8, x, y, depth)))) continue;
    if (found === rows.length) rows = grown(rows);
    rows[found] = row;
    found += 1;
  }
  return rows.subarray(0, found);
}

/** What is within an edge has x · w − edge · w of the right sign, which takes no division: the four factors of each edge. @param {Float64Array} map @param {{left: number, top: number, right: number, bottom: number}} part @param {number} dims */
function planesOf(map, { left, right, top, bottom }, dims) {
  const edges = [[left, 0, 1], [right, 0, -1], [top, 4, 1], [bottom, 4, -1]];
  return Float64Array.from(edges.flatMap(([edge, line, sign]) => [0, 1, 2, 3].map((at) => (at === 2 && dims === 2 ? 0 : sign * (map[line + at] - edge * map[12 + at])))));
}

/** @param {Uint32Array<ArrayBuffer>} rows */
function grown(rows) {
  const more = new Uint32Array(2 * rows.length);
  more.set(rows);
  return more;
}
