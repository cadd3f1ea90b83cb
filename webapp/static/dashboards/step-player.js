/** Plays: moves the cursor over the axis by itself, evenly or from one place with something to see to the next. */

import * as store from "../state/store.js";

const PLAYING = 12_000; // ms from one end to the other
const [FASTEST, SLOWEST] = [80, 700]; // ms at one stop

/**
 * @typedef {object} Course
 * @property {() => {lo: number, hi: number}} way from where to where, in units of the axis
 * @property {() => Float64Array | undefined} stops places where there is something to see, rising; without any it moves evenly
 * @property {(at: number) => number} onAxis the place nearest to `at` that a cursor can be at
 * @property {(playing: boolean) => void} onChange
 *
 * @param {Course} course
 */
export function stepPlayer({ way, stops, onAxis, onChange }) {
  let frame = 0;
  const stop = () => {
    cancelAnimationFrame(frame);
    frame = 0;
    onChange(false);
  };
  /** @param {(ms: number) => boolean} move sets the cursor after so much time; whether that was the end */
  const run = (move) => {
    const began = performance.now();
    const next = (/** @type {number} */ now) => {
      if (move(Math.max(0, now - began))) return stop();
      frame = requestAnimationFrame(next);
    };
    frame = requestAnimationFrame(next);
  };
  return {
    stop,
    playing: () => frame !== 0,
    toggle() {
      if (frame) return stop();
      onChange(true);
      let places = stops();
      let [move, since] = [places?.length ? byStops(places) : evenly(way(), onAxis), 0];
      return run((ms) => {
        if (!places?.length && (places = stops())?.length) [move, since] = [byStops(places), ms]; // they came while it played
        return move(ms - since);
      });
    },
  };
}

/** @param {{lo: number, hi: number}} way @param {(at: number) => number} onAxis */
function evenly({ lo, hi }, onAxis) {
  const from = store.cursor.get() ?? lo;
  const start = from >= hi ? lo : from;
  return (/** @type {number} */ ms) => {
    const at = start + (ms / PLAYING) * (hi - lo);
    store.cursor.set(Math.min(hi, onAxis(at)));
    return at >= hi;
  };
}

/** As long at each stop, however far apart they are, and none left out; from the last it begins anew. @param {Float64Array} stops */
function byStops(stops) {
  const pause = Math.min(SLOWEST, Math.max(FASTEST, PLAYING / stops.length));
  const from = store.cursor.get();
  let index = from === null ? 0 : Math.max(0, stops.findIndex((stop) => stop > from));
  let since = 0; // when the cursor came to the stop, ms
  return (/** @type {number} */ ms) => {
    if (ms - since >= pause) [index, since] = [index + 1, ms];
    store.cursor.set(stops[index]);
    return index === stops.length - 1;
  };
}
