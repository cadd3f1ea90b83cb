/** The steps, each as a column of what its time went to; a click leads to the step in the timeline. */

import { stepsChart } from "../../../charts/steps-chart.js";
import { plural } from "../../../lib/format.js";
import { partColor } from "../../../lib/profile-colors.js";
import { formatNanoseconds, formatUnit } from "../../../lib/profile-units.js";
import { tableRows } from "../../../lib/table-rows.js";
import { h } from "../../../ui/dom.js";
import { isDark, readInk } from "../../../ui/ink.js";
import { noStepIsWhole } from "./answer.js";
import { card } from "./card.js";
import { splitLegend } from "./split-bar.js";

/** @typedef {import("./answer.js").Overview} Overview */
/** @typedef {import("./answer.js").Place} Place */

const ROLES = ["kernel", "memcpy", "memset", "communication", "runtime", "data_loader", "cpu", "other"];
const HEIGHT = 220;

export class StepsCard {
  #goTo;
  #plot = h("div", { className: "prof-steps", tabIndex: 0, role: "group" });
  #told = h("p", { className: "prof-told prof-also", role: "status" });
  #legend = h("div");
  #steps = /** @type {Record<string, any>[]} */ ([]);
  #roles = /** @type {string[]} those that take time */ ([]);
  #titles = /** @type {Record<string, string>} */ ({});
  #rest = "";
  /** @type {ReturnType<typeof stepsChart> | null} */ #chart = null;
  #watch = new ResizeObserver(() => this.draw());
  element = card("steps", "Steps", "", this.#plot, this.#legend, this.#told);

  /** @param {(place: Place) => void} goTo */
  constructor(goTo) {
    this.#goTo = goTo;
    this.#watch.observe(this.#plot);
  }

  /** @param {Overview} overview */
  show(overview) {
    const { steps, mean, step_time, marked } = overview;
    this.#steps = tableRows(steps);
    this.#titles = Object.fromEntries(steps.columns.map(({ name, title }) => [name, title]));
    this.#roles = ROLES.filter((role) => this.#steps.some((step) => step[role] > 0));
    const complete = this.#steps.filter((step) => step.complete).length;
    this.#rest = marked ? `${noStepIsWhole(overview) ? "No step is there whole" : `Mean of ${plural(complete, "complete step")}: ${formatNanoseconds(step_time)}`}. ${this.#steps.length > 1 ? "A column leads to its step in the timeline." : ""}` : steps.notes.at(-1) ?? "";
    this.#plot.setAttribute("aria-label", `Chart of ${plural(this.#steps.length, "step")}: arrow keys go from step to step, Enter shows one in the timeline`);
    const parts = tableRows(mean).map(({ role: title, time, hint }, at) => ({ id: ROLES[at], title, time, hint })).filter(({ id }) => this.#roles.includes(id));
    this.#legend.replaceChildren(splitLegend(parts, step_time));
    this.#tell(-1);
    this.draw();
  }

  draw() {
    const width = this.#plot.clientWidth;
    if (width === 0 || this.#steps.length === 0) return;
    const theme = isDark() ? "dark" : "light";
    const options = { width, height: HEIGHT, ink: readInk(), colors: this.#roles.map((role) => partColor(role, theme)) };
    const bars = this.#steps.map((step) => ({ label: labelOf(step.name), complete: Boolean(step.complete), parts: this.#roles.map((role) => step[role]) }));
    if (this.#chart) this.#chart.update(bars, options);
    else this.#chart = stepsChart(this.#plot, bars, options, { onStep: (place) => this.#tell(place), onChoose: (place) => this.#choose(place) });
  }

  destroy() {
    this.#watch.disconnect();
    this.#chart?.destroy();
  }

  /** @param {number} place */
  #choose(place) {
    const { start, total } = this.#steps[place];
    this.#goTo({ view: "timeline", window: [start, start + total], row: -1, find: "" });
  }

  /** @param {number} place −1: of all */
  #tell(place) {
    const step = this.#steps[place];
    if (!step) return void (this.#told.textContent = this.#rest);
    const parts = this.#roles.filter((role) => step[role] > 0).map((role) => `${this.#titles[role]} ${formatNanoseconds(step[role])} (${formatUnit(step[role] / step.total, "share")})`);
    this.#told.textContent = `${step.name}: ${formatNanoseconds(step.total)}${step.complete ? "" : ", cut off"} · ${parts.join(" · ")}`;
  }
}

/** "ProfilerStep#12" → "12". @param {string} name */
const labelOf = (name) => name.match(/\d+$/)?.[0] ?? name;
