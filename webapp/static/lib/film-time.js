/** Frames of a film and the times at which they are shown. Times are milliseconds. */

/** When each frame ends. @param {number[]} durations @returns {Float64Array} */
export function frameEnds(durations) {
  const ends = new Float64Array(durations.length);
  let end = 0;
  durations.forEach((duration, index) => (ends[index] = end += duration));
  return ends;
}

/** The frame that is shown at a time; the last one after the end. @param {Float64Array} ends @param {number} time */
export function frameAt(ends, time) {
  let low = 0;
  let high = ends.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (ends[middle] > time) high = middle;
    else low = middle + 1;
  }
  return Math.max(0, low);
}

/** When a frame begins. @param {Float64Array} ends @param {number} frame */
export const frameStart = (ends, frame) => (frame > 0 ? ends[Math.min(frame, ends.length) - 1] : 0);

/** The frame so many further, cut to the film. @param {Float64Array} ends @param {number} time @param {number} by */
export const frameFrom = (ends, time, by) => Math.max(0, Math.min(ends.length - 1, frameAt(ends, time) + by));
