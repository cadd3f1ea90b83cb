/** The upper edge of a timeline: the whole trace with what is in sight, the steps, and the times. */

import { exactTime, timeTicks } from "../lib/timeline-time.js";
import { wholeSpan } from "../lib/timeline-span.js";
import { LaneStrips } from "./timeline-lanes.js";
import { stepsInSight } from "./timeline-overlay.js";
import { pixelAt } from "./timeline-runs.js";

/** @typedef {import("./timeline-runs.js").Scene} Scene */

export const MAP_HEIGHT = 30;
export const AXIS_HEIGHT = 34;
const PER_TICK = 110; // CSS pixels
const FONT = "11px ui-sans-serif, system-ui, sans-serif";

/** @param {Scene} scene @param {number} width */
export const ticksOf = ({ span }, width) => timeTicks(span.from, span.to, width / PER_TICK);

/** Times, steps, marks. @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number} width */
export function paintAxis(context, scene, width) {
  const { ink, span } = scene;
  const { ticks, base } = ticksOf(scene, width);
  const x = (/** @type {number} */ time) => ((time - span.from) / (span.to - span.from)) * width;
  context.font = FONT;
  context.textBaseline = "alphabetic";
  context.textAlign = "left";
  context.fillStyle = ink.muted;
  let free = base ? context.measureText(base).width + 14 : 0;
  for (const { at, label } of ticks) {
    const left = Math.round(x(at));
    context.fillRect(left, AXIS_HEIGHT - 6, 1, 6);
    if (left + 4 < free || left < -20) continue;
    context.fillText(label, left + 4, AXIS_HEIGHT - 4);
    free = left + 4 + context.measureText(label).width + 6;
  }
  context.fillStyle = ink.text;
  if (base) context.fillText(base, 4, AXIS_HEIGHT - 4);
  paintStepNames(context, scene, width);
  paintFlags(context, scene, x);
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {number} width */
function paintStepNames(context, scene, width) {
  context.fillStyle = scene.ink.muted;
  let free = 0;
  for (const { name, start, duration } of stepsInSight(scene, width)) {
    const left = Math.max(0, pixelAt(scene, 0, start, width));
    const right = pixelAt(scene, 0, start + duration, width);
    const short = name.replace(/^ProfilerStep#?\s*/, "step ");
    const wide = context.measureText(short).width;
    if (left < free || right - left < wide + 8) continue;
    context.fillText(short, left + 4, 12);
    free = left + wide + 10;
  }
}

/** Marks as flags, and how long the range is. @param {CanvasRenderingContext2D} context @param {Scene} scene @param {(time: number) => number} x */
function paintFlags(context, { marks, range, ink }, x) {
  context.fillStyle = ink.warn;
  for (const mark of marks) {
    context.beginPath();
    context.moveTo(x(mark), AXIS_HEIGHT);
    context.lineTo(x(mark), 4);
    context.lineTo(x(mark) + 10, 8);
    context.lineTo(x(mark), 12);
    context.fill();
  }
  if (!range) return;
  context.fillStyle = ink.accent;
  context.globalAlpha = 0.2;
  context.fillRect(x(range.from), 0, x(range.to) - x(range.from), AXIS_HEIGHT);
  context.globalAlpha = 1;
  context.font = `600 ${FONT}`;
  context.textAlign = "center";
  context.fillText(exactTime(range.to - range.from), (x(range.from) + x(range.to)) / 2, 12);
}

/** All of the trace: what the host and the devices did, where matches are, and what is in sight. */
export class TimelineMap {
  #strips = new LaneStrips();

  /** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {readonly number[]} bins of what a search found @param {number} end @param {number} width */
  paint(context, scene, bins, end, width) {
    const { ink, span } = scene;
    const whole = wholeSpan(end);
    const rows = this.#rows(scene);
    const lanes = rows.map((row, place) => ({ row: { ...row, laneHeight: (MAP_HEIGHT - 8) / rows.length }, lane: 0, top: 4 + (place * (MAP_HEIGHT - 8)) / rows.length }));
    this.#strips.paint(context, { ...scene, span: whole }, lanes, width, devicePixelRatio || 1);
    const x = (/** @type {number} */ time) => ((time - whole.from) / (whole.to - whole.from)) * width;
    context.fillStyle = ink.bad;
    bins.forEach((count, place) => count && context.fillRect(x((place / bins.length) * end), MAP_HEIGHT - 4, Math.max(2, x(end / bins.length) - x(0)), 3));
    const [left, right] = [x(span.from), Math.max(x(span.from) + 3, x(span.to))];
    context.fillStyle = ink.bg;
    context.globalAlpha = 0.65;
    context.fillRect(0, 0, left, MAP_HEIGHT);
    context.fillRect(right, 0, width - right, MAP_HEIGHT);
    context.globalAlpha = 1;
    context.strokeStyle = ink.accent;
    context.lineWidth = 1.5;
    context.strokeRect(left + 0.75, 0.75, right - left - 1.5, MAP_HEIGHT - 1.5);
  }

  /** The main thread and the first streams of each rank, as far as there is room. @param {Scene} scene @returns {import("../lib/timeline-rows.js").Row[]} */
  #rows({ lines, rows, pinned }) {
    const model = [...rows, ...pinned].find(({ sort }) => sort === "band");
    if (!model) return [];
    const chosen = lines.flatMap(({ info }, line) => info.bands.map((band, at) => ({ band, at, line })).filter(({ band }) => band.kind === "device" || (band.kind === "host" && band.group === "Main thread")));
    return chosen.slice(0, 6).map(({ at, line }) => ({ ...model, line, at, lanes: 1 }));
  }
}
