/** The band around a group's line: from its lower to its upper edge, in the line's colour. */

import { toPixel } from "../lib/scale.js";
import { bandOf, span, xOf } from "../lib/series.js";
import { scaleOf } from "./line-frame.js";

/** @typedef {import("./line-frame.js").Frame} Frame */
/** @typedef {import("./line-frame.js").Line} Line */
/** @typedef {import("./line-frame.js").LineOptions} LineOptions */

const SHARE = 0.16; // of the line's colour
const CROWD = 6; // more bands than this lie over each other: fainter ones

/** @param {CanvasRenderingContext2D} context @param {Frame} frame @param {Line[]} lines @param {LineOptions} options */
export function drawBands(context, frame, lines, options) {
  const banded = lines.filter(({ series }) => bandOf(series));
  for (const line of banded) {
    context.globalAlpha = SHARE * Math.min(1, Math.max(0.35, CROWD / banded.length));
    context.fillStyle = line.color;
    context.beginPath();
    traceBand(context, frame, line, options);
    context.fill();
  }
  context.globalAlpha = 1;
}

/** Along the upper edge and back along the lower one, a closed piece between any two gaps. @param {CanvasRenderingContext2D} context @param {Frame} frame @param {Line} line @param {LineOptions} options */
function traceBand(context, frame, line, options) {
  const [low, high] = /** @type {[import("../lib/types.js").Column, import("../lib/types.js").Column]} */ (bandOf(line.series));
  const y = scaleOf(frame, line);
  const { column, offset } = xOf(line.series, options.axis);
  const [first, end] = span(column, frame.x.lo - offset, frame.x.hi - offset);
  /** @type {number[]} */
  let back = [];
  const close = () => {
    for (let i = back.length - 2; i >= 0; i -= 2) context.lineTo(back[i], back[i + 1]);
    if (back.length) context.closePath();
    back = [];
  };
  for (let i = first; i < end; i += 1) {
    const px = toPixel(frame.x, column[i] + offset);
    const top = pixelIn(frame, y, high[i]);
    const bottom = pixelIn(frame, y, low[i]);
    if (!Number.isFinite(px + top + bottom)) {
      close();
      continue;
    }
    if (back.length) context.lineTo(px, top);
    else context.moveTo(px, top);
    back.push(px, bottom);
  }
  close();
}

/** An edge at or below nought on a logarithmic axis lies below the plot; rasterisers lose precision far outside of it. @param {Frame} frame @param {import("../lib/scale.js").Scale} y @param {number} value */
function pixelIn({ box }, y, value) {
  if (y.log && value <= 0) return box.bottom + 10;
  return Math.max(-20_000, Math.min(20_000, toPixel(y, value)));
}
