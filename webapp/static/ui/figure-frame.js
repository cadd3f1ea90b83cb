/** The frame in which a Plotly figure is drawn: no origin, no network; it is told what to draw and answers with texts. */

import { h } from "./dom.js";

/** @typedef {{text: string, grid: string, line: string, surface: string, font: string}} Look colours of the page */
/** @typedef {{text: string, look: Look | null, width: number, height?: number}} Wanted the figure's JSON; `look` null: as the figure says */

/**
 * @typedef {object} FrameEvents
 * @property {(height: number, notes: string[]) => void} onShown
 * @property {(message: string) => void} onFailed
 * @property {(url: string) => void} onPicture a data URL
 */

const PATIENCE = 20_000; // ms for one figure
const LOADING = 90_000; // ms until a frame has its scripts
const NOT_LOADED = "its frame could not be loaded";
const AT_ONCE = 2; // frames that load theirs, five megabytes each; the first one alone, for the others use what it compiled
const MOST_NOTES = 6;
const LONGEST = 300; // characters of a message from the frame
const MOST_HEIGHT = 2_000;

/** @type {Set<FigureFrame>} */
const loading = new Set();
/** @type {Set<FigureFrame>} those that wait for their turn */
const queue = new Set();
let first = true;

function loadNext() {
  for (const figure of queue) {
    if (loading.size >= (first ? 1 : AT_ONCE)) return;
    queue.delete(figure);
    loading.add(figure);
    figure.load();
  }
}

/** @param {FigureFrame} figure that has its scripts, could not have them, or does not want them any more */
function loaded(figure) {
  queue.delete(figure);
  loading.delete(figure);
  loadNext();
}

export class FigureFrame {
  element;
  /** @type {FrameEvents} */ #events;
  #ready = false;
  #asked = 0; // number of the figure that is wanted
  #timer = 0;
  /** @type {Wanted | null} */ #waiting = null;
  /** @type {Set<string>} */ #blocked = new Set();
  /** @type {string[]} */ #notes = [];
  #height = 0;

  /** @param {string} title @param {FrameEvents} events */
  constructor(title, events) {
    this.#events = events;
    this.element = h("iframe", { className: "figure-frame", title });
    this.element.setAttribute("sandbox", "allow-scripts");
    this.element.addEventListener("load", () => {
      if (!loading.has(this)) return;
      first = false; // the next ones do not wait for one that could not be had
      loaded(this);
    });
    addEventListener("message", this);
    queue.add(this);
    loadNext();
  }

  /** Its turn has come. */
  load() {
    this.element.src = "figures/frame";
    this.#wait(LOADING, NOT_LOADED);
  }

  /** @param {Wanted} wanted */
  draw(wanted) {
    this.#asked += 1;
    this.#blocked = new Set();
    this.#waiting = wanted;
    if (this.#ready) this.#drawWaiting();
    else if (!queue.has(this)) this.#wait(LOADING, NOT_LOADED);
  }

  /** @param {"png" | "svg"} format */
  askPicture(format) {
    this.#send({ type: "picture", id: this.#asked, format });
  }

  destroy() {
    clearTimeout(this.#timer);
    removeEventListener("message", this);
    this.element.remove();
    loaded(this);
  }

  /** What the frame says is not to be trusted: numbers are checked, texts are cut and stay texts. @param {MessageEvent} event */
  handleEvent({ source, data }) {
    if (source !== this.element.contentWindow || typeof data !== "object" || data === null) return;
    if (data.type === "ready") {
      this.#ready = true;
      first = false;
      loaded(this);
      this.#drawWaiting();
    }
    if (data.type === "picture" && /^data:image\/(png|svg\+xml)[;,]/.test(String(data.url))) this.#events.onPicture(data.url);
    if (data.id === this.#asked || data.id === 0) this.#told(data); // not of a figure that is gone
  }

  /** @param {any} data */
  #told(data) {
    if (data.type === "shown") {
      clearTimeout(this.#timer);
      this.#height = Math.max(60, Math.min(MOST_HEIGHT, Number(data.height) || 0));
      this.#notes = Array.isArray(data.notes) ? data.notes.map(textOf) : [];
      this.#tellShown();
    }
    if (data.type === "failed") {
      clearTimeout(this.#timer);
      this.#events.onFailed(textOf(data.message));
    }
    if (data.type === "blocked") {
      this.#blocked.add(textOf(data.what));
      if (this.#height) this.#tellShown();
    }
  }

  #tellShown() {
    this.#events.onShown(this.#height, [...this.#notes, ...blockedNotes(this.#blocked)].slice(0, MOST_NOTES));
  }

  #drawWaiting() {
    if (!this.#waiting) return;
    this.#wait(PATIENCE, `it takes longer than ${PATIENCE / 1000} s`);
    this.#send({ type: "show", id: this.#asked, ...this.#waiting });
    this.#waiting = null;
  }

  /** @param {number} time @param {string} complaint */
  #wait(time, complaint) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.#events.onFailed(complaint), time);
  }

  /** @param {object} message */
  #send(message) {
    this.element.contentWindow?.postMessage(message, "*"); // it has no origin to name
  }
}

/** @param {unknown} text */
function textOf(text) {
  return String(text).slice(0, LONGEST);
}

/** @param {Set<string>} blocked */
function blockedNotes(blocked) {
  const hosts = [...blocked].map((address) => /^\w+:\/\/([^/]+)/.exec(address)?.[1] ?? "").filter(Boolean);
  return hosts.length ? [`The figure asks for ${[...new Set(hosts)].join(", ")}; figures from logs get nothing from the network.`] : [];
}
