/** One look at a cloud: from where, at what, and how large. For those who paint on its picture or ask what is in it. */

import { screenMap } from "./points-screen.js";

/** @typedef {import("./points-screen.js").Places} Places */

export class Sight {
  camera; share; size; look;
  #cloud; #now; #before;
  /** @type {Places | null} */ #places = null;
  /** @type {Float64Array | null} */ #map = null;

  /**
   * @param {import("./points-cloud.js").PointCloud} cloud @param {import("./camera.js").Camera} camera
   * @param {number} share of their way that the points have come @param {import("./points-screen.js").Size} size CSS pixels
   * @param {import("./points-look.js").PointLook} look
   */
  constructor(cloud, camera, share, size, look) {
    this.camera = camera;
    this.share = share;
    this.size = size;
    this.look = look;
    this.#cloud = cloud;
    this.#now = cloud.now;
    this.#before = cloud.before;
  }

  /** Where the points are; while they move this is worked out when first asked for. @returns {Places} */
  get places() {
    const same = this.#cloud.now === this.#now && this.#cloud.before === this.#before;
    this.#places ??= same ? this.#cloud.between(this.share) : this.#now;
    return this.#places;
  }

  /** From coordinates to pixels; see lib/points-screen.js. */
  get map() {
    this.#map ??= screenMap(this.camera, this.places.frame, this.size);
    return this.#map;
  }

  /** How large a point is, pixels. @param {number} size 1 is the usual one @param {number} w of its place @param {number} most */
  radius(size, w, most) {
    const near = this.#now.dims === 3 && !this.camera.orthographic ? this.camera.distance / w : 1;
    return Math.min(most, this.look.diameter * size * near) / 2;
  }
}
