/** A timeline to look at: rows of slices over time, drawn from the tiles that are here while better ones come. */

import { layRows, rowAt } from "../lib/timeline-rows.js";
import { levelOf, limitedSpan, movedSpan, spanAround, tilesOf, wholeSpan, zoomedSpan } from "../lib/timeline-span.js";
import { TileStore } from "../lib/timeline-tiles.js";
import { makeLayer, sizeLayer } from "./canvas.js";
import { GraphTip } from "./graph-tip.js";
import { AXIS_HEIGHT, MAP_HEIGHT, paintAxis, TimelineMap } from "./timeline-axis.js";
import { levelOfPlace, paintBelow, paintFrame, seenRows } from "./timeline-frame.js";
import { hitAt, tipLines } from "./timeline-hit.js";
import { LaneStrips } from "./timeline-lanes.js";
import { TimelineMotion } from "./timeline-motion.js";
import { TimelinePointer } from "./timeline-pointer.js";
import { headTarget, rowsTarget } from "./timeline-targets.js";

/** @typedef {import("./timeline-runs.js").Scene} Scene */
/** @typedef {import("./timeline-runs.js").Place} Place */
/** @typedef {import("../lib/timeline-rows.js").Row} Row */
/** @typedef {import("../lib/timeline-rows.js").RankLine} RankLine */
/** @typedef {import("../lib/timeline-span.js").Span} Span */
/** @typedef {import("../lib/timeline-tiles.js").Want} Want */
/** @typedef {import("./timeline-pointer.js").Point} Point */

/**
 * @typedef {object} TimelineEvents
 * @property {(wants: Want[]) => void} onWant tiles that are not here
 * @property {(span: Span) => void} onRest another part of time is in sight, and stays
 * @property {(place: Place | null) => void} onSelect
 * @property {(range: Scene["range"]) => void} onRange
 * @property {() => void} onRows rows lie elsewhere: their heads follow
 * @property {() => Scene["ink"]} ink colours of the theme
 */

const REST = 140; // ms
const STILL = matchMedia("(prefers-reduced-motion: reduce)");

export class TimelineChart {
  store = new TileStore();
  head = Object.assign(document.createElement("div"), { className: "prof-tl-head" });
  body = Object.assign(document.createElement("div"), { className: "prof-tl-body" });
  scroller = Object.assign(document.createElement("div"), { className: "prof-tl-scroll", tabIndex: 0 });
  space = Object.assign(document.createElement("div"), { className: "prof-tl-space" });
  /** Whether a drag moves the view, instead of choosing a range. */ pans = false;
  #events;
  #top = makeLayer(this.head, "prof-tl-axis", { alpha: true });
  #layer = makeLayer(this.body, "prof-tl-drawing", { alpha: false });
  #strips = new LaneStrips();
  #map = new TimelineMap();
  #motion = new TimelineMotion();
  #tip = new GraphTip();
  #size = { width: 0, height: 0 };
  #inset = 0; // CSS pixels of the heads
  #asked = false;
  #rest = 0;
  #choices = { pins: /** @type {ReadonlySet<string>} */ (new Set()), toggled: /** @type {ReadonlySet<string>} */ (new Set()), compact: false };
  #layout = layRows([], this.#choices);
  #bins = /** @type {readonly number[]} */ ([]);
  #observer = new ResizeObserver(() => this.#resized());
  /** @type {Scene} */ #scene;

  /** @param {TimelineEvents} events */
  constructor(events) {
    this.#events = events;
    this.#scene = {
      lines: [], rows: [], pinned: [], span: { from: 0, to: 1 }, store: this.store, ink: events.ink(), by: "kind", sought: null, selected: null, hover: null,
      arrows: [], path: [], range: null, marks: [], pointer: null,
    };
    this.scroller.append(this.space);
    this.scroller.setAttribute("role", "application");
    this.scroller.setAttribute("aria-label", "Timeline. w and s zoom, a and d move, / searches, ? lists all keys.");
    this.body.append(this.scroller, this.#tip.element);
    this.scroller.addEventListener("scroll", () => this.request());
    new TimelinePointer(this.scroller, () => this.#inset, rowsTarget(this, events));
    new TimelinePointer(this.head, () => this.#inset, headTarget(this, events));
    this.#observer.observe(this.body);
  }

  destroy() {
    this.#observer.disconnect();
    this.#motion.stop();
    this.#tip.hide();
    clearTimeout(this.#rest);
  }

  get scene() {
    return this.#scene;
  }

  get layout() {
    return this.#layout;
  }

  /** The last time of all ranks on the common clock, ns. */
  get end() {
    return Math.max(1, ...this.#scene.lines.map(({ info, shift }) => info.end + shift));
  }

  get span() {
    return this.#scene.span;
  }

  /** Whether all of the trace is in sight. */
  get isWhole() {
    const whole = wholeSpan(this.end);
    return this.span.from <= whole.from + 1 && this.span.to >= whole.to - 1;
  }

  /** Other ranks or another trace. @param {readonly RankLine[]} lines @param {Span | null} span null: all of it */
  show(lines, span) {
    this.store.clear();
    this.#motion.stop();
    this.#scene = { ...this.#scene, lines, selected: null, hover: null, arrows: [], path: [], range: null, marks: [] };
    this.#scene.span = span ? limitedSpan(span, this.end) : wholeSpan(this.end);
    this.#lay();
  }

  /** What is drawn in another way. @param {Partial<Pick<Scene, "by" | "selected" | "hover" | "arrows" | "path" | "range" | "marks">>} how */
  set(how) {
    this.#scene = { ...this.#scene, ...how };
    this.request();
  }

  /** @param {readonly number[]} bins how many matches begin in equal parts of the trace @param {Scene["sought"]} sought */
  showMatches(bins, sought) {
    this.#bins = bins;
    this.#scene = { ...this.#scene, sought };
    this.request();
  }

  /** @param {{pins: ReadonlySet<string>, toggled: ReadonlySet<string>, compact: boolean}} choices */
  arrange(choices) {
    this.#choices = choices;
    this.#lay();
  }

  #lay() {
    this.#layout = layRows(this.#scene.lines, this.#choices);
    this.#scene = { ...this.#scene, rows: this.#layout.rows, pinned: this.#layout.pinned };
    this.space.style.height = `${this.#layout.height + this.#layout.pinnedHeight + 24}px`;
    this.#events.onRows();
    this.request();
  }

  recolor() {
    this.set({});
    this.#scene.ink = this.#events.ink();
  }

  /** Towards another part of time. @param {Span | null} span null: all of it */
  glideTo(span) {
    this.#motion.glide(this.span, span ? limitedSpan(span, this.end) : wholeSpan(this.end), STILL.matches);
    this.request();
  }

  /** @param {import("./timeline-motion.js").Move} move */
  press(move) {
    const middle = (this.span.from + this.span.to) / 2;
    this.moveTo(this.#motion.press(move, this.span, this.#scene.pointer ?? middle, this.end));
  }

  /** @param {import("./timeline-motion.js").Move} move */
  release(move) {
    this.#motion.release(move);
  }

  /** Brings a slice into sight: its row at once, its time with a glide where it is not seen, or where it would be too narrow. @param {Place} place @param {boolean} [near] the slice takes most of the view */
  reveal(place, near = false) {
    const level = levelOfPlace(this.frame(), place);
    const { height } = this.#size;
    if (level && (level.top < this.#layout.pinnedHeight || level.top + level.height > height)) this.scroller.scrollTop += level.top - Math.max(this.#layout.pinnedHeight, height / 2 - 20);
    const start = place.start + this.#scene.lines[place.line].shift;
    const wide = (place.duration / (this.span.to - this.span.from)) * this.#size.width;
    const inSight = start >= this.span.from && start + place.duration <= this.span.to;
    if (near || wide > this.#size.width) this.glideTo(spanAround(start, place.duration, this.end, 0.5));
    else if (!inSight || wide < 3) this.glideTo(spanAround(start, place.duration, this.end, wide < 3 ? 0.05 : Math.max(0.001, wide / this.#size.width)));
  }

  /** Draws in the next frame. */
  request() {
    if (this.#asked) return;
    this.#asked = true;
    requestAnimationFrame((now) => this.#frame(now));
  }

  #resized() {
    const { clientWidth, clientHeight } = this.body;
    this.#inset = parseFloat(getComputedStyle(this.body).getPropertyValue("--prof-tl-heads")) || 0;
    this.#size = { width: Math.max(0, this.scroller.clientWidth - this.#inset), height: clientHeight };
    this.#layer.canvas.style.left = this.#top.canvas.style.left = `${this.#inset}px`;
    if (clientWidth) this.request();
  }

  /** @param {Span} span */
  moveTo(span) {
    this.#scene.span = span;
    this.request();
  }

  /** @param {number} now */
  #frame(now) {
    this.#asked = false;
    const { width, height } = this.#size;
    if (!width || !height || !this.#scene.lines.length) return;
    const before = this.#scene.span;
    if (this.#motion.moving) {
      this.#scene.span = this.#motion.frame(before, now, this.#scene.pointer ?? (before.from + before.to) / 2, this.end);
      this.request();
    }
    this.#paint();
    this.#want();
    clearTimeout(this.#rest);
    this.#rest = window.setTimeout(() => this.#motion.moving || this.#events.onRest(this.#scene.span), REST);
  }

  #paint() {
    const frame = this.frame();
    sizeLayer(this.#layer, this.#size);
    paintFrame(this.#layer.context, frame, this.#strips);
    sizeLayer(this.#top, { width: this.#size.width, height: MAP_HEIGHT + AXIS_HEIGHT });
    this.#map.paint(this.#top.context, this.#scene, this.#bins, this.end, this.#size.width);
    paintBelow(this.#top.context, MAP_HEIGHT, () => paintAxis(this.#top.context, this.#scene, this.#size.width));
  }

  /** What is drawn now. @returns {import("./timeline-frame.js").Frame} */
  frame() {
    return { scene: this.#scene, layout: this.#layout, size: this.#size, scrollTop: this.scroller.scrollTop };
  }

  /** Asks for what is in sight and a tile around it, as far as it is not here. */
  #want() {
    const seen = [...seenRows(this.frame()), ...this.#scene.pinned];
    const pixels = this.#size.width * (devicePixelRatio || 1);
    const level = levelOf(this.span, pixels);
    const wants = this.#scene.lines.flatMap(({ info, shift }, line) => {
      const of = (/** @type {Row["sort"]} */ sort) => seen.filter((row) => row.sort === sort && row.line === line).map(({ at }) => at).sort((a, b) => a - b);
      const tiles = tilesOf({ from: this.span.from - shift, to: this.span.to - shift }, level, info.end, 1);
      const missing = this.store.missing({ rank: info.rank, level, ...tiles, bands: of("band"), curves: of("curve") });
      return missing ? [missing] : [];
    });
    if (wants.length) this.#events.onWant(wants);
  }

  /** @param {number} x CSS pixels of the drawing */
  timeAt(x) {
    return this.span.from + (x / this.#size.width) * (this.span.to - this.span.from);
  }

  /** What is under a point. @param {Point} point */
  at({ x, y }) {
    const { pinnedHeight } = this.#layout;
    const found = y < pinnedHeight ? rowAt(this.#scene.pinned, y) : rowAt(this.#scene.rows, y - pinnedHeight + this.scroller.scrollTop);
    return found && { ...found, hit: found.row.sort === "band" ? hitAt(this.#scene, found.row, found.lane, x, this.#size.width) : null };
  }

  /** @param {number} factor above 1: closer @param {number} x CSS pixels of the drawing, which stay in place */
  zoom(factor, x) {
    this.#motion.stop();
    this.moveTo(zoomedSpan(this.span, factor, this.timeAt(x), this.end));
  }

  /** @param {number} dx CSS pixels */
  pan(dx) {
    this.#motion.stop();
    this.moveTo(movedSpan(this.span, (-dx / this.#size.width) * (this.span.to - this.span.from), this.end));
  }

  /** A stretch of time is chosen. @param {Point} from @param {Point} to @param {boolean} done @param {readonly string[] | null} lines */
  band(from, to, done, lines) {
    const times = [this.timeAt(from.x), this.timeAt(to.x)].sort((a, b) => a - b);
    const range = { from: Math.round(times[0]), to: Math.max(Math.round(times[0]) + 1, Math.round(times[1])), lines };
    this.set({ range });
    if (done) this.#events.onRange(range);
  }

  /** @param {Point | null} point @param {Point} client */
  hover(point, client) {
    const found = point && this.at(point);
    this.scroller.style.cursor = found?.hit ? "pointer" : this.pans ? "grab" : "default";
    const lines = found && point ? tipLines(this.#scene, found, point.x, this.#size.width) : [];
    if (lines.length) this.#tip.show(lines.join("\n"), () => lines, client.x, client.y);
    else this.#tip.hide();
    this.set({ hover: found?.hit?.place ?? null });
    this.#scene.pointer = point ? this.timeAt(point.x) : null;
  }
}
