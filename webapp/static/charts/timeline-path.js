/** The critical path in a timeline: a line below each slice that is on it, on each rank that is shown. */

import { pixelAt } from "./timeline-runs.js";

/** @typedef {import("./timeline-runs.js").Scene} Scene */
/** @typedef {import("./timeline-runs.js").LinePath} LinePath */
/** @typedef {import("./timeline-overlay.js").LevelOf} LevelOf */

const THICK = 3; // CSS pixels

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number} width @param {LevelOf} levelOf */
export function paintPath(context, scene, width, levelOf) {
  context.fillStyle = scene.ink.bad;
  for (const path of scene.path) {
    const tops = edgesOf(scene, path.line, levelOf);
    eachStretch(scene, path, width, tops.length, (lane, left, right) => {
      if (tops[lane] !== null) context.fillRect(left, tops[lane] - THICK, Math.max(1, right - left), THICK);
    });
  }
}

/** The lower edge of each lane of a rank, null where it is not in sight. @param {Scene} scene @param {number} line @param {LevelOf} levelOf */
function edgesOf({ lines }, line, levelOf) {
  const place = { line, row: 0, start: 0, duration: 0, name: "" };
  return lines[line].info.bands.flatMap(({ lanes }, band) => Array.from({ length: lanes }, (_, lane) => {
    const level = levelOf({ ...place, band, lane });
    return level && level.top + level.height;
  }));
}

/**
 * The pieces in sight, those of a lane that touch on the screen as one: as many as pixels, however many pieces.
 *
 * @param {Scene} scene @param {LinePath} path in order of time @param {number} width CSS pixels @param {number} lanes of the rank @param {(lane: number, left: number, right: number) => void} visit
 */
export function eachStretch(scene, { line, begin, duration, lane }, width, lanes, visit) {
  const [lefts, rights] = [new Float64Array(lanes).fill(-1), new Float64Array(lanes).fill(-1)];
  for (let i = firstInSight(scene, line, begin, duration); i < begin.length; i += 1) {
    const left = pixelAt(scene, line, begin[i], width);
    if (left > width) break;
    const right = Math.min(width, pixelAt(scene, line, begin[i] + duration[i], width));
    const at = lane[i];
    if (left > rights[at] + 1) {
      if (rights[at] >= 0) visit(at, lefts[at], rights[at]);
      lefts[at] = Math.max(0, left);
    }
    rights[at] = Math.max(rights[at], right);
  }
  for (let at = 0; at < lanes; at += 1) if (rights[at] >= 0) visit(at, lefts[at], rights[at]);
}

/** @param {Scene} scene @param {number} line @param {Float64Array} begin @param {Float32Array} duration */
function firstInSight({ span, lines }, line, begin, duration) {
  const from = span.from - lines[line].shift;
  let [low, high] = [0, begin.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (begin[middle] + duration[middle] < from) low = middle + 1;
    else high = middle;
  }
  return low;
}
