/** Walking through a model graph with the arrow keys: along its edges, and from neighbour to neighbour. */

import { edgesOf } from "./graph-scene.js";

/** @typedef {import("./graph-scene.js").GraphScene} GraphScene */
/** @typedef {"up" | "down" | "left" | "right"} Direction */

/** The next box that way, or the same where there is none. @param {GraphScene} scene @param {number} box −1: none yet @param {Direction} direction */
export function stepFrom(scene, box, direction) {
  if (box < 0) return firstBox(scene);
  const next = direction === "down" || direction === "up" ? along(scene, box, direction) : beside(scene, box, direction);
  return next < 0 ? box : next;
}

/** Where walking begins: the uppermost box that is no frame. @param {GraphScene} scene */
export function firstBox(scene) {
  let first = -1;
  for (let box = 0; box < scene.count; box += 1) {
    if (scene.kind[box] !== "open" && (first < 0 || scene.y[box] < scene.y[first])) first = box;
  }
  return first < 0 && scene.count ? 0 : first;
}

/** Along an edge to the nearest end: into frames by their upper or lower end, and out of them; without an edge on by position. @param {GraphScene} scene @param {number} box @param {"up" | "down"} direction */
function along(scene, box, direction) {
  const down = direction === "down";
  if (down && scene.kind[box] === "open") {
    const inside = [...scene.parent.keys()].filter((child) => scene.parent[child] === box);
    if (inside.length) return inside.reduce((best, child) => (scene.y[child] < scene.y[best] ? child : best));
  }
  const next = onward(scene, box, down);
  if (next >= 0) return down ? next : lowerEnd(scene, next, box);
  const sign = down ? 1 : -1;
  const beyond = siblings(scene, box).filter((other) => sign * (middle(scene, other).y - middle(scene, box).y) > 1);
  if (beyond.length) return nearest(scene, box, beyond);
  return down ? -1 : scene.parent[box];
}

/** The nearest box that edges lead to outside of this one; out of the frames that it is the last one in. @param {GraphScene} scene @param {number} box @param {boolean} down @returns {number} −1 of none */
function onward(scene, box, down) {
  const ends = endsOf(scene, box, down).filter((end) => end !== box && scene.parent[end] !== box);
  const frame = scene.parent[box];
  const near = nearest(scene, box, ends.filter((end) => end !== frame));
  if (near >= 0 || !ends.includes(frame)) return near;
  return down ? onward(scene, frame, down) : frame;
}

/** Coming from below, a frame is entered where its edges leave it. @param {GraphScene} scene @param {number} box @param {number} from @returns {number} */
function lowerEnd(scene, box, from) {
  if (scene.kind[box] !== "open" || scene.parent[from] === box) return box;
  const last = nearest(scene, from, endsOf(scene, box, false).filter((end) => scene.parent[end] === box));
  return last < 0 ? box : lowerEnd(scene, last, from);
}

/** @param {GraphScene} scene @param {number} box @param {boolean} down */
function endsOf(scene, box, down) {
  const { into, from } = edgesOf(scene, box);
  return down ? from.map((edge) => scene.edges.to[edge]) : into.map((edge) => scene.edges.from[edge]);
}

/** The nearest sibling on a side. @param {GraphScene} scene @param {number} box @param {"left" | "right"} direction */
function beside(scene, box, direction) {
  const sign = direction === "right" ? 1 : -1;
  const there = siblings(scene, box).filter((other) => sign * (middle(scene, other).x - middle(scene, box).x) > 1);
  const level = there.filter((other) => Math.abs(middle(scene, other).y - middle(scene, box).y) < (scene.h[other] + scene.h[box]) / 2);
  return nearest(scene, box, level.length ? level : there);
}

/** @param {GraphScene} scene @param {number} box */
function siblings({ count, parent, kind }, box) {
  const found = [];
  for (let other = 0; other < count; other += 1) {
    if (other !== box && parent[other] === parent[box] && kind[other] !== "stub") found.push(other);
  }
  return found;
}

/** @param {GraphScene} scene @param {number} box @param {number[]} others @returns {number} −1 of none */
function nearest(scene, box, others) {
  const here = middle(scene, box);
  const far = (/** @type {number} */ other) => Math.hypot(middle(scene, other).x - here.x, middle(scene, other).y - here.y);
  return others.reduce((best, other) => (best < 0 || far(other) < far(best) ? other : best), -1);
}

/** @param {GraphScene} scene @param {number} box */
function middle({ x, y, w, h }, box) {
  return { x: x[box] + w[box] / 2, y: y[box] + h[box] / 2 };
}
