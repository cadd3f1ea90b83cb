/** Asks for the importances once what is asked has settled, and again when the runs or the metric are others. */

import { askImportance, importanceProgress } from "../../state/api.js";
import { table } from "../../state/run-table.js";
import { importanceCard } from "./importance-card.js";

const SETTLE = 300; // ms without a change before it is asked
const LOOK = 400; // ms between two looks at how far it is
const EVERY = 15_000; // ms between two askings while only values change: a forest costs the server a second

export function watchImportance() {
  const card = importanceCard();
  const asker = Math.random().toString(36).slice(2);
  let underWay = new AbortController();
  let asked = "";
  let askedAt = 0;
  let version = -1;
  let timer = 0;
  let names = /** @type {string[]} */ ([]);
  /** @param {string} metric @param {string[]} runs @param {(name: string) => void} onColor */
  const send = async (metric, runs, onColor) => {
    underWay.abort();
    underWay = new AbortController();
    const { signal } = underWay;
    [askedAt, version] = [Date.now(), table.get().version];
    card.wait(names);
    void watch(signal);
    try {
      const answer = await askImportance({ metric, runs, asker }, signal);
      if (signal.aborted) return;
      underWay.abort();
      card.show(answer, onColor);
    } catch (error) {
      if (signal.aborted) return;
      underWay.abort();
      card.fail(/** @type {Error} */ (error).message, () => send(metric, runs, onColor));
    }
  };
  /** Until the answer is there. @param {AbortSignal} signal */
  const watch = async (signal) => {
    while (!signal.aborted) {
      await new Promise((resolve) => setTimeout(resolve, LOOK));
      if (signal.aborted) return;
      const { done } = await importanceProgress(asker, signal).catch(() => ({ done: null }));
      if (done !== null && !signal.aborted) card.progress(done);
    }
  };
  return {
    element: card.element,
    /** @param {string} metric @param {string[]} runs @param {string[]} hparams what the rows will be, more or less @param {(name: string) => void} onColor */
    ask(metric, runs, hparams, onColor) {
      names = hparams;
      card.element.hidden = !metric;
      if (!metric || runs.length === 0) return;
      const question = JSON.stringify([metric, runs]);
      if (question === asked && version === table.get().version) return;
      const wait = question === asked ? Math.max(SETTLE, askedAt + EVERY - Date.now()) : SETTLE;
      asked = question;
      clearTimeout(timer);
      timer = window.setTimeout(() => send(metric, runs, onColor), wait);
    },
  };
}
