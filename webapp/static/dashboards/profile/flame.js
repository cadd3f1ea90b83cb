/** The view "Flame graph": what the time of the device, the host or of Python went to, by call paths. */

import { FlameChart } from "../../charts/flame-chart.js";
import { changeColor } from "../../charts/flame-paint.js";
import { plural } from "../../lib/format.js";
import { ALL, changeOf, FlameTree, searchFlame } from "../../lib/flame-tree.js";
import { formatNanoseconds, formatUnit } from "../../lib/profile-units.js";
import { compileFilter } from "../../lib/search.js";
import { shortName } from "../../lib/timeline-names.js";
import { askProfileArrays } from "../../state/profile-api.js";
import { flameFrames, flameOf } from "../../state/profile-views.js";
import { segmented } from "../../ui/controls.js";
import { h } from "../../ui/dom.js";
import { readInk } from "../../ui/ink.js";
import { Question } from "./question.js";

/** @typedef {import("./views.js").ViewContext} ViewContext */
/** @typedef {import("../../state/profile-api.js").Shown} Shown */

const CHOICES = /** @type {[string, string, string][]} */ ([
  ["device", "Device", "Kernels, copies and fills under the frames and operators that launched them"],
  ["host", "Host", "Annotations, operators and calls of the runtime, by how long they took"],
  ["python", "Python", "Python's frames, by how long they took"],
]);
const FRAMES = /** @type {[string, string][]} */ ([["modules", "modules only"], ["all", "all frames"], ["none", "no frames"]]);
const MISSING = {
  device: "The device did nothing here: the profile was captured without a GPU, or this stretch of time has no launches.",
  host: "No operators here.",
  python: "No Python frames here: profile with with_stack=True.",
};
const CHANGES = /** @type {[string, number][]} */ ([["faster", -0.8], ["as before", 0], ["slower", 0.8]]);
const KEYS = [
  ["click, Enter", "zoom to a frame; once more: back"],
  ["arrows", "go from frame to frame"],
  ["Backspace", "zoom out by one frame"],
  ["t", "show the frame in the timeline"],
];

/** @param {ViewContext} context */
export const view = (context) => new FlameView(context);

/**
 * @typedef {object} FlameSource
 * @property {(shown: Shown, more: {what: string, frames?: string}, asking: import("../../state/profile-api.js").Asking) => Promise<{header: any, arrays: Record<string, any>}>} ask
 */

export class FlameView {
  #context;
  #source;
  #question = new Question();
  /** @type {Shown | null} */ #shown = null;
  #tree = new FlameTree({ names: [], name: [], parent: [], category: [], total: [], own: [], row: [] });
  #hovered = ALL;
  #picker = segmented("Flame graph of", CHOICES);
  #frames = h("select", { title: "Frames of Python above the operators", "aria-label": "Frames of Python", onchange: () => flameFrames.set(this.#frames.value) }, ...FRAMES.map(([value, text]) => h("option", { value }, text)));
  #find = h("input", { type: "search", placeholder: "Search frames", "aria-label": "Search frames", title: "Words, or a regular expression", oninput: () => this.#search() });
  #matches = h("span", { className: "quiet", role: "status" });
  #trail = h("nav", { className: "prof-flame-trail", "aria-label": "Zoomed to" });
  #chart;
  #scroll = h("div", { className: "prof-flame", tabIndex: 0, role: "group", "aria-label": "Flame graph: arrow keys go from frame to frame" });
  #told = h("div", { className: "prof-flame-told", role: "status" });
  #toTimeline = h("button", { type: "button", title: "Show the longest call in the timeline (t)", onclick: () => this.#open(this.#chart.active) }, "Show in the timeline");
  #copy = h("button", { type: "button", title: "Copy the frames from the top down", onclick: () => void this.#copyPath() }, "Copy path");
  #empty = h("p", { className: "prof-waiting", hidden: true });
  #note = h("span", { className: "quiet" });
  #legend = h("ul", { className: "prof-parts-legend", "aria-label": "Colours", hidden: true });
  keys = KEYS;
  element = h("section", { className: "prof-flame-view", "aria-label": "Flame graph" },
    h("div", { className: "prof-table-tools" }, this.#picker, this.#frames, h("span", { className: "search" }, this.#find), this.#matches, this.#legend, h("span", { className: "bar-end" }, this.#note)),
    this.#question.element, this.#trail, this.#empty, this.#scroll,
    h("div", { className: "prof-flame-foot" }, this.#told, this.#copy, this.#toTimeline));

  /** @param {ViewContext} context @param {FlameSource} [source] of another flame graph: the difference of two */
  constructor(context, source = { ask: (shown, more, asking) => askProfileArrays("flame", shown, more, asking) }) {
    this.#context = context;
    this.#source = source;
    this.#chart = new FlameChart(this.#scroll, readInk, {
      onHover: (node) => this.#tell((this.#hovered = node)),
      onActive: () => this.#tell(),
      onZoom: () => this.#drawTrail(),
      onOpen: (node) => this.#open(node),
    });
    this.#picker.addEventListener("input", () => flameOf.set(this.#picker.value));
    const forget = [flameOf, flameFrames].map((atom) => atom.subscribe(() => (this.#drawn = this.#draw())));
    this.#forget = () => forget.forEach((each) => each());
  }

  /** @type {() => void} */ #forget;
  /** Settled when what was chosen last is drawn. @type {Promise<void>} */ #drawn = Promise.resolve();

  /** @param {Shown} shown */
  show(shown) {
    this.#shown = shown;
    return (this.#drawn = this.#draw());
  }

  search() {
    this.#find.focus();
  }

  recolor() {
    this.#chart.recolor();
    this.#drawLegend();
  }

  /** Of a difference. */
  #drawLegend() {
    this.#legend.hidden = !this.#tree.columns.before || this.#tree.size === 0;
    const theme = readInk().dark ? "dark" : "light";
    this.#legend.replaceChildren(...CHANGES.map(([words, change]) => {
      const swatch = h("span", { className: "prof-part-swatch" });
      swatch.style.setProperty("--part", changeColor(change, theme));
      return h("li", {}, swatch, words);
    }));
  }

  /** @param {{of?: string, search?: string}} options */
  async reveal({ of, search }) {
    if (of) flameOf.set(of);
    await this.#drawn;
    if (search === undefined) return;
    this.#find.value = search;
    this.#search();
  }

  destroy() {
    this.#forget();
    this.#question.cancel();
    this.#chart.destroy();
  }

  get #what() {
    const [known] = CHOICES.map(([id]) => id).filter((id) => id === flameOf.get());
    return known ?? (this.#shown?.info.kernels === 0 ? "host" : "device");
  }

  async #draw() {
    const [shown, what] = [this.#shown, this.#what];
    this.#picker.value = what;
    this.#frames.hidden = what !== "device";
    this.#frames.value = flameFrames.get();
    if (!shown) return;
    await this.#question.ask((asking) => this.#source.ask(shown, { what, frames: what === "device" ? flameFrames.get() : undefined }, asking), ({ header, arrays }) => {
      const before = this.#tree.pathOf(this.#chart.root).map((node) => this.#tree.nameOf(node));
      this.#tree = new FlameTree({ names: header.names, ...this.#columns(arrays) });
      this.#chart.show(this.#tree, this.#tree.find(before));
      this.#empty.hidden = this.#tree.size > 0;
      this.#empty.textContent = MISSING[/** @type {"device"} */ (what)];
      this.#note.textContent = header.pruned ? `${plural(header.pruned, "frame")} too small to be sent` : "";
      this.#drawTrail();
      this.#drawLegend();
      this.#search();
      this.#tell(ALL);
    });
  }

  /** @param {Record<string, any>} arrays */
  #columns({ name, parent, category, total, own, row, count, before, before_own }) {
    return { name, parent, category, total, own, row, count, before, before_own };
  }

  #search() {
    const { test, empty } = compileFilter(this.#find.value);
    const { found, total, count } = searchFlame(this.#tree, test);
    this.#chart.mark(empty ? null : found);
    this.#matches.textContent = empty ? "" : count === 0 ? "nothing found" : `${plural(count, "frame")} · ${formatNanoseconds(total)} · ${formatUnit(total / this.#tree.total, "share")}`;
  }

  #drawTrail() {
    const path = this.#tree.pathOf(this.#chart.root);
    const crumb = (/** @type {number} */ node, /** @type {string} */ text) => h("button", { type: "button", className: "link", title: this.#tree.nameOf(node), onclick: () => this.#chart.zoom(node) }, h("bdi", {}, text));
    this.#trail.replaceChildren(crumb(ALL, "all"), ...path.map((node) => crumb(node, shortName(this.#tree.nameOf(node)))));
    this.#trail.hidden = path.length === 0;
  }

  /** The frame below the pointer, else the active one, else all. */
  #tell(node = this.#hovered) {
    const active = this.#chart.active;
    const told = node === ALL ? active : node;
    this.#copy.hidden = active === ALL;
    this.#toTimeline.hidden = active === ALL || this.#tree.columns.row[active] < 0;
    this.#told.replaceChildren(h("bdi", { title: this.#tree.nameOf(told) }, this.#tree.nameOf(told)), h("span", { className: "quiet" }, this.#figures(told)));
  }

  /** @param {number} node */
  #figures(node) {
    const { own, count, before } = this.#tree.columns;
    const total = this.#tree.totalOf(node);
    if (before) {
      const then = node === ALL ? this.#tree.before : before[node];
      const change = node === ALL ? (total - then) / (Math.max(total, then) || 1) : changeOf(this.#tree, node);
      const words = then === 0 ? "new" : total === 0 ? "gone" : formatUnit(total / then - 1, "share").replace(/^(?=\d)/, "+");
      return `${formatNanoseconds(then)} → ${formatNanoseconds(total)}${change === 0 ? " · as before" : ` · ${words}`}`;
    }
    const parts = [formatNanoseconds(total), `${formatUnit(total / (this.#tree.total || 1), "share")} of all`];
    if (node !== ALL) parts.push(`self ${formatNanoseconds(own[node])}`, ...(count ? [plural(count[node], "call")] : []));
    return parts.join(" · ");
  }

  /** @param {number} node */
  #open(node) {
    const row = node === ALL ? -1 : this.#tree.columns.row[node];
    if (row >= 0) this.#context.goTo("timeline", { row });
  }

  async #copyPath() {
    const path = this.#tree.pathOf(this.#chart.active).map((node) => this.#tree.nameOf(node));
    await navigator.clipboard.writeText(path.join("\n"));
    this.#copy.textContent = "Copied";
    setTimeout(() => (this.#copy.textContent = "Copy path"), 1500);
  }
}
