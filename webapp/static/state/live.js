/** What changed, as it changes: a stream from the server, or questions every two seconds where streams do not pass. */

import { fetchStatus, liveAddress } from "./api.js";

/** @typedef {import("../lib/types.js").LiveMessage} LiveMessage */
/** @typedef {{state: "connecting" | "live" | "polling" | "lost" | "paused", retryAt: number}} Connection */
/** @typedef {{since: () => number, onMessage: (message: LiveMessage, anew: boolean) => void,
 *   onReading: (status: import("../lib/types.js").Status) => void, onState: (connection: Connection) => void}} Listener */

const POLL = 2000; // ms
const FIRST_RETRY = 500; // ms
const LAST_RETRY = 10_000; // ms
const REFUSALS = 2; // streams refused in a row before we ask instead

/** The stream is closed while the page is hidden; when it is seen again one message brings everything that was missed. */
export class LiveFeed {
  /** @type {EventSource | null} */ #source = null;
  /** @type {Connection["state"]} */ #told = "connecting";
  /** @type {Listener} */ #listener;
  #timer = 0;
  #delay = FIRST_RETRY;
  #refused = 0;
  #missed = false; // the server was away: it may be another process now, so everything may have changed

  /** @param {Listener} listener */
  constructor(listener) {
    this.#listener = listener;
    document.addEventListener("visibilitychange", () => this.#seen());
    this.#seen();
  }

  #seen() {
    if (document.hidden) {
      this.#stop();
      this.#tell("paused");
    } else if (!this.#source) {
      this.#open();
    }
  }

  #open() {
    this.#stop();
    let heard = false;
    const source = new EventSource(liveAddress(Math.max(0, this.#listener.since())));
    this.#source = source;
    source.addEventListener("change", (event) => {
      heard = true;
      this.#refused = 0;
      this.#heard("live", JSON.parse(event.data));
    });
    source.addEventListener("error", () => {
      if (this.#source !== source) return;
      if (heard) this.#lost();
      else this.#noStream();
    });
  }

  /** A stream did not open: either streams do not pass here, or the server is away and the next stream may. */
  async #noStream() {
    this.#stop();
    try {
      await fetchStatus();
      this.#refused += 1;
    } catch {
      this.#refused = 0;
    }
    if (!this.#source && !document.hidden) this.#lost();
  }

  async #poll() {
    try {
      const status = await fetchStatus();
      if (document.hidden) return;
      this.#heard("polling", { version: status.version, status, runs: status.version === this.#listener.since() ? [] : null });
      this.#later(() => this.#poll(), POLL);
    } catch {
      this.#refused = 0; // the next try is a stream again
      this.#lost();
    }
  }

  /** @param {"live" | "polling"} state @param {LiveMessage} message */
  #heard(state, message) {
    this.#delay = FIRST_RETRY;
    if (this.#missed && !message.status.ready) {
      this.#tell("connecting");
      return this.#listener.onReading(message.status);
    }
    this.#tell(state);
    const anew = this.#missed;
    this.#missed = false;
    this.#listener.onMessage(anew ? { ...message, runs: null } : message, anew);
  }

  #lost() {
    this.#stop();
    this.#missed = true;
    this.#tell("lost", Date.now() + this.#delay);
    this.#later(() => (this.#refused >= REFUSALS ? this.#poll() : this.#open()), this.#delay);
    this.#delay = Math.min(LAST_RETRY, this.#delay * 2);
  }

  #stop() {
    clearTimeout(this.#timer);
    this.#source?.close();
    this.#source = null;
  }

  /** @param {() => void} action @param {number} wait */
  #later(action, wait) {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(action, wait);
  }

  /** @param {Connection["state"]} state @param {number} [retryAt] ms since 1970 */
  #tell(state, retryAt = 0) {
    if (state === this.#told && retryAt === 0) return;
    this.#told = state;
    this.#listener.onState({ state, retryAt });
  }
}
