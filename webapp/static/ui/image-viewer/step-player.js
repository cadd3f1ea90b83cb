/** Goes from step to step by itself, as fast as the pictures come. */

const PACE = 140; // ms a step, at least

export class StepPlayer {
  #timer = 0;

  /** @param {{move: () => void, ready: () => boolean, where: () => string, changed: () => void}} what `move` leaves `where` as it is at the last step */
  constructor(what) {
    this.what = what;
  }

  get playing() {
    return this.#timer !== 0;
  }

  toggle() {
    if (this.playing) return this.stop();
    this.#timer = window.setInterval(() => this.#tick(), PACE);
    return this.what.changed();
  }

  stop() {
    if (!this.playing) return;
    clearInterval(this.#timer);
    this.#timer = 0;
    this.what.changed();
  }

  #tick() {
    if (!this.what.ready()) return;
    const before = this.what.where();
    this.what.move();
    if (this.what.where() === before) this.stop();
  }
}
