/** Draws the lanes of a timeline: slices as stretches of colour, names on those with room. */

import { mix } from "../lib/color.js";
import { pixelOf, sliceColor, textColor } from "../lib/timeline-colors.js";
import { shortName } from "../lib/timeline-names.js";
import { eachRun } from "./timeline-runs.js";

/** @typedef {import("./timeline-runs.js").Scene} Scene */
/** @typedef {import("../lib/timeline-rows.js").Row} Row */
/** @typedef {import("../lib/timeline-tiles.js").Part} Part */
/** @typedef {{row: Row, lane: number, top: number}} Lane `top`: CSS pixels on the canvas */

const LABELLED = 26; // CSS pixels of a slice with a name
const TALL = 13; // CSS pixels of a lane with names
const CUT = 5; // device pixels of a slice from which on its end is seen
const PALE = 0.8; // of what is not searched for
const FONT = "11px ui-sans-serif, system-ui, sans-serif";
const LETTER = 5.6; // CSS pixels, about

/** The colours of a part's records, made once for each look. @param {Part} part @param {Scene} scene @returns {Uint32Array} */
function inkOf(part, scene) {
  const { by, ink, sought } = scene;
  const key = `${by} ${ink.bg} ${sought?.key ?? ""}`;
  if (part.ink?.key === key) return part.ink.pixels;
  const pixels = new Uint32Array(part.row.length);
  /** @type {Map<number, number>} */
  const known = new Map();
  const cell = 2 ** part.level;
  for (let i = 0; i < pixels.length; i += 1) {
    const busy = part.count[i] === 1 ? 1 : part.total[i] / Math.max(1, (part.to[i] - part.from[i]) * cell);
    const shade = Math.min(7, Math.floor(busy * 8));
    const place = (part.name[i] * 16 + part.kind[i]) * 8 + shade;
    let pixel = known.get(place);
    if (pixel === undefined) known.set(place, (pixel = pixelOf(recordColor(part, i, scene, 0.35 + 0.65 * ((shade + 1) / 8)))));
    pixels[i] = pixel;
  }
  part.ink = { key, pixels };
  return pixels;
}

/** @param {Part} part @param {number} record @param {Scene} scene @param {number} strength 0 … 1: how much of the time is filled @returns {string} */
export function recordColor(part, record, { by, ink, sought, lines }, strength = 1) {
  const name = part.names[part.name[record]];
  const color = sliceColor(lines[0].info.kinds[part.kind[record]], name, by, ink.dark ? "dark" : "light");
  const pale = sought && !sought.names.has(name) ? PALE : 0;
  return mix(color, ink.bg, 1 - strength * (1 - pale));
}

/** Lanes as rows of pixels, which are stretched to their height: as few calls as lanes. */
export class LaneStrips {
  #canvas = document.createElement("canvas");
  #context = /** @type {CanvasRenderingContext2D} */ (this.#canvas.getContext("2d", { willReadFrequently: true }));
  /** @type {ImageData | null} */ #image = null;

  /** @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Lane[]} lanes @param {number} width CSS pixels @param {number} ratio */
  paint(context, scene, lanes, width, ratio) {
    const pixels = Math.round(width * ratio);
    if (!lanes.length || pixels < 1) return;
    const image = this.#room(pixels, lanes.length);
    const words = new Uint32Array(image.data.buffer);
    words.fill(0);
    lanes.forEach(({ row, lane }, place) => {
      const begin = place * pixels;
      eachRun(scene, row, lane, pixels, (left, right, part, record) => {
        const end = Math.min(right, pixels);
        const shown = end - left > CUT ? end - 1 : end; // a gap between slices
        words.fill(inkOf(part, scene)[record], begin + left, begin + shown);
      });
    });
    this.#context.putImageData(image, 0, 0, 0, 0, pixels, lanes.length);
    context.imageSmoothingEnabled = false;
    lanes.forEach(({ row, top }, place) => {
      const high = Math.max(1, Math.round((row.laneHeight - 1) * ratio)) / ratio;
      context.drawImage(this.#canvas, 0, place, pixels, 1, 0, Math.round(top * ratio) / ratio, width, high);
    });
  }

  /** @param {number} width @param {number} height */
  #room(width, height) {
    if (!this.#image || this.#image.width !== width || this.#image.height < height) {
      this.#canvas.width = width;
      this.#canvas.height = Math.ceil(height / 16) * 16;
      this.#image = this.#context.createImageData(width, this.#canvas.height);
    }
    return this.#image;
  }
}

/** The same as rectangles: for pictures that stay sharp. @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Lane[]} lanes @param {number} width */
export function paintRectangles(context, scene, lanes, width) {
  for (const { row, lane, top } of lanes) {
    eachRun(scene, row, lane, width, (left, right, part, record) => {
      context.fillStyle = `#${(inkOf(part, scene)[record] & 0xffffff).toString(16).padStart(6, "0").replace(/(..)(..)(..)/, "$3$2$1")}`;
      context.fillRect(left, top, Math.min(right, width) - left - (right - left > CUT ? 1 : 0), row.laneHeight - 1);
    });
  }
}

/** Names on slices with room for them. @param {CanvasRenderingContext2D} context @param {Scene} scene @param {Lane[]} lanes @param {number} width CSS pixels */
export function paintNames(context, scene, lanes, width) {
  context.font = FONT;
  context.textAlign = "left";
  context.textBaseline = "middle";
  /** @type {Map<string, string>} */
  const inks = new Map();
  for (const { row, lane, top } of lanes) {
    if (row.laneHeight < TALL) continue;
    eachRun(scene, row, lane, width, (left, right, part, record) => {
      const [from, to] = [Math.max(0, left), Math.min(width, right)];
      if (to - from < LABELLED || part.count[record] > 1) return;
      const name = shortName(part.names[part.name[record]]);
      const letters = Math.floor((to - from - 7) / LETTER);
      const color = recordColor(part, record, scene);
      let ink = inks.get(color);
      if (!ink) inks.set(color, (ink = textColor(color)));
      context.fillStyle = ink;
      context.fillText(name.length > letters ? `${name.slice(0, Math.max(1, letters - 1))}…` : name, from + 4, top + (row.laneHeight - 1) / 2 + 0.5, to - from - 6);
    });
  }
}

/** The lanes of rows that are in sight. @param {readonly Row[]} rows in sight @param {number} offset CSS pixels that the first row lies below the canvas's upper edge @param {number} from @param {number} to in sight, CSS pixels of the canvas @returns {Lane[]} */
export function lanesOf(rows, offset, from, to) {
  return rows.filter(({ sort }) => sort === "band").flatMap((row) =>
    Array.from({ length: row.lanes }, (_, lane) => ({ row, lane, top: row.top + offset + lane * row.laneHeight })).filter(({ top }) => top < to && top + row.laneHeight > from));
}
