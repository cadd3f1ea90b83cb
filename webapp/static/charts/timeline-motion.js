/** How a timeline moves: by keys that are held, and towards a part that was asked for. */

import { limitedSpan, movedSpan, zoomedSpan } from "../lib/timeline-span.js";

/** @typedef {import("../lib/timeline-span.js").Span} Span */
/** @typedef {"left" | "right" | "in" | "out"} Move */

const PAN = 0.9; // of the view, each second
const ZOOM = 3.2; // e-fold each second
const TAP = { pan: 0.08, zoom: 1.25 }; // what a key does at once
const GLIDE = 180; // ms

export class TimelineMotion {
  /** @type {Set<Move>} */ #held = new Set();
  /** @type {{from: Span, to: Span, begin: number} | null} */ #glide = null;
  #last = 0;

  /** Whether another frame follows. */
  get moving() {
    return this.#held.size > 0 || this.#glide !== null;
  }

  /** A key is pressed: it moves at once, and as long as it is held. @param {Move} move @param {Span} span @param {number} pointer time that stays in place when zooming @param {number} end @returns {Span} */
  press(move, span, pointer, end) {
    this.#glide = null;
    if (this.#held.has(move)) return span;
    this.#held.add(move);
    this.#last = performance.now();
    return moved(span, move, TAP.pan, TAP.zoom, pointer, end);
  }

  /** @param {Move} move */
  release(move) {
    this.#held.delete(move);
  }

  stop() {
    this.#held.clear();
    this.#glide = null;
  }

  /** @param {Span} from @param {Span} to @param {boolean} still without moving, as people may have asked their system for */
  glide(from, to, still) {
    this.#held.clear();
    this.#glide = { from: still ? to : from, to, begin: performance.now() };
  }

  /** The span of this frame. @param {Span} span @param {number} now @param {number} pointer @param {number} end @returns {Span} */
  frame(span, now, pointer, end) {
    if (this.#glide) return this.#gliding(now);
    const seconds = Math.min(0.1, Math.max(0, (now - this.#last) / 1000));
    this.#last = now;
    let next = span;
    for (const move of this.#held) next = moved(next, move, PAN * seconds, Math.exp(ZOOM * seconds), pointer, end);
    return next;
  }

  /** Its length changes by equal factors: so a zoom looks even. @param {number} now @returns {Span} */
  #gliding(now) {
    const { from, to, begin } = /** @type {{from: Span, to: Span, begin: number}} */ (this.#glide);
    const t = Math.min(1, Math.max(0, (now - begin) / GLIDE));
    if (t === 1) {
      this.#glide = null;
      return to;
    }
    const eased = 1 - (1 - t) ** 3;
    const [a, b] = [from.to - from.from, to.to - to.from];
    const length = a * (b / a) ** eased;
    const share = Math.abs(a - b) < 1e-9 * a ? eased : (a - length) / (a - b);
    const middle = (from.from + from.to) / 2 + share * ((to.from + to.to) / 2 - (from.from + from.to) / 2);
    return { from: middle - length / 2, to: middle + length / 2 };
  }
}

/** @param {Span} span @param {Move} move @param {number} share of the view @param {number} factor @param {number} pointer @param {number} end */
function moved(span, move, share, factor, pointer, end) {
  const by = (span.to - span.from) * share;
  if (move === "left" || move === "right") return movedSpan(span, move === "left" ? -by : by, end);
  return limitedSpan(zoomedSpan(span, move === "in" ? factor : 1 / factor, pointer, end), end);
}
