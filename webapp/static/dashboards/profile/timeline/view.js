/** The view "Timeline": the chart, its rows' heads, the search, and what is known of the slice or range that is chosen. */

import { TimelineChart } from "../../../charts/timeline-chart.js";
import { timelinePicture } from "../../../charts/timeline-picture.js";
import { hexOf } from "../../../lib/color.js";
import { KIND_WORDS, kindColor } from "../../../lib/timeline-colors.js";
import { chooseRank, profileWindow } from "../../../state/profile-settings.js";
import * as state from "../../../state/profile-timeline.js";
import * as settings from "../../../state/timeline-settings.js";
import { h } from "../../../ui/dom.js";
import { isDark, readInk, readTokens } from "../../../ui/ink.js";
import { saveBlob } from "../../../ui/save-blob.js";
import { Question } from "../question.js";
import { Chosen } from "./chosen.js";
import { RowHeads } from "./heads.js";
import { listenToTimelineKeys, TIMELINE_KEY_HELP } from "./keys.js";
import { timelineKeyTarget } from "./key-target.js";
import { Matches } from "./matches.js";
import { timelineToolbar } from "./toolbar.js";

/** @typedef {import("../views.js").ViewContext} ViewContext */
/** @typedef {import("../../../state/profile-api.js").Shown} Shown */

/** @typedef {{row?: number | null, rank?: number | null, search?: string, window?: [number, number], path?: boolean}} RevealOptions */

/** @param {ViewContext} context */
export const view = (context) => new TimelineView(context);

class TimelineView {
  keys = TIMELINE_KEY_HELP;
  #context;
  /** @type {Shown | null} */ #shown = null;
  /** @type {string | null} the profile that was drawn last */ #drawn = null;
  /** @type {RevealOptions | null} for a rank that is not drawn yet */ #pending = null;
  #asked = ""; // profile and ranks that are drawn
  #window = ""; // the stretch of time that was gone to
  #question = new Question();
  #pathQuestion = new Question();
  #latest = state.latestOnly((wants) => this.#fetch(wants));
  #chart = new TimelineChart({
    onWant: (wants) => this.#latest.want(wants),
    onRest: ({ from, to }) => settings.timelineSpan.set(this.#chart.isWhole ? null : [Math.round(from), Math.round(to)]),
    onSelect: (place) => this.#chosen.select(place),
    onRange: (range) => this.#chosen.range(range),
    onRows: () => this.#heads.show(this.#chart.layout),
    ink: timelineInk,
  });
  #heads = new RowHeads(this.#chart);
  #matches = new Matches(this.#chart, (place) => this.#chosen.select(place, true), () => this.#shown?.p ?? "");
  #chosen;
  #toolbar = timelineToolbar(this.#matches.box.element, {
    fit: () => this.#chart.glideTo(null),
    pans: (on) => (this.#chart.pans = on),
    picture: (form) => void this.#picture(form),
  });
  #stopListening = () => {};
  element;

  /** @param {ViewContext} context */
  constructor(context) {
    this.#context = context;
    this.#chosen = new Chosen(this.#chart, context, { p: () => this.#shown?.p ?? "", search: (text) => this.#matches.put(text) });
    this.element = h("div", { className: "prof-tl" }, this.#toolbar.element, this.#matches.box.wrong, this.#question.element, this.#pathQuestion.element,
      h("div", { className: "prof-tl-chart" }, this.#chart.head, this.#chart.body), this.#chosen.element);
    for (const atom of [settings.timelinePins, settings.timelineFolds]) atom.subscribe(() => this.#arrange());
    settings.timelinePath.subscribe(() => void this.#path());
    settings.timelineColors.subscribe((by) => this.#chart.set({ by }));
    settings.timelineRanks.subscribe(() => this.#shown && void this.show(this.#shown));
    this.#arrange();
    this.#chart.set({ by: settings.timelineColors.get() });
  }

  #arrange() {
    this.#chart.arrange({ pins: settings.timelinePins.get(), toggled: settings.timelineFolds.get(), compact: false });
  }

  /** @param {Shown} shown */
  async show(shown) {
    this.#shown = shown;
    const all = shown.info.files.map(({ rank }) => rank);
    this.#toolbar.offer(all, shown.rank);
    const ranks = [shown.rank, ...all.filter((rank) => rank !== shown.rank && settings.timelineRanks.get().has(String(rank)))];
    const asked = JSON.stringify([shown.p, ranks, shown.info.slices]);
    if (asked !== this.#asked) {
      this.#asked = asked;
      await this.#question.ask((asking) => state.fetchTimelines(shown.p, ranks, asking), ({ lines, problems }) => {
        this.#draw(lines, shown);
        if (problems.length) this.#context.tell(problems.join(" "));
      });
    }
    this.#follow(shown.window);
    if (this.#pending) this.reveal(this.#pending);
  }

  /** @param {import("../../../lib/timeline-rows.js").RankLine[]} lines @param {Shown} shown */
  #draw(lines, shown) {
    if (this.#drawn !== null && this.#drawn !== shown.p) settings.forgetPlaces(); // those of another trace
    this.#drawn = shown.p;
    const span = settings.timelineSpan.get();
    this.#window = JSON.stringify(shown.window);
    this.#chosen.forget();
    this.#chart.show(lines, span ? { from: span[0], to: span[1] } : null);
    for (const { info } of lines) void this.#overview(shown, info.rank);
    if (!span && shown.window) this.#goTo(shown.window);
    void this.#matches.again();
    void this.#chosen.restore();
    void this.#path();
  }

  /** What is in sight is asked for anyway, and tells what is wrong. @param {Shown} shown @param {number} rank */
  async #overview(shown, rank) {
    const parts = await state.fetchTimelineOverview(shown.p, rank, {}).catch(() => []);
    if (shown.p !== this.#shown?.p) return;
    this.#chart.store.add(parts, true);
    this.#chart.request();
  }

  /** The page looks at another stretch of time: at a step. @param {[number, number] | null} window */
  #follow(window) {
    const text = JSON.stringify(window);
    if (text === this.#window) return;
    this.#window = text;
    if (window) this.#goTo(window);
    if (settings.timelinePath.get()) void this.#path();
  }

  /** @param {[number, number]} window */
  #goTo([from, to]) {
    const room = (to - from) * 0.04;
    this.#chart.glideTo({ from: from - room, to: to + room });
  }

  /** @param {import("../../../lib/timeline-tiles.js").Want[]} wants */
  async #fetch(wants) {
    const shown = this.#shown;
    if (!shown) return;
    try {
      const parts = await state.fetchTiles(shown.p, wants, {});
      if (shown.p !== this.#shown?.p) return;
      this.#chart.store.add(parts);
      this.#chart.request();
    } catch (problem) {
      const { status, message } = /** @type {import("../../../state/api.js").RequestError} */ (problem);
      if (status !== 404) this.#context.tell(message); // a page of one file has coarser ones alone
    }
  }

  /** What other views lead to. @param {RevealOptions} options */
  reveal(options) {
    const { row, rank, search, window, path } = options;
    const there = rank === undefined || rank === null || this.#chart.scene.lines.some(({ info }) => info.rank === rank);
    this.#pending = there ? null : options;
    if (!there) return chooseRank(rank); // and then this once more
    if (search) this.#matches.put(search);
    if (window) this.#goTo(window);
    if (path) settings.timelinePath.set(true);
    if (row !== undefined && row !== null) void this.#chosen.selectRow(row, rank ?? null);
  }

  /** @param {boolean} on */
  wake(on) {
    this.#stopListening();
    this.#stopListening = on ? listenToTimelineKeys(timelineKeyTarget(this.#chart, this.#chosen, this.#matches, this.#toolbar)) : () => {};
    if (!on) this.#latest.stop();
  }

  search() {
    this.#matches.box.focus();
  }

  recolor() {
    this.#toolbar.recolor();
    this.#chart.recolor();
  }

  destroy() {
    this.wake(false);
    this.#chart.destroy();
  }

  /** The critical path of each rank: of the window that the page looks at, else of what is in sight. */
  async #path() {
    const { lines } = this.#chart.scene;
    this.#chart.set({ path: [] });
    const p = this.#shown?.p;
    if (!settings.timelinePath.get() || !p || !lines.length) return this.#pathQuestion.cancel();
    const { from, to } = this.#chart.span;
    const looked = profileWindow.get()?.map((time) => time + lines[0].shift) ?? [from, Math.min(to, this.#chart.end)];
    const whole = !profileWindow.get() && from <= 0 && to >= this.#chart.end;
    const windowOf = (/** @type {number} */ shift) => whole ? null : /** @type {[number, number]} */ ([Math.max(0, Math.round(looked[0] - shift)), Math.max(1, Math.round(looked[1] - shift))]);
    await this.#pathQuestion.ask((asking) => Promise.all(lines.map(({ info, shift }) => state.fetchCriticalPath(p, info.rank, windowOf(shift), asking))), (paths) => {
      this.#chart.set({ path: paths.map((path, line) => ({ ...path, line })) });
      const remarks = new Set(paths.flatMap((path) => path.remarks));
      if (remarks.size) this.#context.tell([...remarks].join(" "));
    });
  }

  /** @param {"png" | "svg"} form */
  async #picture(form) {
    const name = this.#shown?.info.name ?? "timeline";
    const theme = isDark() ? "dark" : "light";
    const legend = settings.timelineColors.get() === "kind" ? KIND_WORDS.map(([kinds, label]) => ({ label, color: kindColor(kinds[0], theme) })) : [];
    try {
      saveBlob(await timelinePicture(this.#chart.frame(), form, name, legend), `${name} timeline.${form}`);
    } catch (problem) {
      this.#context.tell(/** @type {Error} */ (problem).message);
    }
  }
}

function timelineInk() {
  return { ...readInk(), bg: hexOf(readTokens(["bg"])[0]), surface: hexOf(readTokens(["surface"])[0]) };
}
