/** A line at the lower edge for what went wrong; it stays until it is closed or no longer true. */

import { h, iconButton } from "./dom.js";

/** @returns {{element: HTMLElement, show: (text: string) => void}} an empty text takes the line away */
export function notice() {
  const words = h("span", { className: "notice-text" });
  const element = h("div", { className: "state-notice", role: "status", hidden: true }, words, iconButton("close", "Close", () => (element.hidden = true)));
  const show = (/** @type {string} */ text) => {
    words.textContent = text;
    element.hidden = text === "";
  };
  return { element, show };
}
