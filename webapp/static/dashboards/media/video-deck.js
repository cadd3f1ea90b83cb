/** One clock for the films of a card: all runs show the same moment. */

import { keptByKey } from "../../lib/kept.js";
import { filmLoop, filmSpeed } from "../../state/films.js";

const LONGEST_STEP = 250; // ms between two frames of the page that count: it may have been out of sight

/** By the key of a card: where it was stays known while the card is out of sight. */
export const filmDeckOf = keptByKey(() => new FilmDeck());

export class FilmDeck {
  /** Called whenever something changed; while playing once a frame. */
  onChange = () => {};
  /** Milliseconds from the beginning. */
  position = 0;
  /** Of the longest film, milliseconds. */
  end = 0;
  /** Which of the films of one step. */
  sample = 0;
  #frame = 0;
  #before = 0;

  get playing() {
    return this.#frame !== 0;
  }

  toggle() {
    if (this.playing) this.pause();
    else this.play();
  }

  play() {
    if (this.playing || this.end <= 0) return;
    if (this.position >= this.end) this.position = 0;
    this.#before = performance.now();
    this.#next();
    this.onChange();
  }

  pause() {
    if (!this.playing) return;
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.onChange();
  }

  /** @param {number} position milliseconds */
  seek(position) {
    this.position = Math.max(0, Math.min(this.end, position));
    this.onChange();
  }

  #next() {
    this.#frame = requestAnimationFrame((now) => this.#tick(now));
  }

  /** @param {number} now */
  #tick(now) {
    this.position += Math.max(0, Math.min(LONGEST_STEP, now - this.#before)) * filmSpeed.get();
    this.#before = now;
    if (this.position >= this.end) {
      if (!filmLoop.get()) {
        this.position = this.end;
        return this.pause();
      }
      this.position %= this.end;
    }
    this.#next();
    return this.onChange();
  }
}
