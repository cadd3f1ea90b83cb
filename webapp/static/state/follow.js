/** Keeps catalog and status current: once at the start, then with every change the server tells. */

import { Atom } from "../lib/atom.js";
import { indexRuns } from "../lib/catalog.js";
import { loadAlerts } from "./alerts.js";
import { fetchRuns, fetchStatus } from "./api.js";
import { LiveFeed } from "./live.js";
import { catalog, complete, status } from "./store.js";
import { keepWaitingChanges, loadState } from "./user-state.js";

/** @typedef {import("./live.js").Connection} Connection */
/** @typedef {import("../lib/types.js").LiveMessage} LiveMessage */
/** @typedef {import("../lib/types.js").Status} Status */

const LIST_EVERY = 1500; // ms between two readings of the run list when only points were added
const TRY_AGAIN = 1000; // ms after a reading that failed

export const connection = new Atom(/** @type {Connection} */ ({ state: "connecting", retryAt: 0 }));
/** Another number whenever a view file beside the runs comes, goes or changes. */
const viewsVersion = new Atom(0);
/** Another number whenever a profile comes, goes or grows. */
export const profilesVersion = new Atom(0);
/** What the last message said has changed; `runs` null: any of them; `anew`: the server was started again, versions count from its start. */
export const changes = new Atom(/** @type {{version: number, runs: string[] | null, anew: boolean}} */ ({ version: -1, runs: null, anew: false }));
/** When points last changed, ms since 1970; 0 before the first change. */
export const changedAt = new Atom(0);

/** The run list, read when it has changed. */
class Lister {
  #listed = 0; // when it was last asked for
  #timer = 0;
  #anew = false; // versions of another server's start say nothing

  async list() {
    clearTimeout(this.#timer);
    [this.#timer, this.#listed] = [0, Date.now()];
    try {
      const answer = await fetchRuns();
      if (this.#anew || answer.version !== catalog.get().version) catalog.set(indexRuns(answer));
      this.#anew = false;
      noteComplete(status.get());
    } catch {
      this.soon(TRY_AGAIN);
    }
  }

  listAnew() {
    this.#anew = true;
    this.soon(0);
  }

  /** @param {number} [wait] ms; without it, as soon as the last reading is old enough */
  soon(wait = Math.max(0, this.#listed + LIST_EVERY - Date.now())) {
    if (this.#timer && wait > 0) return;
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => this.list(), wait);
  }
}

/** Version of the log when its first full reading was done; −1 before that. */
let readyVersion = -1;

/** @param {Status | null} now */
function noteComplete(now) {
  if (now?.ready && readyVersion < 0) readyVersion = now.version;
  if (readyVersion >= 0 && catalog.get().version >= readyVersion) complete.set(true);
}

/**
 * @param {(version: number, runs: string[] | null) => void} onChange which runs have new points; null: any of them
 * @returns {Promise<void>} settled when the first answers are in, or failed
 */
export async function follow(onChange) {
  const lister = new Lister();
  let version = -1;

  const onMessage = (/** @type {LiveMessage} */ message, /** @type {boolean} */ anew) => {
    const before = status.get();
    const fresh = message.version !== version || message.runs === null;
    const restarted = message.version < version;
    version = message.version;
    if (version < readyVersion) readyVersion = -1; // the server was started anew
    status.set(message.status);
    void loadState(message.state);
    void loadAlerts(message.alerts);
    if (message.views !== undefined) viewsVersion.set(message.views);
    if (message.profiles !== undefined) profilesVersion.set(message.profiles);
    noteComplete(message.status);
    if (fresh) {
      changedAt.set(Date.now());
      changes.set({ version: message.version, runs: message.runs, anew: anew || restarted });
      onChange(message.version, message.runs);
    }
    if (anew) return lister.listAnew();
    const { lineOf, version: listed } = catalog.get();
    if (listed === message.version) return;
    const newRuns = !complete.get() || before?.runs !== message.status.runs || message.runs?.some((run) => !lineOf(run));
    if (newRuns) lister.soon(0);
    else lister.soon();
  };

  addEventListener("pagehide", keepWaitingChanges);
  const told = fetchStatus().then((answer) => status.set(answer), () => {}); // the stream tells it again
  await Promise.all([lister.list(), told, loadState()]);
  noteComplete(status.get());
  version = catalog.get().version;
  const lastPoint = catalog.get().runs.reduce((latest, run) => Math.max(latest, run.last ?? 0), 0);
  if (lastPoint) changedAt.set(Math.min(Date.now(), lastPoint * 1000));
  // A server that was started anew and still reads the log: what it has not read yet stays on the page.
  const onReading = (/** @type {Status} */ now) => status.set(now);
  new LiveFeed({ since: () => version, onMessage, onReading, onState: (state) => connection.set(state) });
}
