/** What moves by itself: from scene to scene, and from one part of a scene to another. Nobody who asked for rest sees it. */

import { between } from "../lib/graph-camera.js";
import { morph } from "../lib/graph-morph.js";

/** @typedef {import("../lib/graph-scene.js").GraphScene} GraphScene */
/** @typedef {import("../lib/graph-camera.js").Camera} Camera */
/** @typedef {import("./graph-look.js").Look} Look */

const MORPH = 280; // ms
const GLIDE = 260;
const MOST_BOXES = 1500; // more of them do not move smoothly

export class GraphMotion {
  /** @type {{scene: GraphScene, look: Look, at: (share: number) => void, start: number} | null} */ #morph = null;
  /** @type {{from: Camera, to: Camera, start: number} | null} */ #glide = null;

  get isMorphing() {
    return this.#morph !== null;
  }

  get isMoving() {
    return this.#morph !== null || this.#glide !== null;
  }

  /** @param {GraphScene} before @param {GraphScene} after @param {Look} look of `after` @param {{x: number, y: number}} shift see morph @param {string | null} opened id of the box that was opened */
  toScene(before, after, look, shift, opened) {
    this.stop();
    if (isStill() || before.count > MOST_BOXES || after.count > MOST_BOXES) return;
    const { scene, isNew, at } = morph(before, after, shift, opened);
    const { look: fading, fade } = fadingLook(after, look, isNew);
    this.#morph = { scene, look: fading, start: performance.now(), at: (share) => (at(share), fade(share)) };
  }

  /** @param {Camera} from @param {Camera} to */
  toCamera(from, to) {
    this.#glide = { from, to, start: performance.now() - (isStill() ? GLIDE : 0) };
  }

  stop() {
    this.#morph = null;
    this.#glide = null;
  }

  /** The scene on its way; null when it is there. @param {number} now */
  scene(now) {
    if (!this.#morph) return null;
    const share = (now - this.#morph.start) / MORPH;
    if (share >= 1) this.#morph = null;
    else this.#morph.at(eased(share));
    return this.#morph;
  }

  /** The camera on its way; null when it is there. @param {number} now @returns {Camera | null} */
  camera(now) {
    if (!this.#glide) return null;
    const { from, to, start } = this.#glide;
    const share = Math.max(0, (now - start) / GLIDE);
    if (share < 1) return between(from, to, eased(share));
    this.#glide = null;
    return to;
  }
}

/** New boxes, and edges at them, appear little by little. @param {GraphScene} scene @param {Look} look @param {Uint8Array} isNew */
function fadingLook(scene, look, isNew) {
  const [boxes, edges] = [look.boxes.map((box) => ({ ...box })), look.edges.map((edge) => ({ ...edge }))];
  const touchesNew = (/** @type {number} */ edge) => isNew[scene.edges.from[edge]] || isNew[scene.edges.to[edge]];
  const fade = (/** @type {number} */ share) => {
    boxes.forEach((box, at) => (box.alpha = look.boxes[at].alpha * share));
    edges.forEach((edge, at) => (edge.alpha = look.edges[at].alpha * share ** 3));
  };
  return {
    fade,
    look: {
      ...look, boxes: [...look.boxes, ...boxes], edges: [...look.edges, ...edges],
      boxClass: look.boxClass.map((at, box) => at + (isNew[box] ? boxes.length : 0)),
      edgeClass: look.edgeClass.map((at, edge) => at + (touchesNew(edge) ? edges.length : 0)),
    },
  };
}

/** Slow at the end. @param {number} share */
function eased(share) {
  return 1 - (1 - Math.min(1, Math.max(0, share))) ** 3;
}

function isStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
