/** Thumbnails of single points, cut from the pages that the file carries. */

import { pictures } from "../../state/projector-questions.js";
import { rowsVersion } from "../../state/projector-rows.js";

/** @typedef {NonNullable<import("../../state/projector-shown.js").EmbeddingInfo["sprite"]>} Sprite */

const EMPTY = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw=="; // nothing, one pixel

/** Lists show them once the pages are read. @param {Sprite} sprite */
export async function keepPictures(sprite) {
  pictures.address = () => EMPTY;
  const pages = await Promise.all(sprite.pages.map(({ url }) => pageOf(url)));
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [sprite.width, sprite.height];
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  /** @type {Map<number, string>} */
  const known = new Map();
  pictures.address = (_, row) => {
    const address = known.get(row) ?? cut(row);
    known.set(row, address);
    return address;
  };
  const cut = (/** @type {number} */ row) => {
    const number = sprite.pages.findIndex(({ first, count }) => row >= first && row < first + count);
    if (number < 0) return EMPTY;
    const { first, columns } = sprite.pages[number];
    const [x, y] = [(row - first) % columns, Math.floor((row - first) / columns)];
    context.clearRect(0, 0, canvas.width, canvas.height);
    context.drawImage(pages[number], x * sprite.width, y * sprite.height, sprite.width, sprite.height, 0, 0, sprite.width, sprite.height);
    return canvas.toDataURL();
  };
  rowsVersion.set(rowsVersion.get() + 1);
}

/** @param {string} url @returns {Promise<HTMLImageElement>} */
async function pageOf(url) {
  const image = new Image();
  image.src = url;
  await image.decode();
  return image;
}
