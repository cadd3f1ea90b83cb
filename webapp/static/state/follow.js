/** Keeps catalog and status current: once at the start, then with every change the server tells. */

import { Atom } from "../lib/atom.js";
import { indexRuns } from "../lib/catalog.js";
import { fetchRuns, fetchStatus } from "./api.js";
import { followLive } from "./live.js";
import { catalog, status } from "./store.js";

/** @typedef {import("./live.js").Connection} Connection */
/** @typedef {import("../lib/types.js").LiveMessage} LiveMessage */

const LIST_EVERY = 1500; // ms between two readings of the run list when only points were added

export const connection = new Atom(/** @type {Connection} */ ({ state: "connecting", retryAt: 0 }));
/** When points last changed, ms since 1970; 0 before the first change. */
export const changedAt = new Atom(0);

/**
 * @param {(version: number, runs: string[] | null) => void} onChange which runs have new points
 * @returns {Promise<void>} settled when the first answers are in, or failed
 */
export async function follow(onChange) {
  let version = -1;
  let listed = 0; // when the run list was last asked for
  let timer = 0;

  const list = async () => {
    clearTimeout(timer);
    [timer, listed] = [0, Date.now()];
    const answer = await fetchRuns();
    if (answer.version !== catalog.get().version) catalog.set(indexRuns(answer));
  };
  /** The stream tells again of what one reading missed, so a failed one is not worth a word. */
  const listSoon = (/** @type {number} */ wait) => {
    if (timer && wait > 0) return;
    clearTimeout(timer);
    timer = window.setTimeout(() => list().catch(() => {}), wait);
  };
  const onMessage = (/** @type {LiveMessage} */ message) => {
    const before = status.get();
    const fresh = message.version !== version;
    version = message.version;
    status.set(message.status);
    if (!fresh || message.version === catalog.get().version) return;
    changedAt.set(Date.now());
    onChange(message.version, message.runs);
    const known = catalog.get().byName;
    const newRuns = before?.runs !== message.status.runs || message.runs?.some((run) => !known.has(run));
    listSoon(newRuns ? 0 : Math.max(0, listed + LIST_EVERY - Date.now()));
  };

  const first = await Promise.allSettled([list(), fetchStatus().then((answer) => status.set(answer))]);
  version = catalog.get().version;
  const lastPoint = Math.max(0, ...catalog.get().runs.map((run) => run.last ?? 0));
  if (lastPoint) changedAt.set(Math.min(Date.now(), lastPoint * 1000));
  followLive({ since: () => version, onMessage, onState: (state) => connection.set(state) });
  if (first.some(({ status: outcome }) => outcome === "rejected")) listSoon(1000);
}
