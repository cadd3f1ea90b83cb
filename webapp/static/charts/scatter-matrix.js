/**
 * Every pair of some columns as a small scatter chart, and along the diagonal how each column is spread; a box drawn in one
 * of them brushes both of its columns.
 */

import { makeLayer, sizeLayer } from "./canvas.js";
import { FONT } from "./line-frame.js";
import { shortened } from "./scatter-frame.js";

/** @typedef {import("./parallel-paint.js").ParallelModel} MatrixModel */
/** @typedef {import("../lib/parallel-axis.js").Axis} Axis */
/** @typedef {import("../lib/brush.js").Brush} Brush */
/** @typedef {{x: Axis, y: Axis, left: number, top: number, width: number, height: number}} Cell `width` and `height` of the plot, less its margins */

/**
 * @typedef {object} MatrixEvents
 * @property {(brushes: [column: string, brush: Brush | null][]) => void} onBrush
 * @property {(hover: {row: number, clientX: number, clientY: number} | null) => void} onHover
 * @property {(row: number, add: boolean) => void} onPick a click on a dot
 */

const LEFT = 70; // tick labels of the first column of cells
const BOTTOM = 34;
const GAP = 8;
const INNER = 9; // margin within a cell; rows without a value lie in it
const CLICK = 4;
const BINS = 16; // of a column of numbers on the diagonal

/** Every column against every column, row by row. @param {Axis[]} axes @param {number} width @param {number} height @returns {Cell[]} */
function cellsOf(axes, width, height) {
  const count = Math.max(1, axes.length);
  const w = (width - LEFT - GAP * (count - 1) - 1) / count;
  const h = (height - BOTTOM - GAP * count) / count;
  return axes.flatMap((y, row) => axes.map((x, column) => ({
    x, y, left: LEFT + column * (w + GAP) + INNER, top: row * (h + GAP) + INNER, width: w - 2 * INNER, height: h - 2 * INNER,
  })));
}

/** @param {Cell} cell @param {number} row @returns {[number, number]} */
function dotOf({ x, y, left, top, width, height }, row) {
  const [px, py] = [x.places[row], y.places[row]];
  return [left + (Number.isNaN(px) ? -INNER / 2 : px * width), top + height - (Number.isNaN(py) ? -INNER / 2 : py * height)];
}

/** @param {CanvasRenderingContext2D} context @param {MatrixModel} model @param {number} width @param {number} height */
function paintMatrix(context, model, width, height) {
  const cells = cellsOf(model.axes, width, height);
  const size = model.rows.length > 400 ? 2.5 : 4;
  for (const cell of cells) paintGround(context, cell, model);
  const pairs = cells.filter(({ x, y }) => x !== y);
  const others = model.rows.filter((row) => !model.passes(row));
  context.fillStyle = model.ink.line;
  for (const cell of pairs) dots(context, cell, others, 2.5);
  context.globalAlpha = model.rows.length > 400 ? 0.7 : 0.9;
  for (const [color, rows] of byColor(model)) {
    context.fillStyle = color;
    for (const cell of pairs) dots(context, cell, rows, size);
  }
  context.globalAlpha = 1;
  for (const cell of cells.filter(({ x, y }) => x === y)) paintSpread(context, cell, model);
  paintNames(context, cells, model, height);
}

/** Rows that pass, by their colour: a context that changes colours less draws faster. @param {MatrixModel} model */
function byColor({ rows, passes, colorOf }) {
  /** @type {Map<string, number[]>} */
  const groups = new Map();
  for (const row of rows) {
    if (!passes(row)) continue;
    const color = colorOf(row);
    const group = groups.get(color);
    if (group) group.push(row);
    else groups.set(color, [row]);
  }
  return groups;
}

/** @param {CanvasRenderingContext2D} context @param {Cell} cell @param {number[]} rows @param {number} size */
function dots(context, cell, rows, size) {
  for (const row of rows) {
    const [x, y] = dotOf(cell, row);
    context.fillRect(x - size / 2, y - size / 2, size, size);
  }
}

/** How many rows lie where along a column: all of them, and before them those that pass. @param {CanvasRenderingContext2D} context @param {Cell} cell @param {MatrixModel} model */
function paintSpread(context, { x: axis, left, top, width, height }, { rows, passes, ink }) {
  const bins = axis.categories.length || BINS;
  const all = countsOf(axis, rows, bins);
  const most = Math.max(1, ...all);
  const draw = (/** @type {number[]} */ counts, /** @type {string} */ color) => {
    context.fillStyle = color;
    counts.forEach((count, bin) => {
      if (count) context.fillRect(left + (bin * width) / bins + 0.5, top + height * (1 - count / most), width / bins - 1, (height * count) / most);
    });
  };
  draw(all, ink.line);
  context.globalAlpha = 0.55;
  draw(countsOf(axis, rows.filter(passes), bins), ink.accent);
  context.globalAlpha = 1;
}

/** @param {Axis} axis @param {number[]} rows @param {number} bins */
function countsOf({ places }, rows, bins) {
  const counts = new Array(bins).fill(0);
  for (const row of rows) if (!Number.isNaN(places[row])) counts[Math.min(bins - 1, Math.floor(places[row] * bins))] += 1;
  return counts;
}

/** @param {CanvasRenderingContext2D} context @param {Cell} cell @param {MatrixModel} model */
function paintGround(context, cell, { ink, brushes }) {
  const { x, y, left, top, width, height } = cell;
  context.strokeStyle = ink.grid;
  context.lineWidth = 1;
  context.strokeRect(Math.round(left - INNER) + 0.5, Math.round(top - INNER) + 0.5, Math.round(width + 2 * INNER), Math.round(height + 2 * INNER));
  const [across, up] = [x, y].map((axis) => {
    const brush = brushes.get(axis.name);
    return brush ? axis.spans(brush) : null;
  });
  if (!across && !up) return;
  context.fillStyle = ink.accent;
  context.globalAlpha = 0.12;
  for (const [x0, x1] of across ?? [[0, 1]]) {
    for (const [y0, y1] of up ?? [[0, 1]]) context.fillRect(left + x0 * width, top + (1 - y1) * height, (x1 - x0) * width, (y1 - y0) * height);
  }
  context.globalAlpha = 1;
}

/** What is written at the ends of an axis; in the middle where there is one value only. @param {Axis} axis @returns {{at: number, label: string}[]} */
function endsOf({ ends: [lowest, highest], ticks }) {
  return ticks.length === 1 ? [{ at: 0.5, label: ticks[0].label }] : [{ at: 0, label: lowest }, { at: 1, label: highest }];
}

/** Names and ends of the axes, once a row and once a column. @param {CanvasRenderingContext2D} context @param {Cell[]} cells @param {MatrixModel} model @param {number} height */
function paintNames(context, cells, { axes, ink }, height) {
  context.font = FONT;
  context.textBaseline = "middle";
  for (const cell of cells.filter(({ x }) => x === axes[0])) {
    context.textAlign = "right";
    context.fillStyle = ink.label;
    for (const { at, label } of endsOf(cell.y)) context.fillText(shortened(context, label, LEFT - 26), LEFT - 6, cell.top + cell.height * (1 - at));
    context.save();
    context.translate(12, cell.top + cell.height / 2);
    context.rotate(-Math.PI / 2);
    context.textAlign = "center";
    context.fillStyle = ink.text;
    context.fillText(shortened(context, cell.y.title, cell.height + INNER), 0, 0);
    context.restore();
  }
  for (const cell of cells.filter(({ y }) => y === axes[axes.length - 1])) {
    context.fillStyle = ink.label;
    for (const { at, label } of endsOf(cell.x)) {
      context.textAlign = at === 0 ? "left" : at === 1 ? "right" : "center";
      context.fillText(shortened(context, label, cell.width / 2 - 4), cell.left + cell.width * at + (at * 2 - 1) * INNER, height - BOTTOM + 2);
    }
    context.textAlign = "center";
    context.fillStyle = ink.text;
    context.fillText(shortened(context, cell.x.title, cell.width), cell.left + cell.width / 2, height - 12);
  }
}

/** @param {HTMLElement} element must be positioned @param {MatrixModel} model @param {{width: number, height: number}} size @param {MatrixEvents} events */
export function scatterMatrix(element, model, size, events) {
  const base = makeLayer(element, "chart-lines");
  const top = makeLayer(element, "chart-overlay");
  const state = { model, size };
  const paint = () => {
    sizeLayer(base, state.size);
    sizeLayer(top, state.size);
    paintMatrix(base.context, state.model, state.size.width, state.size.height);
  };
  const stop = listen(top, state, events);
  paint();
  return {
    /** @param {MatrixModel} next @param {{width: number, height: number}} nextSize */
    update(next, nextSize) {
      Object.assign(state, { model: next, size: nextSize });
      paint();
    },
    picture: () => ({
      ...state.size,
      paint: (/** @type {CanvasRenderingContext2D} */ context, /** @type {number} */ width, /** @type {number} */ height) => paintMatrix(context, state.model, width, height),
    }),
    destroy() {
      stop();
      element.replaceChildren();
    },
  };
}

/** @param {import("./canvas.js").Layer} layer @param {{model: MatrixModel, size: {width: number, height: number}}} state @param {MatrixEvents} events */
function listen({ canvas, context }, state, events) {
  /** @type {{cell: Cell, x: number, y: number} | null} */
  let drag = null;
  const at = (/** @type {PointerEvent} */ event) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const cellAt = (/** @type {number} */ x, /** @type {number} */ y) => cellsOf(state.model.axes, state.size.width, state.size.height)
    .find(({ left, top, width, height }) => x >= left - INNER && x <= left + width + INNER && y >= top - INNER && y <= top + height + INNER);
  /** @type {Record<string, (event: PointerEvent) => void>} */
  const handlers = {
    pointerdown(event) {
      const { x, y } = at(event);
      const cell = event.button === 0 ? cellAt(x, y) : undefined;
      if (!cell) return;
      drag = { cell, x, y };
      canvas.setPointerCapture(event.pointerId);
    },
    pointermove(event) {
      const { x, y } = at(event);
      if (!drag) return events.onHover(hit(cellAt(x, y), state.model, x, y, event));
      sizeLayer({ canvas, context }, state.size);
      context.strokeStyle = state.model.ink.accent;
      return context.strokeRect(Math.min(x, drag.x), Math.min(y, drag.y), Math.abs(x - drag.x), Math.abs(y - drag.y));
    },
    pointerup(event) {
      if (!drag) return;
      sizeLayer({ canvas, context }, state.size);
      const { x, y } = at(event);
      const under = Math.hypot(x - drag.x, y - drag.y) <= CLICK ? hit(drag.cell, state.model, x, y, event) : null;
      if (under) events.onPick(under.row, event.ctrlKey || event.metaKey || event.shiftKey);
      else events.onBrush(boxed(drag.cell, drag, { x, y }));
      drag = null;
    },
    pointercancel: () => void (drag = null),
    pointerleave: () => events.onHover(null),
  };
  for (const [type, handler] of Object.entries(handlers)) canvas.addEventListener(type, /** @type {EventListener} */ (handler));
  return () => {
    for (const [type, handler] of Object.entries(handlers)) canvas.removeEventListener(type, /** @type {EventListener} */ (handler));
  };
}

/** The brushes that a box in a cell means; a click takes those of the cell away. @param {Cell} cell @param {{x: number, y: number}} from @param {{x: number, y: number}} to @returns {[string, Brush | null][]} */
function boxed({ x, y, left, top, width, height }, from, to) {
  if (Math.hypot(from.x - to.x, from.y - to.y) <= CLICK) return [[x.name, null], [y.name, null]];
  const ends = (/** @type {number} */ a, /** @type {number} */ b) => [a, b].sort((p, q) => p - q);
  const [x0, x1] = ends((from.x - left) / width, (to.x - left) / width);
  const [y0, y1] = ends((top + height - from.y) / height, (top + height - to.y) / height);
  const across = /** @type {[string, Brush]} */ ([x.name, x.brush(x0, x1, x.gaps && x0 < 0)]);
  return x === y ? [across] : [across, [y.name, y.brush(y0, y1, y.gaps && y0 < 0)]];
}

/** @param {Cell | undefined} cell @param {MatrixModel} model @param {number} x @param {number} y @param {PointerEvent} event */
function hit(cell, { rows, passes }, x, y, { clientX, clientY }) {
  if (!cell || cell.x === cell.y) return null;
  let [best, nearest] = [-1, 8];
  for (const row of rows) {
    const [px, py] = dotOf(cell, row);
    const distance = Math.hypot(px - x, py - y);
    if (distance < nearest && passes(row)) [best, nearest] = [row, distance];
  }
  return best < 0 ? null : { row: best, clientX, clientY };
}
