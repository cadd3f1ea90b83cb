/** What the cells of a card have in common: where the camera stands, and the cube it looks at. */

import { HOME } from "../../lib/camera.js";
import { keptByKey } from "../../lib/kept.js";
import { frameOf } from "../../lib/scene-data.js";
import { meshOrthographic, meshUp } from "../../state/scenes.js";

/** @typedef {import("../../lib/camera.js").Camera} Camera */
/** @typedef {import("../../lib/scene-data.js").SceneHeader} SceneHeader */

/** By the key of a card: the camera stays where it was while the card is out of sight. */
export const viewOf = keptByKey(() => new MeshView());

export class MeshView {
  /** Called when the camera moved. */
  onMove = () => {};
  /** Which of the meshes of one step. */
  sample = 0;
  /** Whether every point is asked for. */
  everything = false;
  /** When the camera last moved, ms. */
  moved = -Infinity;
  /** @type {Camera | null} null: as at the beginning */ #camera = null;
  /** @type {import("../../lib/scene-data.js").SceneFrame | null} */ #frame = null;
  /** @type {Map<string, SceneHeader>} what the runs show now */ #shown = new Map();

  /** @returns {Camera} */
  get camera() {
    if (this.#camera) return { ...this.#camera, up: meshUp.get() };
    const look = [...this.#shown.values()][0]?.look ?? {};
    return { ...HOME, up: meshUp.get(), orthographic: meshOrthographic.get() || (look.orthographic ?? false), fov: look.fov ?? HOME.fov, distance: HOME.distance * distanceFor(look.fov) };
  }

  /** The cube the camera looks at: that of what was seen first; new steps and runs do not move it. */
  get frame() {
    return (this.#frame ??= this.#shown.size ? frameOf([...this.#shown.values()]) : null) ?? frameOf([]);
  }

  /** @param {Camera} camera */
  move(camera) {
    this.#camera = camera;
    this.moved = performance.now();
    this.onMove();
  }

  /** @param {boolean} orthographic */
  project(orthographic) {
    if (this.#camera) this.#camera = { ...this.#camera, orthographic };
    this.onMove();
  }

  /** The camera where it was at the beginning, around everything that is shown now. */
  reset() {
    this.#camera = null;
    this.#frame = null;
    this.onMove();
  }

  /** @param {string} run @param {SceneHeader} header */
  shows(run, header) {
    if (this.#shown.get(run) === header) return;
    const settling = !this.#camera && this.#frame && !this.#shown.has(run);
    this.#shown.set(run, header);
    if (settling) this.#frame = null; // runs come one after the other: until somebody moves the camera, all of them are in sight
  }

  /** @param {string} run */
  leaves(run) {
    this.#shown.delete(run);
  }
}

/** A wider angle needs a nearer camera for the same picture. @param {number | undefined} fov degrees */
function distanceFor(fov) {
  return fov === undefined ? 1 : Math.tan((HOME.fov * Math.PI) / 360) / Math.tan((fov * Math.PI) / 360);
}
