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

/** Along an edge, the straightest one; at the ends into a frame, out of it, or on by position. @param {GraphScene} scene @param {number} box @param {"up" | "down"} direction */
function along(scene, box, direction) {
  const { into, from } = edgesOf(scene, box);
  const ends = direction === "down" ? from.map((edge) => scene.edges.to[edge]) : into.map((edge) => scene.edges.from[edge]);
  const others = ends.filter((end) => end !== box);
  if (others.length) return nearest(scene, box, others);
  if (direction === "down" && scene.kind[box] === "open") {
    const inside = [...scene.parent.keys()].filter((child) => scene.parent[child] === box);
    if (inside.length) return inside.reduce((best, child) => (scene.y[child] < scene.y[best] ? child : best));
  }
  const sign = direction === "down" ? 1 : -1;
  const beyond = siblings(scene, box).filter((other) => sign * (middle(scene, other).y - middle(scene, box).y) > 1);
  if (beyond.length) return nearest(scene, box, beyond);
  return direction === "up" ? scene.parent[box] : -1;
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
