/** Draws the boxes of a flame graph onto a canvas. */

import { differenceColor, wantsWhite } from "../lib/heat-color.js";
import { changeOf } from "../lib/flame-tree.js";
import { sliceColor, textColor } from "../lib/timeline-colors.js";
import { shortName } from "../lib/timeline-names.js";
import { fitting } from "./fitting.js";

/** @typedef {import("../lib/flame-tree.js").FlameTree} FlameTree */
/** @typedef {import("../lib/flame-tree.js").FlameBox} FlameBox */

/**
 * @typedef {object} FlameScene
 * @property {FlameTree} tree
 * @property {readonly FlameBox[]} boxes
 * @property {number} above boxes that lie around the one in sight: drawn paler
 * @property {Uint8Array | null} found what a search found; null: nothing is searched
 * @property {number} active the node that keys move from
 * @property {number} hovered
 */

export const FLAME_ROW = 19; // pixels
const ROOM = 5; // pixels beside a text
const LEAST_TEXT = 26; // pixels of a box with a text
const FONT = "11px ui-sans-serif, system-ui, sans-serif";
const MODULE = "nn.Module: "; // their frames have a colour of their own
const AS_BEFORE = { light: [222, 226, 232], dark: [58, 66, 78] }; // in differences
const PALE = 0.28; // of what a search did not find

/** @param {CanvasRenderingContext2D} context @param {FlameScene} scene @param {{width: number, height: number, scroll: number}} size @param {{dark: boolean, surface: string, text: string, accent: string}} ink */
export function paintFlame(context, scene, { width, height, scroll }, ink) {
  const theme = ink.dark ? "dark" : "light";
  context.font = FONT;
  context.textBaseline = "middle";
  scene.boxes.forEach((box, place) => {
    const y = box.level * FLAME_ROW - scroll;
    if (y + FLAME_ROW < 0 || y > height) return;
    const [x, wide] = [box.x * width, Math.max(box.width * width - 1, 0.5)];
    const color = colorOf(scene.tree, box.node, theme);
    context.globalAlpha = scene.found && !scene.found[box.node] ? PALE : place < scene.above ? 0.6 : 1;
    context.fillStyle = color;
    context.fillRect(x, y, wide, FLAME_ROW - 1);
    if (wide >= LEAST_TEXT) write(context, scene.tree.nameOf(box.node), Math.max(x, 0), y, Math.min(x + wide, width), scene.found && !scene.found[box.node] ? ink.text : textOver(scene.tree, color));
  });
  context.globalAlpha = 1;
  for (const [node, color] of /** @type {[number, string][]} */ ([[scene.hovered, ink.text], [scene.active, ink.accent]])) outline(context, scene.boxes.find((box) => box.node === node), { width, scroll, color });
}

/** @param {FlameTree} tree @param {number} node @param {"light" | "dark"} theme */
function colorOf(tree, node, theme) {
  const name = tree.nameOf(node);
  if (!tree.columns.before) return sliceColor(name.startsWith(MODULE) ? "step" : tree.kindOf(node), name, "kind", theme);
  return changeColor(changeOf(tree, node), theme);
}

/** What became slower is warm, what became faster is cold. @param {number} change see changeOf @param {"light" | "dark"} theme */
export const changeColor = (change, theme) => `rgb(${differenceColor(-change, theme, AS_BEFORE[theme]).join()})`;

/** @param {FlameTree} tree @param {string} color */
function textOver(tree, color) {
  if (!tree.columns.before) return textColor(color);
  return wantsWhite(color.match(/\d+/g)?.map(Number) ?? []) ? "#ffffff" : "#10141a";
}

/** @param {CanvasRenderingContext2D} context @param {string} name @param {number} left @param {number} y @param {number} right @param {string} color */
function write(context, name, left, y, right, color) {
  const text = shortName(name.startsWith(MODULE) ? name.slice(MODULE.length) : name);
  context.fillStyle = color;
  context.fillText(fitting(context, text, right - left - 2 * ROOM), left + ROOM, y + FLAME_ROW / 2);
}

/** @param {CanvasRenderingContext2D} context @param {FlameBox | undefined} box @param {{width: number, scroll: number, color: string}} how */
function outline(context, box, { width, scroll, color }) {
  if (!box) return;
  context.strokeStyle = color;
  context.lineWidth = 2;
  context.strokeRect(box.x * width + 1, box.level * FLAME_ROW - scroll + 1, Math.max(box.width * width - 3, 1), FLAME_ROW - 3);
}
