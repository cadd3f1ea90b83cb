/** Which part of a scene is seen, and how large. */

/** @typedef {import("./graph-scene.js").Rect} Rect */
/** @typedef {{x: number, y: number, k: number}} Camera the scene's point in the middle of the view, and CSS pixels for a scene pixel */
/** @typedef {{width: number, height: number}} Size CSS pixels of the view */
/** @typedef {{left: number, top: number, k: number, ratio: number}} Placement where the scene's (0, 0) lies in the view: CSS pixel = left + k · x; `ratio`: device pixels of a CSS pixel */

const LEAST = 0.02;
const MOST = 4;
const READABLE = 0.5; // from here on labels are read with ease
const AT_LEAST_SEEN = 60; // CSS pixels of the scene that stay in view

/** Rounded to whole device pixels, so that what was drawn once can be moved without a blur. @param {Camera} camera @param {Size} size @param {number} ratio @returns {Placement} */
export function placementOf({ x, y, k }, { width, height }, ratio) {
  const whole = (/** @type {number} */ value) => Math.round(value * ratio) / ratio;
  return { left: whole(width / 2 - x * k), top: whole(height / 2 - y * k), k, ratio };
}

/** The scene's part that a view shows. @param {Placement} placement @param {Size} size @returns {Rect} */
export function seenPart({ left, top, k }, { width, height }) {
  return { x: -left / k, y: -top / k, width: width / k, height: height / k };
}

/** All of a part in the middle of the view. @param {Rect} part @param {Size} size @param {{margin?: number, most?: number}} [how] @returns {Camera} */
export function fitCamera(part, size, { margin = 24, most = 1.25 } = {}) {
  const room = { width: Math.max(1, size.width - 2 * margin), height: Math.max(1, size.height - 2 * margin) };
  const k = limited(Math.min(room.width / Math.max(1, part.width), room.height / Math.max(1, part.height), most));
  return { x: part.x + part.width / 2, y: part.y + part.height / 2, k };
}

/**
 * How a scene is met: all of it where it can be read so, else from its upper end in a size that can be read.
 *
 * @param {{width: number, height: number}} scene @param {Size} size @param {number} start x of what is at the upper end @returns {Camera}
 */
export function firstCamera(scene, size, start) {
  const all = fitCamera({ x: 0, y: 0, width: scene.width, height: scene.height }, size);
  if (all.k >= READABLE) return all;
  const k = READABLE * 1.4;
  const along = (/** @type {number} */ wanted, /** @type {number} */ length, /** @type {number} */ room) =>
    length * k <= room ? length / 2 : Math.min(length - room / 2 / k + 24 / k, Math.max(room / 2 / k - 24 / k, wanted));
  return { x: along(start, scene.width, size.width), y: along(0, scene.height, size.height), k };
}

/** Larger or smaller; what is at a point of the view stays there. @param {Camera} camera @param {Size} size @param {number} factor @param {{x: number, y: number}} point @returns {Camera} */
export function zoomedAt({ x, y, k }, size, factor, point) {
  const next = limited(k * factor);
  const [dx, dy] = [point.x - size.width / 2, point.y - size.height / 2];
  return { x: x + dx / k - dx / next, y: y + dy / k - dy / next, k: next };
}

/** @param {Camera} camera @param {number} dx CSS pixels @param {number} dy @returns {Camera} */
export function pannedBy({ x, y, k }, dx, dy) {
  return { x: x - dx / k, y: y - dy / k, k };
}

/** Some of the scene stays in view. @param {Camera} camera @param {Size} size @param {{width: number, height: number}} scene @returns {Camera} */
export function keptInView({ x, y, k }, size, scene) {
  const along = (/** @type {number} */ middle, /** @type {number} */ length, /** @type {number} */ room) => {
    const beyond = Math.max(0, room / 2 - Math.min(AT_LEAST_SEEN, length * k)) / k;
    return Math.min(length + beyond, Math.max(-beyond, middle));
  };
  return { x: along(x, scene.width, size.width), y: along(y, scene.height, size.height), k };
}

/** Moves as little as needed until a part is in view. @param {Camera} camera @param {Size} size @param {Rect} part @param {number} [margin] CSS pixels @returns {Camera} */
export function reaching({ x, y, k }, size, part, margin = 48) {
  const along = (/** @type {number} */ middle, /** @type {number} */ from, /** @type {number} */ length, /** @type {number} */ room) => {
    const half = Math.max(1, room / 2 - margin) / k;
    if (length > 2 * half) return from + half; // its beginning
    return Math.min(from + half, Math.max(from + length - half, middle));
  };
  return { x: along(x, part.x, part.width, size.width), y: along(y, part.y, part.height, size.height), k };
}

/** On the way from one to another, at a share of the time. @param {Camera} from @param {Camera} to @param {number} share 0 … 1 @returns {Camera} */
export function between(from, to, share) {
  const k = from.k * (to.k / from.k) ** share;
  // With the size the middle moves at the pace that keeps a fixed point of the view fixed.
  const way = Math.abs(to.k / from.k - 1) < 1e-3 ? share : (1 / from.k - 1 / k) / (1 / from.k - 1 / to.k);
  return { x: from.x + (to.x - from.x) * way, y: from.y + (to.y - from.y) * way, k };
}

/** @param {number} k */
function limited(k) {
  return Math.min(MOST, Math.max(LEAST, k));
}
