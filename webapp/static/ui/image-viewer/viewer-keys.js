/** The keys of the viewer. */

/**
 * @typedef {object} ViewerKeyTarget
 * @property {(direction: 1 | -1) => void} moveStep
 * @property {(direction: 1 | -1) => void} moveSample
 * @property {(way: "fit" | "actual" | "in" | "out") => void} zoom
 * @property {(dx: number, dy: number) => void} pan
 * @property {(dx: number, dy: number) => void} nudge
 * @property {() => void} play
 * @property {() => void} nextMode
 * @property {() => void} swap
 * @property {() => void} flip
 * @property {(by: number) => void} slide
 */

/** What the list of keys shows: [key, what it does]. */
export const VIEWER_KEY_HELP = [
  ["← →", "previous and next step"],
  ["[ ]", "previous and next of the pictures that were logged together"],
  ["+ − 0 1", "larger, smaller, all of it, actual size; the wheel zooms around the pointer, a double click changes between the last two"],
  ["Space", "play from step to step"],
  ["Alt + ← → ↑ ↓", "move the place whose values are told by a pixel"],
  ["Shift + ← → ↑ ↓", "pan, as dragging does"],
  ["m", "next way to compare"],
  ["b", "blink: the other of the two pictures"],
  ["s", "swap the two pictures"],
  [", .", "move the line of the slider, or show more of picture B"],
  ["Esc", "close"],
];

const PAN = 60; // CSS pixels

/** @type {Record<string, (target: ViewerKeyTarget) => void>} */
const KEYS = {
  ArrowLeft: (target) => target.moveStep(-1),
  ArrowRight: (target) => target.moveStep(1),
  "Shift+ArrowLeft": (target) => target.pan(PAN, 0),
  "Shift+ArrowRight": (target) => target.pan(-PAN, 0),
  "Shift+ArrowUp": (target) => target.pan(0, PAN),
  "Shift+ArrowDown": (target) => target.pan(0, -PAN),
  "Alt+ArrowLeft": (target) => target.nudge(-1, 0),
  "Alt+ArrowRight": (target) => target.nudge(1, 0),
  "Alt+ArrowUp": (target) => target.nudge(0, -1),
  "Alt+ArrowDown": (target) => target.nudge(0, 1),
  " ": (target) => target.play(),
  "+": (target) => target.zoom("in"),
  "=": (target) => target.zoom("in"),
  "-": (target) => target.zoom("out"),
  0: (target) => target.zoom("fit"),
  1: (target) => target.zoom("actual"),
  m: (target) => target.nextMode(),
  b: (target) => target.flip(),
  s: (target) => target.swap(),
  "[": (target) => target.moveSample(-1),
  "]": (target) => target.moveSample(1),
  ",": (target) => target.slide(-0.02),
  ".": (target) => target.slide(0.02),
};

/** @param {HTMLElement} element @param {ViewerKeyTarget} target @returns {() => void} stops listening */
export function listenToViewerKeys(element, target) {
  const listener = (/** @type {KeyboardEvent} */ event) => {
    const { target: at } = event;
    if (event.ctrlKey || event.metaKey || at instanceof HTMLInputElement || at instanceof HTMLSelectElement) return;
    if (event.key === " " && at instanceof HTMLButtonElement) return;
    const held = event.altKey ? "Alt+" : event.shiftKey && event.key.startsWith("Arrow") ? "Shift+" : "";
    const act = KEYS[held + event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act(target);
  };
  element.addEventListener("keydown", listener);
  return () => element.removeEventListener("keydown", listener);
}
