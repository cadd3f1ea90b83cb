/** What follows the pointer, the keys and the choice: drawn above the scene in each frame. */

import { edgesOf, opens } from "../lib/graph-scene.js";
import { boxStyle, edgeWidth } from "./graph-look.js";
import { traceBox } from "./graph-boxes.js";
import { paintAlike } from "./graph-edges.js";

/** @typedef {import("../lib/graph-scene.js").GraphScene} GraphScene */
/** @typedef {import("../lib/graph-camera.js").Placement} Placement */
/** @typedef {import("./graph-look.js").Look} Look */

/**
 * @typedef {object} Pointed boxes and edges by place, −1 none
 * @property {number} hover
 * @property {number} edge that is pointed at
 * @property {number} selected
 * @property {number} focus where the keys are
 * @property {boolean} walking the keys were used last: the focus is shown
 */

const MOST_EDGES = 400; // of one box, drawn again above the others
const SIGN = 8; // radius of the sign that opens a box, CSS pixels

/** @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {Look} look @param {Placement} placement @param {Pointed} pointed @param {Set<string> | null} marked ids */
export function paintOverlay(context, scene, look, placement, { hover, edge, selected, focus, walking }, marked) {
  const { ink } = look;
  const chosen = selected >= 0 ? selected : hover;
  if (chosen >= 0 && scene.kind[chosen] !== "open") paintTouching(context, scene, ink, placement, chosen, selected >= 0 ? 1 : 0.75);
  if (edge >= 0) paintAccented(context, scene, ink, placement, [edge], 1);
  if (marked) ring(context, scene, look, placement, [...marked].map((id) => scene.at.get(id) ?? -1).filter((box) => box >= 0), 1.5, 0);
  if (hover >= 0 && hover !== selected && scene.kind[hover] !== "open") ring(context, scene, look, placement, [hover], 1, 0);
  if (selected >= 0) ring(context, scene, look, placement, [selected], 2.25, 1);
  if (walking && focus >= 0) ring(context, scene, look, placement, [focus], 2, 4);
  const sign = signPlace(scene, placement, hover >= 0 ? hover : selected);
  if (sign) paintSign(context, ink, sign);
}

/** @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {import("./graph-look.js").GraphInk} ink @param {Placement} placement @param {number} box @param {number} alpha */
function paintTouching(context, scene, ink, placement, box, alpha) {
  const { into, from } = edgesOf(scene, box);
  paintAccented(context, scene, ink, placement, [...into, ...from].slice(0, MOST_EDGES), alpha);
}

/** @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {import("./graph-look.js").GraphInk} ink @param {Placement} placement @param {number[]} edges @param {number} alpha */
function paintAccented(context, scene, ink, placement, edges, alpha) {
  for (const edge of edges) {
    const control = Boolean(scene.edges.control[edge]);
    paintAlike(context, scene, { color: ink.accent, width: edgeWidth(scene.edges.bytes[edge], control) + 0.5, dash: control ? [2, 3] : [], alpha, goesOn: scene.kind[scene.edges.to[edge]] === "open" }, placement, [edge]);
  }
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {Look} look @param {Placement} placement @param {number[]} boxes @param {number} width CSS pixels @param {number} gap between box and ring */
function ring(context, scene, { ink, boxes: classes, boxClass }, placement, boxes, width, gap) {
  context.strokeStyle = ink.accent;
  context.lineWidth = width;
  context.beginPath();
  for (const box of boxes) {
    const { radius } = boxStyle(ink, classes[boxClass[box]], placement.k);
    traceBox(context, scene, placement, box, radius + gap / placement.k, 0, -width - 2 * gap);
  }
  context.stroke();
}

/** The middle of the sign that opens a box, at its upper right corner; null where it has none. @param {GraphScene} scene @param {Placement} placement @param {number} box @returns {{x: number, y: number} | null} CSS pixels of the view */
export function signPlace(scene, { left, top, k }, box) {
  if (box < 0 || scene.kind[box] === "open" || !opens(scene, box) || scene.w[box] * k < 3 * SIGN) return null;
  return { x: left + (scene.x[box] + scene.w[box]) * k - 2, y: top + scene.y[box] * k + 2 };
}

/** @param {{x: number, y: number} | null} sign @param {{x: number, y: number}} point @param {boolean} finger which is not as exact as a mouse */
export function isOnSign(sign, point, finger) {
  return sign !== null && Math.hypot(sign.x - point.x, sign.y - point.y) <= SIGN + (finger ? 10 : 2);
}

/** @param {CanvasRenderingContext2D} context @param {import("./graph-look.js").GraphInk} ink @param {{x: number, y: number}} place */
function paintSign(context, ink, { x, y }) {
  context.fillStyle = ink.accent;
  context.beginPath();
  context.arc(x, y, SIGN, 0, 2 * Math.PI);
  context.fill();
  context.strokeStyle = ink.surface;
  context.lineWidth = 1.75;
  context.lineCap = "round";
  context.beginPath();
  context.moveTo(x - 3.5, y);
  context.lineTo(x + 3.5, y);
  context.moveTo(x, y - 3.5);
  context.lineTo(x, y + 3.5);
  context.stroke();
  context.lineCap = "butt";
}
