/** One card of the scalars page: a tag's chart, its buttons, and what is said where there is no chart. */

import { lineChart } from "../charts/line-chart.js";
import { formatCount, plural } from "../lib/format.js";
import { h, iconButton } from "../ui/dom.js";

/** @typedef {import("../charts/line-frame.js").Line} Line */
/** @typedef {import("../charts/line-frame.js").LineOptions} LineOptions */
/** @typedef {import("../lib/layout.js").Place} Place */

/** What frame, title and foot of a card take from the chart, pixels; see cards.css. */
const AROUND = { x: 22, y: 62 };

/**
 * @typedef {object} CardModel
 * @property {Line[]} lines
 * @property {Omit<LineOptions, "width" | "height">} options
 * @property {boolean} loading
 * @property {string | null} error
 * @property {boolean} pinned
 * @property {boolean} wide
 * @property {number} leftOut runs beyond those a chart can hold
 *
 * @typedef {object} CardEvents
 * @property {import("../charts/line-chart.js").Events["onHover"]} onHover
 * @property {import("../charts/line-chart.js").Events["onCursor"]} onCursor
 * @property {import("../charts/line-chart.js").Events["onView"]} onView
 * @property {() => void} onPin
 * @property {() => void} onWide
 * @property {() => void} onMore
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
  const more = iconButton("more", "Range and download (d)", () => events.onMore());
  const notes = h("span", { className: "notes" });
  const points = h("span", { className: "points" });
  const plot = h("div", { role: "img" });
  const cover = h("div", { className: "card-state", hidden: true });
  const element = h("section", { className: "card", tabIndex: 0, "aria-label": tag },
    h("div", { className: "card-head" }, h("h3", { title: tag }, h("bdi", {}, tag)), h("div", { className: "card-actions" }, reset, pin, wide, more)),
    h("div", { className: "plot" }, plot, cover),
    h("div", { className: "card-foot" }, notes, points));
  /** @type {import("../charts/line-chart.js").LineChart | null} */
  let chart = null;
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
    /** @param {CardModel} model */
    render(model) {
      const options = { ...model.options, width: place.width - AROUND.x, height: place.height - AROUND.y };
      const drawable = model.lines.length > 0;
      if (drawable && chart) chart.update(model.lines, options);
      else if (drawable) chart = lineChart(plot, model.lines, options, events);
      plot.hidden = !drawable;
      reset.hidden = !(options.view.x || options.view.y);
      pressed(pin, model.pinned);
      pressed(wide, model.wide);
      showState(cover, model, events);
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
function notesOf({ lines, leftOut }, chart) {
  const runs = new Set(lines.map((line) => line.series.run)).size;
  const sum = (/** @type {"nan" | "inf"} */ kind) => lines.reduce((total, line) => total + line.series[kind], 0);
  const [nan, inf] = [sum("nan"), sum("inf")];
  const parts = [leftOut ? `first ${formatCount(runs)} of ${formatCount(runs + leftOut)} runs` : plural(runs, "run")];
  if (nan) parts.push(`▵ ${formatCount(nan)} NaN`);
  if (inf) parts.push(`▲ ${formatCount(inf)} infinite`);
  if (chart?.isClipped()) parts.push("outliers left out");
  if (chart?.isBlank()) parts.push("nothing above 0 to draw");
  return parts.join(" · ");
}

/** "1,000 points each", "1,360 of 50,000 points each"; sums where runs differ. @param {Line[]} lines */
function pointsOf(lines) {
  const [first] = lines;
  const each = lines.length > 1 ? " each" : "";
  const alike = lines.every(({ series }) => series.n === first.series.n);
  const drawn = lines.reduce((sum, { series }) => sum + series.value.length, 0);
  const all = lines.reduce((sum, { series }) => sum + series.n, 0);
  const [part, whole] = alike ? [Math.round(drawn / lines.length), first.series.n] : [drawn, all];
  const text = part >= whole ? plural(whole, "point") : `${formatCount(part)} of ${plural(whole, "point")}`;
  return text + (alike ? each : "");
}
