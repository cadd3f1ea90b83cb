/** Which part of a picture is seen: shared by pictures side by side, also where their sizes differ. */

/**
 * @typedef {object} Sight
 * @property {number | null} zoom CSS pixels of the screen for each pixel of the reference picture; null: the whole picture fits
 * @property {number} x the middle of what is seen, share of the picture's width
 * @property {number} y
 *
 * @typedef {{width: number, height: number}} Box
 */

/** @type {Sight} */
export const WHOLE = { zoom: null, x: 0.5, y: 0.5 };

const MOST = 256; // CSS pixels for a pixel
const LEAST = 1 / 64;
const SQUARES = 3; // from here on a part of a pixel too many is seen

/** Zoom at which a picture fits into a box; much enlarged by whole factors only, so that pixels stay squares. @param {Box} picture @param {Box} box */
export function fitZoom(picture, box) {
  const zoom = Math.min(box.width / picture.width, box.height / picture.height);
  return zoom >= SQUARES ? Math.min(MOST, Math.floor(zoom)) : Math.max(zoom, 1e-6);
}

/** @param {Sight} sight @param {Box} picture @param {Box} box */
function zoomOf(sight, picture, box) {
  return sight.zoom ?? fitZoom(picture, box);
}

/**
 * Where the picture lies in the box, in CSS pixels.
 *
 * @param {Sight} sight @param {Box} picture @param {Box} box @param {number} [reference] width of the picture that `zoom` is about
 * @returns {{left: number, top: number, scale: number}}
 */
export function layPicture(sight, picture, box, reference = picture.width) {
  const scale = sight.zoom === null ? fitZoom(picture, box) : (sight.zoom * reference) / picture.width;
  const along = (/** @type {number} */ middle, /** @type {number} */ length, /** @type {number} */ room) =>
    length * scale <= room ? (room - length * scale) / 2 : room / 2 - middle * length * scale;
  return { left: along(sight.x, picture.width, box.width), top: along(sight.y, picture.height, box.height), scale };
}

/**
 * Zooms by a factor and keeps what is under a point of the box where it is.
 *
 * @param {Sight} sight @param {Box} picture @param {Box} box @param {number} factor @param {{x: number, y: number}} point CSS pixels within the box
 * @returns {Sight}
 */
export function zoomAround(sight, picture, box, factor, point) {
  const { left, top, scale } = layPicture(sight, picture, box);
  const zoom = Math.min(MOST, Math.max(LEAST, scale * factor));
  const held = { x: (point.x - left) / (picture.width * scale), y: (point.y - top) / (picture.height * scale) };
  const middle = (/** @type {number} */ share, /** @type {number} */ at, /** @type {number} */ length, /** @type {number} */ room) =>
    share - (at - room / 2) / (length * zoom);
  return clampSight({ zoom, x: middle(held.x, point.x, picture.width, box.width), y: middle(held.y, point.y, picture.height, box.height) }, picture, box);
}

/** Moves the picture by CSS pixels. @param {Sight} sight @param {Box} picture @param {Box} box @param {number} dx @param {number} dy @returns {Sight} */
export function panBy(sight, picture, box, dx, dy) {
  const scale = zoomOf(sight, picture, box);
  return clampSight({ ...sight, zoom: scale, x: sight.x - dx / (picture.width * scale), y: sight.y - dy / (picture.height * scale) }, picture, box);
}

/** No further than the picture's edges. @param {Sight} sight @param {Box} picture @param {Box} box @returns {Sight} */
function clampSight(sight, picture, box) {
  const scale = zoomOf(sight, picture, box);
  const along = (/** @type {number} */ middle, /** @type {number} */ length, /** @type {number} */ room) => {
    const half = room / (2 * length * scale);
    return half >= 0.5 ? 0.5 : Math.min(1 - half, Math.max(half, middle));
  };
  return { ...sight, x: along(sight.x, picture.width, box.width), y: along(sight.y, picture.height, box.height) };
}

/** "2,0.5,0.25": zoom and middle; "" for the whole picture. @param {Sight} sight */
export function encodeSight({ zoom, x, y }) {
  return zoom === null ? "" : [zoom, x, y].map((part) => String(Number(part.toPrecision(6)))).join(",");
}

/** @param {string} text @returns {Sight} what cannot be read is the whole picture */
export function decodeSight(text) {
  const [zoom, x, y] = text.split(",").map(Number.parseFloat);
  if (![zoom, x, y].every(Number.isFinite)) return WHOLE;
  const share = (/** @type {number} */ part) => Math.min(1, Math.max(0, part));
  return { zoom: Math.min(MOST, Math.max(LEAST, zoom)), x: share(x), y: share(y) };
}
