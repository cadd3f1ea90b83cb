/** The keys of the scalars page; listed for people in ui/dialogs.js. */

import * as store from "../state/store.js";

/**
 * @typedef {object} KeyTarget
 * @property {() => void} focusTagFilter
 * @property {() => void} focusRunFilter
 * @property {(direction: 1 | -1, count: number) => void} moveCursor
 * @property {() => void} play
 * @property {(action: "pin" | "wide" | "reset" | "more" | "statistics") => void} onCard acts on the card under the pointer or in focus
 * @property {() => void} clear
 *
 * @param {KeyTarget} target
 * @returns {() => void} stops listening
 */
export function listenToKeys(target) {
  /** @type {Record<string, (event: KeyboardEvent) => void>} */
  const actions = {
    "/": () => target.focusTagFilter(),
    r: () => target.focusRunFilter(),
    ArrowLeft: (event) => target.moveCursor(-1, event.shiftKey ? 10 : 1),
    ArrowRight: (event) => target.moveCursor(1, event.shiftKey ? 10 : 1),
    "+": () => smoothBy(0.05),
    "=": () => smoothBy(0.05),
    "-": () => smoothBy(-0.05),
    x: () => store.setAxis(following(/** @type {const} */ (["step", "relative", "wall"]), store.axis.get())),
    l: () => store.logY.set(!store.logY.get()),
    o: () => store.robust.set(!store.robust.get()),
    f: () => target.onCard("wide"),
    p: () => target.onCard("pin"),
    d: () => target.onCard("more"),
    0: () => target.onCard("reset"),
    s: () => target.onCard("statistics"),
    " ": () => target.play(),
    Escape: () => target.clear(),
  };
  const listener = (/** @type {KeyboardEvent} */ event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open], :popover-open")) return;
    if (isTyping(event.target) && event.key !== "Escape") return;
    const action = actions[event.key];
    if (!action || (event.key === " " && event.target instanceof HTMLButtonElement)) return;
    event.preventDefault();
    action(event);
  };
  document.addEventListener("keydown", listener);
  return () => document.removeEventListener("keydown", listener);
}

/** Whether a key belongs to the element in focus. @param {EventTarget | null} element */
export function isTyping(element) {
  return element instanceof HTMLInputElement ? element.type !== "checkbox" : element instanceof HTMLSelectElement;
}

/** @template T @param {readonly T[]} choices @param {T} current */
export function following(choices, current) {
  return choices[(choices.indexOf(current) + 1) % choices.length];
}

/** @param {number} change */
function smoothBy(change) {
  store.smoothing.set(Math.min(0.99, Math.max(0, Number((store.smoothing.get() + change).toFixed(2)))));
}
