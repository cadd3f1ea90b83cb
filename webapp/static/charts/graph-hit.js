/** What of a model graph is under the pointer: signs and names first, as they lie above the boxes. */

import { boxAt, edgeAt } from "../lib/graph-scene.js";
import { headerAt } from "./graph-headers.js";
import { isOnSign, signPlace } from "./graph-overlay.js";

/** @typedef {{x: number, y: number}} Point CSS pixels of the view */
/** @typedef {{box: number, edge: number, toggle: boolean, point: Point}} Hit places, −1 none; `toggle`: on a sign that opens or closes */

const NEAR_BOX = 2; // CSS pixels beside a box that still count
const NEAR_EDGE = 5;

/** @param {import("./graph-stage.js").GraphStage} stage @param {import("./graph-overlay.js").Pointed} pointed @param {Point} point @param {boolean} [finger] @returns {Hit} */
export function hitAt(stage, { hover, selected }, point, finger = false) {
  const { scene, headers, placement } = stage;
  const hit = { box: -1, edge: -1, toggle: false, point };
  if (!scene) return hit;
  const signed = [hover, selected].find((box) => isOnSign(signPlace(scene, placement, box), point, finger));
  if (signed !== undefined) return { ...hit, box: signed, toggle: true };
  const header = headerAt(headers, point.x, point.y);
  if (header) return { ...hit, box: header.box, toggle: point.x < header.x + header.height };
  const at = stage.toScene(point);
  const box = boxAt(scene, at.x, at.y, NEAR_BOX / placement.k);
  if (box >= 0 && scene.kind[box] !== "open") return { ...hit, box };
  return { ...hit, edge: edgeAt(scene, at.x, at.y, NEAR_EDGE / placement.k) };
}
