/** What is written on the boxes of a model graph: cut where it would leave them, and never too small to be read. */

import { FAMILY, fitting } from "./fitting.js";

/** @typedef {import("../lib/graph-scene.js").GraphScene} GraphScene */
/** @typedef {import("../lib/graph-camera.js").Placement} Placement */
/** @typedef {import("./graph-look.js").BoxStyle} BoxStyle */

const LABEL = 12; // size of letters, scene pixels: what the layout was measured with
const SUB = 10.5;
const SUB_FROM = 0.55; // CSS pixels for a scene pixel: from here on the second line is read
const SMALLEST = 8; // CSS pixels: labels grow no smaller, as long as their boxes have room
const TWO_LINES = 30; // scene pixels: a lower box has no second line

/** @typedef {{label: string[], sub: string[], width: number[]}} Known texts as they fit into the boxes, and how wide labels are as a whole */

/** @type {WeakMap<string[], Known>} by the ids of a scene; measured when first drawn */
const known = new WeakMap();

/** @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {BoxStyle} style @param {number} alpha @param {Placement} placement @param {number[]} boxes of one class */
export function paintTexts(context, scene, style, alpha, placement, boxes) {
  const texts = known.get(scene.id) ?? { label: [], sub: [], width: [] };
  known.set(scene.id, texts);
  context.globalAlpha = alpha;
  context.textAlign = "center";
  context.textBaseline = "middle";
  paintLabels(context, scene, style, placement, boxes, texts);
  if (placement.k >= SUB_FROM) paintSubs(context, scene, style, placement, boxes.filter((box) => hasSub(scene, box)), texts);
}

/** @param {GraphScene} scene @param {number} box */
function hasSub({ sub, h }, box) {
  return sub[box] !== "" && h[box] >= TWO_LINES;
}

/** @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {BoxStyle} style @param {Placement} placement @param {number[]} boxes @param {Known} texts */
function paintLabels(context, scene, style, { left, top, k }, boxes, texts) {
  const size = Math.max(SMALLEST, LABEL * k);
  const enlarged = size > LABEL * k;
  const roomy = enlarged ? boxes.filter((box) => scene.h[box] * k >= SMALLEST + 3 && scene.w[box] * k >= 2 * SMALLEST) : boxes;
  const missing = roomy.filter((box) => texts.label[box] === undefined);
  if (missing.length) context.font = labelFont(style, LABEL);
  for (const box of missing) {
    texts.label[box] = fitting(context, scene.label[box], scene.room[box] - 8);
    texts.width[box] = context.measureText(scene.label[box]).width;
  }
  context.font = enlarged ? `500 ${size}px ${FAMILY}` : labelFont(style, size);
  context.fillStyle = style.text;
  for (const box of roomy) {
    const middle = scene.y[box] + scene.h[box] / 2 - (k >= SUB_FROM && hasSub(scene, box) ? 7 : 0);
    const text = enlarged ? beginning(scene.label[box], (texts.width[box] * size) / LABEL, scene.w[box] * k - 3) : texts.label[box];
    context.fillText(text, left + (scene.x[box] + scene.w[box] / 2) * k, top + middle * k + 0.5);
  }
}

/** As many letters as about fit: measured exactly, a hundred labels would take longer than drawing them. @param {string} text @param {number} width of all of it @param {number} room */
function beginning(text, width, room) {
  if (width <= room) return text;
  const letters = [...text];
  return letters.slice(0, Math.floor((letters.length * room) / width)).join("");
}

/** @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {BoxStyle} style @param {Placement} placement @param {number[]} boxes @param {Known} texts */
function paintSubs(context, scene, style, { left, top, k }, boxes, texts) {
  const missing = boxes.filter((box) => texts.sub[box] === undefined);
  if (missing.length) context.font = `${SUB}px ${FAMILY}`;
  for (const box of missing) texts.sub[box] = fitting(context, scene.sub[box], scene.room[box] - 8);
  context.font = `${SUB * k}px ${FAMILY}`;
  context.fillStyle = style.sub;
  for (const box of boxes) context.fillText(texts.sub[box], left + (scene.x[box] + scene.w[box] / 2) * k, top + (scene.y[box] + scene.h[box] / 2 + 8) * k);
}

/** @param {BoxStyle} style @param {number} size */
function labelFont({ bold }, size) {
  return `${bold ? 600 : 500} ${size}px ${FAMILY}`;
}
