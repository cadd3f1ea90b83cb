/** The answer of the form "scene" of meshes: points and faces as they are drawn; see webapp/media/meshes.py. */

import { openFrame } from "./frame.js";

/** @typedef {import("./camera.js").Vector} Vector */

/**
 * @typedef {object} SceneHeader
 * @property {number} points sent
 * @property {number} points_of logged
 * @property {number} faces sent
 * @property {number} faces_of logged
 * @property {number} dropped_points with a coordinate that is no number
 * @property {number} dropped_faces with a corner that is no point
 * @property {Vector} low
 * @property {Vector} high
 * @property {Vector} center
 * @property {number} scale
 * @property {number} batches
 * @property {string} how "" where everything was sent
 * @property {string[]} notes
 * @property {{fov?: number, orthographic?: boolean, point_size?: number, wireframe?: boolean, flat?: boolean, color?: string}} look
 *
 * @typedef {object} Scene
 * @property {SceneHeader} header
 * @property {Float32Array} position three a point, in the cube −1 … 1
 * @property {Uint8Array | null} color three a point
 * @property {Uint32Array | null} face three a face
 *
 * @typedef {{center: Vector, scale: number}} SceneFrame the cube that a camera looks at, in units of the points
 */

/** @param {ArrayBuffer} buffer @returns {Scene} @throws {Error} when the bytes are no such answer */
export function parseScene(buffer) {
  const { header, base } = openFrame(buffer);
  const { position, color, face } = header.arrays;
  return {
    header,
    position: new Float32Array(buffer, base + position.at, 3 * header.points),
    color: color ? new Uint8Array(buffer, base + color.at, 3 * header.points) : null,
    face: face ? new Uint32Array(buffer, base + face.at, 3 * header.faces) : null,
  };
}

/** The cube whose corners are as far from its middle as those of the box around all of them. @param {SceneHeader[]} headers @returns {SceneFrame} */
export function frameOf(headers) {
  const filled = headers.filter(({ points }) => points > 0);
  if (filled.length === 0) return { center: [0, 0, 0], scale: 1 };
  const ends = [0, 1, 2].map((axis) => [Math.min(...filled.map(({ low }) => low[axis])), Math.max(...filled.map(({ high }) => high[axis]))]);
  return boxFrame({ low: /** @type {Vector} */ (ends.map(([low]) => low)), high: /** @type {Vector} */ (ends.map(([, high]) => high)) });
}

/** The same of one box. @param {{low: Vector, high: Vector}} box @returns {SceneFrame} */
export function boxFrame({ low, high }) {
  const half = low.map((from, axis) => (high[axis] - from) / 2);
  const center = /** @type {Vector} */ (low.map((from, axis) => from + half[axis]));
  return { center, scale: Math.hypot(...half) / Math.sqrt(3) || 1 };
}

/** Where the points of a scene lie in a frame: place = offset + factor · position. @param {SceneHeader} header @param {SceneFrame} frame */
export function placeIn({ center, scale }, frame) {
  return { offset: /** @type {Vector} */ (center.map((at, axis) => (at - frame.center[axis]) / frame.scale)), factor: scale / frame.scale };
}

/** Directions that corners face, the mean of the faces around weighted by area. @param {Float32Array} position @param {Uint32Array} face */
export function cornerNormals(position, face) {
  const normals = new Float32Array(position.length);
  for (let i = 0; i < face.length; i += 3) {
    const a = 3 * face[i], b = 3 * face[i + 1], c = 3 * face[i + 2];
    const ux = position[b] - position[a], uy = position[b + 1] - position[a + 1], uz = position[b + 2] - position[a + 2];
    const vx = position[c] - position[a], vy = position[c + 1] - position[a + 1], vz = position[c + 2] - position[a + 2];
    const x = uy * vz - uz * vy, y = uz * vx - ux * vz, z = ux * vy - uy * vx;
    for (const corner of [a, b, c]) {
      normals[corner] += x;
      normals[corner + 1] += y;
      normals[corner + 2] += z;
    }
  }
  return normals;
}

/** The edges of faces, each once, as pairs of points. @param {Uint32Array} face @param {number} points */
export function edgesOf(face, points) {
  const keys = new Float64Array(face.length);
  for (let i = 0; i < face.length; i += 1) {
    const a = face[i], b = face[i % 3 === 2 ? i - 2 : i + 1];
    keys[i] = Math.min(a, b) * points + Math.max(a, b); // exact below 2^53: there are fewer than 2^23 points
  }
  keys.sort();
  const edges = new Uint32Array(2 * keys.length);
  let found = 0;
  for (let i = 0; i < keys.length; i += 1) {
    if (i > 0 && keys[i] === keys[i - 1]) continue;
    edges[found] = Math.floor(keys[i] / points);
    edges[found + 1] = keys[i] % points;
    found += 2;
  }
  return edges.slice(0, found);
}

/**
 * The point under the pointer: of those within reach the one nearest to the eye.
 *
 * @param {Scene} scene @param {{offset: Vector, factor: number}} place @param {ArrayLike<number>} matrix of `viewProjection`
 * @param {{width: number, height: number}} size @param {number} x pixels @param {number} y @param {number} reach pixels
 * @returns {number} −1 where there is none
 */
export function pointAt({ position }, { offset, factor }, matrix, { width, height }, x, y, reach) {
  const [left, right] = [((x - reach) / width) * 2 - 1, ((x + reach) / width) * 2 - 1];
  const [bottom, top] = [1 - ((y + reach) / height) * 2, 1 - ((y - reach) / height) * 2];
  const m = Float64Array.from(matrix);
  const ox = offset[0], oy = offset[1], oz = offset[2];
  let best = -1, nearest = Infinity;
  for (let i = 0; i < position.length; i += 3) {
    const px = ox + factor * position[i], py = oy + factor * position[i + 1], pz = oz + factor * position[i + 2];
    const w = m[3] * px + m[7] * py + m[11] * pz + m[15];
    const across = m[0] * px + m[4] * py + m[8] * pz + m[12];
    if (w <= 0 || across < left * w || across > right * w) continue;
    const upward = m[1] * px + m[5] * py + m[9] * pz + m[13];
    if (upward < bottom * w || upward > top * w) continue;
    const depth = (m[2] * px + m[6] * py + m[10] * pz + m[14]) / w;
    if (depth < nearest) [best, nearest] = [i / 3, depth];
  }
  return best;
}
