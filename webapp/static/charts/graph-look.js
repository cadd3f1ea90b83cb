/** What boxes and edges of a model graph look like: by what they are, by what they are coloured by, by what is marked. */

import { mix, textOn } from "../lib/color.js";

/** @typedef {import("../lib/graph-scene.js").GraphScene} GraphScene */

/**
 * @typedef {object} GraphInk colours of the theme, "#rrggbb"
 * @property {string} bg of the page
 * @property {string} surface of cards
 * @property {string} text
 * @property {string} muted
 * @property {string} faint
 * @property {string} line
 * @property {string} strongLine
 * @property {string} accent
 * @property {string} ok
 * @property {string} warn
 * @property {string} bad
 * @property {boolean} dark
 *
 * @typedef {object} LookOptions
 * @property {Map<string, string | null> | null} [colors] id → "#rrggbb" that a box is tinted with
 * @property {boolean} [heat] the colours stand for numbers: boxes are filled with them
 * @property {Set<string> | null} [marked] ids of boxes that stand out: of a trace, hits of a search
 * @property {Set<number> | null} [markedEdges]
 * @property {boolean} [dimmed] all that is not marked steps back
 * @property {string | null} [selected]
 *
 * @typedef {{fill: string, line: string, text: string, sub: string, width: number, dash: number[], radius: number, bold: boolean, stack: boolean, mark: string}} BoxStyle `mark`: a sign at its upper left corner
 * @typedef {{kind: string, depth: number, tint: string | null, heat: boolean, status: string, alpha: number}} BoxClass
 * @typedef {{color: string, width: number, dash: number[], alpha: number, goesOn: boolean}} EdgeClass `goesOn`: ends at the border of an open group, within which another edge goes on
 *
 * @typedef {object} Look
 * @property {GraphInk} ink
 * @property {BoxClass[]} boxes
 * @property {Uint16Array} boxClass place in `boxes` of each box
 * @property {EdgeClass[]} edges
 * @property {Uint16Array} edgeClass place in `edges` of each edge
 */

const DIM = 0.3; // what is left of a box that steps back
const PILLS = new Set(["input", "output", "constant", "stub"]);
const MARKS = /** @type {Record<string, string>} */ ({ added: "+", removed: "−", changed: "~" }); // colours alone do not tell everyone
const INNER = new Set(["group", "fold", "section"]); // there is more inside
export const TEXT_FROM = 0.26; // CSS pixels for a scene pixel: smaller boxes have no room for a label
const TINT_FROM = 0.16; // below it colours are all there is to see

/** @param {GraphScene} scene @param {GraphInk} ink @param {LookOptions} options @returns {Look} */
export function lookOf(scene, ink, options) {
  const boxes = new Classes(/** @returns {BoxClass} */ (box) => ({
    kind: scene.kind[box], depth: scene.kind[box] === "open" ? scene.depth[box] % 2 : 0,
    tint: options.colors?.get(scene.id[box]) ?? null, heat: options.heat ?? false, status: scene.status[box],
    alpha: options.dimmed && !options.marked?.has(scene.id[box]) && scene.kind[box] !== "open" ? DIM : 1,
  }));
  const edges = new Classes((edge) => edgeClass(scene, ink, options, edge));
  return { ink, boxClass: boxes.of(scene.count), boxes: boxes.all, edgeClass: edges.of(scene.edges.count), edges: edges.all };
}

/** Whether two looks of a scene are drawn alike. @param {Look} a @param {Look} b */
export function looksSame(a, b) {
  const parts = (/** @type {Look} */ { ink, boxes, edges }) => JSON.stringify([ink, boxes, edges]);
  const alike = (/** @type {Uint16Array} */ one, /** @type {Uint16Array} */ other) => one.length === other.length && one.every((at, place) => at === other[place]);
  return alike(a.boxClass, b.boxClass) && alike(a.edgeClass, b.edgeClass) && parts(a) === parts(b);
}

/** Things that look alike share a class, and are drawn together. @template T */
class Classes {
  /** @type {T[]} */ all = [];
  /** @type {Map<string, number>} */ #known = new Map();
  /** @type {(index: number) => T} */ #describe;

  /** @param {(index: number) => T} describe */
  constructor(describe) {
    this.#describe = describe;
  }

  /** @param {number} count */
  of(count) {
    return Uint16Array.from({ length: count }, (_, index) => {
      const described = this.#describe(index);
      const key = JSON.stringify(described);
      const known = this.#known.get(key) ?? this.all.length;
      if (known === this.all.length) {
        this.#known.set(key, known);
        this.all.push(described);
      }
      return known;
    });
  }
}

/** @param {GraphScene} scene @param {GraphInk} ink @param {LookOptions} options @param {number} edge @returns {EdgeClass} */
function edgeClass({ edges, kind }, ink, { dimmed, markedEdges }, edge) {
  const marked = markedEdges?.has(edge) ?? false;
  const control = Boolean(edges.control[edge]);
  const calm = mix(ink.muted, ink.surface, control ? 0.5 : 0.4);
  const color = marked ? ink.accent : statusColor(ink, edges.status[edge]) ?? (edges.kind[edge] === "back" ? mix(ink.warn, ink.surface, 0.2) : calm);
  const dash = control ? [2, 3] : edges.status[edge] === "removed" ? [6, 3] : [];
  const width = edgeWidth(edges.bytes[edge], control) + (marked ? 0.75 : 0);
  return { color, dash, width, alpha: dimmed && !marked ? DIM : 1, goesOn: kind[edges.to[edge]] === "open" };
}

/** The more bytes an edge carries, the wider it is: 1 px for a kilobyte, 3 for a gigabyte; in steps, so that many look alike. @param {number} bytes −1 unknown @param {boolean} control */
export function edgeWidth(bytes, control = false) {
  if (control || !(bytes >= 0)) return control ? 1 : 1.25;
  const width = 1 + Math.log10(Math.max(1, bytes / 1024)) / 3;
  return Math.min(3.5, Math.round(width * 4) / 4);
}

/** @param {GraphInk} ink @param {string} status @returns {string | null} */
function statusColor(ink, status) {
  return { added: ink.ok, removed: ink.bad, changed: ink.warn }[status] ?? null;
}

/** @param {GraphInk} ink @param {BoxClass} box @param {number} k CSS pixels for a scene pixel @returns {BoxStyle} */
export function boxStyle(ink, { kind, depth, tint, heat, status }, k) {
  const state = statusColor(ink, status);
  const unknown = heat && !tint && INNER.has(kind); // a closed group is blue, which would look like a small number
  const base = plainStyle(ink, unknown ? "op" : kind, depth);
  const style = { ...base, width: state ? 1.75 : 1.1, dash: kind === "missing" || status === "removed" ? [5, 3] : kind === "stub" ? [3, 3] : [], radius: PILLS.has(kind) ? 99 : kind === "open" ? 10 : INNER.has(kind) ? 8 : 5, bold: INNER.has(kind), stack: kind === "fold", mark: MARKS[status] ?? "" };
  if (tint && heat && kind !== "open") {
    const text = mix(textOn(tint), tint, 0.08);
    return { ...style, fill: tint, line: mix(tint, text, 0.4), text, sub: mix(text, tint, 0.2) };
  }
  if (tint) {
    // Where labels are read the colour stays below them; from afar it is all there is to see.
    const share = Math.min(1, Math.max(0, (k - TINT_FROM) / (TEXT_FROM - TINT_FROM)));
    const strong = kind === "open" ? 0.07 : 0.85 - share * (ink.dark ? 0.5 : 0.6);
    return { ...style, fill: mix(ink.surface, tint, strong), line: mix(ink.surface, tint, kind === "open" ? 0.45 : 0.9), sub: mix(ink.text, ink.muted, 0.5) };
  }
  return state ? { ...style, fill: mix(style.fill, state, ink.dark ? 0.2 : 0.11), line: state } : style;
}

/** @param {GraphInk} ink @param {string} kind @param {number} depth even or odd @returns {{fill: string, line: string, text: string, sub: string}} */
function plainStyle(ink, kind, depth) {
  const { text, muted } = ink;
  const soft = { text, sub: muted };
  switch (kind) {
    case "open": return { fill: frameFill(ink, depth), line: mix(ink.line, ink.strongLine, 0.6), ...soft };
    case "group": case "fold": case "section": return { fill: mix(ink.surface, ink.accent, ink.dark ? 0.17 : 0.09), line: mix(ink.strongLine, ink.accent, 0.4), ...soft };
    case "input": case "output": return { fill: mix(ink.surface, ink.text, ink.dark ? 0.16 : 0.09), line: mix(ink.strongLine, ink.text, 0.35), ...soft };
    case "constant": return { fill: ink.bg, line: ink.line, text: muted, sub: muted };
    case "missing": return { fill: ink.bg, line: ink.warn, text: ink.warn, sub: muted };
    case "stub": return { fill: mix(ink.bg, ink.surface, 0.5), line: ink.strongLine, text: muted, sub: ink.faint };
    default: return { fill: ink.dark ? mix(ink.surface, ink.text, 0.07) : ink.surface, line: ink.strongLine, ...soft };
  }
}

/** The ground within a frame: frames in frames alternate. @param {GraphInk} ink @param {number} depth */
function frameFill(ink, depth) {
  return depth % 2 ? ink.bg : ink.surface;
}

/** The ground that lies in a frame. @param {Look} look @param {number} frame place of its box, −1: outside of all */
export function groundIn({ ink, boxes, boxClass }, frame) {
  return frame < 0 ? ink.bg : boxStyle(ink, boxes[boxClass[frame]], 1).fill;
}
