/** Small pictures: of which size they are asked for, loaded ahead, and what is wrong with those that cannot be shown. */

import { Atom } from "../../lib/atom.js";
import { fetchForm } from "../../state/api.js";

/** Longer sides that are asked for: few, so that the browser and the server keep what they had after a change of size. */
const SIZES = [64, 96, 128, 192, 256, 384, 512, 768, 1024, 1536, 2048, 4096];
const AHEAD = 160; // pictures kept loaded
const TOGETHER = 150; // ms that a picture waits for others on their way: a frame for each one costs the page more than all of them
const LARGE = 1 << 20; // pixels: smaller ones are decoded while they are painted; a page paints one frame more for each that is waited for
const SAMPLED = 48; // pixels a side: a picture is looked at this small for its range of light

/** @type {Map<string, HTMLImageElement>} by address, the last asked for behind the others */
const loaded = new Map();
/** How many pictures somebody waits for. */
export const thumbsUnderWay = new Atom(0);
/** @type {(() => void)[]} of pictures that are here and not shown yet */
let due = [];
let timer = 0;

/** The size to ask for, for a place of this width. @param {number} width CSS pixels */
export function thumbSize(width) {
  const pixels = width * (devicePixelRatio || 1);
  return SIZES.find((size) => size >= pixels) ?? SIZES[SIZES.length - 1];
}

/** Loads a picture before somebody looks at it. @param {string} address */
export function loadAhead(address) {
  const kept = loaded.get(address);
  if (kept) loaded.delete(address);
  const image = kept ?? new Image();
  image.fetchPriority = "low";
  if (!kept) image.src = address;
  loaded.set(address, image);
  if (loaded.size > AHEAD) loaded.delete(/** @type {string} */ (loaded.keys().next().value));
}

/** A picture that can be shown at once, together with others that were on their way. @param {string} address @returns {Promise<HTMLImageElement>} rejects with the server's sentence */
export async function loadThumb(address) {
  const image = new Image();
  image.alt = "";
  image.draggable = false;
  image.fetchPriority = "high";
  image.decoding = "sync"; // what was seen before stays until it is there
  image.src = address;
  thumbsUnderWay.set(thumbsUnderWay.get() + 1);
  try {
    await here(image);
    if (image.naturalWidth * image.naturalHeight > LARGE) await image.decode();
  } catch {
    await fetchForm(address); // throws what is wrong
    throw new Error("The browser cannot show this picture. The file as stored can be downloaded.");
  } finally {
    thumbsUnderWay.set(thumbsUnderWay.get() - 1);
    showSoon();
  }
  await new Promise((resolve) => due.push(() => resolve(null)));
  return image;
}

/** Settled when all bytes of a picture have come. @param {HTMLImageElement} image @returns {Promise<unknown>} rejects where they are no picture */
function here(image) {
  return new Promise((come, fail) => {
    image.addEventListener("load", come, { once: true });
    image.addEventListener("error", fail, { once: true });
  });
}

/** Shows what has come: at once where nothing else is on its way. */
function showSoon() {
  if (thumbsUnderWay.get() === 0) return queueMicrotask(showDue);
  timer ||= window.setTimeout(showDue, TOGETHER);
}

function showDue() {
  clearTimeout(timer);
  timer = 0;
  const shown = due;
  due = [];
  for (const show of shown) show();
}

/** The darkest and the brightest value of the pictures in sight, shares of white; null where there are none. Cards that know it better say so in `data-light`. @returns {[number, number] | null} */
export function lightInSight() {
  const images = /** @type {NodeListOf<HTMLImageElement>} */ (document.querySelectorAll(".image-cell img, .film-cell img.here"));
  const canvas = new OffscreenCanvas(SAMPLED, SAMPLED);
  const context = /** @type {OffscreenCanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  let [low, high] = [255, 0];
  for (const image of images) {
    const { top, bottom } = image.getBoundingClientRect();
    if (bottom < 0 || top > innerHeight) continue;
    const told = /** @type {HTMLElement | null} */ (image.closest("[data-light]"))?.dataset.light?.split(",").map((share) => 255 * Number(share));
    if (told) {
      [low, high] = [Math.min(low, told[0]), Math.max(high, told[1])];
      continue;
    }
    context.clearRect(0, 0, SAMPLED, SAMPLED);
    context.drawImage(image, 0, 0, SAMPLED, SAMPLED);
    context.getImageData(0, 0, SAMPLED, SAMPLED).data.forEach((value, place) => {
      if (place % 4 === 3) return; // alpha
      low = Math.min(low, value);
      high = Math.max(high, value);
    });
  }
  return high > low ? [low / 255, high / 255] : null;
}
