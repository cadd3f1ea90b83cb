/** Names on a cloud: of clusters, and of points where there is room beside them. No two of them overlap. */

import { GONE, SELECTED } from "../lib/points-cloud.js";
import { MOST_DIAMETER } from "../lib/points-look.js";
import { place, placeRow } from "../lib/points-screen.js";
import { FAMILY, fitting } from "./fitting.js";

/** @typedef {{row: number, text: string, priority?: number}} PointLabel the higher the priority, the earlier it gets room */
/** @typedef {{x: number, y: number, z?: number, text: string}} ClusterLabel in units of the coordinates */
/** @typedef {import("../lib/points-sight.js").Sight} Sight */
/** @typedef {import("../lib/points-room.js").Room} Room */
/** @typedef {import("./points-stage.js").PointsInk} PointsInk */

const [FONT, CLUSTER_FONT] = [`500 11.5px ${FAMILY}`, `600 14px ${FAMILY}`];
const [HIGH, CLUSTER_HIGH] = [15, 19]; // pixels of a line
const [MOST, TRIES] = [500, 6000]; // labels on a picture, and labels in it that are tried
const WIDEST = 220; // pixels
const [GAP, AIR] = [3, 5]; // pixels between a point and its label, and between labels

export class PointLabels {
  /** @type {ClusterLabel[]} */ clusters = [];
  /** @type {PointLabel[]} */ #labels = [];
  /** @type {Map<string, {text: string, width: number}>} as they fit */ #known = new Map();

  /** @param {PointLabel[] | null} labels */
  set(labels) {
    this.#labels = labels ? [...labels].sort((a, b) => (b.priority ?? 0) - (a.priority ?? 0)) : [];
    this.#known.clear();
  }

  get isEmpty() {
    return this.#labels.length === 0 && this.clusters.length === 0;
  }

  /** @param {CanvasRenderingContext2D} context @param {Sight} sight @param {import("../lib/points-cloud.js").PointCloud} cloud @param {Room} room @param {PointsInk} ink @param {readonly number[]} first rows whose labels come first */
  paint(context, sight, cloud, room, ink, first) {
    if (this.isEmpty) return;
    context.lineJoin = "round";
    context.textBaseline = "middle";
    this.#paintClusters(context, sight, room, ink);
    context.font = FONT;
    context.textAlign = "left";
    const out = new Float64Array(4);
    let [shown, tried] = [0, 0];
    for (const label of this.#inOrder(cloud, first)) {
      if (label.row >= cloud.count || cloud.flags[label.row] & GONE || !placeRow(sight.map, sight.places, label.row, out)) continue;
      if (out[0] < 0 || out[1] < 0 || out[0] > sight.size.width || out[1] > sight.size.height) continue;
      tried += 1;
      const quiet = cloud.selected > 0 && !(cloud.flags[label.row] & SELECTED);
      if (!quiet && this.#paintBeside(context, label.text, out[0], out[1], sight.radius(1, out[3], MOST_DIAMETER) + GAP, room, ink)) shown += 1;
      if (shown >= MOST || tried >= TRIES) break;
    }
  }

  /** @param {import("../lib/points-cloud.js").PointCloud} cloud @param {readonly number[]} first */
  #inOrder(cloud, first) {
    if (first.length === 0 && cloud.selected === 0) return this.#labels;
    const rows = new Set(first);
    const isFirst = (/** @type {PointLabel} */ { row }) => rows.has(row) || (cloud.selected > 0 && (cloud.flags[row] & SELECTED) !== 0);
    return [...this.#labels.filter(isFirst), ...this.#labels.filter((label) => !isFirst(label))];
  }

  /** @param {CanvasRenderingContext2D} context @param {Sight} sight @param {Room} room @param {PointsInk} ink */
  #paintClusters(context, sight, room, ink) {
    const out = new Float64Array(4);
    context.font = CLUSTER_FONT;
    context.textAlign = "center";
    for (const { x, y, z = 0, text } of this.clusters) {
      if (!place(sight.map, x, y, z, out)) continue;
      const { text: fits, width } = this.#fit(context, `c${text}`, text);
      if (room.take(out[0] - width / 2 - 4, out[1] - CLUSTER_HIGH / 2, width + 8, CLUSTER_HIGH)) write(context, fits, out[0], out[1], ink, 4);
    }
  }

  /** To the right of a point, or wherever else there is room. @param {CanvasRenderingContext2D} context @param {string} text @param {number} x @param {number} y @param {number} away @param {Room} room @param {PointsInk} ink */
  #paintBeside(context, text, x, y, away, room, ink) {
    const { text: fits, width } = this.#fit(context, text, text);
    const middle = x - width / 2;
    for (const [left, line] of [[x + away, y], [x - away - width, y], [middle, y - away - HIGH / 2], [middle, y + away + HIGH / 2]]) {
      if (!room.take(left - AIR, line - HIGH / 2 - AIR / 2, width + 2 * AIR, HIGH + AIR)) continue;
      write(context, fits, left, line, ink, 3);
      return true;
    }
    return false;
  }

  /** Measured once: a picture has hundreds of them. @param {CanvasRenderingContext2D} context @param {string} key @param {string} text */
  #fit(context, key, text) {
    let known = this.#known.get(key);
    if (!known) {
      const fits = fitting(context, text, WIDEST);
      known = { text: fits, width: context.measureText(fits).width };
      this.#known.set(key, known);
    }
    return known;
  }
}

/** With a rim in the colour of the page, so that it is read above points. @param {CanvasRenderingContext2D} context @param {string} text @param {number} x @param {number} y @param {PointsInk} ink @param {number} rim pixels */
function write(context, text, x, y, ink, rim) {
  context.strokeStyle = ink.surface;
  context.lineWidth = rim;
  context.strokeText(text, x, y);
  context.fillStyle = ink.text;
  context.fillText(text, x, y);
}
