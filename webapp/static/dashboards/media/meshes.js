/** Meshes and point clouds. */

import { meshBox, meshOrthographic, meshShading, meshUp, pointScale } from "../../state/scenes.js";
import { bind, dropDown, toggle } from "../../ui/controls.js";
import { h } from "../../ui/dom.js";
import { meshCard } from "./mesh-card.js";

const SHADINGS = [["auto", "As logged"], ["smooth", "Smooth"], ["flat", "Flat"], ["wireframe", "Wireframe"], ["points", "Points"]];
/** The parts of a mesh are tags of their own, by word or by number; the vertices stand for all of them. */
const PART = /^(.*)_(?:(VERTEX|FACE|COLOR)|([123]))$/s;
const VERTICES = ["VERTEX", "1"];

/** @type {import("./kind.js").Kind} */
export const meshes = {
  id: "meshes",
  title: "Meshes and point clouds",
  short: "Meshes",
  code: 'writer.add_object("scene", points, step)',
  height: 250,
  cards,
  toolbar,
  card: (_, host) => meshCard(host),
};

/** @param {string[]} tags @returns {{tag: string, title: string}[]} */
function cards(tags) {
  const there = new Set(tags);
  return tags.flatMap((tag) => {
    const found = PART.exec(tag);
    if (!found) return [{ tag, title: tag }];
    const [, name, word, number] = found;
    if (VERTICES.includes(word ?? number)) return [{ tag, title: name }];
    return there.has(`${name}_${word ? "VERTEX" : "1"}`) ? [] : [{ tag, title: tag }]; // says that its vertices are missing
  });
}

/** How all meshes are drawn. */
function toolbar() {
  const shading = dropDown("Faces", /** @type {[string, string][]} */ (SHADINGS));
  bind(shading, meshShading);
  const size = h("input", { type: "range", min: "-2", max: "3", step: "0.1", value: "0", "aria-label": "Point size", oninput: () => pointScale.set(2 ** Number(size.value)) });
  const box = toggle("Box", "The box around each mesh, with its ends");
  bind(box, meshBox);
  const flat = toggle("Orthographic", "Without perspective (o)");
  bind(flat, meshOrthographic);
  const up = toggle("z up", "Which axis points up: z, or y");
  bind(up, { get: () => meshUp.get() === "z", set: (on) => meshUp.set(on ? "z" : "y"), subscribe: (listener) => meshUp.subscribe((axis) => listener(axis === "z")) });
  return h("div", { className: "mesh-toolbar" }, shading, h("label", { className: "slider" }, h("span", {}, "Point size"), size), box, flat, up);
}
