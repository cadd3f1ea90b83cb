/** One layout that is being made on the server: asked for, followed frame by frame, and steered. */

import { Atom } from "../lib/atom.js";
import { asSentence, sentenceOf } from "../lib/sentence.js";
import { discardJob, fetchJobFrame, startJob, steerJob } from "./projector-api.js";

/** @typedef {"idle" | "waiting" | "running" | "paused" | "done" | "stopped" | "failed"} RunPhase */

/**
 * @typedef {object} RunState
 * @property {RunPhase} phase
 * @property {string} job "" before the server has named it
 * @property {string} order what was asked for, as a text
 * @property {number} frame number of the last frame; 0 before the first
 * @property {number} done iterations so far
 * @property {number} total 0 while nobody knows
 * @property {string} stage for people
 * @property {string} message what went wrong
 * @property {Record<string, number>} values
 * @property {string[]} notes
 * @property {Record<string, any>} details explained variance, loadings …
 * @property {[done: number, value: number][]} curve the KL divergence so far
 * @property {Float32Array | null} coordinates `width` numbers a point
 * @property {number} width
 * @property {number[]} steps that are laid out, of a job over several
 * @property {number} rate frames a second, lately
 */

/** @type {RunState} */
const IDLE = { phase: "idle", job: "", order: "", frame: 0, done: 0, total: 0, stage: "", message: "", values: {}, notes: [], details: {}, curve: [], coordinates: null, width: 2, steps: [], rate: 0 };

const TRY_AGAIN = 1500; // ms after a question that was not answered
const OPEN = new Set(["waiting", "running", "paused"]);
const OVER = new Set(["done", "stopped", "failed"]);

export class ViewRun {
  state = new Atom(IDLE);
  #asker = Math.random().toString(36).slice(2); // names this run to the server, where others may follow the same job
  #following = new AbortController();
  #awake = true;
  #last = 0; // when the last frame came, ms

  /** Whether there is something to pause or stop. */
  get active() {
    return OPEN.has(this.state.get().phase);
  }

  /**
   * Begins, or joins what is there. The last picture stays until the first new frame.
   *
   * @param {object} order of POST /api/projector/jobs @param {{restart?: boolean, peek?: boolean}} [how] `peek`: only what there is already
   */
  async start(order, how = {}) {
    this.#following.abort();
    const mine = (this.#following = new AbortController());
    const before = this.state.get();
    const key = JSON.stringify(order);
    if (!how.peek) this.state.set({ ...IDLE, phase: "waiting", stage: "starting", order: key, coordinates: before.coordinates, width: before.width, details: before.details });
    try {
      const { job, state } = await startJob({ ...order, ...how, asker: this.#asker });
      if (!how.peek && OPEN.has(before.phase) && before.job !== job) this.#discard(before.job);
      if (mine.signal.aborted) return;
      if (job === null) return this.state.set({ ...IDLE, order: key });
      this.#change({ job, order: key, phase: state === "done" ? "running" : /** @type {RunPhase} */ (state), frame: 0 });
      if (this.#awake) void this.#follow(mine);
    } catch (problem) {
      if (mine.signal.aborted || how.peek) return;
      this.#change({ phase: "failed", message: sentenceOf(problem), stage: "" });
    }
  }

  pause = () => this.#steer("pause");
  resume = () => this.#steer("resume");
  stop = () => this.#steer("stop");

  /** Live parameters, from the next frame on. @param {Record<string, unknown>} parameters @param {object} order what is being made from now on */
  change(parameters, order) {
    this.#change({ order: JSON.stringify(order) });
    return this.#steer("change", parameters);
  }

  /** Forgets the picture. */
  clear() {
    this.#following.abort();
    this.state.set(IDLE);
  }

  /** Nobody will see it any more: its work is given up. */
  end() {
    if (this.active) this.#discard(this.state.get().job);
    this.clear();
  }

  /** The page is in sight, or no more. @param {boolean} on */
  wake(on) {
    if (on === this.#awake) return;
    this.#awake = on;
    const { job, phase } = this.state.get();
    if (job === "") return; // `start` waits for its name, and follows it if the page is in sight then
    this.#following.abort();
    if (on && !OVER.has(phase)) void this.#follow((this.#following = new AbortController()));
  }

  /** @param {string} job "" where the server has not named it yet */
  #discard(job) {
    if (job) void discardJob(job, this.#asker).catch(() => {}); // it is gone already
  }

  /** @param {Partial<RunState>} change */
  #change(change) {
    this.state.set({ ...this.state.get(), ...change });
  }

  /** @param {"pause" | "resume" | "stop" | "change"} action @param {Record<string, unknown>} [parameters] */
  async #steer(action, parameters) {
    const { job } = this.state.get();
    if (!job) return;
    try {
      await steerJob(job, action, parameters);
    } catch (problem) {
      this.#change({ message: sentenceOf(problem) });
    }
  }

  /** @param {AbortController} mine */
  async #follow(mine) {
    while (!mine.signal.aborted) {
      const { job, frame } = this.state.get();
      try {
        const { header, arrays } = await fetchJobFrame(job, frame, this.#asker, mine.signal);
        if (mine.signal.aborted) return;
        this.#take(header, /** @type {Float32Array | undefined} */ (arrays.coordinates));
        if (OVER.has(header.state)) return;
      } catch (problem) {
        if (mine.signal.aborted) return;
        const { message, status } = /** @type {import("./api.js").RequestError} */ (problem);
        if (status === 404) return this.#change({ phase: "failed", message }); // somebody threw it away, or the dashboard began anew
        this.#change({ message });
        await new Promise((resolve) => setTimeout(resolve, TRY_AGAIN));
      }
    }
  }

  /** @param {any} header @param {Float32Array | undefined} coordinates */
  #take(header, coordinates) {
    const before = this.state.get();
    const now = performance.now();
    const rate = coordinates && before.frame > 0 ? 0.8 * before.rate + 0.2 * ((header.n - before.frame) / Math.max(1e-3, (now - this.#last) / 1000)) : before.rate;
    if (coordinates) this.#last = now;
    this.#change({
      phase: header.state, frame: header.n, done: header.done, total: header.total, stage: header.stage ?? "", message: asSentence(header.message ?? ""),
      values: header.values ?? {}, notes: header.notes ?? [], details: header.details ?? before.details, curve: header.curve ?? before.curve,
      steps: header.steps ?? before.steps, rate, ...(coordinates ? { coordinates, width: header.width ?? header.dims ?? 2 } : {}),
    });
  }
}
