/** What a search found in a timeline: how many on each rank, where, and from one to the next. */

import { fetchMatches } from "../../../state/profile-timeline.js";
import { timelinePattern, timelineSearch } from "../../../state/timeline-settings.js";
import { timelineSearchBox } from "./search-box.js";

/** @typedef {import("../../../charts/timeline-chart.js").TimelineChart} TimelineChart */
/** @typedef {import("../../../charts/timeline-runs.js").Place} Place */

export class Matches {
  #chart;
  #onMatch;
  #of;
  #at = 0; // the match that was gone to; n − ½ before any: between two of them
  #found = Promise.resolve();
  #asking = new AbortController();
  box = timelineSearchBox({ onText: () => void this.again(), onStep: (by) => void this.step(by), onLeave: () => this.#chart.scroller.focus({ preventScroll: true }) });

  /** @param {TimelineChart} chart @param {(place: Place) => void} onMatch @param {() => string} of the profile that is drawn; "": none */
  constructor(chart, onMatch, of) {
    this.#chart = chart;
    this.#onMatch = onMatch;
    this.#of = of;
    timelinePattern.subscribe(() => void this.again());
  }

  /** @param {string} text */
  put(text) {
    timelinePattern.set(false); // it is a name
    this.box.put(text);
  }

  /** Searches anew: for the first match in sight or behind. */
  async again() {
    if (timelineSearch.get()) return (this.#found = this.#ask({ near: Math.max(0, Math.round(this.#chart.span.from)) }, false));
    this.#asking.abort();
    this.box.show(null);
    this.#chart.showMatches([], null);
  }

  /** @param {1 | -1} by */
  async step(by) {
    if (!timelineSearch.get()) return this.box.focus();
    await this.#found;
    this.#at = by > 0 ? Math.floor(this.#at) + 1 : Math.ceil(this.#at) - 1; // at once: the next key may come before the answer
    await this.#ask({ index: this.#at }, true);
  }

  /** @param {{index?: number, near?: number}} which @param {boolean} go */
  async #ask(which, go) {
    const { lines } = this.#chart.scene;
    if (!this.#of() || !lines.length) return;
    this.#asking.abort();
    const { signal } = (this.#asking = new AbortController());
    try {
      const found = await fetchMatches(this.#of(), lines, which, { signal });
      if (signal.aborted) return;
      if (found.problem) this.#tell(found.problem);
      else this.#show(found, lines, go);
    } catch (problem) {
      if (!signal.aborted) this.#tell(/** @type {Error} */ (problem).message);
    }
  }

  /** @param {string} problem */
  #tell(problem) {
    this.box.tell(problem);
    this.#chart.showMatches([], null);
  }

  /** @param {import("../../../state/profile-timeline.js").SearchAnswer} found @param {import("../../../charts/timeline-runs.js").Scene["lines"]} lines @param {boolean} go */
  #show(found, lines, go) {
    const { match, index, names } = found;
    this.box.show(found);
    const key = `${timelineSearch.get()}\n${timelinePattern.get()}\n${lines.map(({ info }) => info.rank)}`;
    this.#chart.showMatches(found.bins, names ? { key, names: new Set(names) } : this.#chart.scene.sought?.key === key ? this.#chart.scene.sought : null);
    this.#at = go ? index : index - 0.5;
    if (go && match) this.#onMatch({ ...match, line: lines.findIndex(({ info }) => info.rank === match.rank) });
  }
}
