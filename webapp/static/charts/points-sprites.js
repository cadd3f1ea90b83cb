/**
 * Thumbnails on a cloud. They are never smaller than can be recognised and never pile up: where there is no room for
 * one the point stays a dot, and zooming in makes room.
 */

import { halfHeight } from "../lib/camera.js";
import { GONE, SELECTED } from "../lib/points-cloud.js";
import { placeRow } from "../lib/points-screen.js";
import { Room } from "../lib/points-room.js";

/** @typedef {import("../lib/points-sight.js").Sight} Sight */
/** @typedef {import("../lib/points-cloud.js").PointCloud} PointCloud */

/**
 * @typedef {object} SpritePage thumbnails row by row
 * @property {string | CanvasImageSource} url its address, or the picture
 * @property {number} columns
 * @property {number} first row that it begins with
 * @property {number} count
 *
 * @typedef {{pages: SpritePage[], width: number, height: number}} Sprites width and height of a thumbnail, pixels
 * @typedef {{row: number, x: number, y: number, depth: number, wide: number, high: number}} Stamp where a thumbnail is, pixels
 */

const [SMALLEST, LARGEST] = [20, 220]; // sides, pixels
const OVERLAP = 0.78; // of a side is kept free for it
const [MOST, TRIES] = [1500, 30_000]; // on a picture, and points that are tried
const PAGES = 6; // that are held at a time: one may take 64 MB
const STRIDE = 7919; // a prime: the points that are tried first come from everywhere

export class PointSprites {
  size = 36; // of the longer side where all is seen, pixels
  /** @type {Stamp[]} as painted last, the uppermost at the end */ stamps = [];
  /** @type {Sprites | null} */ #sprites = null;
  /** @type {Map<SpritePage, CanvasImageSource | null>} null while it loads; the one asked for last at the end */ #images = new Map();
  #onLoad;

  /** @param {() => void} onLoad a page has come */
  constructor(onLoad) {
    this.#onLoad = onLoad;
  }

  /** @param {Sprites | null} sprites */
  set(sprites) {
    this.#sprites = sprites;
    this.#images.clear();
    this.stamps = [];
  }

  /** The row whose thumbnail is seen there; −1 without one. @param {number} x pixels @param {number} y */
  rowAt(x, y) {
    for (let at = this.stamps.length - 1; at >= 0; at -= 1) {
      const stamp = this.stamps[at];
      if (Math.abs(x - stamp.x) <= stamp.wide / 2 && Math.abs(y - stamp.y) <= stamp.high / 2) return stamp.row;
    }
    return -1;
  }

  /** @param {CanvasRenderingContext2D} context @param {Sight} sight @param {PointCloud} cloud @param {readonly number[]} first rows that get room first @param {(row: number) => string} colorOf */
  paint(context, sight, cloud, first, colorOf) {
    const sprites = this.#sprites;
    this.stamps = sprites ? this.#chosen(sprites, sight, cloud, first) : [];
    if (!sprites) return;
    const shown = this.stamps.filter(({ row }) => this.#imageOf(sprites, row));
    const enlarged = shown.some(({ wide }) => wide > 2 * sprites.width);
    context.imageSmoothingEnabled = !enlarged; // the pixels of a digit stay squares
    context.lineWidth = 1.5;
    for (const { row, x, y, wide, high } of shown) {
      const page = /** @type {SpritePage} */ (pageOf(sprites, row));
      const image = /** @type {CanvasImageSource} */ (this.#images.get(page));
      const at = row - page.first;
      const [column, line] = [at % page.columns, Math.floor(at / page.columns)];
      context.globalAlpha = cloud.selected > 0 && !(cloud.flags[row] & SELECTED) ? 0.3 : 1;
      context.drawImage(image, column * sprites.width, line * sprites.height, sprites.width, sprites.height, x - wide / 2, y - high / 2, wide, high);
      context.strokeStyle = colorOf(row);
      context.strokeRect(x - wide / 2, y - high / 2, wide, high);
    }
    context.globalAlpha = 1;
  }

  /** Whose thumbnails have room, those in front last. @param {Sprites} sprites @param {Sight} sight @param {PointCloud} cloud @param {readonly number[]} first */
  #chosen(sprites, sight, cloud, first) {
    const room = new Room({ width: sight.size.width + 2 * LARGEST, height: sight.size.height + 2 * LARGEST });
    /** @type {Stamp[]} */
    const found = [];
    for (const { row, x, y, depth, w } of candidates(sight, cloud, first)) {
      if (!pageOf(sprites, row)) continue;
      const side = this.#side(sight, cloud, w);
      const scale = side / Math.max(sprites.width, sprites.height);
      const [wide, high] = [sprites.width * scale, sprites.height * scale];
      const [keptWide, keptHigh] = [wide * OVERLAP, high * OVERLAP];
      if (room.take(x + LARGEST - keptWide / 2, y + LARGEST - keptHigh / 2, keptWide, keptHigh)) found.push({ row, x, y, depth, wide, high });
      if (found.length >= MOST) break;
    }
    return found.reverse();
  }

  /** The longer side of a thumbnail: it grows with the zoom, and what is nearer is larger. @param {Sight} sight @param {PointCloud} cloud @param {number} w */
  #side({ camera }, { dims }, w) {
    const near = dims === 3 && !camera.orthographic ? camera.distance / w : 1;
    const zoom = Math.max(1, (dims === 3 ? 2 : 1) / halfHeight(camera));
    return Math.max(SMALLEST, Math.min(LARGEST, this.size * Math.sqrt(zoom) * near));
  }

  /** The page of a row, once it is there; asks for it where it is not. @param {Sprites} sprites @param {number} row */
  #imageOf(sprites, row) {
    const page = pageOf(sprites, row);
    if (!page) return null;
    const held = this.#images.get(page);
    if (held !== undefined) return held;
    if (this.#images.size >= Math.min(PAGES, sprites.pages.length)) return null;
    if (typeof page.url !== "string") {
      this.#images.set(page, page.url);
      return page.url;
    }
    this.#images.set(page, null);
    const image = new Image();
    image.src = page.url;
    image.decode().then(() => {
      if (this.#sprites !== sprites) return;
      this.#images.set(page, image);
      this.#onLoad();
    }, () => {}); // a page that does not come leaves dots
    return null;
  }
}

/** @param {Sprites} sprites @param {number} row */
function pageOf({ pages }, row) {
  return pages.find(({ first, count }) => row >= first && row < first + count);
}

/** Points in the picture in the order in which they get room. @param {Sight} sight @param {PointCloud} cloud @param {readonly number[]} first */
function candidates(sight, cloud, first) {
  const out = new Float64Array(4);
  /** @type {{row: number, x: number, y: number, depth: number, w: number, rank: number}[]} */
  const found = [];
  const ahead = new Set(first);
  const step = cloud.count % STRIDE === 0 ? 1 : STRIDE;
  for (let at = 0; at < cloud.count && found.length < TRIES; at += 1) {
    const row = cloud.count <= TRIES ? at : (at * step) % cloud.count;
    if (cloud.flags[row] & GONE || !placeRow(sight.map, sight.places, row, out)) continue;
    if (out[0] < 0 || out[1] < 0 || out[0] > sight.size.width || out[1] > sight.size.height) continue;
    const rank = ahead.has(row) ? 0 : cloud.selected > 0 && cloud.flags[row] & SELECTED ? 1 : 2;
    found.push({ row, x: out[0], y: out[1], depth: cloud.dims === 3 ? out[2] : 0, w: out[3], rank });
  }
  return found.sort((a, b) => a.rank - b.rank || a.depth - b.depth);
}
