/** All of a model graph in a corner, and which part of it is seen; pressing there goes there. */

import { boxesIn, paintBoxes, paintFrames } from "./graph-boxes.js";
import { makeLayer, sizeLayer } from "./canvas.js";

/** @typedef {import("../lib/graph-scene.js").GraphScene} GraphScene */
/** @typedef {import("../lib/graph-scene.js").Rect} Rect */
/** @typedef {import("./graph-look.js").Look} Look */

const LARGEST = { width: 176, height: 132 };
const SHARE = 0.3; // of a small view's width and height
const MARGIN = 6;
const GAP = 20; // between it, with its distance from the corner, and a box that it makes room for

export class GraphMinimap {
  element = document.createElement("div");
  #map;
  #frame;
  /** @type {{left: number, top: number, k: number}} */ #place = { left: 0, top: 0, k: 1 };
  #size = LARGEST;
  #room = 1;

  /** @param {(x: number, y: number) => void} onGo a point of the scene to bring into the middle of the view */
  constructor(onGo) {
    this.element.className = "graph-minimap";
    this.element.setAttribute("aria-hidden", "true"); // the keys go everywhere
    this.#map = makeLayer(this.element, "graph-minimap-scene");
    this.#frame = makeLayer(this.element, "graph-minimap-view");
    const go = (/** @type {PointerEvent} */ event) => {
      const { left, top } = this.element.getBoundingClientRect();
      onGo((event.clientX - left - this.#place.left) / this.#place.k, (event.clientY - top - this.#place.top) / this.#place.k);
    };
    this.element.addEventListener("pointerdown", (event) => {
      this.element.setPointerCapture(event.pointerId);
      go(event);
    });
    this.element.addEventListener("pointermove", (event) => event.buttons && go(event));
  }

  /** Draws the scene anew. @param {GraphScene} scene @param {Look} look @param {{width: number, height: number}} view CSS pixels */
  show(scene, look, view) {
    this.#room = view.width;
    const most = { width: Math.min(LARGEST.width, view.width * SHARE), height: Math.min(LARGEST.height, view.height * SHARE) };
    const k = Math.min((most.width - 2 * MARGIN) / scene.width, (most.height - 2 * MARGIN) / scene.height, 0.18);
    this.#size = { width: Math.max(40, Math.ceil(scene.width * k) + 2 * MARGIN), height: Math.max(40, Math.ceil(scene.height * k) + 2 * MARGIN) };
    this.#place = { left: (this.#size.width - scene.width * k) / 2, top: (this.#size.height - scene.height * k) / 2, k };
    this.element.style.width = `${this.#size.width}px`;
    this.element.style.height = `${this.#size.height}px`;
    sizeLayer(this.#map, this.#size);
    const { context } = this.#map;
    const placement = { ...this.#place, ratio: devicePixelRatio || 1 };
    const boxes = boxesIn(scene, { x: 0, y: 0, width: scene.width, height: scene.height });
    paintFrames(context, scene, look, placement, boxes);
    paintBoxes(context, scene, look, placement, boxes);
  }

  /** @param {Rect} part of the scene that is seen @param {GraphScene} scene @param {Look} look @param {Rect | null} selected what it must not cover */
  follow(part, scene, { ink }, selected) {
    const all = part.x <= 0 && part.y <= 0 && part.x + part.width >= scene.width && part.y + part.height >= scene.height;
    this.element.hidden = all;
    if (all) return;
    this.element.classList.toggle("high", selected !== null && this.#covers(part, selected));
    sizeLayer(this.#frame, this.#size);
    const { context } = this.#frame;
    const { left, top, k } = this.#place;
    const [x, y] = [Math.max(0, left + part.x * k), Math.max(0, top + part.y * k)];
    const [right, bottom] = [Math.min(this.#size.width, left + (part.x + part.width) * k), Math.min(this.#size.height, top + (part.y + part.height) * k)];
    context.fillStyle = ink.bg;
    context.globalAlpha = 0.6;
    context.fillRect(0, 0, this.#size.width, this.#size.height);
    context.globalAlpha = 1;
    context.clearRect(x, y, right - x, bottom - y);
    context.strokeStyle = ink.accent;
    context.lineWidth = 1.5;
    context.strokeRect(x + 0.75, y + 0.75, Math.max(2, right - x - 1.5), Math.max(2, bottom - y - 1.5));
  }

  /** Whether it would lie over a box if it were in the lower corner, and not in the upper one. @param {Rect} part @param {Rect} box */
  #covers(part, { x, y, width, height }) {
    const scale = part.width / this.#room; // from CSS pixels
    const [right, bottom, high] = [part.x + part.width, part.y + part.height, (this.#size.height + GAP) * scale];
    const beside = x + width < right - (this.#size.width + GAP) * scale || x > right;
    return !beside && y < bottom && y + height > bottom - high && y > part.y + high;
  }
}
