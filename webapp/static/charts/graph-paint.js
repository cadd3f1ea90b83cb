/** Draws a part of a model graph: on the screen, tile by tile, and into files. */

import { boxesIn, paintBoxes, paintFrames } from "./graph-boxes.js";
import { paintEdgeLabels } from "./graph-edge-labels.js";
import { paintEdges } from "./graph-edges.js";
import { paintHeaders, placeHeaders } from "./graph-headers.js";
import { seenPart } from "../lib/graph-camera.js";

/** @typedef {import("../lib/graph-scene.js").GraphScene} GraphScene */
/** @typedef {import("../lib/graph-camera.js").Placement} Placement */
/** @typedef {import("../lib/graph-camera.js").Size} Size */
/** @typedef {import("./graph-look.js").Look} Look */

/** Everything but the names of frames, which follow the view. @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {Look} look @param {Placement} placement @param {Size} size of the canvas, CSS pixels @param {boolean} [labels] of edges, too */
export function paintScene(context, scene, look, placement, size, labels = true) {
  const part = seenPart(placement, size);
  const boxes = boxesIn(scene, part);
  context.fillStyle = look.ink.bg;
  context.fillRect(0, 0, size.width, size.height);
  paintFrames(context, scene, look, placement, boxes);
  paintEdges(context, scene, look, placement, part);
  if (labels) paintEdgeLabels(context, scene, look, placement, part);
  paintBoxes(context, scene, look, placement, boxes);
}

const MOST_PIXELS = 40e6; // of a PNG
const MOST_SIDE = 16_000; // what browsers can do

/**
 * A scene as a file.
 *
 * @param {"svg" | "png"} form @param {GraphScene} scene @param {Look} look @param {Placement} placement which part, in which size
 * @param {Size} size CSS pixels of the picture without its title @param {{title: string, legend: import("./picture.js").LegendEntry[]}} told
 * @returns {Promise<Blob>}
 */
export async function graphPicture(form, scene, look, placement, size, { title, legend }) {
  const { toPng, toSvg } = await import("./picture.js");
  const { ink } = look;
  const paint = (/** @type {CanvasRenderingContext2D} */ context) => {
    context.save();
    context.beginPath();
    context.rect(0, 0, size.width, size.height);
    context.clip();
    paintScene(context, scene, look, placement, size);
    paintHeaders(context, scene, look, placeHeaders(context, scene, placement, size, false), -1);
    context.restore();
  };
  const picture = { title, ...size, paint, legend, ink: { text: ink.text, muted: ink.muted, surface: ink.bg } };
  if (form === "svg") return new Blob([toSvg(picture)], { type: "image/svg+xml" });
  return toPng(picture, { scale: Math.min(2, Math.sqrt(MOST_PIXELS / (size.width * size.height)), MOST_SIDE / Math.max(size.width, size.height)) });
}
