/** Which part of time a timeline shows, and which tiles that takes. Times are ns. */

/** @typedef {{from: number, to: number}} Span */

export const CELLS = 512; // of 2^level ns in a tile, as the server cuts them
const LEAST = 50; // ns: nothing is shorter, and floats still tell pixels apart
const MARGIN = 0.03; // of the whole, on either side

/** All there is, with a little room. @param {number} end @returns {Span} */
export const wholeSpan = (end) => ({ from: -end * MARGIN, to: end * (1 + MARGIN) });

/** No more than all there is. @param {Span} span @param {number} end @returns {Span} */
export function limitedSpan({ from, to }, end) {
  const whole = wholeSpan(end);
  const length = Math.min(Math.max(LEAST, to - from), whole.to - whole.from);
  const middle = (from + to) / 2;
  const start = Math.max(whole.from, Math.min(whole.to - length, middle - length / 2));
  return { from: start, to: start + length };
}

/** What is at a time stays there. @param {Span} span @param {number} factor above 1: closer @param {number} time @param {number} end @returns {Span} */
export function zoomedSpan({ from, to }, factor, time, end) {
  const whole = wholeSpan(end);
  const length = Math.min(Math.max(LEAST, (to - from) / factor), whole.to - whole.from);
  const start = time - ((time - from) / (to - from)) * length;
  return limitedSpan({ from: start, to: start + length }, end);
}

/** @param {Span} span @param {number} by ns @param {number} end @returns {Span} */
export const movedSpan = ({ from, to }, by, end) => limitedSpan({ from: from + by, to: to + by }, end);

/** A stretch with room around it. @param {number} start @param {number} duration @param {number} end @param {number} [share] of the view that it takes @returns {Span} */
export function spanAround(start, duration, end, share = 0.6) {
  const room = (Math.max(duration, LEAST) * (1 / share - 1)) / 2;
  return limitedSpan({ from: start - room, to: start + duration + room }, end);
}

/** The level whose cells are at most a pixel. @param {Span} span @param {number} pixels */
export const levelOf = ({ from, to }, pixels) => Math.max(0, Math.floor(Math.log2((to - from) / Math.max(1, pixels))));

/** ns of a tile. @param {number} level */
export const tileLength = (level) => CELLS * 2 ** level;

/**
 * The tiles of a level that a span touches.
 *
 * @param {Span} span @param {number} level @param {number} end where the trace ends @param {number} [more] further ones on either side
 * @returns {{first: number, last: number}} `last` is not among them; first = last where nothing is in sight
 */
export function tilesOf({ from, to }, level, end, more = 0) {
  const length = tileLength(level);
  const most = Math.ceil((end + 1) / length);
  const first = Math.min(most, Math.max(0, Math.floor(from / length) - more));
  return { first, last: Math.max(first, Math.min(most, Math.ceil(to / length) + more)) };
}
