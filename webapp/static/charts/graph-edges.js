/** Draws the edges of a model graph: calm lines with soft corners and small heads, wider where more bytes flow. */

import { isBend } from "../lib/graph-scene.js";

/** @typedef {import("../lib/graph-scene.js").GraphScene} GraphScene */
/** @typedef {import("../lib/graph-camera.js").Placement} Placement */
/** @typedef {import("../lib/graph-scene.js").Rect} Rect */
/** @typedef {import("./graph-look.js").Look} Look */
/** @typedef {import("./graph-look.js").EdgeClass} EdgeClass */

const CORNER = 10; // radius, scene pixels
const HEAD = 6.5; // length of a head, scene pixels
const SMOOTH_FROM = 0.28; // CSS pixels for a scene pixel: from here on corners and heads are seen

/** @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {Look} look @param {Placement} placement @param {Rect} part the scene's part to draw */
export function paintEdges(context, scene, look, placement, part) {
  /** @type {number[][]} edges to draw, by class */
  const drawn = look.edges.map(() => []);
  for (const edge of edgesIn(scene, part)) drawn[look.edgeClass[edge]].push(edge);
  context.lineJoin = "round";
  drawn.forEach((edges, at) => {
    if (edges.length) paintAlike(context, scene, look.edges[at], placement, edges);
  });
  context.setLineDash([]);
  context.globalAlpha = 1;
}

/** @param {GraphScene} scene @param {Rect} part @returns {number[]} */
function edgesIn({ edges: { count, bounds } }, { x, y, width, height }) {
  const found = [];
  const [left, top, right, bottom] = [x - HEAD, y - HEAD, x + width + HEAD, y + height + HEAD];
  for (let edge = 0, at = 0; edge < count; edge += 1, at += 4) {
    if (bounds[at] <= right && bounds[at + 1] <= bottom && bounds[at + 2] >= left && bounds[at + 3] >= top) found.push(edge);
  }
  return found;
}

/** Some edges of one class. @param {CanvasRenderingContext2D} context @param {GraphScene} scene @param {EdgeClass} look @param {Placement} placement @param {number[]} edges */
export function paintAlike(context, { edges: { points } }, { color, width, dash, alpha, goesOn }, placement, edges) {
  const { k } = placement;
  const smooth = k >= SMOOTH_FROM;
  context.globalAlpha = alpha;
  context.strokeStyle = color;
  context.lineWidth = width * Math.min(1.6, Math.max(0.5, k));
  context.setLineDash(dash.map((length) => length * Math.max(0.5, k)));
  context.beginPath();
  for (const edge of edges) traceLine(context, points[edge], placement, smooth, goesOn ? 0 : HEAD * 0.8);
  context.stroke();
  if (!smooth) return;
  context.fillStyle = color;
  context.beginPath();
  for (const edge of edges) (goesOn ? tracePort : traceHead)(context, points[edge], placement, width);
  context.fill();
}

/** @param {CanvasRenderingContext2D} context @param {Float64Array} line @param {Placement} placement @param {boolean} smooth @param {number} head length that is left to the head, scene pixels */
function traceLine(context, line, placement, smooth, head) {
  const { left, top, k } = placement;
  const last = line.length - 2;
  if (last < 2) return;
  context.moveTo(left + line[0] * k, top + line[1] * k);
  for (let at = 2; at <= last; at += 2) {
    const [, , dx, dy] = at === last && smooth ? endOf(line) : [0, 0, 0, 0];
    const [x, y] = [left + (line[at] - dx * head) * k, top + (line[at + 1] - dy * head) * k];
    if (!smooth) context.lineTo(x, y);
    else if (isBend(line, at)) {
      const middle = top + ((line[at - 1] + line[at + 1]) / 2) * k;
      context.bezierCurveTo(left + line[at - 2] * k, middle, x, middle, x, y);
    } else if (at === last || isBend(line, at + 2)) context.lineTo(x, y);
    else roundCorner(context, line, at, placement);
  }
}

/** @param {CanvasRenderingContext2D} context @param {Float64Array} line @param {number} at of the corner in `line` @param {Placement} placement */
function roundCorner(context, line, at, { left, top, k }) {
  const [x, y] = [line[at], line[at + 1]];
  const before = Math.hypot(line[at - 2] - x, line[at - 1] - y) || 1;
  const behind = Math.hypot(line[at + 2] - x, line[at + 3] - y) || 1;
  const round = Math.min(CORNER, before / 2, behind / 2);
  const toX = (/** @type {number} */ px) => left + px * k;
  const toY = (/** @type {number} */ py) => top + py * k;
  context.lineTo(toX(x + ((line[at - 2] - x) / before) * round), toY(y + ((line[at - 1] - y) / before) * round));
  context.quadraticCurveTo(toX(x), toY(y), toX(x + ((line[at + 2] - x) / behind) * round), toY(y + ((line[at + 3] - y) / behind) * round));
}

/** The last point of a line and the direction it arrives in. @param {Float64Array} line @returns {[number, number, number, number]} */
function endOf(line) {
  const last = line.length - 2;
  const [x, y] = [line[last], line[last + 1]];
  if (isBend(line, last)) return [x, y, 0, 1];
  const length = Math.hypot(x - line[last - 2], y - line[last - 1]) || 1;
  return [x, y, (x - line[last - 2]) / length, (y - line[last - 1]) / length];
}

/** @param {CanvasRenderingContext2D} context @param {Float64Array} line @param {Placement} placement @param {number} width of the line */
function traceHead(context, line, { left, top, k }, width) {
  if (line.length < 4) return;
  const [x, y, dx, dy] = endOf(line);
  const size = Math.min(1.6, Math.max(0.5, k)) / k; // as lines: not as large as boxes
  const [long, half] = [HEAD * Math.min(1.4, size), (2.3 + width * 0.55) * Math.min(1.4, size)];
  const [baseX, baseY] = [x - dx * long, y - dy * long];
  context.moveTo(left + x * k, top + y * k);
  context.lineTo(left + (baseX - dy * half) * k, top + (baseY + dx * half) * k);
  context.lineTo(left + (baseX + dy * half) * k, top + (baseY - dx * half) * k);
  context.closePath();
}

/** Where an edge passes the border of an open group. @param {CanvasRenderingContext2D} context @param {Float64Array} line @param {Placement} placement @param {number} width of the line */
function tracePort(context, line, { left, top, k }, width) {
  if (line.length < 4) return;
  const [x, y] = [left + line[line.length - 2] * k, top + line[line.length - 1] * k];
  const radius = (1.5 + width * 0.5) * Math.min(1.6, Math.max(0.5, k));
  context.moveTo(x + radius, y);
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.closePath();
}
