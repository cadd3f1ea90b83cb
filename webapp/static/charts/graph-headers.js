/** Names of open groups: each stays in sight as long as its frame is, below those of the frames around it. */

import { groundIn } from "./graph-look.js";
import { FAMILY, fitting } from "./fitting.js";

/** @typedef {import("../lib/graph-scene.js").GraphScene} GraphScene */
/** @typedef {import("./graph-look.js").Look} Look */
/** @typedef {{box: number, x: number, y: number, width: number, height: number, toggle: number, size: number, band: {x: number, width: number} | null}} Header CSS pixels of the view; `toggle`: x of the middle of the sign that closes it; `band`: the frame goes on above the view, its name lies on its boxes */

const BAND = 28; // what the layout leaves free at the top of a frame, scene pixels
const SMALLEST = 9.5; // of letters, CSS pixels
const LARGEST = 16;
const CROWDED = 6; // times the height of a name: a lower frame has no room for one that is larger than what is in it
const LEAST_FRAME = 44; // CSS pixels: a smaller frame shows no name

/**
 * Where the names of the frames in sight stand.
 *
 * @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {import("../lib/graph-camera.js").Placement} placement
 * @param {import("../lib/graph-camera.js").Size} size @param {boolean} [sticky] they follow the view @returns {Header[]}
 */
export function placeHeaders(context, scene, { left, top, k }, size, sticky = true) {
  const letters = Math.min(LARGEST, Math.max(SMALLEST, 12 * k));
  const height = letters * 1.8;
  /** @type {Map<number, number>} frame → lower end of its name */
  const ends = new Map();
  const headers = [];
  context.font = headerFont(letters);
  for (let box = 0; box < scene.count; box += 1) {
    if (scene.kind[box] !== "open") continue;
    const frame = { x: left + scene.x[box] * k, y: top + scene.y[box] * k, right: left + (scene.x[box] + scene.w[box]) * k, bottom: top + (scene.y[box] + scene.h[box]) * k };
    const above = ends.get(scene.parent[box]) ?? (sticky ? 0 : -Infinity);
    ends.set(box, above);
    if (frame.right < 40 || frame.x > size.width || frame.bottom < above || frame.y > size.height || frame.right - frame.x < LEAST_FRAME || frame.bottom - frame.y < LEAST_FRAME) continue;
    const inPlace = frame.y + Math.max(0, (BAND * k - height) / 2);
    const y = Math.min(Math.max(inPlace, above), frame.bottom - height);
    const x = Math.max(frame.x, sticky ? 0 : -Infinity) + Math.min(10, 10 * k);
    const room = frame.right - x - Math.min(10, 10 * k);
    const name = context.measureText(scene.label[box]).width + height;
    const crowded = height > BAND * k * 1.2 && (name > room || frame.bottom - frame.y < CROWDED * height);
    if (y < above - 1 || room < 24 || crowded) continue;
    const sub = scene.sub[box] ? context.measureText(scene.sub[box]).width + letters / 2 : 0;
    // Edges come in through the middle of the upper border.
    const width = Math.min(room, x + name + sub + 6 < (frame.x + frame.right) / 2 || y > inPlace ? name + sub : name);
    const [start, end] = [Math.max(0, frame.x), Math.min(size.width, frame.right)];
    const band = y > inPlace + 6 ? { x: start + 1, width: end - start - 2 } : null;
    headers.push({ box, x, y, width, height, toggle: x + height / 2, size: letters, band });
    ends.set(box, y + height);
  }
  return headers;
}

/** @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {Look} look @param {Header[]} headers @param {number} hovered box */
export function paintHeaders(context, scene, look, headers, hovered) {
  const { ink, boxes, boxClass } = look;
  context.textBaseline = "middle";
  context.textAlign = "left";
  for (const header of headers) {
    paintGround(context, header, groundIn(look, header.box), ink.line);
    context.globalAlpha = boxes[boxClass[header.box]].alpha;
    paintName(context, scene, ink, header, header.box === hovered);
  }
  context.globalAlpha = 1;
}

/** @param {CanvasRenderingContext2D} context @param {Header} header @param {string} fill @param {string} line */
function paintGround(context, { x, y, width, height, band }, fill, line) {
  context.globalAlpha = band ? 1 : 0.92;
  context.fillStyle = fill;
  if (band) {
    context.fillRect(band.x, y, band.width, height);
    context.fillStyle = line;
    context.fillRect(band.x, y + height - 1, band.width, 1);
    return;
  }
  context.beginPath();
  context.roundRect(x - 2, y + height * 0.15, width + 3, height * 0.7, height / 3);
  context.fill();
}

/** @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {import("./graph-look.js").GraphInk} ink @param {Header} header @param {boolean} hovered */
function paintName(context, { label, sub }, ink, { box, x, y, width, height, size, toggle }, hovered) {
  const middle = y + height / 2;
  const [left, room] = [x + height - 2, width - height + 2];
  context.font = headerFont(size);
  context.fillStyle = hovered ? ink.accent : ink.text;
  const name = fitting(context, label[box], room);
  context.fillText(name, left, middle);
  const said = context.measureText(name).width + size / 2;
  context.font = `${size * 0.9}px ${FAMILY}`;
  context.fillStyle = ink.muted;
  if (name === label[box] && sub[box] && room - said > 24) context.fillText(fitting(context, sub[box], room - said), left + said, middle);
  paintToggle(context, toggle - 2, middle, size * 0.36, hovered ? ink.accent : ink.muted);
}

/** A triangle that points down, as before what is unfolded. @param {CanvasRenderingContext2D} context @param {number} x @param {number} y @param {number} size @param {string} color */
function paintToggle(context, x, y, size, color) {
  context.fillStyle = color;
  context.beginPath();
  context.moveTo(x - size, y - size * 0.55);
  context.lineTo(x + size, y - size * 0.55);
  context.lineTo(x, y + size * 0.75);
  context.closePath();
  context.fill();
}

/** The header at a point, innermost first. @param {Header[]} headers @param {number} x @param {number} y */
export function headerAt(headers, x, y) {
  return headers.findLast((header) => x >= header.x - 4 && x <= header.x + header.width + 4 && y >= header.y && y <= header.y + header.height) ?? null;
}

/** @param {number} size */
function headerFont(size) {
  return `600 ${size}px ${FAMILY}`;
}
