/** The usual card: a cell a run, with the run's name, its colour and the step that is shown below it. */

import { formatAge, formatBytes, formatCount, formatDuration, formatTime, plural } from "../../lib/format.js";
import { blobError, retryBlobs } from "../../state/blob-columns.js";
import * as store from "../../state/store.js";
import { h, putAfter, setText } from "../../ui/dom.js";
import { showMessage } from "../../ui/message.js";
import { runName } from "../../ui/run-name.js";

/** @typedef {import("./kind.js").CardHost} CardHost */
/** @typedef {import("./kind.js").CardRun} CardRun */
/** @typedef {import("./kind.js").KindCard} KindCard */
/** @typedef {import("../../lib/blob-frame.js").Values} Values */

/**
 * @typedef {object} RunCell
 * @property {HTMLElement} element
 * @property {(index: number, values: Values) => void} show draws the value at `index`; called while the cell is in sight, with the same index only when something else changed
 * @property {() => void} [destroy]
 * @property {() => boolean} [ready] whether it shows the value it was told to show (true unless said)
 *
 * @typedef {object} CellsOptions
 * @property {(run: string, cell: {say: (message: string | null, retry?: () => void) => void}) => RunCell} makeCell `say`: a message instead of this run's value
 * @property {number} [minWidth] of a cell, pixels; the page's cell width unless said
 * @property {number} [most] cells before "Show more", 24 unless said
 */

const MOST = 24;
const AT_ONCE = 4; // cells that show their value before anybody knows whether they are in sight: their card is
const PATIENCE = 400; // ms before a wheel turns; a hundred that turn cost the page more than what they wait for
/** @type {Map<string, number>} how many cells people asked for, by card: it may go out of sight and come back */
const rooms = new Map();

/** @param {CardHost} host @param {CellsOptions} options @returns {KindCard} */
export function runCells(host, { makeCell, minWidth, most = MOST }) {
  const grid = h("div", { className: "run-cells" });
  const more = h("button", { type: "button", className: "show-more", hidden: true, onclick: () => (rooms.set(host.key, room() + 2 * most), host.redraw()) });
  /** @type {Map<string, Cell>} */
  const cells = new Map();
  const room = () => rooms.get(host.key) ?? most;
  if (minWidth) grid.style.setProperty("--cell", `${minWidth}px`);
  host.body.append(grid, more);
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const cell = cells.get(/** @type {HTMLElement} */ (target).dataset.run ?? "");
      if (cell) cell.inSight = isIntersecting;
    }
    host.redraw();
  }, { root: host.body.closest(".scroll"), rootMargin: "320px 0px" });
  const stop = store.highlighted.subscribe((run) => {
    for (const [name, { element }] of cells) element.classList.toggle("lit", name === run);
  });
  const drop = (/** @type {Cell} */ cell) => {
    seen.unobserve(cell.element);
    cell.destroy();
  };
  return {
    update() {
      const runs = host.runs();
      const shown = runs.slice(0, room());
      const names = new Set(shown.map(({ name }) => name));
      for (const [name, cell] of cells) if (!names.has(name)) drop(cell), cells.delete(name);
      /** @type {Element | null} */
      let before = null;
      for (const [place, run] of shown.entries()) {
        let cell = cells.get(run.name);
        if (!cell) cells.set(run.name, (cell = new Cell(host, run.name, makeCell)));
        putAfter(grid, cell.element, before);
        before = cell.element;
        if (!cell.observed) cell.observed = true, seen.observe(cell.element);
        cell.update(run, { several: shown.length > 1, early: place < AT_ONCE });
      }
      more.hidden = runs.length <= shown.length;
      setText(more, `Show ${formatCount(Math.min(2 * most, runs.length - shown.length))} more of ${plural(runs.length, "run")}`);
    },
    ready: () => [...cells.values()].every((cell) => cell.ready()),
    destroy() {
      stop();
      seen.disconnect();
      for (const cell of cells.values()) cell.destroy();
    },
  };
}

/** One run's value with what is said of it. */
class Cell {
  /** @type {boolean | null} null before anybody knows */ inSight = null;
  observed = false;
  #label = runName();
  #swatch = h("span", { className: "swatch" });
  #name = h("span", { className: "cell-run" }, this.#swatch, this.#label.element);
  #where = h("span", { className: "cell-step" });
  #message = h("div", { className: "cell-message", hidden: true });
  #stage = h("div", { className: "cell-stage" });
  /** @type {RunCell} */ #cell;
  /** @type {CardHost} */ #host;
  #color = "";
  #done = false;
  #wheel = 0; // timer

  /** @param {CardHost} host @param {string} run @param {CellsOptions["makeCell"]} makeCell */
  constructor(host, run, makeCell) {
    this.#host = host;
    this.#cell = makeCell(run, { say: (message, retry) => this.#say(message, retry) });
    this.#stage.append(this.#cell.element, this.#message);
    this.element = h("figure", { className: "cell", "data-run": run }, this.#stage, h("figcaption", {}, this.#name, this.#where));
    this.element.addEventListener("pointerenter", () => store.highlighted.set(run));
    this.element.addEventListener("pointerleave", () => store.highlighted.set(null));
  }

  /** @param {CardRun} run @param {{several: boolean, early: boolean}} among whether there are others to tell it from; whether it shows its value before it is known to be in sight */
  update(run, { several, early }) {
    this.#face(run);
    this.element.classList.toggle("alone", !several);
    if (!(this.inSight ?? early)) return;
    const values = this.#host.values(run.name);
    const index = values ? this.#host.at(run.name) : -1;
    const { kind, tag } = this.#host;
    const error = values ? null : blobError(kind, tag);
    this.#wait(!values && !error);
    this.#done = values !== null || error !== null;
    if (error) return this.#say(error, () => retryBlobs(kind, tag));
    if (!values) return;
    this.#tellWhere(values, index);
    if (index < 0) return this.#say("No value");
    this.#say(null);
    this.#show(index, values);
  }

  /** Name and colour, where they are other ones. @param {CardRun} run */
  #face({ label, color }) {
    if (this.#color !== color) this.#swatch.style.background = this.#color = color;
    if (this.#name.title === label) return;
    this.#name.title = label;
    this.#label.show(label);
    this.element.setAttribute("aria-label", label);
  }

  /** @param {boolean} on */
  #wait(on) {
    if (on === this.#wheel > 0) return;
    clearTimeout(this.#wheel);
    this.#wheel = on ? window.setTimeout(() => this.#stage.classList.add("loading"), PATIENCE) : 0;
    this.#stage.classList.toggle("waiting", on);
    if (!on) this.#stage.classList.remove("loading");
  }

  /** @param {number} index @param {Values} values */
  #show(index, values) {
    try {
      this.#cell.show(index, values);
    } catch (problem) {
      console.error(problem);
      this.#say(`This value cannot be shown: ${/** @type {Error} */ (problem).message}`);
    }
  }

  /** "step 400 · 2 m ago"; the rest where the pointer rests. @param {Values} values @param {number} index */
  #tellWhere(values, index) {
    if (index < 0) return this.#where.replaceChildren();
    const { step, wall, bytes, n, start } = values;
    const age = Date.now() / 1000 - wall[index];
    const axis = this.#host.axis();
    const when = axis === "relative" ? formatDuration(wall[index] - start) : axis === "wall" ? formatTime(wall[index]) : age >= 0 ? `${formatAge(age)} ago` : formatTime(wall[index]);
    setText(this.#where, `step ${formatCount(step[index])} · ${when}`);
    this.#where.title = `${formatTime(wall[index])} · value ${formatCount(index + 1)} of ${formatCount(n)} · ${formatBytes(bytes[index])}`;
  }

  /** @param {string | null} message @param {() => void} [retry] */
  #say(message, retry) {
    this.#cell.element.hidden = message !== null;
    showMessage(this.#message, message, retry);
  }

  ready() {
    if (this.inSight === null) return false;
    return !this.inSight || (this.#done && (!this.#message.hidden || (this.#cell.ready?.() ?? true)));
  }

  destroy() {
    clearTimeout(this.#wheel);
    this.#cell.destroy?.();
    this.element.remove();
  }
}
