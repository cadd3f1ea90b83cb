/** What a search found in a timeline: how many, where, and from one to the next. */

import { fetchMatches, timelineSearch } from "../../../state/profile-timeline.js";
import { timelineSearchBox } from "./search-box.js";

/** @typedef {import("../../../charts/timeline-chart.js").TimelineChart} TimelineChart */
/** @typedef {import("../../../charts/timeline-runs.js").Place} Place */

export class Matches {
  #chart;
  #onMatch;
  #of;
  #index = -1;
  #asking = new AbortController();
  box = timelineSearchBox({ onText: () => void this.again(), onStep: (by) => void this.step(by) });

  /** @param {TimelineChart} chart @param {(place: Place) => void} onMatch @param {() => {p: string, rank: number} | null} of what is searched */
  constructor(chart, onMatch, of) {
    this.#chart = chart;
    this.#onMatch = onMatch;
    this.#of = of;
  }

  /** @param {string} text */
  put(text) {
    this.box.put(text);
  }

  /** Searches anew: for the first match in sight or behind. */
  async again() {
    this.#index = -1;
    const text = timelineSearch.get();
    this.#chart.set({ sought: text.includes("=") ? "" : text.toLowerCase() });
    if (text) return this.#ask({ near: Math.max(0, Math.round(this.#chart.span.from)) }, false);
    this.#asking.abort();
    this.box.show(null);
    this.#chart.showMatches([]);
  }

  /** @param {1 | -1} by */
  async step(by) {
    if (!timelineSearch.get()) return this.box.focus();
    await this.#ask(this.#index < 0 ? { near: Math.max(0, Math.round(this.#chart.span.from)) } : { index: this.#index + by }, true);
  }

  /** @param {{index?: number, near?: number}} which @param {boolean} go */
  async #ask(which, go) {
    const of = this.#of();
    if (!of) return;
    this.#asking.abort();
    const { signal } = (this.#asking = new AbortController());
    try {
      const found = await fetchMatches(of.p, of.rank, timelineSearch.get(), which, { signal });
      if (signal.aborted) return;
      this.box.show(found);
      this.#chart.showMatches(found.bins);
      if (go) this.#index = found.index;
      else this.#index = found.total ? found.index - 1 : -1; // the first step goes to this one
      if (!go && found.index === 0) this.#index = -1;
      if (go && found.match) this.#onMatch({ ...found.match, line: 0 });
    } catch {
      if (!signal.aborted) this.box.show({ total: 0, index: -1 });
    }
  }
}
