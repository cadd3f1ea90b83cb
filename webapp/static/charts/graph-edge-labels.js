/** What tensors flow along the edges of a model graph: written where there is room beside boxes and other labels. */

import { groundIn } from "./graph-look.js";
import { frameOf } from "../lib/graph-scene.js";
import { FAMILY } from "./fitting.js";

/** @typedef {import("../lib/graph-scene.js").GraphScene} GraphScene */
/** @typedef {import("../lib/graph-scene.js").Rect} Rect */
/** @typedef {import("./graph-look.js").Look} Look */
/** @typedef {{edge: number, text: string, x: number, y: number, width: number}} EdgeLabel its left end and its middle's height, scene pixels */

const FROM = 0.8; // CSS pixels for a scene pixel: smaller is not read
const SIZE = 10; // of the letters, scene pixels
const HIGH = 12;
const BESIDE = 6; // from the line, scene pixels
const SLANT = 24; // a line that is not upright is so many pixels wide pieces
const BAND = 64; // what lies in the way is looked up by bands of this height

/** @type {WeakMap<import("../lib/graph-scene.js").GraphEdges, EdgeLabel[]>} placed once for a scene */
const known = new WeakMap();

/** @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {Look} look @param {import("../lib/graph-camera.js").Placement} placement @param {Rect} part the scene's part to draw */
export function paintEdgeLabels(context, scene, look, { left, top, k }, part) {
  if (k < FROM) return;
  const labels = known.get(scene.edges) ?? placeLabels(context, scene);
  known.set(scene.edges, labels);
  context.font = `${SIZE * k}px ${FAMILY}`;
  context.textAlign = "left";
  context.textBaseline = "middle";
  for (const { edge, text, x, y, width } of labels) {
    if (x + width < part.x || x > part.x + part.width || y + HIGH < part.y || y - HIGH > part.y + part.height) continue;
    context.globalAlpha = look.edges[look.edgeClass[edge]].alpha;
    context.fillStyle = groundIn(look, frameOf(scene, edge));
    context.fillRect(left + x * k, top + (y - HIGH / 2) * k, width * k, HIGH * k);
    context.fillStyle = look.ink.muted;
    context.fillText(text, left + (x + 2) * k, top + y * k);
  }
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {GraphScene} scene @returns {EdgeLabel[]} */
function placeLabels(context, scene) {
  const { edges } = scene;
  const taken = takenPlaces(scene);
  context.font = `${SIZE}px ${FAMILY}`;
  /** @type {Map<string, number>} */
  const widths = new Map();
  const labels = [];
  const widthOf = (/** @type {string} */ text) => {
    const width = widths.get(text) ?? context.measureText(text).width + 4;
    widths.set(text, width);
    return width;
  };
  for (let edge = 0; edge < edges.count; edge += 1) {
    const text = labelOf(scene, edge);
    const place = text && longestPart(edges.points[edge]);
    const label = place && placeLabel(scene, edge, text, place, widthOf, taken);
    if (label) labels.push(label);
  }
  return labels;
}

/**
 * The first way that fits: whole to the right of the line, to the left, then without the type of its numbers.
 *
 * @param {GraphScene} scene @param {number} edge @param {string} text @param {{x: number, y: number}} place on the line
 * @param {(text: string) => number} widthOf @param {Bands} taken @returns {EdgeLabel | null}
 */
function placeLabel(scene, edge, text, place, widthOf, taken) {
  const frame = frameOf(scene, edge);
  const [least, most] = frame < 0 ? [0, scene.width] : [scene.x[frame], scene.x[frame] + scene.w[frame]];
  for (const words of new Set([text, text.replace(/^\w+ (?=\S*[×\d?])/, "")])) {
    const width = widthOf(words);
    for (const x of [place.x + BESIDE, place.x - BESIDE - width]) {
      if (x >= least && x + width <= most && taken.add(x, place.y - HIGH / 2, width, HIGH)) return { edge, text: words, x, y: place.y, width };
    }
  }
  return null;
}

/** Boxes and lines, which labels keep off. @param {GraphScene} scene */
function takenPlaces({ count, kind, x, y, w, h, edges }) {
  const taken = new Bands();
  for (let box = 0; box < count; box += 1) {
    if (kind[box] !== "open") taken.occupy(x[box], y[box], w[box], h[box]);
  }
  for (const line of edges.points) {
    for (let at = 0; at + 3 < line.length; at += 2) {
      const [dx, dy] = [line[at + 2] - line[at], line[at + 3] - line[at + 1]];
      const parts = Math.ceil(Math.abs(dx) / SLANT) || 1;
      for (let part = 0; part < parts; part += 1) {
        const [left, top] = [line[at] + (dx * part) / parts, line[at + 1] + (dy * part) / parts];
        taken.occupy(Math.min(left, left + dx / parts), Math.min(top, top + dy / parts), Math.abs(dx / parts) + 1, Math.abs(dy / parts) + 1);
      }
    }
  }
  return taken;
}

/** What the box that an edge leaves says itself is not said again, nor on the other side of a border what was said before it. @param {GraphScene} scene @param {number} edge */
function labelOf({ edges, sub, kind }, edge) {
  const from = edges.from[edge];
  if (kind[from] === "open") return "";
  const what = sub[from] === edges.label[edge] ? "" : edges.label[edge];
  return edges.times[edge] > 1 ? `${what} ×${edges.times[edge]}`.trim() : what;
}

/** The middle of a line's longest part, if it leaves room for letters. @param {Float64Array} line */
function longestPart(line) {
  let best = null;
  let most = HIGH + 2;
  for (let at = 0; at + 3 < line.length; at += 2) {
    const length = Math.abs(line[at + 3] - line[at + 1]) - Math.abs(line[at + 2] - line[at]); // beside an upright line there is room
    if (length > most) [most, best] = [length, { x: (line[at] + line[at + 2]) / 2, y: (line[at + 1] + line[at + 3]) / 2 - 1 }];
  }
  return best;
}

/** Rectangles that must not touch each other. */
class Bands {
  /** @type {Map<number, number[][]>} */ #bands = new Map();

  /** Takes a place, unless it is taken. @param {number} x @param {number} y @param {number} width @param {number} height */
  add(x, y, width, height) {
    const touches = (/** @type {number[]} */ [left, top, right, bottom]) => x < right && left < x + width && y < bottom && top < y + height;
    for (let band = Math.floor(y / BAND); band <= (y + height) / BAND; band += 1) {
      if (this.#bands.get(band)?.some(touches)) return false;
    }
    this.occupy(x, y, width, height);
    return true;
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  occupy(x, y, width, height) {
    for (let band = Math.floor(y / BAND); band <= (y + height) / BAND; band += 1) {
      const there = this.#bands.get(band);
      if (there) there.push([x, y, x + width, y + height]);
      else this.#bands.set(band, [[x, y, x + width, y + height]]);
    }
  }
}
