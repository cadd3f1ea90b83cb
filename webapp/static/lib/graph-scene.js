/**
 * The scene of a model graph as the server lays it out → columns that drawing, pointing and walking read.
 * Everything is in scene pixels, (0, 0) at the top left; a box is known by its place in the columns.
 */

/** @typedef {"op" | "input" | "output" | "constant" | "missing" | "group" | "open" | "fold" | "section" | "stub"} BoxKind */
/** @typedef {{x: number, y: number, width: number, height: number}} Rect */

/**
 * @typedef {object} SceneAnswer columns of one length for boxes, and of another for edges; those with "?" may be left out
 * @property {[number, number]} size
 * @property {{id: string[], kind: string[], label: string[], sub?: string[], x: number[], y: number[], w: number[], h: number[], parent?: number[], nodes?: number[], parameters?: number[], badges?: string[][], status?: string[]}} boxes
 * @property {{from: number[], to: number[], points: number[][], label?: string[], count?: number[], bytes?: number[], control?: (boolean | number)[], kind?: string[], status?: string[]}} edges
 *
 * @typedef {object} GraphEdges
 * @property {number} count
 * @property {Int32Array} from boxes
 * @property {Int32Array} to
 * @property {Float64Array[]} points x, y, x, y, … of each edge
 * @property {Float64Array} bounds left, top, right, bottom of each edge
 * @property {string[]} label what the tensor is, "" unknown
 * @property {ArrayLike<number>} times how many edges of the model this one stands for
 * @property {ArrayLike<number>} bytes −1 unknown
 * @property {ArrayLike<number | boolean>} control
 * @property {string[]} kind "edge" | "stub" | "back"
 * @property {string[]} status "added" | "removed" | "changed" | "same" | ""
 *
 * @typedef {object} GraphScene
 * @property {number} width
 * @property {number} height
 * @property {number} count
 * @property {string[]} id
 * @property {string[]} kind see BoxKind
 * @property {string[]} label
 * @property {string[]} sub the second line
 * @property {Float64Array} x left
 * @property {Float64Array} y top
 * @property {Float64Array} w
 * @property {Float64Array} h
 * @property {Float64Array} room width that texts were cut to: that of the box when nothing moves
 * @property {Int32Array} parent the open group's frame that a box lies in, −1
 * @property {Int32Array} depth how many frames a box lies in
 * @property {ArrayLike<number>} nodes operations inside
 * @property {ArrayLike<number>} parameters numbers that the model learns, inside
 * @property {string[]} status as of edges
 * @property {string[][]} badges names of constants that a box has taken in
 * @property {Map<string, number>} at id → place
 * @property {GraphEdges} edges
 */

/** @param {SceneAnswer} answer @returns {GraphScene} */
export function readScene({ size, boxes, edges }) {
  const count = boxes.id.length;
  const parent = parents(boxes.parent ?? [], count);
  return {
    width: Math.max(1, size?.[0] || 0), height: Math.max(1, size?.[1] || 0), count,
    id: boxes.id, kind: boxes.kind, label: boxes.label,
    sub: texts(boxes.sub, count), status: texts(boxes.status, count), badges: boxes.badges ?? [],
    x: numbers(boxes.x, count), y: numbers(boxes.y, count), w: numbers(boxes.w, count), h: numbers(boxes.h, count),
    room: numbers(boxes.w, count),
    parent, depth: depths(parent),
    nodes: boxes.nodes ?? new Int8Array(count), parameters: boxes.parameters ?? new Int8Array(count),
    at: new Map(boxes.id.map((id, place) => [id, place])),
    edges: readEdges(edges, count),
  };
}

/** An edge whose ends are not there, or without a line, is left out. @param {SceneAnswer["edges"]} edges @param {number} boxes how many there are @returns {GraphEdges} */
function readEdges(edges, boxes) {
  const count = edges.from.length;
  const points = edges.points.map((line) => Float64Array.from(line));
  const bounds = new Float64Array(4 * count);
  for (let edge = 0; edge < count; edge += 1) {
    const inside = edges.from[edge] >= 0 && edges.from[edge] < boxes && edges.to[edge] >= 0 && edges.to[edge] < boxes;
    if (!inside) points[edge] = new Float64Array(0);
    bounds.set(boundsOf(points[edge]), 4 * edge);
  }
  return {
    count, points, bounds, from: Int32Array.from(edges.from), to: Int32Array.from(edges.to),
    label: texts(edges.label, count), kind: texts(edges.kind, count, "edge"), status: texts(edges.status, count),
    times: edges.count ?? new Int8Array(count).fill(1), bytes: edges.bytes ?? new Int8Array(count).fill(-1),
    control: edges.control ?? new Int8Array(count),
  };
}

/** @param {ArrayLike<number>} line x, y, x, y, … @returns {[number, number, number, number]} left, top, right, bottom */
export function boundsOf(line) {
  /** @type {[number, number, number, number]} */
  const box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let at = 0; at + 1 < line.length; at += 2) {
    box[0] = Math.min(box[0], line[at]);
    box[1] = Math.min(box[1], line[at + 1]);
    box[2] = Math.max(box[2], line[at]);
    box[3] = Math.max(box[3], line[at + 1]);
  }
  return box;
}

/** Parents come before their children; anything else is not believed. @param {number[]} told @param {number} count */
function parents(told, count) {
  return Int32Array.from({ length: count }, (_, place) => (told[place] >= 0 && told[place] < place ? told[place] : -1));
}

/** @param {Int32Array} parent */
function depths(parent) {
  const depth = new Int32Array(parent.length);
  parent.forEach((above, place) => {
    if (above >= 0) depth[place] = depth[above] + 1;
  });
  return depth;
}

/** @param {number[]} told @param {number} count */
function numbers(told, count) {
  return Float64Array.from({ length: count }, (_, place) => (Number.isFinite(told[place]) ? told[place] : 0));
}

/** @param {string[] | undefined} told @param {number} count @param {string} [otherwise] */
function texts(told, count, otherwise = "") {
  return told ?? new Array(count).fill(otherwise);
}

/** Whether a box can be opened or closed. @param {GraphScene} scene @param {number} box */
export function opens(scene, box) {
  return ["group", "open", "fold", "section"].includes(scene.kind[box]);
}

/** @param {GraphScene} scene @param {number} box @returns {Rect} */
export function rectOf({ x, y, w, h }, box) {
  return { x: x[box], y: y[box], width: w[box], height: h[box] };
}

/** The innermost box at a point, −1 where there is none. @param {GraphScene} scene @param {number} x @param {number} y @param {number} [slack] how far beside a box still counts */
export function boxAt(scene, x, y, slack = 0) {
  let found = -1;
  for (let box = 0; box < scene.count; box += 1) {
    const room = scene.kind[box] === "open" ? 0 : slack;
    const inside = x >= scene.x[box] - room && x <= scene.x[box] + scene.w[box] + room && y >= scene.y[box] - room && y <= scene.y[box] + scene.h[box] + room;
    if (inside && (found < 0 || scene.depth[box] >= scene.depth[found])) found = box;
  }
  return found;
}

/** The edge nearest to a point, −1 where none is within reach. @param {GraphScene} scene @param {number} x @param {number} y @param {number} reach */
export function edgeAt({ edges }, x, y, reach) {
  let [found, best] = [-1, reach];
  for (let edge = 0; edge < edges.count; edge += 1) {
    const at = 4 * edge;
    if (x < edges.bounds[at] - reach || y < edges.bounds[at + 1] - reach || x > edges.bounds[at + 2] + reach || y > edges.bounds[at + 3] + reach) continue;
    const far = distanceTo(edges.points[edge], x, y);
    if (far < best) [found, best] = [edge, far];
  }
  return found;
}

/** Whether a line gets to a point in a bend that leaves and arrives upright: downwards and to a side. Other pieces are straight. @param {ArrayLike<number>} line @param {number} at of the point's x in `line` */
export function isBend(line, at) {
  return line[at + 1] - line[at - 1] > 0.5 && Math.abs(line[at] - line[at - 2]) > 0.5;
}

const PIECES = 8; // of a bend, as pointing sees it

/** @param {Float64Array} line @param {number} x @param {number} y */
function distanceTo(line, x, y) {
  let best = Infinity;
  for (let at = 2; at + 1 < line.length; at += 2) {
    const pieces = isBend(line, at) ? PIECES : 1;
    for (let piece = 0; piece < pieces; piece += 1) {
      const [from, to] = [piece / pieces, (piece + 1) / pieces].map((share) => alongPiece(line, at, share, pieces > 1));
      best = Math.min(best, distanceToPiece(from, to, x, y));
    }
  }
  return best;
}

/** A point of the piece that ends at `at`. @param {Float64Array} line @param {number} at @param {number} t 0 … 1 @param {boolean} bend @returns {[number, number]} */
function alongPiece(line, at, t, bend) {
  const [x1, y1, x2, y2] = [line[at - 2], line[at - 1], line[at], line[at + 1]];
  if (!bend) return [x1 + (x2 - x1) * t, y1 + (y2 - y1) * t];
  const aside = t * t * (3 - 2 * t); // the cubic with upright ends and both control points at half the height
  const down = 1.5 * t * (1 - t) + t ** 3;
  return [x1 + (x2 - x1) * aside, y1 + (y2 - y1) * down];
}

/** @param {[number, number]} from @param {[number, number]} to @param {number} x @param {number} y */
function distanceToPiece([x1, y1], [x2, y2], x, y) {
  const [dx, dy] = [x2 - x1, y2 - y1];
  const length = dx * dx + dy * dy;
  const share = length ? Math.min(1, Math.max(0, ((x - x1) * dx + (y - y1) * dy) / length)) : 0;
  return Math.hypot(x - x1 - share * dx, y - y1 - share * dy);
}

/** The frame that an edge runs in, −1: in none. @param {GraphScene} scene @param {number} edge */
export function frameOf({ edges, parent }, edge) {
  const [from, to] = [edges.from[edge], edges.to[edge]];
  return parent[from] === to ? to : parent[to];
}

/** Edges that come into a box and that leave it. @param {GraphScene} scene @param {number} box @returns {{into: number[], from: number[]}} */
export function edgesOf({ edges }, box) {
  const into = [];
  const from = [];
  for (let edge = 0; edge < edges.count; edge += 1) {
    if (edges.to[edge] === box) into.push(edge);
    if (edges.from[edge] === box) from.push(edge);
  }
  return { into, from };
}
