/** Pictures that take long are drawn one after the other, as many in a frame as there is time for. */

const BUDGET = 14; // ms of a frame

/** @typedef {() => boolean | void} Draw true: there is more to draw, before anything else is */

/** @type {Set<Draw>} the first asked for first */
const waiting = new Set();
let frame = 0;

/** Calls `draw` in one of the next frames; once, however often it was asked for. @param {Draw} draw */
export function drawSoon(draw) {
  waiting.add(draw);
  frame ||= requestAnimationFrame(work);
}

/** @param {Draw} draw */
export function drawNever(draw) {
  waiting.delete(draw);
}

/** Whether a drawing was asked for and is still to come. @param {Draw} draw */
export const isWaiting = (draw) => waiting.has(draw);

function work() {
  const began = performance.now();
  for (const draw of waiting) {
    if (draw()) break;
    waiting.delete(draw);
    if (performance.now() - began > BUDGET) break;
  }
  frame = waiting.size ? requestAnimationFrame(work) : 0;
}
