/** Frames for pages that somebody else wrote. */

import { h } from "./dom.js";

const LEAST = 60; // pixels
const MOST = 600; // pixels; higher pages scroll
const PATIENCE = 4000; // ms

/**
 * A frame without origin and network, and without scripts unless told: the answer's own policy says the same.
 *
 * @param {string} address @param {string} title @param {boolean} scripts
 */
export function stillFrame(address, title, scripts) {
  const frame = h("iframe", { className: "pane-frame coming", title, referrerPolicy: "no-referrer" });
  frame.setAttribute("sandbox", scripts ? "allow-scripts" : "");
  frame.src = address;
  return frame;
}

/**
 * How high a page is at a width, in pixels. It is laid out once more out of sight, in a frame that has our origin, so
 * that it can be measured, and for that no scripts, by the frame's attribute and by the answer's policy.
 *
 * @param {string} address @param {number} width pixels @returns {Promise<number>}
 */
export function measuredHeight(address, width) {
  const frame = h("iframe", { className: "pane-measure", tabIndex: -1, "aria-hidden": "true" });
  frame.setAttribute("sandbox", "allow-same-origin");
  frame.style.width = `${width}px`;
  return new Promise((done) => {
    const end = () => {
      clearTimeout(timer);
      const root = frame.contentDocument?.documentElement;
      const height = Math.max(root?.scrollHeight ?? 0, frame.contentDocument?.body?.scrollHeight ?? 0);
      frame.remove();
      done(Math.min(MOST, Math.max(LEAST, height)));
    };
    const timer = setTimeout(end, PATIENCE);
    frame.addEventListener("load", end);
    frame.src = address;
    document.body.append(frame);
  });
}
