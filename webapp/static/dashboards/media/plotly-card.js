/** A card of Plotly figures: a frame a run. A step forward changes the figure and keeps its zoom. */

import { formatBytes } from "../../lib/format.js";
import { ownColors } from "../../state/figure-settings.js";
import { FormStore } from "../../state/form-store.js";
import { theme } from "../../state/store.js";
import { h } from "../../ui/dom.js";
import { FigureFrame } from "../../ui/figure-frame.js";
import { readInk } from "../../ui/ink.js";
import { saveBlob } from "../../ui/save-blob.js";
import { runCells } from "./run-cells.js";

/** @typedef {import("./kind.js").CardHost} CardHost */

const ROOM = 64e6; // bytes of figures
const LARGE = 12e6; // bytes of a figure that is drawn when somebody asks for it
const WIDTH = 380;

/** @type {FormStore<string>} */
const figures = new FormStore((buffer) => new TextDecoder().decode(buffer), ROOM);

/** @param {CardHost} host @returns {import("./kind.js").KindCard} */
export function plotlyCard(host) {
  /** @type {Map<string, FigureCell>} */
  const cells = new Map();
  const card = runCells(host, {
    minWidth: WIDTH,
    makeCell(run, { say }) {
      const cell = new FigureCell(host, run, say);
      cells.set(run, cell);
      return { element: cell.element, show: (index) => cell.show(index), ready: () => cell.isReady, destroy: () => (cell.destroy(), void cells.delete(run)) };
    },
  });
  const chosen = () => {
    const pointed = host.body.querySelector(".cell:hover")?.getAttribute("data-run") ?? "";
    return cells.get(pointed) ?? [...cells.values()][0];
  };
  host.menu([
    { label: "Save as PNG", act: () => chosen()?.save("png") },
    { label: "Save as SVG", act: () => chosen()?.save("svg") },
    { label: "Save the figure's JSON", act: () => chosen()?.download() },
  ]);
  const leave = [figures.version, ownColors, theme].map((atom) => /** @type {import("../../lib/atom.js").Atom<unknown>} */ (atom).subscribe(host.redraw));
  return {
    ...card,
    destroy() {
      for (const stop of leave) stop();
      card.destroy?.();
    },
  };
}

class FigureCell {
  isReady = false;
  #notes = h("ul", { className: "figure-notes" });
  #stage = h("div", { className: "figure-stage" });
  element = h("div", { className: "figure-cell" }, this.#stage, this.#notes);
  /** @type {FigureFrame | null} */ #frame = null;
  /** @type {CardHost} */ #host;
  #run;
  #say;
  #wanted = ""; // what the frame was told to draw
  #done = false;
  #problem = ""; // why it could not
  #index = 0;
  /** @type {Set<string>} addresses of large figures that are wanted all the same */ #allowed = new Set();

  /** @param {CardHost} host @param {string} run @param {(message: string | null, retry?: () => void) => void} say */
  constructor(host, run, say) {
    this.#host = host;
    this.#run = run;
    this.#say = say;
  }

  /** @param {number} index */
  show(index) {
    this.#index = index;
    const address = this.#host.address("figure", this.#run, index);
    const found = figures.get(address);
    this.isReady = found !== null && found.problem !== null;
    if (!found) return;
    if (found.problem != null) return this.#say(found.problem, () => figures.retry(address));
    if (found.bytes > LARGE && !this.#allowed.has(address)) return this.#askFirst(address, found.bytes);
    const width = Math.max(200, Math.floor(this.#stage.clientWidth || this.element.clientWidth));
    const { text, grid, line, surface, dark } = readInk();
    const key = JSON.stringify([address, width, ownColors.get(), dark]);
    if (key !== this.#wanted) {
      this.#wanted = key;
      this.#done = false;
      this.#problem = "";
      const look = ownColors.get() ? null : { text, grid, line, surface, font: getComputedStyle(document.body).fontFamily };
      this.#framed().draw({ text: found.value, look, width });
    }
    this.isReady = this.#done;
    if (this.#problem) this.#say(this.#problem, () => this.#again());
  }

  /** @param {string} address @param {number} bytes */
  #askFirst(address, bytes) {
    this.isReady = true;
    this.#say(`This figure has ${formatBytes(bytes)}, and drawing it may take long. Retry draws it.`, () => (this.#allowed.add(address), this.#host.redraw()));
  }

  /** @param {"png" | "svg"} format */
  save(format) {
    this.#frame?.askPicture(format);
  }

  download() {
    open(this.#host.address("download", this.#run, this.#index), "_self");
  }

  destroy() {
    this.#frame?.destroy();
  }

  #framed() {
    if (this.#frame) return this.#frame;
    this.#frame = new FigureFrame(`Figure ${this.#host.tag} of ${this.#run}`, {
      onShown: (height, notes) => {
        this.#done = true;
        this.#stage.style.height = `${height}px`;
        this.#notes.replaceChildren(...notes.map((note) => h("li", {}, note)));
        this.#host.redraw();
      },
      onFailed: (message) => this.#fail(`This figure cannot be drawn: ${message}`),
      onPicture: (url) => void this.#keep(url),
    });
    this.#stage.append(this.#frame.element);
    return this.#frame;
  }

  /** A frame that failed is thrown away: what it is told next might meet a half-drawn figure. @param {string} message */
  #fail(message) {
    this.#frame?.destroy();
    this.#frame = null;
    this.#problem = message;
    this.#done = true;
    this.#host.redraw();
  }

  #again() {
    this.#wanted = "";
    this.#host.redraw();
  }

  /** @param {string} url */
  async #keep(url) {
    const [head, body] = [url.slice(0, url.indexOf(",")), url.slice(url.indexOf(",") + 1)];
    const type = /** @type {string} */ (/^data:([\w+/]+)/.exec(head)?.[1]);
    const bytes = head.endsWith("base64") ? Uint8Array.from(atob(body), (letter) => letter.charCodeAt(0)) : decodeURIComponent(body);
    saveBlob(new Blob([bytes], { type }), `${this.#host.tag.replace(/[^\w.-]+/g, "_")}.${type.includes("svg") ? "svg" : "png"}`);
  }
}
