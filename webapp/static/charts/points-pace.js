/** How much a graphics card is given at once, so that it answers within a frame or two: without one it is the processor. */

/** @typedef {import("./points-renderer.js").Piece} Piece */

const [FEWEST, FIRST] = [20_000, 150_000]; // points at once: at least, and before anybody knows
const [QUICK, SLOW] = [22, 45]; // ms
const MOST_EVERY = 16; // WebGL takes no more than 255 bytes from one point to the next

export class PointsPace {
  #atOnce = FIRST;
  /** @type {(() => boolean) | null} */ #isDone = null;
  #begun = 0;
  #given = 0;

  /** @param {number} points @param {number} now ms @param {() => boolean} isDone */
  gave(points, now, isDone) {
    this.#isDone = isDone;
    this.#begun = now;
    this.#given = points;
  }

  /** Whether the graphics card still draws. @param {number} now ms */
  isBusy(now) {
    if (!this.#isDone) return false;
    if (!this.#isDone()) return true;
    this.#isDone = null;
    const took = now - this.#begun;
    if (took > SLOW && this.#given >= FEWEST) this.#atOnce = Math.max(FEWEST, Math.round((this.#given * SLOW) / took / 1.3));
    else if (took < QUICK) this.#atOnce = Math.max(this.#atOnce, 2 * this.#given);
    return false;
  }

  /** The pieces of a picture that is wanted now: fewer points, if need be. @param {number} count @param {boolean} selecting @returns {Piece[]} */
  some(count, selecting) {
    const every = Math.min(MOST_EVERY, Math.max(1, Math.ceil((count * (selecting ? 2 : 1)) / this.#atOnce)));
    return parts(selecting).map((part) => ({ part, from: 0, count, every }));
  }

  /** The pieces of a whole picture, one after the other. @param {number} count @param {boolean} selecting @returns {Piece[]} */
  all(count, selecting) {
    return parts(selecting).flatMap((part) => {
      const pieces = Math.ceil(count / this.#atOnce);
      return Array.from({ length: pieces }, (_, at) => {
        const from = Math.floor((at * count) / pieces);
        return { part, from, count: Math.floor(((at + 1) * count) / pieces) - from, every: 1 };
      });
    });
  }

  /** Pieces from the beginning of a list that are given together. @param {Piece[]} pieces */
  together(pieces) {
    let [taken, points] = [0, 0];
    while (taken < pieces.length && (taken === 0 || points + pieces[taken].count / pieces[taken].every <= this.#atOnce)) {
      points += pieces[taken].count / pieces[taken].every;
      taken += 1;
    }
    return { taken: pieces.splice(0, taken), points };
  }
}

/** Selected points come last: they are above the others. @param {boolean} selecting @returns {(0 | 1 | 2)[]} */
function parts(selecting) {
  return selecting ? [1, 2] : [0];
}
