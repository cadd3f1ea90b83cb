/** The tiles of a timeline that are here: what is drawn until better ones come. */

import { CELLS } from "./timeline-span.js";

/**
 * What is asked for: some rows of one rank over some tiles of a level.
 *
 * @typedef {{rank: number, level: number, first: number, last: number, bands: number[], curves: number[]}} Want
 *
 * @typedef {object} Part records of an answer; columns are one value a record
 * @property {number} rank
 * @property {number} level
 * @property {number} first
 * @property {number} tiles
 * @property {number[]} bands
 * @property {number[]} lanes of each band
 * @property {number[]} curves
 * @property {string[]} names
 * @property {Uint32Array} offsets (lanes of all bands × tiles + 1)
 * @property {Float32Array} from cells from the tile's start; below 0: it began before
 * @property {Float32Array} to
 * @property {Uint32Array} count slices in it
 * @property {Float64Array} total ns of all of them
 * @property {Uint32Array} row the longest
 * @property {Uint32Array} name place in `names`
 * @property {Uint8Array} kind
 * @property {Float32Array} least of curves, CELLS × tiles each; `most` and `latest` likewise
 * @property {Float32Array} most
 * @property {Float32Array} latest
 * @property {{key: unknown, pixels: Uint32Array} | null} ink colours of the records, made when they are drawn
 *
 * @typedef {{part: Part, tile: number, at: number}} Piece a band or curve in a tile; `at`: its first lane in the part, or its curve's place
 */

const MOST_BYTES = 96e6;
const COARSER = 24; // levels that are looked through for something to draw meanwhile
const FINER = 2;

export class TileStore {
  /** @type {Map<string, Piece>} */ #pieces = new Map();
  /** @type {Map<Part, {keys: string[], bytes: number}>} the one used longest ago first */ #parts = new Map();
  /** @type {Set<Part>} always kept */ #held = new Set();
  #bytes = 0;

  /** Keeps an answer. @param {Part[]} parts @param {boolean} [held] it is never given up */
  add(parts, held = false) {
    for (const part of parts) {
      const keys = keysOf(part);
      for (const [key, piece] of keys) this.#pieces.set(key, piece);
      const bytes = 40 * part.from.length + 12 * part.least.length + 4 * part.offsets.length;
      this.#parts.set(part, { keys: keys.map(([key]) => key), bytes });
      this.#bytes += bytes;
      if (held) this.#held.add(part);
    }
    this.#tidy();
  }

  clear() {
    this.#pieces.clear();
    this.#parts.clear();
    this.#held.clear();
    this.#bytes = 0;
  }

  /** What of a wish is not here: fewer rows and fewer tiles; null where all is. @param {Want} want @returns {Want | null} */
  missing({ rank, level, first, last, bands, curves }) {
    let [from, to] = [last, first];
    const lacking = (/** @type {"b" | "c"} */ sort) => (/** @type {number} */ row) => {
      let lacks = false;
      for (let tile = first; tile < last; tile += 1) {
        if (this.#pieces.has(keyOf(rank, level, tile, sort, row))) continue;
        [from, to, lacks] = [Math.min(from, tile), Math.max(to, tile + 1), true];
      }
      return lacks;
    };
    const wanted = { bands: bands.filter(lacking("b")), curves: curves.filter(lacking("c")) };
    return wanted.bands.length || wanted.curves.length ? { rank, level, first: from, last: to, ...wanted } : null;
  }

  /**
   * What there is of a row in a tile: the tile itself, else coarser ones, else finer ones.
   *
   * @param {number} rank @param {number} level @param {number} tile @param {"b" | "c"} sort @param {number} row
   * @returns {Piece[]}
   */
  best(rank, level, tile, sort, row) {
    const own = this.#find(rank, level, tile, sort, row);
    if (own) return [own];
    for (let up = 1; up <= COARSER; up += 1) {
      const found = this.#find(rank, level + up, Math.floor(tile / 2 ** up), sort, row);
      if (found) return [found];
    }
    for (let down = 1; down <= FINER && down <= level; down += 1) {
      const parts = 2 ** down;
      const found = Array.from({ length: parts }, (_, place) => this.#find(rank, level - down, tile * parts + place, sort, row)).filter((piece) => piece !== null);
      if (found.length) return found;
    }
    return [];
  }

  /** @param {number} rank @param {number} level @param {number} tile @param {"b" | "c"} sort @param {number} row */
  #find(rank, level, tile, sort, row) {
    const piece = this.#pieces.get(keyOf(rank, level, tile, sort, row));
    if (!piece) return null;
    const kept = this.#parts.get(piece.part);
    if (kept && !this.#held.has(piece.part)) {
      this.#parts.delete(piece.part); // it is the one used last now
      this.#parts.set(piece.part, kept);
    }
    return piece;
  }

  #tidy() {
    for (const [part, { keys, bytes }] of this.#parts) {
      if (this.#bytes <= MOST_BYTES) return;
      if (this.#held.has(part)) continue;
      for (const key of keys) if (this.#pieces.get(key)?.part === part) this.#pieces.delete(key);
      this.#parts.delete(part);
      this.#bytes -= bytes;
    }
  }
}

/** @param {number} rank @param {number} level @param {number} tile @param {"b" | "c"} sort @param {number} row */
const keyOf = (rank, level, tile, sort, row) => `${rank}/${level}/${tile}/${sort}${row}`;

/** @param {Part} part @returns {[string, Piece][]} */
function keysOf(part) {
  /** @type {[string, Piece][]} */
  const keys = [];
  for (let tile = 0; tile < part.tiles; tile += 1) {
    let at = 0;
    part.bands.forEach((band, place) => {
      keys.push([keyOf(part.rank, part.level, part.first + tile, "b", band), { part, tile, at }]);
      at += part.lanes[place];
    });
    part.curves.forEach((curve, place) => keys.push([keyOf(part.rank, part.level, part.first + tile, "c", curve), { part, tile, at: place }]));
  }
  return keys;
}

/** The records of a lane of a piece: [first, behind the last]. @param {Piece} piece @param {number} lane @returns {[number, number]} */
export function recordsOf({ part, tile, at }, lane) {
  const place = (at + lane) * part.tiles + tile;
  return [part.offsets[place], part.offsets[place + 1]];
}

/** Where a piece begins, in ns. @param {Piece} piece */
export const beginOf = ({ part, tile }) => (part.first + tile) * CELLS * 2 ** part.level;

/**
 * The parts of an answer.
 *
 * @param {{header: {parts: any[]}, arrays: Record<string, any>}} answer
 * @returns {Part[]}
 */
export function partsOf({ header, arrays }) {
  return header.parts.map((told, number) => {
    const column = (/** @type {string} */ name) => arrays[`${number}.${name}`];
    const counts = /** @type {Uint32Array} */ (column("counts"));
    const offsets = new Uint32Array(counts.length + 1);
    for (let i = 0; i < counts.length; i += 1) offsets[i + 1] = offsets[i] + counts[i];
    return {
      ...told, offsets, from: column("from"), to: column("to"), count: column("count"), total: column("total"), row: column("row"), name: column("name"),
      kind: column("kind"), least: column("least"), most: column("most"), latest: column("last"), ink: null,
    };
  });
}
