/** The keys of the timeline, as people know them from Perfetto. They come before those of the page. */

import { isTyping } from "../../scalar-keys.js";

/** @typedef {import("../../../charts/timeline-motion.js").Move} Move */

/**
 * @typedef {object} TimelineKeyTarget
 * @property {(move: Move) => void} press
 * @property {(move: Move) => void} release
 * @property {(by: 1 | -1) => void} scroll
 * @property {(by: 1 | -1) => void} match
 * @property {(by: 1 | -1) => void} beside
 * @property {(up: boolean) => void} follow
 * @property {() => void} autograd
 * @property {() => void} focus
 * @property {() => void} mark
 * @property {() => void} fit
 * @property {() => void} pin
 * @property {() => void} mode
 * @property {() => void} path
 * @property {() => boolean} clear whether there was something to clear
 */

/** @type {Record<string, Move>} */
const MOVES = { w: "in", s: "out", a: "left", d: "right", ArrowLeft: "left", ArrowRight: "right", "+": "in", "=": "in", "-": "out" };

/** @type {Record<string, (target: TimelineKeyTarget) => void>} */
const ACTS = {
  ArrowUp: (target) => target.scroll(-1), ArrowDown: (target) => target.scroll(1),
  "]": (target) => target.match(1), "[": (target) => target.match(-1), Enter: (target) => target.match(1), "Shift Enter": (target) => target.match(-1),
  ">": (target) => target.beside(1), "<": (target) => target.beside(-1),
  g: (target) => target.follow(false), G: (target) => target.follow(true), b: (target) => target.autograd(),
  f: (target) => target.focus(), m: (target) => target.mark(), 0: (target) => target.fit(),
  p: (target) => target.pin(), v: (target) => target.mode(), c: (target) => target.path(),
};

/** What the help shows: [key, what it does]. */
export const TIMELINE_KEY_HELP = [
  ["w s", "closer and farther, around the pointer; held: on and on"], ["a d ← →", "earlier and later"], ["↑ ↓", "scroll the rows"],
  ["f", "fill the view with the selected slice or range"], ["0", "all of the trace"], ["/", "search all slices"], ["[ ]", "the match before, the next match; Enter, too, once it was searched"],
  ["< >", "the slice before, the next slice in the row"], ["g G", "follow the arrow from what is selected: to what it launched; back to what launched it"], ["b", "from a forward operator to its backward one, and back"],
  ["m", "mark the time at the pointer, or take the mark away"], ["p", "keep the row of the selected slice at the top"], ["v", "dragging chooses a range, or moves the view"],
  ["c", "the critical path"], ["Esc", "clear range, selection, marks; then look at all steps again"],
  ["mouse", "drag chooses a range, with Shift it moves; Ctrl and wheel zooms, wheel scrolls; double click fills the view"],
];

/** @param {TimelineKeyTarget} target @returns {() => void} stops listening */
export function listenToTimelineKeys(target) {
  const down = (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open], :popover-open") || isTyping(event.target)) return;
    if (event.target instanceof Element && event.target.closest("[role=tablist], [role=grid], select")) return;
    if (event.key === "Enter" && !(event.target instanceof Element && event.target.matches("[role=application]"))) return; // it is a button's
    const letter = event.key === "Enter" && event.shiftKey ? "Shift Enter" : event.key.length === 1 && event.key !== "G" ? event.key.toLowerCase() : event.key;
    if (MOVES[letter]) target.press(MOVES[letter]);
    else if (ACTS[letter]) ACTS[letter](target);
    else if (event.key !== "Escape" || !target.clear()) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  };
  const up = (/** @type {KeyboardEvent} */ event) => MOVES[event.key.length === 1 ? event.key.toLowerCase() : event.key] && target.release(MOVES[event.key.length === 1 ? event.key.toLowerCase() : event.key]);
  const away = () => Object.values(MOVES).forEach((move) => target.release(move));
  document.addEventListener("keydown", down, { capture: true });
  document.addEventListener("keyup", up, { capture: true });
  window.addEventListener("blur", away);
  return () => {
    document.removeEventListener("keydown", down, { capture: true });
    document.removeEventListener("keyup", up, { capture: true });
    window.removeEventListener("blur", away);
    away();
  };
}
