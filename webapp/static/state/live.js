/** What changed, as it changes: a stream from the server, or questions every two seconds where streams do not pass. */

import { fetchStatus, liveAddress } from "./api.js";

/** @typedef {import("../lib/types.js").LiveMessage} LiveMessage */
/** @typedef {{state: "connecting" | "live" | "polling" | "lost" | "paused", retryAt: number}} Connection */

const POLL = 2000; // ms
const FIRST_RETRY = 500; // ms
const LAST_RETRY = 10_000; // ms
const REFUSALS = 2; // streams refused in a row before we ask instead

/**
 * The stream is closed while the page is hidden; when it is seen again one message brings everything that was missed.
 *
 * @param {{since: () => number, onMessage: (message: LiveMessage) => void, onState: (connection: Connection) => void}} listener
 * @returns {() => void} stops following
 */
export function followLive({ since, onMessage, onState }) {
  /** @type {EventSource | null} */
  let source = null;
  let timer = 0;
  let delay = FIRST_RETRY;
  let refused = 0;

  const later = (/** @type {() => void} */ action, /** @type {number} */ wait) => {
    clearTimeout(timer);
    timer = window.setTimeout(action, wait);
  };
  const stop = () => {
    clearTimeout(timer);
    source?.close();
    source = null;
  };
  const lost = () => {
    stop();
    onState({ state: "lost", retryAt: Date.now() + delay });
    later(refused >= REFUSALS ? poll : open, delay);
    delay = Math.min(LAST_RETRY, delay * 2);
  };
  const open = () => {
    stop();
    let heard = false;
    const opened = new EventSource(liveAddress(Math.max(0, since())));
    source = opened;
    opened.addEventListener("change", (event) => {
      heard = true;
      [refused, delay] = [0, FIRST_RETRY];
      onState({ state: "live", retryAt: 0 });
      onMessage(JSON.parse(event.data));
    });
    opened.addEventListener("error", () => {
      if (source !== opened) return;
      if (!heard) refused += 1;
      lost();
    });
  };
  const poll = async () => {
    try {
      const status = await fetchStatus();
      delay = FIRST_RETRY;
      onState({ state: "polling", retryAt: 0 });
      if (status.version !== since() || !status.ready) onMessage({ version: status.version, status, runs: null });
      later(poll, POLL);
    } catch {
      refused = 0;
      lost();
    }
  };
  const seen = () => {
    if (document.hidden) {
      stop();
      onState({ state: "paused", retryAt: 0 });
    } else if (!source) {
      open();
    }
  };
  document.addEventListener("visibilitychange", seen);
  onState({ state: "connecting", retryAt: 0 });
  seen();
  return () => {
    document.removeEventListener("visibilitychange", seen);
    stop();
  };
}
