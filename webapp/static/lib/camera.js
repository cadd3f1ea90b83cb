/**
 * A camera that goes round a point: its state, how gestures change it, and the matrices it stands for.
 *
 * Matrices are 4 × 4, column after column, as WebGL takes them; the cube −1 … 1 is what is looked at.
 */

/** @typedef {[number, number, number]} Vector */

/**
 * @typedef {object} Camera
 * @property {Vector} target what is in the middle of the picture
 * @property {number} distance from the target
 * @property {number} yaw radians round the axis that points up
 * @property {number} pitch radians above the horizon
 * @property {"y" | "z"} up
 * @property {boolean} orthographic
 * @property {number} fov degrees from the lower to the upper edge
 */

const STEEPEST = Math.PI / 2 - 0.001;
const [NEAREST, FARTHEST] = [0.02, 60];
const TURN = 0.008; // radians a pixel
const DEPTH = 12; // behind and before the target, in half widths of the cube

/** @type {Camera} */
export const HOME = { target: [0, 0, 0], distance: 5.6, yaw: 0.6, pitch: 0.42, up: "y", orthographic: false, fov: 38 };

/** The axes of the picture: right, up, and towards the eye. @param {Camera} camera @returns {[Vector, Vector, Vector]} */
export function axesOf({ yaw, pitch, up }) {
  const [s, c, sp, cp] = [Math.sin(yaw), Math.cos(yaw), Math.sin(pitch), Math.cos(pitch)];
  /** @type {[Vector, Vector, Vector]} */
  const axes = [[c, 0, -s], [-s * sp, cp, -c * sp], [s * cp, sp, c * cp]];
  return up === "y" ? axes : /** @type {[Vector, Vector, Vector]} */ (axes.map(([x, y, z]) => [x, -z, y]));
}

/** @param {Camera} camera @param {number} dx pixels the pointer moved @param {number} dy @returns {Camera} */
export function orbit(camera, dx, dy) {
  return { ...camera, yaw: camera.yaw - dx * TURN, pitch: Math.max(-STEEPEST, Math.min(STEEPEST, camera.pitch + dy * TURN)) };
}

/** What is under the pointer goes with it. @param {Camera} camera @param {number} dx pixels @param {number} dy @param {number} height of the picture, pixels @returns {Camera} */
export function pan(camera, dx, dy, height) {
  const [right, up] = axesOf(camera);
  const size = (2 * halfHeight(camera)) / height;
  const target = /** @type {Vector} */ (camera.target.map((at, axis) => at + size * (dy * up[axis] - dx * right[axis])));
  return { ...camera, target };
}

/** @param {Camera} camera @param {number} factor above 1: farther away @returns {Camera} */
export function zoom(camera, factor) {
  return { ...camera, distance: Math.max(NEAREST, Math.min(FARTHEST, camera.distance * factor)) };
}

/** Half of the picture's height at the target. @param {Camera} camera */
export function halfHeight({ distance, fov }) {
  return distance * Math.tan((fov * Math.PI) / 360);
}

/** Places → picture: x, y, z in −1 … 1 after division by w. @param {Camera} camera @param {number} aspect width by height @returns {Float32Array} */
export function viewProjection(camera, aspect) {
  return multiply(projection(camera, aspect), viewMatrix(camera));
}

/** Places → places as the eye sees them: x to the right, y up, z towards it. @param {Camera} camera @returns {Float32Array} */
export function viewMatrix(camera) {
  const [right, up, back] = axesOf(camera);
  const eye = camera.target.map((at, axis) => at + camera.distance * back[axis]);
  const along = (/** @type {Vector} */ axis) => -(axis[0] * eye[0] + axis[1] * eye[1] + axis[2] * eye[2]);
  return Float32Array.of(
    right[0], up[0], back[0], 0, right[1], up[1], back[1], 0, right[2], up[2], back[2], 0, along(right), along(up), along(back), 1);
}

/** @param {Camera} camera @param {number} aspect */
function projection(camera, aspect) {
  const far = camera.distance + DEPTH;
  if (camera.orthographic) {
    const [half, near] = [halfHeight(camera), camera.distance - DEPTH];
    return Float32Array.of(1 / (half * aspect), 0, 0, 0, 0, 1 / half, 0, 0, 0, 0, -2 / (far - near), 0, 0, 0, -(far + near) / (far - near), 1);
  }
  const near = Math.max(camera.distance / 100, camera.distance - DEPTH);
  const f = 1 / Math.tan((camera.fov * Math.PI) / 360);
  return Float32Array.of(f / aspect, 0, 0, 0, 0, f, 0, 0, 0, 0, -(far + near) / (far - near), -1, 0, 0, (-2 * far * near) / (far - near), 0);
}

/** The product a · b. @param {ArrayLike<number>} a @param {ArrayLike<number>} b */
export function multiply(a, b) {
  const product = new Float32Array(16);
  for (let column = 0; column < 4; column += 1) {
    for (let row = 0; row < 4; row += 1) {
      for (let k = 0; k < 4; k += 1) product[4 * column + row] += a[4 * k + row] * b[4 * column + k];
    }
  }
  return product;
}

/**
 * Where a place is in the picture: pixels from the upper left corner, and its depth, −1 … 1 from near to far.
 *
 * @param {ArrayLike<number>} matrix of `viewProjection` @param {number} x @param {number} y @param {number} z
 * @param {{width: number, height: number}} size pixels
 * @returns {Vector | null} null behind the eye
 */
export function toPicture(matrix, x, y, z, { width, height }) {
  const w = matrix[3] * x + matrix[7] * y + matrix[11] * z + matrix[15];
  if (w <= 0) return null;
  const across = (matrix[0] * x + matrix[4] * y + matrix[8] * z + matrix[12]) / w;
  const upward = (matrix[1] * x + matrix[5] * y + matrix[9] * z + matrix[13]) / w;
  return [((across + 1) / 2) * width, ((1 - upward) / 2) * height, (matrix[2] * x + matrix[6] * y + matrix[10] * z + matrix[14]) / w];
}
