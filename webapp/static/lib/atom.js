/**
 * A value with a setter and a list of listeners: all the state management this front end has.
 *
 * @template T
 */
export class Atom {
  /** @type {Set<(value: T) => void>} */ #listeners = new Set();
  /** @type {T} */ #value;

  /** @param {T} value */
  constructor(value) {
    this.#value = value;
  }

  /** @returns {T} */
  get() {
    return this.#value;
  }

  /** Setting an identical value notifies nobody. @param {T} value */
  set(value) {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of [...this.#listeners]) listener(value);
  }

  /**
   * @param {(value: T) => void} listener
   * @returns {() => void} call it to unsubscribe
   */
  subscribe(listener) {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}

/**
 * Calls `action` once in the next animation frame, however often it was asked for. A hidden tab gets no frames, so a
 * timer stands in for them there.
 *
 * @param {() => void} action
 * @returns {() => void}
 */
export function oncePerFrame(action) {
  let asked = false;
  const run = () => {
    asked = false;
    action();
  };
  return () => {
    if (asked) return;
    asked = true;
    if (document.hidden) setTimeout(run, 50);
    else requestAnimationFrame(run);
  };
}

/**
 * Calls `action` once when the current task is over, however often it was asked for: before the next frame is drawn, so
 * that questions to the server leave as early as they can.
 *
 * @param {() => void} action
 * @returns {() => void}
 */
export function oncePerTask(action) {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    queueMicrotask(() => {
      asked = false;
      action();
    });
  };
}
