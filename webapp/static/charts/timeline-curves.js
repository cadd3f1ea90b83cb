/** Draws figures over time as filled steps: the least to the most of each pixel, from tiles. */

import { levelOf, tileLength, tilesOf } from "../lib/timeline-span.js";
import { CELLS } from "../lib/timeline-span.js";
import { formatUnit } from "../lib/profile-units.js";
import { beginOf } from "../lib/timeline-tiles.js";

/** @typedef {import("./timeline-runs.js").Scene} Scene */
/** @typedef {import("../lib/timeline-rows.js").Row} Row */

const LINE = 1.25; // CSS pixels: what is flat is seen as a line

/** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Row} row @param {number} top CSS pixels @param {number} width */
export function paintCurve(context, scene, row, top, width) {
  const curve = scene.lines[row.line].info.curves[row.at];
  const most = curve.unit === "share" ? 1 : curve.most || 1;
  const high = row.laneHeight - 2;
  const bottom = top + 1 + high;
  const y = (/** @type {number} */ value) => bottom - (Math.max(0, value) / most) * high;
  context.fillStyle = scene.ink.grid;
  context.fillRect(0, bottom, width, 1);
  context.fillStyle = scene.ink.accent;
  for (const stretch of stretchesOf(scene, row, width)) {
    context.globalAlpha = 0.3;
    fillBetween(context, stretch, ({ least }) => y(least), () => bottom);
    context.globalAlpha = 0.85;
    fillBetween(context, stretch, ({ most: top_ }) => y(top_), ({ least, most: top_ }) => Math.max(y(least), y(top_) + LINE));
  }
  const words = formatUnit(most, /** @type {import("../lib/profile-units.js").Unit} */ (curve.unit));
  context.font = "10px ui-sans-serif, system-ui, sans-serif";
  context.textAlign = "right";
  context.textBaseline = "top";
  const wide = context.measureText(words).width;
  context.fillStyle = scene.ink.bg;
  context.fillRect(width - wide - 8, top + 1, wide + 8, 13);
  context.globalAlpha = 1;
  context.fillStyle = scene.ink.muted;
  context.fillText(words, width - 4, top + 2);
}

/** @typedef {{left: number, right: number, least: number, most: number}} Flat CSS pixels in which the figures are the same */

/**
 * What a curve is where it is known: pixels of the device, those alike that follow each other as one.
 *
 * @param {Scene} scene @param {Row} row @param {number} width CSS pixels @returns {Flat[][]} stretches without a gap
 */
function stretchesOf(scene, row, width) {
  const ratio = devicePixelRatio || 1;
  const [least, most] = [new Float32Array(Math.ceil(width * ratio)).fill(NaN), new Float32Array(Math.ceil(width * ratio)).fill(NaN)];
  eachCell(scene, row, width, (left, right, low, high) => {
    const from = Math.floor(left * ratio);
    const to = Math.max(from + 1, Math.round(right * ratio));
    for (let x = from; x < to; x += 1) {
      if (!(least[x] <= low)) least[x] = low;
      if (!(most[x] >= high)) most[x] = high;
    }
  });
  /** @type {Flat[][]} */
  const stretches = [];
  /** @type {Flat | null} */
  let last = null;
  for (let x = 0; x < most.length; x += 1) {
    if (Number.isNaN(most[x])) last = null;
    else if (last && last.least === least[x] && last.most === most[x]) last.right = (x + 1) / ratio;
    else {
      if (!last) stretches.push([]);
      stretches[stretches.length - 1].push((last = { left: x / ratio, right: (x + 1) / ratio, least: least[x], most: most[x] }));
    }
  }
  return stretches;
}

/** One shape instead of thousands of rectangles, which cost a frame. @param {CanvasRenderingContext2D} context @param {Flat[]} stretch @param {(at: Flat) => number} upper @param {(at: Flat) => number} lower */
function fillBetween(context, stretch, upper, lower) {
  context.beginPath();
  context.moveTo(stretch[0].left, lower(stretch[0]));
  for (const at of stretch) {
    context.lineTo(at.left, upper(at));
    context.lineTo(at.right, upper(at));
  }
  for (let i = stretch.length - 1; i >= 0; i -= 1) {
    context.lineTo(stretch[i].right, lower(stretch[i]));
    context.lineTo(stretch[i].left, lower(stretch[i]));
  }
  context.fill();
}

/** @param {Scene} scene @param {Row} row @param {number} width @param {(left: number, right: number, least: number, most: number, latest: number) => void} visit */
function eachCell(scene, row, width, visit) {
  const { span, store } = scene;
  const { shift, info } = scene.lines[row.line];
  const k = width / (span.to - span.from);
  const level = levelOf(span, width * (devicePixelRatio || 1));
  const { first, last } = tilesOf({ from: span.from - shift, to: span.to - shift }, level, info.end);
  const end = Math.min(width, (info.end + shift - span.from) * k);
  for (let tile = first; tile < last; tile += 1) {
    const begin = (tile * tileLength(level) + shift - span.from) * k;
    const [clipLeft, clipRight] = [Math.max(0, begin), Math.min(end, begin + tileLength(level) * k)];
    for (const piece of store.best(info.rank, level, tile, "c", row.at)) {
      const { part } = piece;
      const origin = (beginOf(piece) + shift - span.from) * k;
      const cell = 2 ** part.level * k;
      const base = piece.at * CELLS * part.tiles + piece.tile * CELLS;
      const from = Math.max(0, Math.floor((clipLeft - origin) / cell));
      const to = Math.min(CELLS, Math.ceil((clipRight - origin) / cell));
      for (let i = from; i < to; i += 1) {
        if (Number.isNaN(part.most[base + i])) continue;
        visit(Math.max(clipLeft, origin + i * cell), Math.min(clipRight, origin + (i + 1) * cell), part.least[base + i], part.most[base + i], part.latest[base + i]);
      }
    }
  }
}

/** What a curve says at a pixel. @param {Scene} scene @param {Row} row @param {number} x CSS pixels @param {number} width @returns {string} */
export function curveTextAt(scene, row, x, width) {
  const { title, unit } = scene.lines[row.line].info.curves[row.at];
  let text = "";
  eachCell(scene, row, width, (left, right, least, most) => {
    const told = (/** @type {number} */ value) => formatUnit(value, /** @type {import("../lib/profile-units.js").Unit} */ (unit));
    if (x >= left && x < right) text = least === most ? told(most) : `${told(least)} … ${told(most)}`;
  });
  return text ? `${title}: ${text}` : title;
}
