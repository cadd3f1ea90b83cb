/** A message in the place of something, with a way to try again. */

import { h } from "./dom.js";

/** @param {HTMLElement} box hidden without a message @param {string | null} message @param {() => void} [retry] */
export function showMessage(box, message, retry) {
  if (message === null && box.hidden) return;
  box.hidden = message === null;
  box.replaceChildren(...(message === null ? [] : [h("span", { role: "alert" }, message)]), ...(message !== null && retry ? [h("button", { type: "button", onclick: retry }, "Retry")] : []));
}
