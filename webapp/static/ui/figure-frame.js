/** The frame in which a Plotly figure is drawn: no origin, no network; it is told what to draw and answers with texts. */

import { h } from "./dom.js";

/** @typedef {{text: string, grid: string, line: string, font: string}} Look colours of the page */
/** @typedef {{text: string, look: Look | null, width: number, height?: number}} Wanted the figure's JSON; `look` null: as the figure says */

/**
 * @typedef {object} FrameEvents
 * @property {(height: number, notes: string[]) => void} onShown
 * @property {(message: string) => void} onFailed
 * @property {(url: string) => void} onPicture a data URL
 */

const PATIENCE = 20_000; // ms for one figure
const LOADING = 90_000; // ms until a frame has its scripts
const AT_ONCE = 2; // frames that load theirs, five megabytes each
const MOST_NOTES = 6;
const LONGEST = 300; // characters of a message from the frame
const MOST_HEIGHT = 2_000;

/** @type {Set<HTMLIFrameElement>} */
const loading = new Set();
/** @type {Set<HTMLIFrameElement>} those that wait for their turn */
const queue = new Set();

function loadNext() {
  for (const frame of queue) {
    if (loading.size >= AT_ONCE) return;
    queue.delete(frame);
    loading.add(frame);
    frame.src = "figures/frame";
  }
}

/** @param {HTMLIFrameElement} frame that has its scripts, or does not want them any more */
function loaded(frame) {
  queue.delete(frame);
  loading.delete(frame);
  loadNext();
}

/** @param {string} title @param {FrameEvents} events */
export function figureFrame(title, events) {
  const element = h("iframe", { className: "figure-frame", title });
  element.setAttribute("sandbox", "allow-scripts");
  let ready = false;
  let asked = 0;
  let timer = 0;
  /** @type {Wanted | null} */
  let waiting = null;
  /** @type {Set<string>} */
  let blocked = new Set();
  /** @type {string[]} */
  let notes = [];
  let height = 0;
  const send = (/** @type {object} */ message) => element.contentWindow?.postMessage(message, "*"); // it has no origin to name
  const draw = (/** @type {Wanted} */ wanted) => {
    asked += 1;
    blocked = new Set();
    waiting = wanted;
    if (ready) drawWaiting();
    else wait(LOADING, "its frame could not be loaded");
  };
  const drawWaiting = () => {
    if (!waiting) return;
    wait(PATIENCE, `it takes longer than ${PATIENCE / 1000} s`);
    send({ type: "show", id: asked, ...waiting });
    waiting = null;
  };
  const wait = (/** @type {number} */ time, /** @type {string} */ complaint) => {
    clearTimeout(timer);
    timer = window.setTimeout(() => events.onFailed(complaint), time);
  };
  const tellShown = () => events.onShown(height, [...notes, ...blockedNotes(blocked)].slice(0, MOST_NOTES));
  /** What the frame says is not to be trusted: numbers are checked, texts are cut and stay texts. @param {MessageEvent} event */
  const listen = ({ source, data }) => {
    if (source !== element.contentWindow || typeof data !== "object" || data === null) return;
    if (data.type === "ready") {
      ready = true;
      loaded(element);
      drawWaiting();
    }
    if (data.type === "picture" && /^data:image\/(png|svg\+xml)[;,]/.test(String(data.url))) events.onPicture(data.url);
    if (data.id !== asked && data.id !== 0) return; // of a figure that is gone
    if (data.type === "shown") {
      clearTimeout(timer);
      height = Math.max(60, Math.min(MOST_HEIGHT, Number(data.height) || 0));
      notes = Array.isArray(data.notes) ? data.notes.map(textOf) : [];
      tellShown();
    }
    if (data.type === "failed") {
      clearTimeout(timer);
      events.onFailed(textOf(data.message));
    }
    if (data.type === "blocked") {
      blocked.add(textOf(data.what));
      if (height) tellShown();
    }
  };
  addEventListener("message", listen);
  queue.add(element);
  loadNext();
  return {
    element,
    draw,
    /** @param {"png" | "svg"} format */
    askPicture: (format) => send({ type: "picture", id: asked, format }),
    destroy() {
      clearTimeout(timer);
      removeEventListener("message", listen);
      element.remove();
      loaded(element);
    },
  };
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
