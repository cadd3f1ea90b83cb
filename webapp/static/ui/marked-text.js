/** What a person wrote, with the part that is wrong marked. */

import { h } from "./dom.js";

/** @param {string} text @param {[number, number]} at the characters from … to before */
export function markedText(text, [start, end]) {
  const stop = Math.max(end, start + 1);
  return h("code", { className: "marked-text" }, text.slice(0, start), h("mark", {}, text.slice(start, stop) || " "), text.slice(stop));
}
