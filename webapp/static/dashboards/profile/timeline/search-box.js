/** Searching all slices of a timeline by name and argument: how many, and from one to the next. */

import { formatCount } from "../../../lib/format.js";
import { timelineSearch } from "../../../state/profile-timeline.js";
import { h, iconButton } from "../../../ui/dom.js";

const PAUSE = 180; // ms without a key until it is asked

/** @param {{onText: (text: string) => void, onStep: (by: 1 | -1) => void}} events */
export function timelineSearchBox({ onText, onStep }) {
  let timer = 0;
  const box = h("input", {
    type: "search", placeholder: "Search  /", "aria-label": "Search slices by name or argument", autocomplete: "off", spellcheck: false,
    title: "Text in names or arguments; stream=7 asks one argument. Enter: next match, with Shift the one before",
  });
  const told = h("span", { className: "prof-tl-found quiet", role: "status" });
  const say = (/** @type {string} */ text) => {
    timelineSearch.set(text);
    onText(text);
  };
  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = window.setTimeout(() => say(box.value.trim()), PAUSE);
  });
  box.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    clearTimeout(timer);
    if (box.value.trim() !== timelineSearch.get()) say(box.value.trim());
    onStep(event.shiftKey ? -1 : 1);
  });
  const steps = h("span", { className: "prof-tl-matches", hidden: true }, iconButton("up", "The match before ([)", () => onStep(-1)), iconButton("fold", "The next match (])", () => onStep(1)));
  return {
    element: h("span", { className: "prof-tl-search" }, h("span", { className: "search" }, box), told, steps),
    focus: () => box.select(),
    /** @param {string} text */
    put(text) {
      box.value = text;
      say(text);
    },
    /** @param {{total: number, index: number} | null} found null: nothing is searched for */
    show(found) {
      box.value ||= timelineSearch.get();
      told.textContent = !found ? "" : found.total ? `${formatCount(found.index + 1)} of ${formatCount(found.total)}` : "nothing found";
      steps.hidden = !found?.total;
    },
  };
}
