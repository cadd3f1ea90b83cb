/**
 * One clock for the sounds of a card. The sounds of several runs play together and one of them is heard, so that the ear
 * can go from run to run without a gap.
 */

import { keptByKey } from "../../lib/kept.js";
import { soundSpeed, soundVolume } from "../../state/sounds.js";

const TOGETHER = 8; // sounds that play at once; another one starts when it is asked for
const APART = 0.04; // seconds that sounds may run apart
const SYNC = 500; // ms between two looks at that

/** @typedef {{from: number, to: number}} Part of the time, seconds */

/** By the key of a card: where it was stays known while the card is out of sight. */
export const deckOf = keptByKey(() => new SoundDeck());

/** @type {SoundDeck | null} one card is heard at a time */
let playedLast = null;

export class SoundDeck {
  /** Called whenever something changed; while playing once a frame. */
  onChange = () => {};
  /** Seconds. */
  position = 0;
  /** The run that is heard. */
  heard = "";
  /** Which of the sounds of one step. */
  sample = 0;
  /** Plays again and again: all of it, or `part`. */
  looping = false;
  /** @type {Part | null} */ part = null;
  #playing = false;
  #before = ""; // the run heard before
  #audible = ""; // still the one before while the next one is loading
  /** @type {Map<string, HTMLAudioElement>} run → its player */ #players = new Map();
  #frame = 0;
  #synced = 0;

  get playing() {
    return this.#playing;
  }

  /** Runs that can be heard, in order. */
  get runs() {
    return [...this.#players.keys()];
  }

  /** @param {string} run @param {HTMLAudioElement} player */
  add(run, player) {
    this.#players.set(run, player);
    if (!this.#players.has(this.heard)) this.heard = run;
    player.addEventListener("ended", () => this.#tick());
    player.addEventListener("timeupdate", () => document.hidden && this.#tick()); // a hidden page has no frames
  }

  /** @param {string} run */
  remove(run) {
    this.#players.get(run)?.pause();
    this.#players.delete(run);
    if (run === this.#audible) this.pause();
  }

  /** A run has another sound now. @param {string} run */
  replaced(run) {
    if (this.#playing && (run === this.heard || this.#together().includes(run))) this.#start(run);
  }

  toggle() {
    if (this.#playing) this.pause();
    else this.play();
  }

  play() {
    const player = this.#players.get(this.heard);
    if (!player?.src) return;
    if (playedLast !== this) playedLast?.pause();
    playedLast = this;
    if (this.position >= (player.duration || Infinity) - 0.01) this.position = 0;
    if (this.looping && this.part && (this.position < this.part.from || this.position >= this.part.to)) this.position = this.part.from;
    this.#playing = true;
    this.#audible = this.heard;
    for (const run of this.#together()) this.#start(run);
    this.#run();
    this.onChange();
  }

  pause() {
    if (!this.#playing) return;
    this.#playing = false;
    cancelAnimationFrame(this.#frame);
    for (const player of this.#players.values()) player.pause();
    this.onChange();
  }

  /** @param {number} position seconds */
  seek(position) {
    this.position = Math.max(0, position);
    if (this.#playing) for (const run of this.#together()) this.#at(run, this.position);
    this.onChange();
  }

  /** Another run is heard, from where this one is. @param {string} run */
  hear(run) {
    const next = this.#players.get(run);
    if (!next || run === this.heard) return;
    this.#before = this.heard;
    this.heard = run;
    this.onChange();
    if (!this.#playing) return;
    if (!next.paused && next.readyState >= next.HAVE_FUTURE_DATA) return this.#switch();
    next.addEventListener("playing", () => this.#switch(), { once: true });
    this.#start(run);
  }

  /** The run that was heard before this one. */
  hearOther() {
    const runs = this.runs;
    this.hear(this.#players.has(this.#before) ? this.#before : (runs[(runs.indexOf(this.heard) + 1) % runs.length] ?? ""));
  }

  /** @param {1 | -1} direction */
  hearNext(direction) {
    const runs = this.runs;
    this.hear(runs[(runs.indexOf(this.heard) + direction + runs.length) % runs.length] ?? "");
  }

  /** @param {boolean} on @param {Part | null} [part] */
  loop(on, part = on ? this.part : null) {
    this.looping = on;
    this.part = part && part.to - part.from > 0.01 ? part : null;
    this.onChange();
  }

  /** Speed and volume as they are chosen now. */
  adjust() {
    for (const player of this.#players.values()) {
      player.volume = soundVolume.get();
      player.defaultPlaybackRate = player.playbackRate = soundSpeed.get();
    }
  }

  /** The runs that play: the one that is heard, and its neighbours in the list. */
  #together() {
    const able = this.runs.filter((run) => this.#players.get(run)?.src && !this.#players.get(run)?.error);
    const first = Math.max(0, Math.min(able.indexOf(this.heard) - TOGETHER / 2, able.length - TOGETHER));
    return able.slice(first, first + TOGETHER);
  }

  /** @param {string} run */
  #start(run) {
    const player = /** @type {HTMLAudioElement} */ (this.#players.get(run));
    player.muted = run !== this.#audible;
    this.adjust();
    this.#at(run, this.position);
    player.play().catch(() => {
      if (run === this.#audible && player.error) this.pause(); // the cell says what is wrong
    });
  }

  /** @param {string} run @param {number} position */
  #at(run, position) {
    const player = this.#players.get(run);
    if (!player) return;
    player.currentTime = position;
    if (player.paused && this.#playing && position < (player.duration || Infinity)) void player.play().catch(() => {});
  }

  #switch() {
    if (!this.#playing) return;
    this.#sync();
    this.#audible = this.heard;
    for (const [run, player] of this.#players) player.muted = run !== this.#audible;
    this.onChange();
  }

  #run() {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => {
      this.#tick();
      if (this.#playing) this.#run();
    });
  }

  #tick() {
    const player = this.#players.get(this.#audible);
    if (!this.#playing || !player) return;
    if (!player.seeking && player.readyState > 0) this.position = player.currentTime;
    const end = this.looping && this.part ? this.part.to : Infinity;
    if (this.looping && (player.ended || this.position >= end)) this.seek(this.part?.from ?? 0);
    else if (player.ended) return this.pause();
    if (performance.now() - this.#synced > SYNC) this.#sync();
    this.onChange();
  }

  /** Brings those that run apart together; nobody hears them. */
  #sync() {
    this.#synced = performance.now();
    const leader = this.#players.get(this.#audible);
    if (!leader || leader.seeking) return;
    for (const player of this.#players.values()) {
      if (player !== leader && !player.paused && !player.seeking && Math.abs(player.currentTime - leader.currentTime) > APART) player.currentTime = leader.currentTime;
    }
  }
}
