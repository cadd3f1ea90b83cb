/** A model graph to look at: pan, zoom, point, open, walk with the keys, minimap, and what is seen as a file. */

import { fitCamera, placementOf, reaching } from "../lib/graph-camera.js";
import { anchorShift } from "../lib/graph-morph.js";
import { boxAt, opens, readScene, rectOf } from "../lib/graph-scene.js";
import { stepFrom } from "../lib/graph-walk.js";
import { boxLines, boxSentence, edgeLines } from "../lib/graph-words.js";
import { ViewGestures } from "../lib/view-gestures.js";
import { hitAt } from "./graph-hit.js";
import { GraphList } from "./graph-list.js";
import { lookOf } from "./graph-look.js";
import { GraphMinimap } from "./graph-minimap.js";
import { graphPicture } from "./graph-paint.js";
import { GraphStage } from "./graph-stage.js";
import { GraphTip } from "./graph-tip.js";

/** @typedef {import("../lib/graph-scene.js").SceneAnswer} SceneAnswer */
/** @typedef {import("../lib/graph-scene.js").GraphScene} GraphScene */
/** @typedef {import("../lib/graph-camera.js").Camera} Camera */
/** @typedef {import("./graph-look.js").LookOptions} LookOptions */
/** @typedef {{x: number, y: number}} Point CSS pixels of the view */

/**
 * @typedef {object} GraphEvents
 * @property {(id: string, kind: string) => void} onOpen a group, a fold or a section is to be opened, or a frame closed
 * @property {(id: string | null, what: {edge?: number}) => void} onSelect null: nothing; `edge`: place in the scene's edges
 * @property {(id: string | null) => void} [onHover]
 * @property {(camera: Camera) => void} [onView] the view rests on another part
 * @property {() => import("./graph-look.js").GraphInk} ink colours of the theme
 * @property {string} [label] what the graph is of
 *
 * @typedef {object} PictureWish
 * @property {string} [title]
 * @property {import("./picture.js").LegendEntry[]} [legend]
 * @property {"scene" | "view"} [part] all of the scene, or what is in view
 */

const SLOP = 4; // a drag shorter than this is a click, CSS pixels
const KEY_ZOOM = 1.3;
const ARROWS = /** @type {Record<string, import("../lib/graph-walk.js").Direction>} */ ({ ArrowUp: "up", ArrowDown: "down", ArrowLeft: "left", ArrowRight: "right" });
const KEYS = "Arrow keys go along edges and to neighbours, Enter opens and closes, Space selects, plus and minus zoom, 0 shows everything.";

const BLEED = 2; // what lines at the scene's border are thicker than it, in pixels

class GraphView {
  #events;
  #stage;
  #minimap;
  #tip = new GraphTip();
  #list;
  /** @type {SceneAnswer | null} */ #answer = null;
  /** @type {LookOptions} */ #options = {};
  #pointed = { hover: -1, edge: -1, selected: -1, focus: -1, walking: false };
  /** @type {{id: string, point: Point | null} | null} what was opened or closed here, in the scene before */ #opened = null;
  #dragged = 0;
  /** @type {Point} */ #held = { x: 0, y: 0 };

  /** @param {HTMLElement} element positioned and with a size, which the graph fills @param {GraphEvents} events */
  constructor(element, events) {
    this.#events = events;
    this.#stage = new GraphStage(element, {
      above: () => ({ pointed: this.#pointed, marked: this.#options.marked ?? null }),
      onFrame: () => this.#follow(),
      onSize: () => this.#resized(),
      onRest: () => this.#events.onView?.(this.view()),
    });
    this.#minimap = new GraphMinimap((x, y) => this.#stage.centre(x, y));
    this.#list = new GraphList((id) => this.#choose(id));
    element.append(this.#minimap.element, this.#tip.element, this.#list.element);
    this.#listen(this.#stage.canvas);
  }

  /** @param {HTMLCanvasElement} canvas */
  #listen(canvas) {
    canvas.tabIndex = 0;
    canvas.setAttribute("role", "application");
    canvas.setAttribute("aria-roledescription", "graph");
    canvas.setAttribute("aria-label", `${this.#events.label ?? "Model graph"}. ${KEYS}`);
    new ViewGestures(canvas, {
      zoom: (factor, point) => this.#stage.zoom(factor, point),
      pan: (dx, dy) => this.#pan(dx, dy),
      point: (point) => this.#point(point),
      twice: (point) => this.#twice(point),
    });
    canvas.addEventListener("pointerdown", () => (this.#dragged = 0));
    canvas.addEventListener("click", (event) => {
      const finger = /** @type {PointerEvent} */ (event).pointerType === "touch";
      if (this.#dragged < SLOP) this.#click(hitAt(this.#stage, this.#pointed, { x: event.offsetX, y: event.offsetY }, finger));
    });
    canvas.addEventListener("keydown", (event) => this.#key(event));
    canvas.addEventListener("focus", () => this.#walk(canvas.matches(":focus-visible")));
    canvas.addEventListener("blur", () => this.#walk(false));
  }

  /** Shows a scene: the same one in another look, or the next one, into which it moves. @param {SceneAnswer} answer @param {LookOptions} [options] */
  update(answer, options = {}) {
    this.#options = options;
    const before = this.#stage.scene;
    const scene = before && answer === this.#answer ? before : readScene(answer);
    const look = lookOf(scene, this.#events.ink(), options);
    const focused = before && this.#pointed.focus >= 0 ? before.id[this.#pointed.focus] : "";
    this.#pointed = { ...this.#pointed, selected: scene.at.get(options.selected ?? "") ?? -1, focus: scene.at.get(focused) ?? -1 };
    if (scene === before) {
      if (!this.#stage.relook(look)) return;
    } else {
      this.#stage.show(scene, look, before && this.#passage(before, scene));
      [this.#answer, this.#opened, this.#pointed.hover, this.#pointed.edge] = [answer, null, -1, -1];
      this.#tip.hide();
      this.#list.show(scene);
    }
    this.#map();
  }

  #map() {
    const { scene, look, size } = this.#stage;
    if (scene && look && size.width > 0) this.#minimap.show(scene, look, size);
  }

  #follow() {
    const { scene, look, part } = this.#stage;
    const { selected } = this.#pointed;
    if (scene && look) this.#minimap.follow(part, scene, look, selected < 0 ? null : rectOf(scene, selected));
  }

  /** What is looked at stays in sight, as when a panel opens beside it. */
  #resized() {
    const { scene, size, camera } = this.#stage;
    const { selected } = this.#pointed;
    this.#map();
    if (scene && selected >= 0 && scene.kind[selected] !== "open") this.#stage.glideTo(reaching(camera, size, rectOf(scene, selected)));
  }

  /** How the next scene follows the one that is shown; null: it is another graph. @param {GraphScene} before @param {GraphScene} after */
  #passage(before, after) {
    const opened = this.#opened?.id ?? null;
    const middle = boxAt(before, this.#stage.camera.x, this.#stage.camera.y);
    const nearby = [this.#options.selected ?? "", middle < 0 ? "" : before.id[middle], ...before.id];
    const shift = (opened !== null && anchorShift(before, after, [opened], this.#opened?.point ?? null)) || anchorShift(before, after, nearby, null);
    return shift && { shift, opened };
  }

  /** Shows the scene as it is met: all of it where it can be read so, else its beginning. */
  start() {
    this.#stage.aim("first");
  }

  /** Shows all of the scene. */
  fit() {
    const { scene, size } = this.#stage;
    if (scene) this.#stage.glideTo(fitCamera({ x: 0, y: 0, width: scene.width, height: scene.height }, size));
  }

  /** @param {number} factor around the middle */
  zoomBy(factor) {
    const { width, height } = this.#stage.size;
    this.#stage.zoom(factor, { x: width / 2, y: height / 2 });
  }

  /** Brings a box into the middle, large enough to be read. @param {string} id @returns {boolean} whether it is in the scene */
  zoomTo(id) {
    const { scene, size, camera } = this.#stage;
    const box = scene?.at.get(id) ?? -1;
    if (!scene || box < 0) return false;
    const whole = fitCamera(rectOf(scene, box), size, { margin: 60 });
    this.#stage.glideTo({ ...whole, k: Math.min(whole.k, Math.max(camera.k, 0.9)) });
    return true;
  }

  /** @returns {Camera} */
  view() {
    return { ...this.#stage.camera };
  }

  /** @param {Camera} camera */
  setView(camera) {
    this.#stage.aim(camera);
  }

  /** The scene as a file. @param {"svg" | "png"} form @param {PictureWish} [wish] @returns {Promise<Blob>} @throws {Error} where nothing is drawn yet, or the picture is too large for the browser */
  async picture(form, { title = this.#events.label ?? "Model graph", legend = [], part = "scene" } = {}) {
    const { scene, look, size, camera } = this.#stage;
    if (!scene || !look) throw new Error("There is no graph to make a picture of yet: wait until it is drawn.");
    const told = { title, legend };
    if (part === "view") return graphPicture(form, scene, look, placementOf(camera, size, 1), size, told);
    const whole = { width: scene.width + 2 * BLEED, height: scene.height + 2 * BLEED };
    return graphPicture(form, scene, look, { left: BLEED, top: BLEED, k: 1, ratio: 1 }, whole, told);
  }

  destroy() {
    this.#stage.destroy();
    this.#list.stop();
    this.#tip.hide();
    for (const part of [this.#stage.canvas, this.#minimap.element, this.#tip.element, this.#list.element]) part.remove();
  }

  /** @param {number} dx @param {number} dy */
  #pan(dx, dy) {
    this.#dragged += Math.abs(dx) + Math.abs(dy);
    [this.#held.x, this.#held.y] = [this.#held.x + dx, this.#held.y + dy];
    if (this.#dragged < SLOP) return;
    this.#tip.hide();
    this.#stage.canvas.style.cursor = "grabbing";
    this.#stage.pan(this.#held.x, this.#held.y);
    this.#held = { x: 0, y: 0 };
  }

  /** @param {Point | null} point */
  #point(point) {
    const { scene, canvas } = this.#stage;
    if (!scene) return;
    const { box, edge, toggle } = point ? hitAt(this.#stage, this.#pointed, point) : { box: -1, edge: -1, toggle: false };
    canvas.style.cursor = box >= 0 || edge >= 0 ? "pointer" : "grab";
    if (!point || (box < 0 && edge < 0) || toggle) this.#tip.hide();
    else {
      const { left, top } = canvas.getBoundingClientRect();
      this.#tip.show(`${box},${edge}`, () => (box >= 0 ? boxLines(scene, box) : edgeLines(scene, edge)), left + point.x, top + point.y);
    }
    if (box === this.#pointed.hover && edge === this.#pointed.edge) return;
    if (box !== this.#pointed.hover) this.#events.onHover?.(box < 0 ? null : scene.id[box]);
    this.#pointed = { ...this.#pointed, hover: box, edge };
    this.#stage.request();
  }

  /** @param {import("./graph-hit.js").Hit} hit */
  #click({ box, edge, toggle, point }) {
    const { scene } = this.#stage;
    if (!scene) return;
    this.#pointed.focus = box;
    if (toggle) this.#open(box, this.#stage.toScene(point));
    else this.#events.onSelect(box < 0 ? null : scene.id[box], edge < 0 ? {} : { edge });
  }

  /** @param {Point} point */
  #twice(point) {
    const { box, toggle } = hitAt(this.#stage, this.#pointed, point);
    if (this.#stage.scene && box < 0) this.#stage.zoom(2, point);
    else if (!toggle) this.#open(box, this.#stage.toScene(point));
  }

  /** @param {number} box @param {Point | null} point of the scene that was pressed */
  #open(box, point) {
    const { scene } = this.#stage;
    if (!scene || box < 0 || !opens(scene, box)) return;
    this.#tip.hide();
    this.#opened = { id: scene.id[box], point };
    this.#events.onOpen(scene.id[box], scene.kind[box]);
  }

  /** @param {string} id */
  #choose(id) {
    const { scene } = this.#stage;
    this.#goTo(scene?.at.get(id) ?? -1);
    this.#events.onSelect(id, {});
  }

  /** @param {boolean} walking */
  #walk(walking) {
    this.#pointed = { ...this.#pointed, walking };
    this.#stage.request();
  }

  /** The keys have reached a box. @param {number} box */
  #goTo(box) {
    const { scene, size, camera } = this.#stage;
    if (!scene || box < 0) return;
    this.#pointed = { ...this.#pointed, focus: box, walking: true };
    this.#list.say(boxSentence(scene, box));
    this.#stage.glideTo(reaching(camera, size, rectOf(scene, box)));
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { scene } = this.#stage;
    if (!scene || event.ctrlKey || event.metaKey || event.altKey) return;
    const { focus, selected } = this.#pointed;
    const here = focus >= 0 ? focus : selected;
    if (ARROWS[event.key]) this.#goTo(stepFrom(scene, here, ARROWS[event.key]));
    else if (event.key === "Enter" && here >= 0 && opens(scene, here)) this.#open(here, null);
    else if ((event.key === "Enter" || event.key === " ") && here >= 0) this.#events.onSelect(scene.id[here], {});
    else if (event.key === "+" || event.key === "=") this.zoomBy(KEY_ZOOM);
    else if (event.key === "-") this.zoomBy(1 / KEY_ZOOM);
    else if (event.key === "0") this.fit();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** @param {HTMLElement} element positioned and with a size, which the graph fills @param {GraphEvents} events */
export function graphView(element, events) {
  return new GraphView(element, events);
}
