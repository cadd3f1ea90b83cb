/** The picture of the view of memory: curves, allocations over time, or segments; and what is said about the place pointed at. */

import { AddressMap } from "../../../charts/address-map.js";
import { cellAt, colorOf, curvePicture, isStacked, shapesPicture } from "../../../charts/memory-pictures.js";
import { MemoryStage } from "../../../charts/memory-stage.js";
import { formatBytes, formatCount } from "../../../lib/format.js";
import { formatNanoseconds } from "../../../lib/profile-units.js";
import { memoryToCapacity } from "../../../state/profile-memory.js";
import { h } from "../../../ui/dom.js";
import { readInk } from "../../../ui/ink.js";

/** @typedef {import("../../../charts/memory-pictures.js").MemoryCurves} MemoryCurves */
/** @typedef {import("../../../lib/memory-shapes.js").MemoryShapes} MemoryShapes */
/** @typedef {import("../../../charts/address-map.js").AddressMapData} AddressMapData */
/** @typedef {import("../../../state/profile-memory.js").MemoryDevice} MemoryDevice */

/**
 * @typedef {object} PictureEvents
 * @property {(range: [from: number, to: number] | null) => void} onRange
 * @property {(stack: number) => void} onStack a call stack, as the server numbers them
 */

const HINT = "Drag over a stretch of time to look at it closer, double click for all.";

export class PicturePanel {
  #stagePlace = h("div", { className: "prof-memory-stage" });
  #mapPlace = h("div", { className: "prof-memory-map", hidden: true });
  #told = h("p", { className: "prof-memory-told quiet", role: "status" }, HINT);
  #legend = h("ul", { className: "prof-parts-legend" });
  #stage;
  #map;
  #events;
  /** @type {MemoryCurves | null} */ #curves = null;
  /** @type {MemoryShapes | null} */ #shapes = null;
  /** @type {AddressMapData | null} */ #cells = null;
  /** @type {MemoryDevice | null} */ #device = null;
  element;

  /** @param {PictureEvents} events */
  constructor(events) {
    this.#events = events;
    this.#stage = new MemoryStage(this.#stagePlace, "Memory over time", readInk, {
      onPoint: (at) => this.#tell(at), onRange: events.onRange, onOpen: (shape) => this.#openShape(shape),
    });
    this.#map = new AddressMap(this.#mapPlace, readInk, { onPoint: (cell, segment) => this.#tellCell(cell, segment), onOpen: (cell) => this.#openCell(cell) });
    this.element = h("section", { className: "prof-memory-picture", "aria-label": "Memory over time" }, this.#legend, this.#stagePlace, this.#mapPlace, this.#told);
  }

  /** @param {MemoryCurves} curves @param {MemoryDevice} device */
  showCurves(curves, device) {
    [this.#curves, this.#shapes, this.#device] = [curves, null, device];
    this.#swap(false);
    this.#stage.show(curvePicture(curves, { capacity: device.capacity, toCapacity: memoryToCapacity.get(), timeText: this.#timeText }));
    this.#drawLegend();
    this.#say(HINT);
  }

  /** @param {MemoryShapes} shapes @param {MemoryCurves} curves @param {MemoryDevice} device */
  showShapes(shapes, curves, device) {
    [this.#curves, this.#shapes, this.#device] = [curves, shapes, device];
    this.#swap(false);
    this.#stage.show(shapesPicture(shapes, curves, this.#timeText));
    const { hidden, size } = shapes;
    this.#legend.replaceChildren(h("li", {}, h("b", {}, `${formatCount(size.length)}`), hidden ? ` of ${formatCount(size.length + hidden)} allocations, the largest; grey: all others` : " allocations, coloured by call stack"));
    this.#say(HINT);
  }

  /** @param {AddressMapData & {hidden: number}} cells */
  showMap(cells) {
    this.#cells = cells;
    this.#swap(true);
    this.#map.show(cells);
    this.#legend.replaceChildren(h("li", {}, h("b", {}, formatCount(cells.segments.length)), cells.hidden ? ` of ${formatCount(cells.segments.length + cells.hidden)} segments, the largest` : " segments"));
    this.#say("A row is a segment; blocks are coloured by call stack, empty ones are free.");
  }

  recolor() {
    this.#stage.recolor();
    this.#map.recolor();
    if (this.#curves && !this.#shapes) this.#drawLegend();
  }

  destroy() {
    this.#stage.destroy();
    this.#map.destroy();
  }

  #timeText = (/** @type {number} */ time) => (this.#device?.timed === false ? `event ${formatCount(Math.round(time))}` : formatNanoseconds(time));

  /** @param {boolean} map */
  #swap(map) {
    this.#stagePlace.hidden = map;
    this.#mapPlace.hidden = !map;
  }

  /** @param {string} text */
  #say(text) {
    this.#told.textContent = text;
  }

  #drawLegend() {
    const ink = readInk();
    const stacked = this.#curves && isStacked(this.#curves);
    this.#legend.replaceChildren(...(this.#curves?.series ?? []).map(({ title, role }, place) => {
      const swatch = h("span", { className: "prof-part-swatch" });
      swatch.style.setProperty("--part", stacked ? colorOf(place, ink) : role === "allocated" ? ink.accent : ink.muted);
      return h("li", {}, swatch, title);
    }));
  }

  /** @param {{time: number, hit: number} | null} at */
  #tell(at) {
    if (!at || !this.#curves) return this.#say(HINT);
    const cell = cellAt(this.#curves, at.time);
    const parts = [this.#timeText(at.time)];
    for (const { title, most, last } of this.#curves.series) {
      const value = isStacked(this.#curves) ? last[cell] : most[cell];
      if (value > 0) parts.push(`${title} ${formatBytes(value)}`);
    }
    this.#say([this.#shapeText(at.hit), ...parts].filter(Boolean).join(" · "));
  }

  /** @param {number} shape */
  #shapeText(shape) {
    const shapes = this.#shapes;
    if (!shapes || shape < 0) return "";
    const [begin, end] = [shapes.begin[shape], shapes.end[shape]];
    const lived = Number.isNaN(begin) ? "from before the first event" : Number.isNaN(end) ? "never freed" : `lived ${this.#timeText(end - begin)}`;
    return `${formatBytes(shapes.size[shape])} by ${shapes.labels[shapes.stack[shape]]}, ${lived}`;
  }

  /** @param {number} shape */
  #openShape(shape) {
    if (this.#shapes) this.#events.onStack(this.#shapes.rows[this.#shapes.stack[shape]]);
  }

  /** @param {number} cell @param {number} segment */
  #tellCell(cell, segment) {
    const cells = this.#cells;
    if (!cells || cell < 0) return this.#say("");
    const { address, total, allocated, stream, large } = cells.segments[segment];
    const [used, waiting] = [cells.used[cell], cells.waiting[cell]];
    const by = cells.stack[cell] >= 0 ? ` by ${cells.labels[cells.stack[cell]]}` : "";
    const state = waiting > used ? "waiting for its freeing" : used > 0 ? (used < 1 ? `${Math.round(used * 100)} % allocated` : "allocated") : "free";
    this.#say(`${formatBytes(cells.size[cell])} ${state}${by} · segment ${address}, ${formatBytes(allocated)} of ${formatBytes(total)}, ${large ? "large" : "small"}, stream ${stream}`);
  }

  /** @param {number} cell */
  #openCell(cell) {
    const cells = this.#cells;
    if (cells && cells.stack[cell] >= 0) this.#events.onStack(cells.rows[cells.stack[cell]]);
  }
}
