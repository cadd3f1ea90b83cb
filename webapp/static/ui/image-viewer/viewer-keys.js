/** The keys of the viewer. */

/**
 * @typedef {object} ViewerKeyTarget
 * @property {(direction: 1 | -1) => void} moveStep
 * @property {(direction: 1 | -1) => void} moveSample
 * @property {(way: "fit" | "actual" | "in" | "out") => void} zoom
 * @property {(dx: number, dy: number) => void} pan
 * @property {() => void} nextMode
 * @property {() => void} swap
 * @property {() => void} flip
 * @property {(by: number) => void} slide
 */

const PAN = 60; // CSS pixels

/** @type {Record<string, (target: ViewerKeyTarget) => void>} */
const KEYS = {
  ArrowLeft: (target) => target.moveStep(-1),
  ArrowRight: (target) => target.moveStep(1),
  "Shift+ArrowLeft": (target) => target.pan(PAN, 0),
  "Shift+ArrowRight": (target) => target.pan(-PAN, 0),
  "Shift+ArrowUp": (target) => target.pan(0, PAN),
  "Shift+ArrowDown": (target) => target.pan(0, -PAN),
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
    if (event.ctrlKey || event.metaKey || event.altKey || at instanceof HTMLInputElement || at instanceof HTMLSelectElement) return;
    const arrow = event.shiftKey && event.key.startsWith("Arrow");
    const act = KEYS[arrow ? `Shift+${event.key}` : event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act(target);
  };
  element.addEventListener("keydown", listener);
  return () => element.removeEventListener("keydown", listener);
}
