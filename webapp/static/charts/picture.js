/**
 * A chart as a file: title, axis labels and legend around what the chart itself paints. The same calls go to a canvas
 * for PNG and to a recorder for SVG.
 */

import { FAMILY, fitting } from "./fitting.js";
import { SvgRecorder } from "./svg-recorder.js";

/** @typedef {{text: string, muted: string, surface: string}} Ink colours of the theme; see ui/ink.js */
/** @typedef {{label: string, color: string, dash?: number[], stops?: string[]}} LegendEntry `stops`: a ramp of colours instead of one */

/**
 * @typedef {object} Picture
 * @property {string} title
 * @property {number} width of the chart, CSS pixels
 * @property {number} height of the chart, CSS pixels
 * @property {(context: CanvasRenderingContext2D, width: number, height: number) => void} paint the chart in another size, too
 * @property {LegendEntry[]} legend
 * @property {{x?: string, y?: string, right?: string}} [axes] what the axes show
 * @property {Ink} ink
 *
 * @typedef {object} PictureOptions
 * @property {boolean} [transparent] leaves the background out
 * @property {number} [scale] device pixels of a PNG in each CSS pixel; 2 where nothing is said
 */

const MARGIN = 16;
const TITLE = 28; // height of the title's line
const AXIS = 20; // room of an axis label
const ROW = 18; // height of a row of the legend
const SWATCH = 22; // its line and the gap behind it
const MOST_ENTRIES = 200; // a longer legend is counted, not listed

/** @param {Picture} picture @param {PictureOptions} [options] @returns {string} an SVG document */
export function toSvg(picture, options = {}) {
  const measure = document.createElement("canvas").getContext("2d");
  if (!measure) throw new Error("This browser has no canvas to measure texts with.");
  return recordSvg(picture, options, (text, font) => {
    measure.font = font;
    return measure.measureText(text).width;
  });
}

/** As toSvg, with the measuring handed in. @param {Picture} picture @param {PictureOptions} options @param {(text: string, font: string) => number} measure */
export function recordSvg(picture, options, measure) {
  const recorder = new SvgRecorder(measure);
  const context = /** @type {CanvasRenderingContext2D} */ (/** @type {unknown} */ (recorder));
  const layout = layOut(context, picture);
  compose(context, picture, layout, options);
  return recorder.toSvg(layout.width, layout.height, picture.title);
}

/** @param {Picture} picture @param {PictureOptions} [options] @returns {Promise<Blob>} */
export async function toPng(picture, options = {}) {
  const canvas = document.createElement("canvas");
  const context = canvas.getContext("2d");
  if (!context) throw new Error("This browser has no canvas to draw a picture on.");
  const layout = layOut(context, picture);
  const scale = options.scale ?? 2;
  canvas.width = Math.round(layout.width * scale);
  canvas.height = Math.round(layout.height * scale);
  context.scale(scale, scale);
  compose(context, picture, layout, options);
  return new Promise((done, failed) => {
    canvas.toBlob((blob) => (blob ? done(blob) : failed(new Error(`A picture of ${canvas.width} × ${canvas.height} pixels is too large for this browser.`))), "image/png");
  });
}

/**
 * @typedef {object} Layout
 * @property {number} width of the file
 * @property {number} height of the file
 * @property {number} left where the chart lies
 * @property {number} columns of the legend
 * @property {number} columnWidth
 *
 * @param {CanvasRenderingContext2D} context @param {Picture} picture
 * @returns {Layout}
 */
function layOut(context, { width, height, legend, axes = {} }) {
  context.font = `12px ${FAMILY}`;
  const widest = legend.slice(0, MOST_ENTRIES).reduce((most, { label }) => Math.max(most, context.measureText(label).width), 0);
  const columnWidth = Math.min(width, Math.ceil(widest) + SWATCH + 18);
  const columns = Math.max(1, Math.min(legend.length, Math.floor(width / columnWidth)));
  const rows = Math.ceil(Math.min(legend.length, MOST_ENTRIES) / columns) + (legend.length > MOST_ENTRIES ? 1 : 0);
  const left = MARGIN + (axes.y ? AXIS : 0);
  return {
    left, columns, columnWidth,
    width: left + width + (axes.right ? AXIS : 0) + MARGIN,
    height: MARGIN / 2 + TITLE + height + (axes.x ? AXIS : 0) + (rows ? rows * ROW + 10 : 0) + MARGIN,
  };
}

/** @param {CanvasRenderingContext2D} context @param {Picture} picture @param {Layout} layout @param {PictureOptions} options */
function compose(context, picture, layout, options) {
  const { ink, width, height, axes = {} } = picture;
  const top = MARGIN / 2 + TITLE;
  if (!options.transparent) {
    context.fillStyle = ink.surface;
    context.fillRect(0, 0, layout.width, layout.height);
  }
  context.fillStyle = ink.text;
  context.font = `600 14px ${FAMILY}`;
  context.textAlign = "left";
  context.textBaseline = "alphabetic";
  context.fillText(fitting(context, picture.title, layout.width - 2 * MARGIN), MARGIN, MARGIN / 2 + 18);
  context.save();
  context.translate(layout.left, top);
  picture.paint(context, width, height);
  context.restore();
  context.font = `12px ${FAMILY}`;
  context.fillStyle = ink.muted;
  context.textAlign = "center";
  context.textBaseline = "alphabetic";
  const middle = top + height / 2;
  if (axes.x) context.fillText(fitting(context, axes.x, width), layout.left + width / 2, top + height + 14);
  if (axes.y) sideways(context, fitting(context, axes.y, height), MARGIN + 10, middle, -1);
  if (axes.right) sideways(context, fitting(context, axes.right, height), layout.width - MARGIN - 10, middle, 1);
  drawLegend(context, picture, layout, top + height + (axes.x ? AXIS : 0) + 10);
}

/** @param {CanvasRenderingContext2D} context @param {string} text @param {number} x @param {number} y @param {1 | -1} direction */
function sideways(context, text, x, y, direction) {
  context.save();
  context.translate(x, y);
  context.rotate((direction * Math.PI) / 2);
  context.fillText(text, 0, 0);
  context.restore();
}

/** @param {CanvasRenderingContext2D} context @param {Picture} picture @param {Layout} layout @param {number} top */
function drawLegend(context, { legend, ink }, { left, columns, columnWidth }, top) {
  context.textAlign = "left";
  context.textBaseline = "middle";
  context.lineWidth = 2.5;
  legend.slice(0, MOST_ENTRIES).forEach(({ label, color, dash, stops }, index) => {
    const x = left + (index % columns) * columnWidth;
    const y = top + Math.floor(index / columns) * ROW + ROW / 2;
    const shades = stops ?? [color];
    const part = (SWATCH - 8) / shades.length;
    context.setLineDash(dash ?? []);
    shades.forEach((shade, at) => {
      context.strokeStyle = shade;
      context.beginPath();
      context.moveTo(x + at * part, y);
      context.lineTo(x + (at + 1) * part, y);
      context.stroke();
    });
    context.fillStyle = ink.text;
    context.fillText(fitting(context, label, columnWidth - SWATCH), x + SWATCH, y);
  });
  context.setLineDash([]);
  if (legend.length <= MOST_ENTRIES) return;
  context.fillStyle = ink.muted;
  context.fillText(`and ${legend.length - MOST_ENTRIES} more`, left, top + (Math.ceil(MOST_ENTRIES / columns) + 0.5) * ROW);
}
