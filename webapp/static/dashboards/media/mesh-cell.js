/** One run's mesh or point cloud. */

import { makeLayer, sizeLayer } from "../../charts/canvas.js";
import { drawBox } from "../../charts/scene-box.js";
import { drawWithoutWebgl, FALLBACK_POINTS } from "../../charts/scene-fallback.js";
import { SceneGestures } from "../../charts/scene-gestures.js";
import { drawsPoints, sceneRenderer } from "../../charts/scene-renderer.js";
import { viewProjection } from "../../lib/camera.js";
import { formatCompact, formatCount, formatValue, plural } from "../../lib/format.js";
import { placeIn, pointAt } from "../../lib/scene-data.js";
import { meshBox, meshShading, pointScale, scenes } from "../../state/scenes.js";
import { cellNotes } from "../../ui/cell-notes.js";
import { h } from "../../ui/dom.js";
import { readInk } from "../../ui/ink.js";
import { drawNever, drawSoon, isWaiting } from "./draw-queue.js";

/** @typedef {import("./kind.js").CardHost} CardHost */
/** @typedef {import("./mesh-view.js").MeshView} MeshView */
/** @typedef {import("../../lib/scene-data.js").Scene} Scene */
/** @typedef {(message: string | null, retry?: () => void) => void} Say */

const ASPECT = 0.72; // height by width of a picture
const TALLEST = 520; // pixels
const EVERYTHING = 1 << 22; // points and faces that are sent at most
const SLOW = 45; // ms of a frame: then fewer points are drawn in one
const REST = 160; // ms after which everything is drawn again
const [FEWEST, FIRST] = [20_000, 150_000]; // points of a frame: at least, and before anybody knows
const REACH = 7; // pixels round the pointer
const LABELLED = 200; // pixels: in a smaller picture the box has no room for its labels

export class MeshCell {
  #host; #view; #run; #say;
  #stage = h("div", { className: "mesh-stage", tabindex: "0", role: "application", title: "Drag turns, Shift and drag moves, the wheel (in focus, or with Ctrl) zooms, double click resets" });
  #layer = makeLayer(this.#stage, "mesh-canvas");
  #point = h("output", { className: "mesh-point" });
  #facts = h("span", { className: "mesh-facts" });
  #notes = cellNotes();
  /** @type {Scene | null} */ #scene = null;
  #ready = false;
  #most = FIRST; // points that are drawn in one frame
  #begun = { key: "", points: 0 }; // a picture that takes several frames
  #timer = 0;
  #drawn = "";
  element;

  /** @param {CardHost} host @param {MeshView} view @param {string} run @param {Say} say */
  constructor(host, view, run, say) {
    this.#host = host;
    this.#view = view;
    this.#run = run;
    this.#say = say;
    this.#stage.append(this.#point);
    this.element = h("div", { className: "mesh" }, this.#stage, this.#facts, this.#notes.element);
    new SceneGestures(this.#stage, {
      camera: () => view.camera,
      move: (camera) => view.move(camera),
      reset: () => view.reset(),
      hover: (x, y) => this.#hover(x, y),
      leave: () => (this.#point.textContent = ""),
    });
  }

  /** @param {number} index */
  show(index) {
    /** @type {Record<string, number>} */
    const params = this.#view.everything ? { points: EVERYTHING, faces: EVERYTHING } : {};
    const address = this.#host.address("scene", this.#run, index, { ...params, sample: this.#view.sample });
    const found = scenes.get(address);
    this.#ready = found !== null;
    this.#stage.classList.toggle("loading", !found && !this.#scene);
    if (!found) return;
    if (found.problem !== null) {
      this.#take(null);
      return this.#say(found.problem, () => scenes.retry(address));
    }
    this.#take(found.value);
    this.draw();
  }

  /** Draws the picture in one of the next frames, where it is not what it should be. */
  draw() {
    if (this.#scene && this.#wanted(this.#scene)?.key !== this.#drawn) drawSoon(this.#drawNow);
  }

  get header() {
    return this.#scene?.header ?? null;
  }

  /** @param {string} label of the run */
  name(label) {
    this.#stage.setAttribute("aria-label", `Mesh of ${label}: arrow keys turn it, with Shift they move it, + and − zoom, 0 resets`);
  }

  ready() {
    return this.#ready && !isWaiting(this.#drawNow);
  }

  destroy() {
    clearTimeout(this.#timer);
    drawNever(this.#drawNow);
    this.#take(null);
  }

  /** What is to be drawn; null where there is no room. @param {Scene} scene */
  #wanted(scene) {
    const width = this.#stage.clientWidth;
    if (width === 0) return null;
    const size = { width, height: Math.min(TALLEST, Math.round(width * ASPECT)) };
    const ink = readInk();
    const { camera, frame } = this.#view;
    const look = this.#lookOf(scene, ink);
    const { center, points } = scene.header;
    const some = !this.#resting() && drawsPoints(scene, look) && this.#most < points;
    const drawing = { scene, place: placeIn(scene.header, frame), camera, look, from: 0, most: Infinity };
    return { key: JSON.stringify([center, points, size, devicePixelRatio, camera, frame, look, meshBox.get(), some, ink.dark, generation]), drawing, size, ink, some };
  }

  #drawNow = () => {
    const wanted = this.#scene && this.#wanted(this.#scene);
    if (!wanted) return false;
    const { key, drawing, size, ink, some } = wanted;
    const from = this.#begun.key === key ? this.#begun.points : 0;
    const most = sceneRenderer() && drawsPoints(drawing.scene, drawing.look) ? this.#most : Infinity;
    this.#paint({ ...drawing, from, most }, size, ink);
    this.#begun = { key, points: from + most };
    if (!some && from + most < drawing.scene.header.points) return true;
    this.#begun.key = "";
    this.#drawn = key;
    clearTimeout(this.#timer);
    if (this.#resting()) this.#host.redraw(); // the page waits for it
    else this.#timer = window.setTimeout(() => this.draw(), REST);
    return false;
  };

  /** Whether the camera stands still. */
  #resting() {
    return performance.now() - this.#view.moved >= REST;
  }

  /** @param {import("../../charts/scene-renderer.js").Drawing} drawing @param {{width: number, height: number}} size @param {ReturnType<typeof readInk>} ink */
  #paint(drawing, size, ink) {
    const began = performance.now();
    const { context, canvas } = this.#layer;
    sizeLayer(this.#layer, size);
    if (meshBox.get()) {
      const matrix = viewProjection(drawing.camera, size.width / size.height);
      drawBox(context, size, matrix, drawing.scene.header, this.#view.frame, { line: ink.line, label: size.width < LABELLED ? "transparent" : ink.label });
    }
    context.setTransform(1, 0, 0, 1, 0, 0);
    const renderer = sceneRenderer();
    if (renderer) renderer.draw(drawing, context, canvas.width, canvas.height);
    else drawWithoutWebgl(drawing, context, canvas.width, canvas.height);
    this.#adapt(performance.now() - began, Math.min(drawing.most, drawing.scene.header.points - drawing.from));
  }

  /** Fewer points in a frame that takes too long, and more where there is time. @param {number} took ms @param {number} points */
  #adapt(took, points) {
    if (points < Math.min(FEWEST, this.#most)) return;
    if (took > SLOW) this.#most = Math.max(FEWEST, Math.round((points * SLOW) / took / 1.3));
    else if (took < SLOW / 3) this.#most = Math.max(this.#most, Math.round(points * 1.6));
  }

  /** @param {Scene} scene @param {ReturnType<typeof readInk>} ink @returns {import("../../charts/scene-renderer.js").SceneLook} */
  #lookOf({ header }, ink) {
    const { look, points } = header;
    const chosen = meshShading.get();
    const told = look.wireframe ? "wireframe" : look.flat ? "flat" : "smooth";
    const usual = points > 100_000 ? 1.4 : points > 10_000 ? 2 : points > 1000 ? 3 : 5;
    const run = this.#host.runs().find(({ name }) => name === this.#run);
    return {
      shading: chosen === "auto" ? told : chosen,
      pointSize: usual * pointScale.get() * (devicePixelRatio || 1),
      tint: look.color ?? hex(run?.color ?? "") ?? "#888888",
      fog: ink.dark ? "#151a21" : "#ffffff",
    };
  }

  /** @param {Scene | null} scene */
  #take(scene) {
    if (scene === this.#scene) return;
    if (this.#scene) sceneRenderer()?.forget(this.#scene);
    this.#scene = scene;
    this.#drawn = "";
    if (!scene) return this.#view.leaves(this.#run);
    this.#view.shows(this.#run, scene.header);
    return this.#tell(scene);
  }

  /** @param {Scene} scene */
  #tell({ header, color, face }) {
    const { points, points_of, faces, faces_of, dropped_points, dropped_faces, how, notes } = header;
    const some = (/** @type {number} */ shown, /** @type {number} */ all, /** @type {string} */ noun) => (shown === all ? plural(all, noun) : `${formatCount(shown)} of ${plural(all, noun)}`);
    const parts = face ? [some(faces, faces_of, "face"), points_of === 1 ? "1 vertex" : `${formatCount(points_of)} vertices`] : [some(points, points_of, "point")];
    this.#facts.textContent = [...parts, color ? "" : "no colours"].filter(Boolean).join(" · ");
    this.#facts.title = how;
    const told = [...notes];
    if (dropped_points) told.push(`${plural(dropped_points, "point")} with a coordinate that is no number left out`);
    if (dropped_faces) told.push(`${plural(dropped_faces, "face")} with a corner that is no point left out`);
    if (!sceneRenderer()) told.push(`WebGL is off in this browser: at most ${formatCompact(FALLBACK_POINTS)} points are drawn${face ? ", and no faces" : ""}.`);
    if (points === 0) told.push("There is nothing to draw.");
    this.#notes.show(told);
  }

  /** Where the point under the pointer is. @param {number} x @param {number} y */
  #hover(x, y) {
    const scene = this.#scene;
    if (!scene || (scene.face && meshShading.get() !== "points")) return;
    const size = { width: this.#stage.clientWidth, height: this.#stage.clientHeight };
    const found = pointAt(scene, placeIn(scene.header, this.#view.frame), viewProjection(this.#view.camera, size.width / size.height), size, x, y, REACH);
    const { center, scale } = scene.header;
    this.#point.textContent = found < 0 ? "" : ["x", "y", "z"].map((axis, i) => `${axis} ${formatValue(center[i] + scale * scene.position[3 * found + i], 4)}`).join("  ");
  }
}

/** Counts up when the graphics card was lost and is back. */
let generation = 0;

/** @param {() => void} redraw */
export function onGraphicsBack(redraw) {
  const renderer = sceneRenderer();
  if (!renderer) return;
  renderer.onRestored = () => {
    generation += 1;
    redraw();
  };
}

/** @param {string} color @returns {string | null} null for what is not "#rrggbb" */
function hex(color) {
  return /^#[0-9a-f]{6}$/i.test(color) ? color : null;
}
