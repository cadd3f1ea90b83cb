/** Who points at what in a cloud: the mouse, a finger, or the keys, which aim with the middle of the picture. */

import { MOST_DIAMETER } from "../lib/points-look.js";
import { boxPolygon, rowAt, rowsWithin } from "../lib/points-pick.js";
import { PointsGestures } from "./points-gestures.js";

/** @typedef {import("./points-view.js").PointsEvents} PointsEvents */
/** @typedef {import("./points-stage.js").PointsStage} PointsStage */
/** @typedef {import("./points-overlay.js").PointsOverlay} PointsOverlay */

const [REACH, AIM] = [6, 40]; // pixels round the pointer, and round the middle

export class PointsPointer {
  gestures;
  #root; #stage; #overlay; #events; #fit;
  #spoken = document.createElement("div");
  #asked = 0;
  /** @type {number | null} */ #hovered = null;

  /** @param {HTMLElement} root @param {PointsStage} stage @param {PointsOverlay} overlay @param {PointsEvents} events @param {() => void} fit shows all */
  constructor(root, stage, overlay, events, fit) {
    this.#root = root;
    this.#stage = stage;
    this.#overlay = overlay;
    this.#events = events;
    this.#fit = fit;
    this.#spoken.className = "spoken";
    this.#spoken.setAttribute("aria-live", "polite");
    root.append(this.#spoken);
    root.addEventListener("blur", () => this.#aim(false));
    this.gestures = new PointsGestures(root, this.#target());
  }

  stop() {
    cancelAnimationFrame(this.#asked);
    this.gestures.stop();
  }

  /** What the keys aim at, once the picture has moved. */
  follow() {
    if (!this.#overlay.aims) return;
    const { width, height } = this.#stage.size;
    this.#tell(this.#rowAt(width / 2, height / 2, AIM), width / 2, height / 2);
    this.#spoken.textContent = this.#hovered === null ? "" : (this.#events.describe?.(this.#hovered) ?? `Point ${this.#hovered}`);
  }

  /** @returns {import("./points-gestures.js").PointsTarget} */
  #target() {
    const stage = this.#stage;
    return {
      camera: () => stage.camera, dims: () => stage.cloud.dims, size: () => stage.size,
      move: (camera, byKeys) => {
        this.#aim(byKeys);
        stage.setCamera(camera, true);
      },
      hover: (x, y) => this.#hover(x, y),
      leave: () => this.#hover(-1, -1),
      pick: (x, y, event) => this.#events.onPick?.(this.#rowAt(x, y, REACH), event),
      twice: (x, y) => this.#rowAt(x, y, REACH) === null && this.#fit(),
      outline: (polygon) => {
        this.#overlay.outline = polygon;
        stage.touch("over");
      },
      select: (polygon, how) => this.#select(polygon, how),
      key: (event) => this.#key(event),
    };
  }

  /** @param {import("../lib/points-pick.js").Polygon} polygon @param {import("./points-gestures.js").How} how */
  #select(polygon, how) {
    const { seen, cloud } = this.#stage;
    if (seen) this.#events.onSelect?.(rowsWithin(cloud, seen.places, seen.map, polygon), how);
  }

  /** The row seen there. @param {number} x @param {number} y @param {number} reach pixels @returns {number | null} */
  #rowAt(x, y, reach) {
    const { seen, cloud, data, size } = this.#stage;
    if (!seen || x < 0 || y < 0 || x > size.width || y > size.height) return null;
    const stamp = this.#overlay.sprites.rowAt(x, y);
    if (stamp >= 0) return stamp;
    const { sizes } = data;
    const grown = (/** @type {number} */ row) => (cloud.isSelected(row) ? 1.15 : 1); // as they are drawn
    const radius = (/** @type {number} */ row, /** @type {number} */ w) => grown(row) * seen.radius(sizes ? sizes[row] : 1, w, MOST_DIAMETER);
    const row = rowAt(cloud, seen.places, seen.map, radius, MOST_DIAMETER, x, y, reach);
    return row < 0 ? null : row;
  }

  /** Once a frame: of many moves the last one counts. @param {number} x @param {number} y */
  #hover(x, y) {
    this.#aim(false);
    if (!this.#events.onHover) return;
    cancelAnimationFrame(this.#asked);
    this.#asked = requestAnimationFrame(() => this.#tell(this.#rowAt(x, y, REACH), x, y));
  }

  /** @param {number | null} row @param {number} x @param {number} y */
  #tell(row, x, y) {
    if (row === null && this.#hovered === null) return;
    this.#hovered = row;
    this.#root.dataset.over = row === null ? "" : "point";
    this.#events.onHover?.(row, x, y);
  }

  /** @param {boolean} on */
  #aim(on) {
    if (this.#overlay.aims === on) return;
    this.#overlay.aims = on;
    this.#stage.touch("over");
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    const { width, height } = this.#stage.size;
    if (event.ctrlKey || event.metaKey || event.altKey) return false;
    if (event.key === "0" || event.key === "Home") this.#fit();
    else if (event.key === "Enter") this.#events.onPick?.(this.#rowAt(width / 2, height / 2, AIM), event);
    else if (event.key === "a") this.#select(boxPolygon(0, 0, width, height), event.shiftKey ? "add" : "replace");
    else return false;
    return true;
  }
}
