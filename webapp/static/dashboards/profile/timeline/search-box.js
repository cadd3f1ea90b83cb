/** Searching all slices of a timeline by name, argument and duration: how many, and from one to the next. */

import { formatCount } from "../../../lib/format.js";
import { timelinePattern, timelineSearch } from "../../../state/timeline-settings.js";
import { bind, toggle } from "../../../ui/controls.js";
import { h, iconButton } from "../../../ui/dom.js";

/** @typedef {import("../../../state/profile-timeline.js").SearchAnswer} SearchAnswer */

const PAUSE = 180; // ms without a key until it is asked
const FEW = 4; // ranks whose matches are told each
const HINT = `Text in names or arguments, and conditions:
gemm and dur > 1 ms
kind = kernel and stream = 7
name ~ ^aten::(mm|bmm) and thread = main
Enter: next match, with Shift the one before`;

/** @param {{onText: (text: string) => void, onStep: (by: 1 | -1) => void, onLeave: () => void}} events `onLeave`: the keys are the timeline's again */
export function timelineSearchBox({ onText, onStep, onLeave }) {
  let timer = 0;
  const box = h("input", { type: "search", placeholder: "Search  /", "aria-label": "Search slices by name or argument", autocomplete: "off", spellcheck: false, title: HINT });
  const told = h("span", { className: "prof-tl-found quiet", role: "status" });
  const wrong = h("p", { className: "prof-tl-wrong bad", role: "alert", hidden: true });
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
    if (box.value.trim()) onLeave();
  });
  const steps = h("span", { className: "prof-tl-matches", hidden: true }, iconButton("up", "The match before ([)", () => onStep(-1)), iconButton("fold", "The next match (])", () => onStep(1)));
  const tell = (/** @type {string} */ text, problem = "") => {
    told.textContent = text;
    wrong.textContent = problem;
    wrong.hidden = problem === "";
    box.setAttribute("aria-invalid", String(problem !== ""));
  };
  return {
    element: h("span", { className: "prof-tl-search" }, h("span", { className: "search" }, box), patternToggle(), told, steps),
    /** Why nothing can be searched for: below the bar, where there is room for a sentence. */ wrong,
    focus: () => box.select(),
    /** @param {string} text */
    put(text) {
      box.value = text;
      say(text);
    },
    /** @param {SearchAnswer | null} found null: nothing is searched for */
    show(found) {
      box.value ||= timelineSearch.get();
      steps.hidden = !found?.total;
      tell(!found ? "" : found.total ? `${formatCount(found.index + 1)} of ${formatCount(found.total)}${inFewRanks(found)}` : "nothing found");
      told.title = found && found.ranks.length > 1 ? found.ranks.map(({ rank, total }) => `rank ${rank}: ${formatCount(total)}`).join("\n") : "";
    },
    /** @param {string} problem */
    tell(problem) {
      box.value ||= timelineSearch.get();
      steps.hidden = true;
      tell("", problem);
    },
  };
}

/** How many each rank has; of many ranks their number. @param {SearchAnswer} found */
function inFewRanks({ ranks }) {
  if (ranks.length < 2) return "";
  if (ranks.length > FEW) return ` on ${ranks.filter(({ total }) => total > 0).length} of ${ranks.length} ranks`;
  return ` · ${ranks.map(({ rank, total }) => `rank ${rank}: ${formatCount(total)}`).join(" · ")}`;
}

function patternToggle() {
  const element = toggle(".*", "The text is a regular expression");
  element.setAttribute("aria-label", "Regular expression");
  bind(element, timelinePattern);
  return element;
}
