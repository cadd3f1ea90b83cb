/** What stands on the stage of memory: curves of what is allocated and reserved, categories on one another, allocations as shapes. */

import { slotColor, SLOT_COUNT } from "../lib/color.js";
import { belowAt, eachStretch, heightOf, neighbourShape, shapeAt } from "../lib/memory-shapes.js";

/** @typedef {import("./memory-stage.js").Picture} Picture */
/** @typedef {import("./memory-stage.js").StageScale} StageScale */
/** @typedef {import("./memory-stage.js").StageInk} StageInk */
/** @typedef {import("../lib/arrays-frame.js").NamedArray} Numbers */
/** @typedef {import("../lib/memory-shapes.js").MemoryShapes} MemoryShapes */

/**
 * @typedef {{title: string, role: string, least: Numbers, most: Numbers, last: Numbers}} MemorySeries bytes by cell; NaN: nothing is known yet
 * @typedef {{from: number, to: number, cells: number, series: MemorySeries[]}} MemoryCurves
 */

const ROOM = 1.06; // above the highest value
const NOTHING = { hit: () => -1, mark: () => {}, next: () => -1 };

/** @param {MemoryCurves} curves @param {{capacity: number, toCapacity: boolean, timeText: (time: number) => string}} options @returns {Picture} */
export function curvePicture(curves, { capacity, toCapacity, timeText }) {
  const stacked = isStacked(curves);
  const most = Math.max(1, stacked ? highest(sums(curves)) : Math.max(...curves.series.map((series) => highest(series.most))));
  return {
    ...NOTHING, timeText, span: [curves.from, curves.to], most: Math.max(most * ROOM, toCapacity ? capacity * ROOM : 0),
    paint(context, scale, ink) {
      if (stacked) paintStack(context, curves, scale, ink);
      else for (const series of [...curves.series].reverse()) paintSeries(context, series, curves, scale, ink);
      if (capacity && capacity <= Math.max(most * ROOM, toCapacity ? capacity * ROOM : 0)) paintCapacity(context, scale, capacity, ink);
    },
  };
}

/** Categories add up; allocated lies within reserved. @param {MemoryCurves} curves */
export const isStacked = ({ series }) => series.length > 0 && series.every(({ role }) => role !== "allocated" && role !== "reserved");

/** The colour of a category, or of a call stack by its number at the server. @param {number} place @param {StageInk} ink */
export const colorOf = (place, ink) => slotColor(place % SLOT_COUNT, ink.dark ? "dark" : "light");

/** The cell at a time. @param {MemoryCurves} curves @param {number} time */
export const cellAt = ({ from, to, cells }, time) => Math.min(cells - 1, Math.max(0, Math.floor(((time - from) / Math.max(to - from, 1)) * cells)));

/** @param {Iterable<number>} values */
function highest(values) {
  let most = 0;
  for (const value of values) if (value > most) most = value;
  return most;
}

/** @param {MemoryCurves} curves */
function sums({ series, cells }) {
  return Float64Array.from({ length: cells }, (_, cell) => series.reduce((sum, { last }) => sum + (last[cell] || 0), 0));
}

/** Fills between two heights of each cell in one path: cells beside each other would show their seams. @param {CanvasRenderingContext2D} context @param {number} cells @param {StageScale} scale @param {(cell: number) => number} above bytes; NaN: nothing @param {(cell: number) => number} below bytes */
function fillSteps(context, cells, { left, right, y }, above, below) {
  const wide = (right - left) / cells;
  context.beginPath();
  for (let from = 0; from < cells;) {
    if (Number.isNaN(above(from))) {
      from += 1;
      continue;
    }
    let to = from;
    while (to < cells && !Number.isNaN(above(to))) to += 1;
    context.moveTo(left + from * wide, y(below(from)));
    for (let cell = from; cell < to; cell += 1) {
      context.lineTo(left + cell * wide, y(above(cell)));
      context.lineTo(left + (cell + 1) * wide, y(above(cell)));
    }
    for (let cell = to - 1; cell >= from; cell -= 1) {
      context.lineTo(left + (cell + 1) * wide, y(below(cell)));
      context.lineTo(left + cell * wide, y(below(cell)));
    }
    context.closePath();
    from = to;
  }
  context.fill();
}

/** @param {CanvasRenderingContext2D} context @param {MemorySeries} series @param {MemoryCurves} curves @param {StageScale} scale @param {StageInk} ink */
function paintSeries(context, { role, least, most }, { cells }, scale, ink) {
  const allocated = role === "allocated";
  const line = (scale.ground - scale.y(1e12)) / 1e12; // pixels of a byte
  context.fillStyle = allocated ? ink.accent : ink.muted;
  if (allocated) {
    context.globalAlpha = 0.2;
    fillSteps(context, cells, scale, (cell) => least[cell], () => 0);
    context.globalAlpha = 0.5;
    fillSteps(context, cells, scale, (cell) => most[cell], (cell) => least[cell]);
    context.globalAlpha = 1;
  }
  fillSteps(context, cells, scale, (cell) => most[cell], (cell) => (allocated ? most[cell] : Math.min(least[cell], most[cell])) - 1.5 / line);
}

/** @param {CanvasRenderingContext2D} context @param {MemoryCurves} curves @param {StageScale} scale @param {StageInk} ink */
function paintStack(context, { series, cells }, scale, ink) {
  const below = new Float64Array(cells);
  series.forEach(({ last }, place) => {
    context.fillStyle = colorOf(place, ink);
    fillSteps(context, cells, scale, (cell) => below[cell] + (last[cell] || 0), (cell) => below[cell]);
    for (let cell = 0; cell < cells; cell += 1) below[cell] += last[cell] || 0;
  });
}

/** @param {CanvasRenderingContext2D} context @param {StageScale} scale @param {number} capacity @param {StageInk} ink */
function paintCapacity(context, { left, right, y }, capacity, ink) {
  context.strokeStyle = ink.warn;
  context.setLineDash([5, 4]);
  context.beginPath();
  context.moveTo(left, y(capacity));
  context.lineTo(right, y(capacity));
  context.stroke();
  context.setLineDash([]);
  context.fillStyle = ink.warn;
  context.textAlign = "right";
  context.textBaseline = "top";
  context.fillText("capacity", right - 4, y(capacity) + 3);
}

/** @param {MemoryShapes} shapes @param {MemoryCurves} curves of all that is allocated @param {(time: number) => string} timeText @returns {Picture} */
export function shapesPicture(shapes, curves, timeText) {
  const allocated = curves.series.find(({ role }) => role === "allocated");
  return {
    timeText, span: [curves.from, curves.to], most: Math.max(heightOf(shapes), allocated ? highest(allocated.most) : 0, 1) * ROOM,
    paint(context, scale, ink) {
      if (allocated) paintRest(context, allocated, curves, scale, ink);
      for (let shape = 0; shape < shapes.size.length; shape += 1) paintShape(context, shapes, shape, scale, ink);
    },
    hit: (time, bytes) => shapeAt(shapes, time, bytes),
    next: (hit, time, up) => neighbourShape(shapes, Number.isNaN(hit < 0 ? NaN : belowAt(shapes, hit, time)) ? -1 : hit, time, up),
    mark(context, { x, y }, shape, ink) {
      context.fillStyle = ink.text;
      context.globalAlpha = 0.35;
      eachStretch(shapes, shape, (from, to, below) => context.fillRect(x(from), y(below + shapes.size[shape]), Math.max(x(to) - x(from), 1), Math.max(y(below) - y(below + shapes.size[shape]), 1)));
      context.globalAlpha = 1;
    },
  };
}

/** The smaller allocations: what the shapes leave up to all that is allocated. @param {CanvasRenderingContext2D} context @param {MemorySeries} series @param {MemoryCurves} curves @param {StageScale} scale @param {StageInk} ink */
function paintRest(context, { most }, { cells }, scale, ink) {
  context.fillStyle = ink.line;
  fillSteps(context, cells, scale, (cell) => most[cell], () => 0);
}

/** @param {CanvasRenderingContext2D} context @param {MemoryShapes} shapes @param {number} shape @param {StageScale} scale @param {StageInk} ink */
function paintShape(context, shapes, shape, { x, y }, ink) {
  const size = shapes.size[shape];
  context.fillStyle = colorOf(shapes.rows[shapes.stack[shape]], ink);
  eachStretch(shapes, shape, (from, to, below) => {
    const [top, bottom] = [y(below + size), y(below)];
    const gap = bottom - top > 3 ? 1 : 0;
    context.fillRect(x(from), top, Math.max(x(to) - x(from), 0.6), Math.max(bottom - top - gap, 0.4));
  });
}
