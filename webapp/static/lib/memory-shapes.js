/** Allocations over time as shapes that lie on one another: their outlines, and which one is where. */

/** @typedef {import("./arrays-frame.js").NamedArray} Numbers */

/**
 * @typedef {object} MemoryShapes
 * @property {Numbers} times ns, ascending
 * @property {Numbers} size bytes of each shape
 * @property {Numbers} stack of each shape, a place in `labels`
 * @property {Numbers} begin ns; NaN: before all events
 * @property {Numbers} end ns; NaN: still there
 * @property {Numbers} first corners of shape i: first[i] to first[i + 1]; the last one is its end
 * @property {Numbers} place of each corner, in `times`
 * @property {Numbers} below bytes that lie under the shape from that corner on
 * @property {Numbers} rows of each label, the server's number of that call stack
 * @property {string[]} labels
 * @property {number} hidden allocations that are not drawn
 */

/** @param {MemoryShapes} shapes @param {number} shape @param {(from: number, to: number, below: number) => void} visit a stretch of time in which it does not move */
export function eachStretch({ first, place, below, times }, shape, visit) {
  for (let corner = first[shape]; corner < first[shape + 1] - 1; corner += 1) visit(times[place[corner]], times[place[corner + 1]], below[corner]);
}

/** The shape at a time and height; −1 for none. @param {MemoryShapes} shapes @param {number} time @param {number} bytes */
export function shapeAt(shapes, time, bytes) {
  for (let shape = 0; shape < shapes.size.length; shape += 1) {
    const below = belowAt(shapes, shape, time);
    if (bytes >= below && bytes < below + shapes.size[shape]) return shape;
  }
  return -1;
}

/** What lies under a shape at a time; NaN where it is not there. @param {MemoryShapes} shapes @param {number} shape @param {number} time */
export function belowAt({ first, place, below, times }, shape, time) {
  let [low, high] = [first[shape], first[shape + 1] - 1];
  if (time < times[place[low]] || time >= times[place[high]]) return NaN;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if (times[place[middle]] <= time) low = middle;
    else high = middle;
  }
  return below[low];
}

/** How high all shapes reach at most. @param {MemoryShapes} shapes */
export function heightOf({ size, first, below }) {
  let most = 0;
  for (let shape = 0; shape < size.length; shape += 1) {
    for (let corner = first[shape]; corner < first[shape + 1] - 1; corner += 1) most = Math.max(most, below[corner] + size[shape]);
  }
  return most;
}

/** The shape above or below another one at a time; −1 for none. @param {MemoryShapes} shapes @param {number} shape −1: from outside @param {number} time @param {boolean} up */
export function neighbourShape(shapes, shape, time, up) {
  const there = Array.from({ length: shapes.size.length }, (_, each) => each).filter((each) => !Number.isNaN(belowAt(shapes, each, time)));
  if (shape < 0) return (up ? there[0] : there.at(-1)) ?? -1;
  const at = there.indexOf(shape);
  return there[at + (up ? 1 : -1)] ?? shape;
}
