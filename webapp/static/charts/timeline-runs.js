/** What of a lane is in sight: records as stretches of pixels, over the tiles that are here. */

import { levelOf, tileLength, tilesOf } from "../lib/timeline-span.js";
import { beginOf, recordsOf } from "../lib/timeline-tiles.js";

/** @typedef {import("../lib/timeline-rows.js").Row} Row */
/** @typedef {import("../lib/timeline-tiles.js").Part} Part */

/**
 * @typedef {object} Place where a slice lies
 * @property {number} line place of its rank
 * @property {number} band
 * @property {number} lane
 * @property {number} row of the trace
 * @property {number} start ns of the rank's clock
 * @property {number} duration
 * @property {string} name
 *
 * @typedef {object} Scene all that a timeline shows
 * @property {readonly import("../lib/timeline-rows.js").RankLine[]} lines
 * @property {readonly Row[]} rows
 * @property {readonly Row[]} pinned
 * @property {import("../lib/timeline-span.js").Span} span ns on the common clock
 * @property {import("../lib/timeline-tiles.js").TileStore} store
 * @property {TimelineInk} ink
 * @property {import("../lib/timeline-colors.js").ColorBy} by
 * @property {{key: string, names: ReadonlySet<string>} | null} sought names of what was found: other slices are pale
 * @property {Place | null} selected
 * @property {Place | null} hover
 * @property {{from: Place, to: Place, kind: string}[]} arrows
 * @property {readonly LinePath[]} path
 * @property {{from: number, to: number, lines: readonly string[] | null} | null} range ns; `lines`: ids of the rows it is about, null for all
 * @property {readonly number[]} marks ns
 * @property {number | null} pointer ns
 *
 * @typedef {import("../lib/types.js").Ink & {dark: boolean, text: string, bg: string, line: string, accent: string, warn: string, bad: string}} TimelineInk
 *
 * @typedef {{line: number, begin: Float64Array, duration: Float32Array, lane: Uint32Array}} LinePath the critical path of a rank, in order of time (ns of its clock); lanes counted over all of its bands
 *
 * @typedef {(left: number, right: number, part: Part, record: number) => void} Visit pixels of the device, whole ones
 */

/** The rank's clock may be shifted. @param {Scene} scene @param {number} line @param {number} time ns of the rank @param {number} pixels width @returns {number} pixel */
export function pixelAt({ span, lines }, line, time, pixels) {
  return ((time + lines[line].shift - span.from) / (span.to - span.from)) * pixels;
}

/**
 * Every record of a lane that is in sight, from left to right; one that reaches over several tiles comes once.
 *
 * @param {Scene} scene @param {Row} row @param {number} lane @param {number} pixels width in device pixels @param {Visit} visit
 */
export function eachRun(scene, row, lane, pixels, visit) {
  const { span, store } = scene;
  const { shift, info } = scene.lines[row.line];
  const k = pixels / (span.to - span.from);
  const level = levelOf(span, pixels);
  const { first, last } = tilesOf({ from: span.from - shift, to: span.to - shift }, level, info.end);
  const run = new Run(visit);
  for (let tile = first; tile < last; tile += 1) {
    const begin = (tile * tileLength(level) + shift - span.from) * k;
    const clip = { left: Math.max(0, begin), right: Math.min(pixels, begin + tileLength(level) * k) };
    for (const piece of store.best(info.rank, level, tile, "b", row.at)) {
      const origin = (beginOf(piece) + shift - span.from) * k;
      const cell = 2 ** piece.part.level * k;
      const [low, high] = recordsOf(piece, lane);
      const { from, to } = piece.part;
      for (let i = low; i < high; i += 1) {
        const right = origin + to[i] * cell;
        if (right < clip.left) continue;
        const left = origin + from[i] * cell;
        if (left >= clip.right) break;
        run.add(Math.max(left, clip.left), Math.min(right, clip.right), piece.part, i);
      }
    }
  }
  run.end();
}

/** Joins what tiles have cut. */
class Run {
  #visit;
  /** @type {Part | null} */ #part = null;
  #record = -1;
  #left = 0;
  #right = 0;

  /** @param {Visit} visit */
  constructor(visit) {
    this.#visit = visit;
  }

  /** @param {number} left @param {number} right @param {Part} part @param {number} record */
  add(left, right, part, record) {
    const before = this.#part;
    const same = before && ((before === part && record === this.#record) || (before.row[this.#record] === part.row[record] && before.count[this.#record] === 1 && part.count[record] === 1));
    if (same) {
      this.#right = Math.max(this.#right, right);
      return;
    }
    this.end();
    [this.#part, this.#record, this.#left, this.#right] = [part, record, left, right];
  }

  end() {
    if (!this.#part) return;
    const left = Math.round(this.#left);
    this.#visit(left, Math.max(left + 1, Math.round(this.#right)), this.#part, this.#record);
    this.#part = null;
  }
}
