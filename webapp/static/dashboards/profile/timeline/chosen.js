/** What is chosen in a timeline: a slice with all that it is joined to, or a range of time. */

import * as state from "../../../state/profile-timeline.js";
import * as settings from "../../../state/timeline-settings.js";
import { toggled } from "../../../state/store.js";
import { h, iconButton } from "../../../ui/dom.js";
import { Question } from "../question.js";
import { RangePanel } from "./range-panel.js";
import { slicePanel } from "./slice-panel.js";

/** @typedef {import("../../../charts/timeline-chart.js").TimelineChart} TimelineChart */
/** @typedef {import("../../../charts/timeline-runs.js").Place} Place */
/** @typedef {import("../../../charts/timeline-runs.js").Scene} Scene */
/** @typedef {import("../../../state/profile-timeline.js").SliceDetails} SliceDetails */

export class Chosen {
  #chart;
  #context;
  #owner;
  #question = new Question();
  #body = h("div", { className: "prof-tl-chosen-body" });
  /** @type {SliceDetails | null} */ #details = null;
  #ranges = new RangePanel({
    zoom: () => this.focus(),
    analyse: () => this.#chart.scene.range && this.#context.setWindow([this.#chart.scene.range.from, this.#chart.scene.range.to]),
    clear: () => this.range(null),
    search: (text) => this.#owner.search(text),
  });
  element = h("section", { className: "prof-tl-chosen", "aria-label": "What is chosen", hidden: true },
    iconButton("close", "Close (Esc)", () => this.clear()), this.#question.element, this.#body);

  /** @param {TimelineChart} chart @param {import("../views.js").ViewContext} context @param {{p: () => string, search: (text: string) => void}} owner */
  constructor(chart, context, owner) {
    this.#chart = chart;
    this.#context = context;
    this.#owner = owner;
  }

  /** Another trace is drawn. */
  forget() {
    this.#details = null;
    this.element.hidden = true;
    this.#body.replaceChildren();
  }

  /** What the address names: a slice or a range, and marks. */
  async restore() {
    const [rank, row] = settings.timelineSlice.get().split(".").map(Number);
    const line = this.#chart.scene.lines.findIndex(({ info }) => info.rank === rank);
    this.#chart.set({ marks: [...settings.timelineMarks.get()] });
    if (settings.timelineRange.get()) return this.range(settings.timelineRange.get());
    if (settings.timelineSlice.get() && line >= 0 && Number.isSafeInteger(row)) await this.selectRow(row, rank, false);
  }

  /** @param {number} row @param {number | null} rank null: the first @param {boolean} [go] */
  async selectRow(row, rank, go = true) {
    const line = Math.max(0, this.#chart.scene.lines.findIndex(({ info }) => info.rank === rank));
    await this.select({ line, band: 0, lane: 0, row, start: 0, duration: 0, name: "" }, go);
  }

  /** @param {Place | null} place null: nothing is chosen @param {boolean} [go] brings it into sight */
  async select(place, go = false) {
    if (!place) return this.#clearSlice();
    const line = this.#chart.scene.lines[place.line];
    settings.timelineSlice.set(`${line.info.rank}.${place.row}`);
    settings.timelineRange.set(null);
    this.#chart.set({ range: null, arrows: [], ...(place.name && { selected: place }) });
    this.element.hidden = false;
    await this.#question.ask((asking) => state.fetchSlice(this.#owner.p(), line.info.rank, place.row, asking), (details) => this.#show(details, place.line, go));
  }

  /** @param {SliceDetails} details @param {number} line @param {boolean} go */
  #show(details, line, go) {
    this.#details = details;
    const selected = { line, ...placeOf(details) };
    const arrows = details.links.filter(({ link }) => link !== "operator").map((link) => {
      const other = { line, ...placeOf(link) };
      const back = link.link === "launch" || link.link === "forward";
      return { from: back ? other : selected, to: back ? selected : other, kind: link.link };
    });
    this.#chart.set({ selected, arrows: [...arrows, ...this.#throughOperator(details, line)] });
    const row = [...this.#chart.scene.pinned, ...this.#chart.scene.rows].find((each) => each.line === line && each.sort === "band" && each.at === details.band);
    if (go && row?.folded) settings.timelineFolds.set(toggled(settings.timelineFolds.get(), row.id));
    if (go) this.#chart.reveal(selected);
    this.#body.replaceChildren(slicePanel(details, {
      title: row?.title ?? this.#chart.scene.lines[line].info.bands[details.band].title,
      goTo: (place) => void this.select({ line, ...placeOf(place) }, true),
      zoom: () => this.focus(),
      search: (text) => this.#owner.search(text),
      open: (tab, options) => this.#context.goTo(tab, options),
    }));
  }

  /** Of a kernel: from its operator to the call. @param {SliceDetails} details @param {number} line */
  #throughOperator({ links }, line) {
    const [launch, operator] = ["launch", "operator"].map((kind) => links.find(({ link }) => link === kind));
    return launch && operator ? [{ from: { line, ...placeOf(operator) }, to: { line, ...placeOf(launch) }, kind: "operator" }] : [];
  }

  /** @param {Scene["range"]} range null: none */
  async range(range) {
    settings.timelineRange.set(range);
    this.#chart.set({ range });
    if (!range) {
      if (!this.#details) this.element.hidden = true;
      return;
    }
    this.#clearSlice();
    this.element.hidden = false;
    if (!this.#body.contains(this.#ranges.element)) this.#body.replaceChildren();
    const { lines } = this.#chart.scene;
    const rows = range.lines && [...this.#chart.scene.pinned, ...this.#chart.scene.rows].filter((row) => row.sort === "band" && range.lines?.includes(row.id));
    const line = rows?.[0]?.line ?? 0;
    const bands = rows && rows.filter((row) => row.line === line).map(({ at }) => at).sort((a, b) => a - b);
    const { shift, info } = lines[line];
    const window = /** @type {[number, number]} */ ([Math.max(0, range.from - shift), Math.max(1, range.to - shift)]);
    const where = `${lines.length > 1 ? `rank ${info.rank}, ` : ""}${bands?.length ? `${bands.length} of ${info.bands.length} rows` : "all rows"}`;
    await this.#question.ask((asking) => state.fetchRange(this.#owner.p(), info.rank, window, bands?.length ? bands : null, asking), (answer) => {
      this.#ranges.show(range, answer, where);
      this.#body.replaceChildren(this.#ranges.element);
    });
  }

  /** The view is filled with what is chosen; with all of the trace without. */
  focus() {
    const { range, selected } = this.#chart.scene;
    if (range) this.#chart.glideTo({ from: range.from, to: range.to });
    else if (selected) this.#chart.reveal(selected, true);
  }

  /** The slice further in its row. @param {1 | -1} by */
  async beside(by) {
    const { selected, lines } = this.#chart.scene;
    if (!selected) return;
    const next = await state.fetchBeside(this.#owner.p(), lines[selected.line].info.rank, selected.row, by);
    if (next.row !== undefined) await this.select({ line: selected.line, ...placeOf(/** @type {import("../../../state/profile-timeline.js").SlicePlace} */ (next)) }, true);
  }

  /** Along the first arrow of these kinds. @param {readonly string[]} wanted */
  async follow(wanted) {
    const { selected } = this.#chart.scene;
    const link = this.#details?.links.find(({ link: kind }) => wanted.includes(kind));
    if (selected && link) await this.select({ line: selected.line, ...placeOf(link) }, true);
  }

  /** @returns {boolean} whether something was chosen */
  clear() {
    const { selected, range, marks } = this.#chart.scene;
    this.#clearSlice();
    void this.range(null);
    if (!selected && !range) this.mark([]);
    return Boolean(selected || range || marks.length);
  }

  /** @param {readonly number[]} marks ns */
  mark(marks) {
    settings.timelineMarks.set(marks);
    this.#chart.set({ marks });
  }

  #clearSlice() {
    this.#question.cancel();
    this.#details = null;
    settings.timelineSlice.set("");
    this.#chart.set({ selected: null, arrows: [] });
    this.element.hidden = !this.#chart.scene.range;
  }
}

/** @param {import("../../../state/profile-timeline.js").SlicePlace} told */
function placeOf({ band, lane, row, start, duration, name }) {
  return { band, lane, row, start, duration, name };
}
