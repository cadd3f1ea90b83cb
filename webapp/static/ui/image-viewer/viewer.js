/** Pictures of several runs over the page: the same place, zoom and light in all of them, and two against one another. */

import { oncePerFrame } from "../../lib/atom.js";
import { stretched } from "../../lib/levels.js";
import { MODES } from "../../lib/picture-pair.js";
import { lightRange } from "../../lib/pixels.js";
import { layPicture, panBy, WHOLE, zoomAround } from "../../lib/pan-zoom.js";
import { h } from "../dom.js";
import { showDialog } from "../dialog.js";
import { LaneChips } from "./lane-chips.js";
import { PlateView } from "./plate-view.js";
import { columnsFor, platesOf, usualSides } from "./plates.js";
import { StepPlayer } from "./step-player.js";
import { viewerBar } from "./viewer-bar.js";
import { listenToViewerKeys } from "./viewer-keys.js";

/** @typedef {import("./source.js").ViewerSource} ViewerSource */
/** @typedef {import("./source.js").Mode} Mode */
/** @typedef {import("../../lib/picture-pair.js").Side} Side */
/** @typedef {import("../../lib/pan-zoom.js").Sight} Sight */

const STEP = 1.25; // of a zoom button

/**
 * @param {ViewerSource} source
 * @param {{key?: string, closed?: () => void}} [how] `key`: the run that was clicked, first of two that are compared
 * @returns {Viewer}
 */
export function showViewer(source, how = {}) {
  return new Viewer(source, how);
}

class Viewer {
  /** @type {Map<string, PlateView>} by plate */ #views = new Map();
  #grid = h("div", { className: "plates" });
  /** @type {[Side, Side]} where nobody chose */ #usual;
  /** @type {import("./plate-view.js").Spot | null} */ #spot = null;
  #phase = 0;
  #samples = 1;
  #blinking = 0;
  #pace = 0;
  #painted = "";
  /** @type {string | undefined} the run that was clicked, until it is in sight */ #sought;
  #draw = oncePerFrame(() => this.#drawNow());
  #refresh = oncePerFrame(() => this.refresh());
  /** @type {(() => void)[]} */ #ends = [];

  /** @param {ViewerSource} source @param {{key?: string, closed?: () => void}} how */
  constructor(source, { key, closed }) {
    this.source = source;
    this.#sought = key;
    this.lanes = new LaneChips(source, this.#refresh, key);
    const keys = this.lanes.shown();
    this.#usual = usualSides(source, key === undefined ? keys : [key, ...keys.filter((other) => other !== key)]);
    this.player = new StepPlayer({ move: () => source.move(1), ready: () => this.#ready, where: source.where, changed: this.#refresh });
    this.bar = viewerBar({
      source,
      sides: () => this.#sides,
      setSide: (place, side) => this.#setSide(place, side),
      setMode: (mode) => this.setMode(mode),
      zoom: (way) => this.zoom(way),
      auto: () => this.#auto(),
      step: source.move,
      sample: (direction) => this.moveSample(direction),
      play: () => this.player.toggle(),
      swap: () => this.swap(),
      changed: this.#refresh,
    });
    this.dialog = showDialog(source.title, this.bar.element, this.lanes.element, this.#grid);
    this.dialog.classList.add("image-viewer");
    this.dialog.tabIndex = -1; // a click on a picture leaves the keys with the viewer
    this.dialog.focus(); // on its close button Space would close it instead of playing
    const resized = new ResizeObserver(this.#draw);
    resized.observe(this.#grid);
    this.#ends = [source.follow(this.#refresh), source.levels.subscribe(this.#refresh), source.sample.subscribe(this.#refresh), source.sight.subscribe(this.#draw), source.comparison.subscribe(this.#refresh),
      listenToViewerKeys(this.dialog, this), () => resized.disconnect(), () => clearInterval(this.#blinking), () => this.player.stop()];
    this.dialog.addEventListener("close", () => {
      for (const end of this.#ends) end();
      closed?.();
    });
    this.refresh();
  }

  close() {
    this.dialog.close();
  }

  get #sight() {
    return this.source.sight.get();
  }

  get #mode() {
    return this.source.comparison.get().mode;
  }

  get #sides() {
    return this.source.comparison.get().sides ?? this.#usual;
  }

  /** Whether every picture that was asked for is shown. */
  get #ready() {
    return this.#views.size > 0 && [...this.#views.values()].every(({ ready }) => ready);
  }

  /** Which pictures are shown, and all that is said of them. */
  refresh() {
    if (!this.dialog.open) return;
    const { source, bar } = this;
    this.lanes.update(this.#mode === "side");
    const plates = platesOf(source, this.#mode, this.lanes.shown(), this.#sides);
    const ids = new Set(plates.map(({ id }) => id));
    for (const [id, view] of this.#views) if (!ids.has(id)) view.element.remove(), this.#views.delete(id);
    const repaint = JSON.stringify([source.levels.get(), bar.gain]);
    plates.forEach((plate, place) => {
      const view = this.#views.get(plate.id) ?? this.#addView(plate.id);
      if (this.#grid.children[place] !== view.element) this.#grid.insertBefore(view.element, this.#grid.children[place] ?? null);
      view.show(plate, source.sample.get(), source.levels.get(), bar.gain);
      if (repaint !== this.#painted) view.paint(source.levels.get(), bar.gain);
    });
    this.#painted = repaint;
    this.#blink();
    this.#countSamples(plates[0]?.layers[0]);
    this.#draw();
  }

  /** @param {string} id */
  #addView(id) {
    const view = new PlateView(this.source, { loaded: this.#draw, gestures: (of) => this.#gestures(of) });
    this.#views.set(id, view);
    return view;
  }

  #pictureInSight() {
    return [...this.#views.values()].find(({ picture }) => picture)?.picture ?? null;
  }

  /** Width of the first picture, in whose pixels the zoom is told. */
  get #reference() {
    return this.#pictureInSight()?.width ?? 0;
  }

  #drawNow() {
    if (!this.dialog.open) return;
    const views = [...this.#views.values()];
    const picture = this.#pictureInSight();
    const room = { width: this.#grid.clientWidth, height: this.#grid.clientHeight };
    const columns = room.width < 560 ? 1 : columnsFor(views.length, room, picture ? picture.width / picture.height : 1);
    this.#grid.style.setProperty("--columns", String(columns));
    const look = { sight: this.#sight, reference: this.#reference, phase: this.#phase, amount: this.bar.pair.amount, spot: this.#spot };
    for (const view of views) view.draw(look);
    this.#seek();
    this.bar.update({ mode: this.#mode, zoom: this.#zoomText(), where: this.source.where(), playing: this.player.playing, sample: Math.min(this.source.sample.get(), this.#samples - 1), samples: this.#samples });
    this.dialog.dataset.ready = String(this.#ready);
  }

  /** Narrow windows show one picture below the other. */
  #seek() {
    this.#views.get(this.#sought ?? "")?.element.scrollIntoView({ block: "nearest" });
    this.#sought = undefined;
  }

  #zoomText() {
    const view = [...this.#views.values()].find(({ picture }) => picture);
    if (!view?.picture) return "–";
    const percent = 100 * layPicture(this.#sight, view.picture, view.box, this.#reference).scale;
    return `${percent < 10 ? percent.toPrecision(2) : Math.round(percent)} %`;
  }

  /** @param {PlateView} view @returns {import("../../lib/view-gestures.js").ViewTarget} */
  #gestures(view) {
    const within = (/** @type {(sight: Sight, picture: {width: number, height: number}) => Sight} */ change) => {
      const { picture } = view;
      const reference = this.#reference;
      if (!picture || !reference) return;
      // The zoom is told in pixels of the first picture; here it is needed in those of this one.
      const share = reference / picture.width;
      const own = { ...this.#sight, zoom: this.#sight.zoom === null ? null : this.#sight.zoom * share };
      const next = change(own, picture);
      this.source.sight.set({ ...next, zoom: next.zoom === null ? null : next.zoom / share });
    };
    return {
      zoom: (factor, point) => within((sight, picture) => zoomAround(sight, picture, view.box, factor, point)),
      pan: (dx, dy) => this.#dragsLine(view, dx) || within((sight, picture) => panBy(sight, picture, view.box, dx, dy)),
      point: (point) => this.#point(view, point),
      twice: () => this.zoom(this.#sight.zoom === null ? "actual" : "fit"),
    };
  }

  /** While all of two pictures is seen, dragging moves the line between them. @param {PlateView} view @param {number} dx CSS pixels */
  #dragsLine(view, dx) {
    if (this.#mode !== "slider" || this.#sight.zoom !== null || !view.picture) return false;
    this.slide(dx / (view.picture.width * layPicture(this.#sight, view.picture, view.box, this.#reference).scale));
    return true;
  }

  /** @param {PlateView} view @param {{x: number, y: number} | null} point */
  #point(view, point) {
    const { picture } = view;
    this.#spot = null;
    if (picture && point) {
      const { left, top, scale } = layPicture(this.#sight, picture, view.box, this.#reference);
      const [u, v] = [(point.x - left) / (picture.width * scale), (point.y - top) / (picture.height * scale)];
      if (u >= 0 && v >= 0 && u < 1 && v < 1) this.#spot = { u, v };
    }
    this.#draw();
  }

  /** @param {"fit" | "actual" | "in" | "out"} way */
  zoom(way) {
    const view = [...this.#views.values()].find(({ picture }) => picture);
    if (way === "fit" || !view) this.source.sight.set(WHOLE);
    else if (way === "actual") this.source.sight.set({ ...this.#sight, zoom: 1 });
    else this.#gestures(view).zoom(way === "in" ? STEP : 1 / STEP, { x: view.box.width / 2, y: view.box.height / 2 });
  }

  /** @param {number} dx @param {number} dy CSS pixels */
  pan(dx, dy) {
    const [view] = this.#views.values();
    if (view) this.#gestures(view).pan(dx, dy);
  }

  /** @param {Mode} mode */
  setMode(mode) {
    this.source.comparison.set({ ...this.source.comparison.get(), mode });
  }

  nextMode() {
    this.setMode(MODES[(MODES.indexOf(this.#mode) + 1) % MODES.length]);
  }

  swap() {
    this.#choose([this.#sides[1], this.#sides[0]]);
  }

  /** Shows the other of two pictures that blink. */
  flip() {
    if (this.#mode !== "blink") this.setMode("blink");
    this.#phase = 1 - this.#phase;
    this.#draw();
  }

  /** @param {number} by share of the picture */
  slide(by) {
    this.bar.pair.amount = Math.min(1, Math.max(0, this.bar.pair.amount + by));
    this.#draw();
  }

  /** @param {1 | -1} direction */
  moveStep(direction) {
    this.player.stop();
    this.source.move(direction);
  }

  play() {
    this.player.toggle();
  }

  /** Moves the place whose values are told. @param {number} dx pixels of the first picture @param {number} dy */
  nudge(dx, dy) {
    const picture = this.#pictureInSight();
    if (!picture) return;
    const { u, v } = this.#spot ?? { u: 0.5, v: 0.5 };
    const beside = (/** @type {number} */ share, /** @type {number} */ by, /** @type {number} */ length) => (Math.min(length - 1, Math.max(0, Math.floor(share * length) + by)) + 0.5) / length;
    this.#spot = { u: beside(u, dx, picture.width), v: beside(v, dy, picture.height) };
    this.#draw();
  }

  /** @param {1 | -1} direction */
  moveSample(direction) {
    this.source.sample.set((Math.min(this.source.sample.get(), this.#samples - 1) + direction + this.#samples) % this.#samples);
  }

  /** @param {number} place @param {Side} side */
  #setSide(place, side) {
    this.#choose(/** @type {[Side, Side]} */ (this.#sides.map((old, other) => (other === place ? side : old))));
  }

  /** @param {[Side, Side]} sides */
  #choose(sides) {
    this.source.comparison.set({ mode: this.#mode, sides });
  }

  /** From the darkest to the brightest value of the pictures in sight. */
  #auto() {
    const ranges = [...this.#views.values()].flatMap(({ pixels }) => pixels.map(lightRange));
    if (ranges.length === 0) return;
    this.source.levels.set(stretched(Math.min(...ranges.map(([low]) => low)), Math.max(...ranges.map(([, high]) => high))));
  }

  #blink() {
    const pace = this.#mode === "blink" ? this.bar.pair.pace : 0;
    if (pace === this.#pace) return;
    clearInterval(this.#blinking);
    this.#pace = pace;
    if (pace === 0) return;
    this.#blinking = window.setInterval(() => {
      this.#phase = 1 - this.#phase;
      this.#draw();
    }, pace);
  }

  /** @param {import("./source.js").Layer | undefined} layer */
  async #countSamples(layer) {
    if (!layer || layer.index < 0) return;
    const samples = await this.source.samples(layer.key, layer.index).catch(() => 1);
    if (samples === this.#samples) return;
    this.#samples = Math.max(1, samples);
    this.#draw();
  }
}
