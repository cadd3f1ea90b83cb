/**
 * The frames of a film, one at a time. A browser that decodes single frames takes the file as it was logged; for others
 * (and on addresses without https, where browsers refuse to), and for films that are very large, the server decodes.
 */

import { fetchForm } from "./api.js";

/** @typedef {import("./films.js").FilmInfo} FilmInfo */
/** @typedef {{image: CanvasImageSource, top: number, width: number, height: number, close: () => void}} Frame a part of a picture, `top` pixels below its upper edge */

/**
 * @typedef {object} FilmSource
 * @property {string} film address of its bytes
 * @property {(first: number, count: number, size: number) => string} strip address of frames below one another
 */

const LARGEST = 1 << 23; // pixels of a frame that a browser decodes
const MOST_BYTES = 64e6; // of a file that a browser decodes
const STRIP = 16; // frames that the server sends at once
const STRIPS = 4; // that are kept
const SIZE = 1024; // pixels of the longer side of a frame from the server

/** @param {FilmInfo} info @param {FilmSource} source @returns {{frame: (index: number) => Promise<Frame>, close: () => void}} */
export function filmFrames(info, source) {
  const decodes = "ImageDecoder" in globalThis && info.width * info.height <= LARGEST && info.bytes <= MOST_BYTES;
  const served = new ServedFrames(info, source);
  return decodes ? new DecodedFrames(info, source, served) : served;
}

/** Frames that the browser decodes; those of the server where it cannot. */
class DecodedFrames {
  #info; #source; #served;
  /** @type {Promise<any> | null} */ #decoder = null;
  #failed = false;

  /** @param {FilmInfo} info @param {FilmSource} source @param {ServedFrames} served */
  constructor(info, source, served) {
    this.#info = info;
    this.#source = source;
    this.#served = served;
  }

  /** @param {number} index @returns {Promise<Frame>} */
  async frame(index) {
    if (!this.#failed) {
      try {
        const decoder = await (this.#decoder ??= this.#open());
        const { image } = await decoder.decode({ frameIndex: index });
        return { image, top: 0, width: image.displayWidth, height: image.displayHeight, close: () => image.close() };
      } catch {
        this.#failed = true;
      }
    }
    return this.#served.frame(index);
  }

  async #open() {
    const data = await fetchForm(this.#source.film);
    const Decoder = /** @type {any} */ (globalThis).ImageDecoder;
    const decoder = new Decoder({ data, type: this.#info.mime, preferAnimation: true });
    await decoder.tracks.ready;
    return decoder;
  }

  close() {
    this.#decoder?.then((decoder) => decoder.close(), () => {});
    this.#served.close();
  }
}

/** Frames that the server decodes, several in one picture. */
class ServedFrames {
  #info; #source;
  /** @type {Map<number, Promise<ImageBitmap>>} number of the strip → strip, the last wanted behind the others */
  #strips = new Map();

  /** @param {FilmInfo} info @param {FilmSource} source */
  constructor(info, source) {
    this.#info = info;
    this.#source = source;
  }

  /** @param {number} index @returns {Promise<Frame>} */
  async frame(index) {
    const { width, height, durations } = this.#info;
    const scale = Math.min(1, SIZE / Math.max(width, height));
    const size = { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) };
    const image = await this.#strip(Math.floor(index / STRIP), Math.min(STRIP, durations.length));
    const top = (index % STRIP) * size.height;
    if (top + size.height > image.height) throw new Error(`Frame ${index + 1} is broken or missing in the file.`);
    return { image, top, ...size, close: () => {} };
  }

  /** @param {number} number @param {number} count */
  #strip(number, count) {
    let strip = this.#strips.get(number);
    this.#strips.delete(number);
    strip ??= this.#fetch(this.#source.strip(number * STRIP, count, SIZE));
    strip.catch(() => this.#strips.delete(number));
    this.#strips.set(number, strip);
    const [oldest] = this.#strips.keys();
    if (this.#strips.size > STRIPS) this.#drop(oldest);
    return strip;
  }

  /** @param {string} address */
  async #fetch(address) {
    return createImageBitmap(new Blob([await fetchForm(address)]));
  }

  /** @param {number} number */
  #drop(number) {
    this.#strips.get(number)?.then((image) => image.close(), () => {});
    this.#strips.delete(number);
  }

  close() {
    for (const number of [...this.#strips.keys()]) this.#drop(number);
  }
}
