/** Markdown that people wrote (notes, views), rendered by the server; as it was written until then, and where that fails. */

import { fetchMarkdown } from "../state/api.js";
import { safeHtml } from "../ui/safe-html.js";

const MOST = 100; // texts whose HTML is remembered

/** @type {Map<string, Promise<{html: string}>>} */
const known = new Map();
/** @type {WeakMap<HTMLElement, string>} what an element was last told to show */
const wanted = new WeakMap();

/** @param {HTMLElement} element @param {string} text */
export async function showMarkdown(element, text) {
  if (wanted.get(element) === text) return;
  wanted.set(element, text);
  element.classList.remove("markdown");
  element.textContent = text;
  if (!text.trim()) return;
  try {
    const { html } = await rendered(text);
    if (wanted.get(element) !== text) return;
    element.classList.add("markdown");
    element.replaceChildren(safeHtml(html));
  } catch {
    wanted.delete(element); // the next look asks again
  }
}

/** @param {string} text */
function rendered(text) {
  let answer = known.get(text);
  if (answer) return answer;
  answer = fetchMarkdown(text);
  answer.catch(() => known.delete(text));
  known.set(text, answer);
  for (const oldest of known.keys()) if (known.size > MOST) known.delete(oldest);
  return answer;
}
