/** The camera over a cloud of points: a look from above for two dimensions, one that goes round it for three. */

import { axesOf, halfHeight, HOME } from "./camera.js";

/** @typedef {import("./camera.js").Camera} Camera */
/** @typedef {import("./camera.js").Vector} Vector */
/** @typedef {import("./points-screen.js").Size} Size */

const MARGIN = 1.08;
const [NEAREST, FARTHEST] = [0.002, 60]; // distances

/** @param {number} dims @returns {Camera} */
export function homeCamera(dims) {
  return dims === 3 ? HOME : { ...HOME, yaw: 0, pitch: 0, orthographic: true };
}

/**
 * The camera moved so that a box fills the picture.
 *
 * @param {Camera} camera @param {import("./points-cloud.js").Bounds} bounds @param {import("./scene-data.js").SceneFrame} frame @param {Size} size @param {number} dims
 * @returns {Camera}
 */
export function fitted(camera, { low, high, radius = Infinity }, { center, scale }, { width, height }, dims) {
  const half = low.map((from, axis) => (high[axis] - from) / 2 / scale);
  const target = /** @type {Vector} */ (low.map((from, axis) => (from - center[axis]) / scale + half[axis]));
  const aspect = width / height || 1;
  const angle = (camera.fov * Math.PI) / 360;
  const corner = Math.hypot(...half);
  const distance = dims === 3
    // What is round need not have room for the corners of its box, as long as these are not far outside.
    ? Math.min(corner, Math.max(0.72 * corner, 1.05 * (radius / scale))) / Math.sin(angle) / Math.min(1, aspect)
    : (MARGIN * Math.max(half[1], half[0] / aspect)) / Math.tan(angle);
  return { ...camera, target, distance: within(distance || HOME.distance) };
}

/** What is under the pointer stays there. @param {Camera} camera @param {number} factor above 1: farther away @param {{x: number, y: number}} point pixels within the picture @param {Size} size @returns {Camera} */
export function zoomedAround(camera, factor, point, { width, height }) {
  const distance = within(camera.distance * factor);
  const [right, up] = axesOf(camera);
  const change = (2 * (halfHeight(camera) - halfHeight({ ...camera, distance }))) / height;
  const [dx, dy] = [(point.x - width / 2) * change, (height / 2 - point.y) * change];
  return { ...camera, distance, target: /** @type {Vector} */ (camera.target.map((at, axis) => at + dx * right[axis] + dy * up[axis])) };
}

/** A camera on its way. @param {Camera} from @param {Camera} to @param {number} share 0 … 1 @returns {Camera} */
export function cameraBetween(from, to, share) {
  const mix = (/** @type {number} */ a, /** @type {number} */ b) => a + (b - a) * share;
  return {
    ...to,
    target: /** @type {Vector} */ (from.target.map((at, axis) => mix(at, to.target[axis]))),
    distance: from.distance * (to.distance / from.distance) ** share,
    yaw: mix(from.yaw, to.yaw), pitch: mix(from.pitch, to.pitch),
  };
}

/** @param {number} distance */
function within(distance) {
  return Math.max(NEAREST, Math.min(FARTHEST, distance));
}
