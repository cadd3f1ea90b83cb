/** What pointers do to a timeline: on its rows, and on the map and the axis above them. */

import { movedSpan, wholeSpan } from "../lib/timeline-span.js";
import { MAP_HEIGHT } from "./timeline-axis.js";

/** @typedef {import("./timeline-pointer.js").Point} Point */
/** @typedef {import("./timeline-pointer.js").PointerTarget} PointerTarget */
/** @typedef {import("./timeline-runs.js").Place} Place */

/**
 * @typedef {object} Moved the timeline
 * @property {HTMLElement} scroller
 * @property {boolean} pans
 * @property {number} end
 * @property {import("../lib/timeline-span.js").Span} span
 * @property {import("./timeline-runs.js").Scene} scene
 * @property {(factor: number, x: number) => void} zoom
 * @property {(dx: number) => void} pan
 * @property {(span: import("../lib/timeline-span.js").Span) => void} moveTo
 * @property {(span: import("../lib/timeline-span.js").Span | null) => void} glideTo
 * @property {(from: Point, to: Point, done: boolean, lines: readonly string[] | null) => void} band
 * @property {(point: Point | null, client: Point) => void} hover
 * @property {(point: Point) => {row: import("../lib/timeline-rows.js").Row, hit: {place: Place} | null} | null} at
 * @property {(place: Place, near: boolean) => void} reveal
 * @property {() => {size: {width: number}}} frame
 *
 * @typedef {{onSelect: (place: Place | null) => void, onRange: (range: null) => void}} Told
 */

/** @param {Moved} chart @param {Told} events @returns {PointerTarget} */
export function rowsTarget(chart, events) {
  return {
    zoom: (factor, x) => chart.zoom(factor, x),
    pan(dx, dy) {
      chart.pan(dx);
      chart.scroller.scrollTop -= dy;
    },
    band: (from, to, done) => chart.band(from, to, done, rowsAcross(chart, from.y, to.y)),
    click(point) {
      chart.scroller.focus({ preventScroll: true });
      events.onSelect(chart.at(point)?.hit?.place ?? null);
    },
    twice(point) {
      const place = chart.at(point)?.hit?.place;
      if (place) chart.reveal(place, true);
    },
    hover: (point, client) => chart.hover(point, client),
    pans: () => chart.pans,
  };
}

/** The map moves the view, the axis chooses a stretch of time over all rows. @param {Moved} chart @param {Told} events @returns {PointerTarget} */
export function headTarget(chart, events) {
  const inMap = (/** @type {Point} */ { y }) => y < MAP_HEIGHT;
  const centre = (/** @type {Point} */ { x }) => {
    const whole = wholeSpan(chart.end);
    const time = whole.from + (x / chart.frame().size.width) * (whole.to - whole.from);
    chart.moveTo(movedSpan(chart.span, time - (chart.span.from + chart.span.to) / 2, chart.end));
  };
  return {
    zoom: (factor, x) => chart.zoom(factor, x),
    pan: (dx) => chart.pan(dx),
    band: (from, to, done) => (inMap(from) ? centre(to) : chart.band(from, to, done, null)),
    click: (point) => (inMap(point) ? centre(point) : events.onRange(null)),
    twice: () => chart.glideTo(null),
    hover: () => {},
    pans: () => false,
  };
}

/** The rows that a drag crosses; null for one that stays in a row: then all count. @param {Moved} chart @param {number} y0 @param {number} y1 */
function rowsAcross(chart, y0, y1) {
  const first = chart.at({ x: 0, y: Math.min(y0, y1) })?.row.id;
  const last = chart.at({ x: 0, y: Math.max(y0, y1) })?.row.id;
  if (first === last) return null;
  const all = [...chart.scene.pinned, ...chart.scene.rows].map(({ id }) => id);
  const [a, b] = [all.indexOf(first ?? ""), last ? all.indexOf(last) : all.length - 1];
  return all.slice(Math.max(0, a), b + 1);
}
