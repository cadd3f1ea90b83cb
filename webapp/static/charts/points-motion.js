/** What moves by itself in a cloud: points to their new places, the camera to its new place, and round the cloud. */

import { orbit } from "../lib/camera.js";
import { cameraBetween } from "../lib/points-camera.js";

/** @typedef {import("../lib/camera.js").Camera} Camera */

const GLIDE = 350; // ms
const TURN = 0.03; // pixels of a drag that a millisecond of turning stands for

export class PointsMotion {
  turns = false;
  #moves = { start: 0, ms: 0 };
  /** @type {{from: Camera, to: Camera, start: number, ms: number} | null} */ #glide = null;
  #turned = 0;

  /** Points leave for their new places. @param {number} ms 0: they are there */
  move(ms) {
    this.#moves = { start: performance.now(), ms: isStill() ? 0 : ms };
  }

  /** How far points have come. @param {number} now */
  share(now) {
    const { start, ms } = this.#moves;
    return ms > 0 ? Math.min(1, Math.max(0, (now - start) / ms)) : 1;
  }

  /** @param {Camera} from @param {Camera} to @param {number} [ms] */
  glide(from, to, ms = GLIDE) {
    this.#glide = { from, to, start: performance.now(), ms: isStill() ? 0 : ms };
  }

  stay() {
    this.#glide = null;
  }

  /** Whether points or the camera are on a way that ends. @param {number} now */
  isUnderWay(now) {
    return this.#glide !== null || this.share(now) < 1;
  }

  /** The camera as it should be now. @param {Camera} camera @param {number} now @param {boolean} held by a hand */
  camera(camera, now, held) {
    const since = Math.min(100, now - this.#turned);
    this.#turned = now;
    if (this.#glide) {
      const { from, to, start, ms } = this.#glide;
      const share = ms > 0 ? Math.min(1, Math.max(0, (now - start) / ms)) : 1;
      if (share >= 1) this.#glide = null;
      return share >= 1 ? to : cameraBetween(from, to, 1 - (1 - share) ** 3);
    }
    return this.turns && !held ? orbit(camera, -TURN * since, 0) : camera;
  }
}

function isStill() {
  return matchMedia("(prefers-reduced-motion: reduce)").matches;
}
