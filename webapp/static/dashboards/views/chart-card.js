/** One chart of a view: its title, legend, buttons and foot, and what is said where there is nothing to draw. */

import { renderChart } from "../../charts/render-chart.js";
import { chartSize, chartTitle } from "../../lib/view-file.js";
import { splitLabels } from "../../lib/legend-labels.js";
import { plural } from "../../lib/format.js";
import { h, icon, iconButton } from "../../ui/dom.js";
import { markedText } from "../../ui/marked-text.js";

/** @typedef {import("../../lib/view-file.js").Chart} Chart */
/** @typedef {import("../../lib/types.js").View} Zoom */
/** @typedef {import("../../charts/render-chart.js").Rendered} Rendered */
/** @typedef {import("./chart-model.js").Model} Model */

/**
 * @typedef {object} CardEvents
 * @property {(card: ViewCard, action: "edit" | "more" | "retry") => void} onAction
 * @property {(card: ViewCard, zoom: Zoom) => void} onZoom
 * @property {(card: ViewCard) => import("../../charts/render-chart.js").RenderEvents} chartEvents
 */

/** @type {Zoom} */
const WHOLE = { x: null, y: null };

export class ViewCard {
  /** @type {Chart} */ spec;
  /** @type {Zoom} */ zoom = WHOLE;
  /** whether it is in sight */ visible = false;
  /** @type {unknown[]} what was last painted */ painted = [];
  /** what it shows, for tooltips and pictures @type {any} */ data = null;
  /** @type {Model["legend"]} */ legend = [];
  /** @type {CardEvents} */ #events;
  /** @type {Rendered | null} */ #drawn = null;
  #drawnType = "";
  #title = h("bdi");
  #legend = h("div", { className: "view-legend", hidden: true });
  #plot = h("div", { className: "plot-area" });
  #cover = h("div", { className: "card-state", hidden: true });
  #notes = h("span", { className: "notes" });
  #count = h("span", { className: "points" });
  #reset = iconButton("reset", "Show all data (double click)", () => this.#events.onZoom(this, WHOLE), { className: "icon-button reset", hidden: true });
  grip = h("button", { type: "button", className: "icon-button grip", title: "Drag to move; arrow keys move, Shift + arrow keys resize", "aria-label": "Move chart" }, icon("grip"));
  corner = h("div", { className: "view-corner", title: "Drag to resize" });
  #frame = h("div", { className: "plot" }, this.#plot, this.#cover);

  /** @param {Chart} spec @param {CardEvents} events */
  constructor(spec, events) {
    this.#events = events;
    this.spec = spec;
    const act = (/** @type {"edit" | "more"} */ action) => () => events.onAction(this, action);
    const head = h("div", { className: "card-head" }, h("h3", {}, this.#title),
      h("div", { className: "card-actions" }, this.#reset, this.grip, iconButton("edit", "Edit chart", act("edit")), iconButton("more", "More", act("more"))));
    this.element = h("section", { className: "card view-card", tabIndex: 0 }, head, this.#legend, this.#frame,
      h("div", { className: "card-foot" }, this.#notes, this.#count), this.corner);
    this.use(spec);
  }

  /** Another chart in the same card: edited, or the one beside it. @param {Chart} spec */
  use(spec) {
    if (spec.type !== this.#drawnType) this.#clear();
    if (spec !== this.spec || this.painted.length === 0) {
      this.zoom = spec.range ? { x: spec.range.x ?? null, y: spec.range.y ?? null } : spec === this.spec ? this.zoom : WHOLE;
      this.painted = [];
    }
    this.spec = spec;
    const title = chartTitle(spec);
    this.#title.textContent = title;
    this.#title.title = title;
    this.element.setAttribute("aria-label", title || "Text");
    this.element.dataset.type = spec.type;
    const { columns, rows } = chartSize(spec);
    this.element.style.setProperty("--wide", String(columns));
    this.element.style.setProperty("--high", String(rows));
  }

  /** CSS pixels for the chart. */
  size() {
    return { width: Math.max(60, this.#frame.clientWidth), height: Math.max(60, this.#frame.clientHeight) };
  }

  chart = () => this.#drawn?.line() ?? null;

  /** @param {string | null} run */
  highlight = (run) => this.#drawn?.highlight(run);

  /** What is needed for a picture; null when nothing is drawn. */
  picture() {
    const picture = this.#drawn?.picture();
    return picture ? { ...picture, title: chartTitle(this.spec) } : null;
  }

  /** @param {Model} model @param {Omit<import("../../charts/render-chart.js").RenderOptions, "width" | "height">} options */
  render(model, options) {
    this.data = model.data;
    this.legend = model.legend;
    this.#showLegend(model, options.ink);
    const isText = this.spec.type === "text";
    const drawable = isText || model.data !== null;
    const sized = { ...options, ...this.size(), view: this.zoom };
    if (drawable && this.#drawn && !(isText && model.error)) this.#drawn.update(this.spec, model.data, sized);
    else if (drawable) {
      this.#drawn = renderChart(this.#plot, this.spec, model.data, sized, this.#events.chartEvents(this));
      this.#drawnType = this.spec.type;
    }
    this.#plot.hidden = !drawable || Boolean(model.error);
    this.#reset.hidden = !(this.zoom.x || this.zoom.y);
    this.#showState(model, drawable);
    this.#notes.textContent = [...model.notes, ...(drawable && this.#drawn ? this.#drawn.notes() : [])].join(" · ");
    this.#count.textContent = drawable && model.data ? countOf(model.data) : "";
  }

  destroy() {
    this.#clear();
    this.element.remove();
  }

  #clear() {
    this.#drawn?.destroy();
    this.#plot.replaceChildren();
    this.#drawn = null;
    this.#drawnType = "";
    this.painted = [];
  }

  /** @param {Model} model @param {import("../../lib/types.js").Ink} ink */
  #showLegend({ legend }, ink) {
    this.#legend.hidden = legend.length === 0;
    const groups = legend.filter(({ color }) => color);
    const { shared, own } = splitLabels(groups.map(({ label }) => label));
    this.#legend.replaceChildren(...legend.flatMap((entry) => {
      const at = groups.indexOf(entry);
      const named = legendEntry(entry, at < 0 ? entry.label : own[at], ink);
      return at === 0 && shared ? [h("span", { className: "legend-shared", title: shared }, h("bdi", {}, shared.replace(/[=/·:\s]+$/, ""))), named] : [named];
    }));
  }

  /** @param {Model} model @param {boolean} drawable */
  #showState({ error, complete, mistake }, drawable) {
    this.#cover.hidden = drawable && !error;
    this.#cover.classList.toggle("loading", !complete && !error && !drawable);
    if (error) {
      const marked = mistake?.at ? markedText(mistake.formula, mistake.at) : null;
      this.#cover.replaceChildren(h("span", { role: "alert" }, error), ...(marked ? [marked] : []),
        h("button", { type: "button", onclick: () => this.#events.onAction(this, "edit") }, "Edit chart"));
    } else if (complete) {
      this.#cover.replaceChildren(h("span", {}, "None of the runs shown has these values."));
    } else {
      this.#cover.replaceChildren();
    }
  }
}

/** @param {Model["legend"][number]} entry @param {string} text @param {import("../../lib/types.js").Ink} ink */
function legendEntry({ label, color, dash, axis }, text, ink) {
  const swatch = h("i", { className: `view-dash dash-${dash % 4}` });
  swatch.style.color = color || ink.label;
  return h("span", { title: label }, swatch, h("bdi", {}, text), axis === "right" && h("small", {}, "right"));
}

/** @param {any} data of renderChart */
function countOf(data) {
  if (data.dots) return plural(data.dots.filter((/** @type {any} */ dot) => Number.isFinite(dot.x + dot.y)).length, "run");
  if (data.bars) return plural(data.bars.length, data.bars[0]?.count === undefined ? "run" : "group");
  const { size } = new Set(data.lines.map((/** @type {any} */ { series }) => series.run));
  return plural(size, data.lines[0].series.members === undefined ? "run" : "group");
}
