/** What lies above the slices: steps, marks, the range, the selected slice, arrows to what it is joined to, the critical path. */

import { paintPath } from "./timeline-path.js";
import { pixelAt } from "./timeline-runs.js";

/** @typedef {import("./timeline-runs.js").Scene} Scene */
/** @typedef {import("./timeline-runs.js").Place} Place */
/** @typedef {{top: number, height: number}} Level CSS pixels on the canvas */
/** @typedef {(place: Place) => Level | null} LevelOf where a slice is drawn; null where its row is not in sight at all */

const LEAST = 3; // CSS pixels of an outline
const HEAD = 5; // of an arrow
const MOST_ARROWS = 60;

/** Behind the slices: lines of steps and of the axis. @param {CanvasRenderingContext2D} context @param {Scene} scene @param {{width: number, height: number}} size @param {readonly {at: number}[]} ticks */
export function paintGrid(context, scene, { width, height }, ticks) {
  context.fillStyle = scene.ink.grid;
  for (const { at } of ticks) context.fillRect(Math.round(((at - scene.span.from) / (scene.span.to - scene.span.from)) * width), 0, 1, height);
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {{width: number, height: number}} size */
export function paintSteps(context, scene, { width, height }) {
  context.save();
  context.strokeStyle = scene.ink.muted;
  context.globalAlpha = 0.55;
  context.setLineDash([3, 3]);
  context.lineWidth = 1;
  context.beginPath();
  for (const { start } of stepsInSight(scene, width)) {
    const x = Math.round(pixelAt(scene, 0, start, width)) + 0.5;
    context.moveTo(x, 0);
    context.lineTo(x, height);
  }
  context.stroke();
  context.restore();
}

/** The first rank's; none where they are narrower than a few pixels. @param {Scene} scene @param {number} width */
export function stepsInSight(scene, width) {
  const { span, lines } = scene;
  const { shift, info } = lines[0];
  const shown = info.steps.filter(({ start, duration }) => start + duration + shift >= span.from && start + shift <= span.to);
  return shown.length * 6 > width ? [] : shown;
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {{width: number, height: number}} size */
export function paintTimes(context, scene, { width, height }) {
  const x = (/** @type {number} */ time) => ((time - scene.span.from) / (scene.span.to - scene.span.from)) * width;
  const { range, ink } = scene;
  if (range) {
    const [from, to] = [x(range.from), x(range.to)];
    context.fillStyle = ink.accent;
    context.globalAlpha = 0.12;
    context.fillRect(from, 0, to - from, height);
    context.globalAlpha = 0.9;
    context.fillRect(from, 0, 1, height);
    context.fillRect(to - 1, 0, 1, height);
    context.globalAlpha = 1;
  }
  context.fillStyle = ink.warn;
  for (const mark of scene.marks) context.fillRect(Math.round(x(mark)), 0, 1.5, height);
  if (scene.pointer !== null) {
    context.fillStyle = ink.muted;
    context.globalAlpha = 0.5;
    context.fillRect(Math.round(x(scene.pointer)), 0, 1, height);
    context.globalAlpha = 1;
  }
}

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {{width: number, height: number}} size @param {LevelOf} levelOf */
export function paintPlaces(context, scene, { width }, levelOf) {
  const { ink } = scene;
  if (scene.path.length) paintPath(context, scene, width, levelOf);
  if (scene.hover) outline(context, boxOf(scene, scene.hover, width, levelOf), ink.text, 1);
  for (const { from, to, kind } of scene.arrows.slice(0, MOST_ARROWS)) arrow(context, boxOf(scene, from, width, levelOf), boxOf(scene, to, width, levelOf), kind === "forward" || kind === "backward" ? ink.warn : ink.accent, ink.bg);
  if (scene.selected) outline(context, boxOf(scene, scene.selected, width, levelOf), ink.text, 2.5);
}

/** @param {Scene} scene @param {Place} place @param {number} width @param {LevelOf} levelOf */
function boxOf(scene, place, width, levelOf) {
  const level = levelOf(place);
  if (!level) return null;
  const x = pixelAt(scene, place.line, place.start, width);
  const long = pixelAt(scene, place.line, place.start + place.duration, width) - x;
  return { x, y: level.top, width: long, height: level.height };
}

/** @param {CanvasRenderingContext2D} context @param {{x: number, y: number, width: number, height: number} | null} box @param {string} color @param {number} thick */
function outline(context, box, color, thick) {
  if (!box) return;
  context.strokeStyle = color;
  context.lineWidth = thick;
  context.setLineDash([]);
  const wide = Math.max(LEAST, box.width);
  context.strokeRect(box.x + thick / 2 - 0.5, box.y + thick / 2 - 0.5, wide - thick + 1, box.height - thick);
}

/** From the middle of one slice to the beginning of another. @param {CanvasRenderingContext2D} context @param {{x: number, y: number, width: number, height: number} | null} from @param {{x: number, y: number, width: number, height: number} | null} to @param {string} color @param {string} halo */
function arrow(context, from, to, color, halo) {
  if (!from || !to) return;
  const [x0, x1] = [from.x + Math.max(0, from.width) / 2, to.x];
  const down = to.y >= from.y;
  const [y0, y1] = [down ? from.y + from.height : from.y, to.y + to.height / 2];
  const bend = Math.max(12, Math.min(80, Math.abs(x1 - x0) / 2));
  for (const [ink, thick] of /** @type {const} */ ([[halo, 3.5], [color, 1.5]])) {
    context.strokeStyle = ink;
    context.lineWidth = thick;
    context.beginPath();
    context.moveTo(x0, y0);
    context.bezierCurveTo(x0, y0 + (down ? bend : -bend), x1 - bend, y1, x1, y1);
    context.moveTo(x1 - HEAD, y1 - HEAD + 1);
    context.lineTo(x1, y1);
    context.lineTo(x1 - HEAD, y1 + HEAD - 1);
    context.stroke();
  }
}
