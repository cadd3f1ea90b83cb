/** A flame graph from the top down, on a canvas: zoomed by clicks, walked through by arrow keys, searched, coloured by change. */

import { oncePerFrame } from "../lib/atom.js";
import { ALL, FlameTree, layFlame, neighbourOf } from "../lib/flame-tree.js";
import { makeLayer, sizeLayer } from "./canvas.js";
import { FLAME_ROW, paintFlame } from "./flame-paint.js";

/**
 * @typedef {object} FlameEvents
 * @property {(node: number, event: PointerEvent | null) => void} onHover a node below the pointer; ALL: none
 * @property {(node: number) => void} onActive a node was reached by a key or a click
 * @property {(root: number) => void} onZoom
 * @property {(node: number) => void} onOpen "t"
 */

const LEAST_WIDTH = 0.4; // pixels of a box

export class FlameChart {
  #events;
  #space = document.createElement("div");
  #layer;
  #tree = new FlameTree({ names: [], name: [], parent: [], category: [], total: [], own: [], row: [] });
  /** @type {import("../lib/flame-tree.js").FlameBox[]} */ #boxes = [];
  #root = ALL;
  #active = ALL;
  #hovered = ALL;
  /** @type {Uint8Array | null} */ #found = null;
  #readInk;
  #ink;
  #soon = oncePerFrame(() => this.#draw());
  #resized = new ResizeObserver(() => this.#arrange());

  /** @param {HTMLElement} element scrolls; takes keys @param {() => {dark: boolean, surface: string, text: string, accent: string}} readInk @param {FlameEvents} events */
  constructor(element, readInk, events) {
    this.element = element;
    this.#events = events;
    this.#readInk = readInk;
    this.#ink = readInk();
    this.#space.className = "prof-flame-space";
    element.append(this.#space);
    this.#layer = makeLayer(this.#space, "prof-flame-canvas");
    element.addEventListener("scroll", this.#soon, { passive: true });
    element.addEventListener("pointermove", (event) => this.#hover(this.#at(event), event));
    element.addEventListener("pointerleave", () => this.#hover(ALL, null));
    element.addEventListener("click", (event) => this.#click(this.#at(event)));
    element.addEventListener("keydown", (event) => this.#key(event));
    this.#resized.observe(element);
  }

  /** @param {FlameTree} tree @param {number} [root] */
  show(tree, root = ALL) {
    this.#tree = tree;
    this.#root = root;
    this.#active = this.#hovered = ALL;
    this.#found = null;
    this.#arrange();
  }

  /** The node that fills the width. */
  get root() {
    return this.#root;
  }

  /** The node that keys move from; ALL for none. */
  get active() {
    return this.#active;
  }

  /** @param {number} root ALL: everything */
  zoom(root) {
    this.#root = root;
    this.#arrange();
    this.#events.onZoom(root);
  }

  /** What a search found; null: nothing is searched. @param {Uint8Array | null} found */
  mark(found) {
    this.#found = found;
    this.#soon();
  }

  recolor() {
    this.#ink = this.#readInk();
    this.#soon();
  }

  destroy() {
    this.#resized.disconnect();
  }

  #arrange() {
    this.#boxes = layFlame(this.#tree, this.#root, LEAST_WIDTH / Math.max(1, this.element.clientWidth));
    const levels = this.#boxes.reduce((most, { level }) => Math.max(most, level + 1), 0);
    this.#space.style.height = `${levels * FLAME_ROW}px`;
    this.#soon();
  }

  #draw() {
    const { clientWidth: width, clientHeight: height, scrollTop: scroll } = this.element;
    sizeLayer(this.#layer, { width, height });
    const above = this.#tree.pathOf(this.#root).length - 1;
    paintFlame(this.#layer.context, { tree: this.#tree, boxes: this.#boxes, above, found: this.#found, active: this.#active, hovered: this.#hovered }, { width, height, scroll }, this.#ink);
  }

  /** @param {MouseEvent} event */
  #at({ clientX, clientY }) {
    const { left, top } = this.element.getBoundingClientRect();
    const level = Math.floor((clientY - top + this.element.scrollTop) / FLAME_ROW);
    const x = (clientX - left) / Math.max(1, this.element.clientWidth);
    return this.#boxes.find((box) => box.level === level && x >= box.x && x < box.x + box.width)?.node ?? ALL;
  }

  /** @param {number} node @param {PointerEvent | null} event */
  #hover(node, event) {
    if (node !== this.#hovered) this.#soon();
    this.#hovered = node;
    this.element.style.cursor = node === ALL ? "" : "pointer";
    this.#events.onHover(node, event);
  }

  /** A click on what fills the width already goes back to all. @param {number} node */
  #click(node) {
    if (node === ALL) return;
    this.#activate(node);
    this.zoom(node === this.#root ? ALL : node);
  }

  /** @param {number} node */
  #activate(node) {
    this.#active = node;
    this.#events.onActive(node);
    this.#soon();
  }

  /** @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { key } = event;
    if (key.startsWith("Arrow")) this.#walk(key);
    else if (key === "Enter" && this.#active !== ALL) this.zoom(this.#active);
    else if (key === "Backspace" || (key === "Escape" && this.#root !== ALL)) this.zoom(this.#root === ALL ? ALL : this.#tree.columns.parent[this.#root]);
    else if (key === "Home") this.zoom(ALL);
    else if (key === "t" && this.#active !== ALL) this.#events.onOpen(this.#active);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {string} key */
  #walk(key) {
    const next = neighbourOf(this.#tree, this.#active === ALL ? this.#root : this.#active, key);
    if (next === ALL) return;
    this.#activate(next);
    const box = this.#boxes.find(({ node }) => node === next);
    if (!box) return this.zoom(this.#tree.columns.parent[next]); // too narrow to be drawn
    const top = box.level * FLAME_ROW;
    if (top < this.element.scrollTop) this.element.scrollTop = top;
    else if (top + FLAME_ROW > this.element.scrollTop + this.element.clientHeight) this.element.scrollTop = top + FLAME_ROW - this.element.clientHeight;
  }
}
