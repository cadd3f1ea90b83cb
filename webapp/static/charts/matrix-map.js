/** A square matrix as a heat map that can be pointed at, walked through with the keys, and zoomed. */

import { makeLayer, sizeLayer } from "./canvas.js";
import { Gestures } from "./gestures.js";
import { cellAt, clampedPart, drawMatrix, matrixFrame, zoomedPart } from "./matrix-frame.js";
import { drawBox } from "./zoom-box.js";

/** @typedef {import("./matrix-frame.js").MatrixData} MatrixData */
/** @typedef {import("./matrix-frame.js").MatrixOptions} MatrixOptions */
/** @typedef {import("./matrix-frame.js").MatrixFrame} MatrixFrame */
/** @typedef {import("./matrix-frame.js").Part} Part */
/** @typedef {{row: number, column: number}} Cell */

/**
 * @typedef {object} MatrixEvents
 * @property {(cell: Cell | null) => void} onCell the cell at the pointer or the keyboard's
 * @property {(part: Part | null) => void} onPart a part was chosen; null: everything
 */

const KEYS = /** @type {Record<string, [number, number]>} */ ({ ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] });
const ZOOM = 0.5;

/**
 * @param {HTMLElement} element must be positioned
 * @param {string} label what the map is of @param {MatrixEvents} events
 */
export function matrixMap(element, label, events) {
  const base = makeLayer(element, "chart-lines");
  const top = makeLayer(element, "chart-overlay");
  /** @type {State} */
  const state = { data: null, options: null, frame: null, base, top, cell: null };
  top.canvas.tabIndex = 0;
  top.canvas.setAttribute("role", "img");
  top.canvas.setAttribute("aria-label", `${label}: arrow keys go from cell to cell, plus and minus zoom`);
  const gestures = new Gestures(top.canvas, gestureTarget(state, events));
  top.canvas.addEventListener("keydown", (event) => onKey(state, events, event));
  return {
    /** @param {MatrixData} data @param {MatrixOptions} options @returns {number} height in pixels */
    update(data, options) {
      const frame = matrixFrame(base.context, data, options);
      Object.assign(state, { data, options, frame });
      sizeLayer(base, { width: options.width, height: frame.height });
      drawMatrix(base.context, frame, data, options);
      paintOverlay(state);
      return frame.height;
    },
    /** Marks a cell that is pointed at here or in another map. @param {Cell | null} cell */
    mark(cell) {
      if (state.cell?.row === cell?.row && state.cell?.column === cell?.column) return;
      state.cell = cell;
      paintOverlay(state);
    },
    picture() {
      const { data, options, frame } = state;
      if (!data || !options || !frame) return null;
      return {
        width: options.width, height: frame.height,
        paint(/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width) {
          const sized = { ...options, width };
          drawMatrix(context, matrixFrame(context, data, sized), data, sized);
        },
      };
    },
    destroy: () => gestures.stop(),
  };
}

/** @typedef {import("./canvas.js").Layer} Layer */
/** @typedef {{data: MatrixData | null, options: MatrixOptions | null, frame: MatrixFrame | null, base: Layer, top: Layer, cell: Cell | null}} State */

/** @param {State} state */
function paintOverlay({ frame, options, top, cell }) {
  if (!frame || !options) return;
  sizeLayer(top, { width: options.width, height: frame.height });
  if (!cell) return;
  const { part, left, cell: size } = frame;
  const [row, column] = [cell.row - part.top, cell.column - part.left];
  if (row < 0 || column < 0 || row >= part.size || column >= part.size) return;
  const { context } = top;
  context.strokeStyle = options.ink.text;
  context.lineWidth = 1.5;
  const grown = Math.max(size, 4);
  context.strokeRect(left + (column + 0.5) * size - grown / 2, frame.top + (row + 0.5) * size - grown / 2, grown, grown);
}

/** @param {State} state @param {MatrixEvents} events @returns {import("./gestures.js").Target} */
function gestureTarget(state, events) {
  const point = (/** @type {{x: number, y: number}} */ pixel) => events.onCell(state.frame && cellAt(state.frame, pixel));
  const zoom = (/** @type {{x: number, y: number}} */ from, /** @type {{x: number, y: number}} */ to) => {
    if (state.frame && state.data) events.onPart(boxPart(state.frame, state.data.n, from, to));
  };
  let rest = { x: 0, y: 0 };
  return {
    move: point,
    leave: () => events.onCell(null),
    band(from, to) {
      paintOverlay(state);
      if (state.options) drawBox(state.top.context, state.options.ink, from, to);
    },
    zoom,
    select: zoom,
    click: point,
    pan(dx, dy) {
      if (!state.frame || !state.data) return;
      const { part, cell } = state.frame;
      rest = { x: rest.x - dx / cell, y: rest.y - dy / cell };
      const [right, down] = [Math.trunc(rest.x), Math.trunc(rest.y)];
      rest = { x: rest.x - right, y: rest.y - down };
      if (right || down) events.onPart(clampedPart({ ...part, left: part.left + right, top: part.top + down }, state.data.n));
    },
    wheel(pixel, factor) {
      const cell = state.frame && cellAt(state.frame, pixel);
      if (state.frame && state.data && cell) events.onPart(zoomedPart(state.frame.part, state.data.n, factor, cell));
    },
    reset: () => events.onPart(null),
  };
}

/** The square of cells around a box. @param {MatrixFrame} frame @param {number} n @param {{x: number, y: number}} from @param {{x: number, y: number}} to */
function boxPart({ part, left, top, cell }, n, from, to) {
  const [x, y] = [Math.min(from.x, to.x) - left, Math.min(from.y, to.y) - top].map((at) => Math.floor(at / cell));
  const size = Math.max(2, Math.ceil(Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y)) / cell));
  return clampedPart({ size, left: part.left + x, top: part.top + y }, n);
}

/** @param {State} state @param {MatrixEvents} events @param {KeyboardEvent} event */
function onKey({ frame, data, cell }, events, event) {
  if (!frame || !data || event.ctrlKey || event.metaKey || event.altKey) return;
  const at = cell ?? { row: frame.part.top, column: frame.part.left };
  const move = KEYS[event.key];
  const inside = (/** @type {number} */ place) => Math.max(0, Math.min(data.n - 1, place));
  if (move) events.onCell(cell ? { row: inside(at.row + move[0]), column: inside(at.column + move[1]) } : at);
  else if (event.key === "+" || event.key === "-") events.onPart(zoomedPart(frame.part, data.n, event.key === "+" ? ZOOM : 1 / ZOOM, at));
  else if (event.key === "Escape" || event.key === "0") events.onPart(null);
  else return;
  event.preventDefault();
  event.stopPropagation();
}
