/** The boxes of a model graph for those who do not see it: a list to go through, and what the keys have reached. */

import { boxSentence } from "../lib/graph-words.js";

/** @typedef {import("../lib/graph-scene.js").GraphScene} GraphScene */

const MOST = 300; // boxes listed; the search finds the others

export class GraphList {
  element = document.createElement("div");
  #list = document.createElement("ul");
  #live = document.createElement("div");
  #timer = 0;
  /** @type {(id: string) => void} */ #onChoose;

  /** @param {(id: string) => void} onChoose */
  constructor(onChoose) {
    this.element.className = "spoken";
    this.#live.setAttribute("aria-live", "polite");
    this.#list.setAttribute("aria-label", "Boxes of the graph");
    this.element.append(this.#live, this.#list);
    this.#onChoose = onChoose;
  }

  /** Lists the boxes, when nothing more urgent is to be done. @param {GraphScene} scene */
  show(scene) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#fill(scene), 400);
  }

  /** @param {string} text */
  say(text) {
    this.#live.textContent = text;
  }

  stop() {
    clearTimeout(this.#timer);
  }

  /** @param {GraphScene} scene */
  #fill(scene) {
    const items = scene.id.slice(0, MOST).map((id, box) => {
      const button = Object.assign(document.createElement("button"), { type: "button", tabIndex: -1, textContent: boxSentence(scene, box) });
      button.addEventListener("click", () => this.#onChoose(id));
      return this.#item(button);
    });
    const left = scene.count - MOST;
    if (left > 0) items.push(this.#item(document.createTextNode(`and ${left} more boxes; the search finds them`)));
    this.#list.replaceChildren(...items);
  }

  /** @param {Node} content */
  #item(content) {
    const item = document.createElement("li");
    item.append(content);
    return item;
  }
}
