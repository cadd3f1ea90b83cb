/** One card of the scalars page: a tag's chart, its buttons, and what is said where there is no chart. */

import { lineChart } from "../charts/line-chart.js";
import { formatCount } from "../lib/format.js";
import { h, iconButton } from "../ui/dom.js";
import { cardStatistics } from "./card-statistics.js";
import { countText, pointsOf } from "./card-notes.js";

/** @typedef {import("../charts/line-frame.js").Line} Line */
/** @typedef {import("../charts/line-frame.js").LineOptions} LineOptions */
/** @typedef {import("../lib/layout.js").Place} Place */

/** What frame, title and foot of a card take from the chart, pixels; see cards.css. */
const AROUND = { x: 22, y: 62 };
/** A card with statistics is this high, and so much of it is the table's; see cards.css. */
export const STATISTICS_CARD = 560;
const STATISTICS = 216;

/**
 * @typedef {object} CardModel
 * @property {Line[]} lines
 * @property {Omit<LineOptions, "width" | "height">} options
 * @property {boolean} loading
 * @property {string | null} error
 * @property {boolean} pinned
 * @property {boolean} wide
 * @property {boolean} statistics whether figures of the lines are shown
 * @property {import("./chart-wants.js").Shown[]} points behind the lines
 * @property {string} caption what is special about this chart, beside its title
 * @property {string} grouping how groups are drawn; "" where runs are
 * @property {number} leftOut runs beyond those a chart can hold
 *
 * @typedef {object} CardEvents
 * @property {import("../charts/line-chart.js").Events["onHover"]} onHover
 * @property {import("../charts/line-chart.js").Events["onCursor"]} onCursor
 * @property {import("../charts/line-chart.js").Events["onView"]} onView
 * @property {() => void} onPin
 * @property {() => void} onWide
 * @property {import("../charts/line-chart.js").Events["onSelect"]} onSelect
 * @property {import("../charts/line-chart.js").Events["onClick"]} onClick
 * @property {(button: HTMLElement) => void} onMenu
 * @property {() => void} onRetry
 *
 * @typedef {ReturnType<typeof scalarCard>} ScalarCard
 *
 * @param {string} tag @param {CardEvents} events
 */
export function scalarCard(tag, events) {
  const reset = iconButton("reset", "Show all data (double click)", () => events.onView({ x: null, y: null }), { className: "icon-button reset" });
  const pin = iconButton("pin", "Pin to the top (p)", () => events.onPin());
  const wide = iconButton("wide", "Full width (f)", () => events.onWide());
  const more = iconButton("more", "Chart menu", () => events.onMenu(more));
  const caption = h("span", { className: "card-caption" });
  const notes = h("span", { className: "notes" });
  const points = h("span", { className: "points" });
  const plot = h("div", { role: "img" });
  const cover = h("div", { className: "card-state", hidden: true });
  const head = h("div", { className: "plot" }, plot, cover);
  const element = h("section", { className: "card", tabIndex: 0, "aria-label": tag },
    h("div", { className: "card-head" }, h("h3", { title: tag }, h("bdi", {}, tag)), caption, h("div", { className: "card-actions" }, reset, pin, wide, more)),
    head,
    h("div", { className: "card-foot" }, notes, points));
  /** @type {import("../charts/line-chart.js").LineChart | null} */
  let chart = null;
  /** @type {Line[]} */
  let lines = [];
  /** @type {ReturnType<typeof cardStatistics> | null} */
  let statistics = null;
  /** @type {Place} */
  let place = { tag, x: 0, y: 0, width: 0, height: 0 };
  return {
    tag,
    element,
    /** @param {Place} next @returns {boolean} whether the size changed */
    moveTo(next) {
      const resized = next.width !== place.width || next.height !== place.height;
      place = next;
      element.style.transform = `translate(${next.x}px, ${next.y}px)`;
      element.style.width = `${next.width}px`;
      element.style.height = `${next.height}px`;
      return resized;
    },
    chartWidth: () => place.width - AROUND.x,
    chart: () => chart,
    lines: () => lines,
    /** @param {CardModel} model */
    render(model) {
      const options = { ...model.options, width: place.width - AROUND.x, height: place.height - AROUND.y - (model.statistics ? STATISTICS : 0) };
      ({ lines } = model);
      const drawable = model.lines.length > 0;
      if (drawable && chart) chart.update(model.lines, options);
      else if (drawable) chart = lineChart(plot, model.lines, options, events);
      plot.hidden = !drawable;
      reset.hidden = !(options.view.x || options.view.y);
      pressed(pin, model.pinned);
      pressed(wide, model.wide);
      showState(cover, model, events);
      if (model.statistics && !statistics) head.after((statistics = cardStatistics(tag)).element);
      else if (!model.statistics && statistics) statistics.element.remove(), (statistics = null);
      statistics?.update(model.points, options.view.x);
      caption.textContent = model.caption;
      notes.textContent = notesOf(model, chart);
      points.textContent = drawable ? pointsOf(model.lines) : "";
      plot.setAttribute("aria-label", `${tag}: ${notes.textContent}, ${points.textContent}`);
    },
    destroy() {
      chart?.destroy();
      element.remove();
    },
  };
}

/** @param {HTMLElement} button @param {boolean} on */
function pressed(button, on) {
  button.setAttribute("aria-pressed", String(on));
}

/** Loading, error and empty; nothing while there is a chart to see. @param {HTMLElement} cover @param {CardModel} model @param {CardEvents} events */
function showState(cover, { lines, loading, error }, events) {
  cover.hidden = lines.length > 0 && !error;
  cover.classList.toggle("loading", loading && !error);
  if (error) {
    cover.replaceChildren(h("span", { role: "alert" }, error), h("button", { type: "button", onclick: () => events.onRetry() }, "Retry"));
  } else if (!loading) {
    cover.replaceChildren(h("span", {}, "No points yet. One line logs the first:"), h("code", {}, 'writer.add_scalar("loss", value, step)'));
  } else {
    cover.replaceChildren();
  }
}

/** @param {CardModel} model @param {import("../charts/line-chart.js").LineChart | null} chart */
function notesOf({ lines, leftOut, grouping }, chart) {
  const sum = (/** @type {"nan" | "inf"} */ kind) => lines.reduce((total, line) => total + line.series[kind], 0);
  const [nan, inf] = [sum("nan"), sum("inf")];
  const parts = [countText(lines, leftOut, grouping)];
  if (nan) parts.push(`▵ ${formatCount(nan)} NaN`);
  if (inf) parts.push(`▲ ${formatCount(inf)} infinite`);
  if (chart?.isClipped()) parts.push("outliers left out");
  if (chart?.isBlank()) parts.push("nothing above 0 to draw");
  return parts.join(" · ");
}
