/** A picture painted as it is to be seen, ready to be drawn at any place and size. */

import { paintPixels } from "../../lib/pixels.js";

/** @typedef {import("../../lib/pixels.js").Pixels} Pixels */
/** @typedef {{canvas: HTMLCanvasElement, width: number, height: number, clear: boolean}} Sheet `width`, `height`: of the whole picture, which the canvas may hold reduced */

const CHECKS = 8; // CSS pixels

/** @param {Pixels} pixels @param {import("../../lib/levels.js").Levels} levels @param {HTMLCanvasElement} [canvas] to paint on, where there is one already @returns {Sheet} */
export function paintSheet(pixels, levels, canvas = document.createElement("canvas")) {
  const { width, height, size } = pixels;
  if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  const context = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d"));
  context.putImageData(new ImageData(paintPixels(pixels, levels), width, height), 0, 0);
  return { canvas, width: size[0], height: size[1], clear: pixels.channels % 2 === 0 };
}

/** A small picture that stands for one whose values are still on their way. @param {HTMLImageElement} image @returns {Sheet} */
export function previewSheet(image) {
  const { naturalWidth: width, naturalHeight: height } = image;
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  return { canvas, width, height, clear: false };
}

/**
 * Draws a sheet; pixels stay squares when enlarged.
 *
 * @param {CanvasRenderingContext2D} context in CSS pixels @param {Sheet} sheet
 * @param {{left: number, top: number, scale: number}} place @param {{width: number, height: number}} box only what lies in it is drawn
 */
export function drawSheet(context, sheet, { left, top, scale }, box) {
  const shrunk = sheet.canvas.width / sheet.width;
  const from = (/** @type {number} */ start) => Math.max(0, Math.floor(-start / scale));
  const to = (/** @type {number} */ start, /** @type {number} */ room, /** @type {number} */ length) => Math.min(length, Math.ceil((room - start) / scale));
  const [x, y] = [from(left), from(top)];
  const [width, height] = [to(left, box.width, sheet.width) - x, to(top, box.height, sheet.height) - y];
  if (width <= 0 || height <= 0) return;
  const target = /** @type {const} */ ([left + x * scale, top + y * scale, width * scale, height * scale]);
  if (sheet.clear) drawChecks(context, target);
  context.imageSmoothingEnabled = scale * devicePixelRatio < shrunk;
  context.imageSmoothingQuality = "high";
  context.drawImage(sheet.canvas, x * shrunk, y * shrunk, width * shrunk, height * shrunk, ...target);
}

/** What shows through where a picture is clear. @param {CanvasRenderingContext2D} context @param {readonly [number, number, number, number]} target */
function drawChecks(context, target) {
  const tile = document.createElement("canvas");
  tile.width = tile.height = 2 * CHECKS;
  const paint = /** @type {CanvasRenderingContext2D} */ (tile.getContext("2d"));
  paint.fillStyle = "#8a8f98";
  paint.fillRect(0, 0, 2 * CHECKS, 2 * CHECKS);
  paint.fillStyle = "#b6bac2";
  paint.fillRect(0, 0, CHECKS, CHECKS);
  paint.fillRect(CHECKS, CHECKS, CHECKS, CHECKS);
  context.fillStyle = /** @type {CanvasPattern} */ (context.createPattern(tile, "repeat"));
  context.fillRect(...target);
}
