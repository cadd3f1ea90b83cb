/** Draws the boxes of a model graph: soft frames of open groups, and what stands in them, with as much text as can be read. */

import { FAMILY } from "./fitting.js";
import { boxStyle, TEXT_FROM } from "./graph-look.js";
import { paintTexts } from "./graph-texts.js";

/** @typedef {import("../lib/graph-scene.js").GraphScene} GraphScene */
/** @typedef {import("../lib/graph-scene.js").Rect} Rect */
/** @typedef {import("../lib/graph-camera.js").Placement} Placement */
/** @typedef {import("./graph-look.js").Look} Look */
/** @typedef {import("./graph-look.js").BoxStyle} BoxStyle */

const ROUND_FROM = 0.2;
const ASIDE = 6; // how far the lower sheets of a fold and a box's outline reach beyond it, scene pixels

/** The boxes in a part of the scene, parents first. @param {GraphScene} scene @param {Rect} part @returns {number[]} */
export function boxesIn({ count, x, y, w, h }, part) {
  const found = [];
  const [left, top, right, bottom] = [part.x - ASIDE, part.y - ASIDE, part.x + part.width + ASIDE, part.y + part.height + ASIDE];
  for (let box = 0; box < count; box += 1) {
    if (x[box] <= right && y[box] <= bottom && x[box] + w[box] >= left && y[box] + h[box] >= top) found.push(box);
  }
  return found;
}

/** The frames of open groups, which lie below everything. @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {Look} look @param {Placement} placement @param {number[]} boxes */
export function paintFrames(context, scene, look, placement, boxes) {
  for (const box of boxes) {
    const looks = look.boxes[look.boxClass[box]];
    if (looks.kind === "open") paintAlike(context, scene, boxStyle(look.ink, looks, placement.k), looks.alpha, placement, [box]);
  }
  context.globalAlpha = 1;
}

/** All other boxes. @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {Look} look @param {Placement} placement @param {number[]} boxes */
export function paintBoxes(context, scene, look, placement, boxes) {
  /** @type {number[][]} boxes by class */
  const drawn = look.boxes.map(() => []);
  for (const box of boxes) drawn[look.boxClass[box]].push(box);
  drawn.forEach((alike, at) => {
    const looks = look.boxes[at];
    if (alike.length === 0 || looks.kind === "open") return;
    const style = boxStyle(look.ink, looks, placement.k);
    paintAlike(context, scene, style, looks.alpha, placement, alike);
    if (placement.k < TEXT_FROM) return;
    paintTexts(context, scene, style, looks.alpha, placement, alike);
    if (style.mark) paintMarks(context, scene, style, look.ink.surface, placement, alike);
  });
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {BoxStyle} style @param {number} alpha @param {Placement} placement @param {number[]} boxes */
function paintAlike(context, scene, style, alpha, placement, boxes) {
  const { k, ratio } = placement;
  context.globalAlpha = alpha;
  context.fillStyle = style.fill;
  context.strokeStyle = style.line;
  const line = Math.max(1, Math.round(style.width * Math.min(1.5, Math.max(0.5, k)) * ratio)) / ratio;
  context.lineWidth = line;
  context.setLineDash(style.dash.map((length) => length * Math.min(1.5, k)));
  if (style.stack && k >= ROUND_FROM) paintStacks(context, scene, style, placement, boxes, line);
  context.beginPath();
  for (const box of boxes) traceBox(context, scene, placement, box, style.radius, 0, line);
  context.fill();
  if (style.line !== style.fill) context.stroke();
  context.setLineDash([]);
}

/** Folds are stacks of sheets. @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {BoxStyle} style @param {Placement} placement @param {number[]} boxes @param {number} line */
function paintStacks(context, scene, style, placement, boxes, line) {
  for (const shift of [ASIDE, ASIDE / 2]) {
    context.beginPath();
    for (const box of boxes) traceBox(context, scene, placement, box, style.radius, shift, line);
    context.fill();
    context.stroke();
  }
}

/** A box on whole device pixels, so that its outline is sharp. @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {Placement} placement @param {number} box @param {number} radius scene pixels @param {number} shift to the lower right, scene pixels @param {number} line CSS pixels of its outline, which lies within; below 0 around it */
export function traceBox(context, scene, { left, top, k, ratio }, box, radius, shift, line) {
  const whole = (/** @type {number} */ value) => Math.round(value * ratio) / ratio;
  const x = whole(left + (scene.x[box] + shift) * k) + line / 2;
  const y = whole(top + (scene.y[box] + shift) * k) + line / 2;
  const width = Math.max(1 / ratio, whole(scene.w[box] * k) - line);
  const height = Math.max(1 / ratio, whole(scene.h[box] * k) - line);
  if (k < ROUND_FROM) context.rect(x, y, width, height);
  else context.roundRect(x, y, width, height, Math.min(radius * k, width / 2, height / 2));
}

/** What a comparison found, as a sign on the corner. @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {BoxStyle} style @param {string} ground @param {Placement} placement @param {number[]} boxes */
function paintMarks(context, scene, style, ground, { left, top, k }, boxes) {
  context.font = `700 ${11 * k}px ${FAMILY}`;
  context.textAlign = "center";
  context.textBaseline = "middle";
  for (const box of boxes) {
    const [x, y] = [left + (scene.x[box] + 2) * k, top + (scene.y[box] + 2) * k];
    context.fillStyle = style.line;
    context.beginPath();
    context.arc(x, y, 6.5 * k, 0, 2 * Math.PI);
    context.fill();
    context.fillStyle = ground;
    context.fillText(style.mark, x, y + 0.5 * k);
  }
}
