/** One chart of a view, whatever its type: drawn from data that are there already, on the page and in reports. */

import { barChart } from "./bar-chart.js";
import { lineChart } from "./line-chart.js";
import { scatterChart } from "./scatter-chart.js";

/** @typedef {import("../lib/view-file.js").Chart} Chart */
/** @typedef {import("./line-frame.js").Line} Line */
/** @typedef {import("./line-frame.js").LineOptions} LineOptions */

/**
 * @typedef {{lines: Line[]} | import("../lib/chart-data.js").ScatterData | import("../lib/chart-data.js").BarData | null} ChartData null: a text
 * @typedef {Partial<LineOptions> & {width: number, height: number, ink: import("../lib/types.js").Ink}} RenderOptions
 *   for a line chart all of LineOptions but the log axes and reference lines, which the chart itself holds
 * @typedef {Partial<import("./line-chart.js").Events & import("./scatter-chart.js").ScatterEvents & import("./bar-chart.js").BarEvents & TextEvents>} RenderEvents
 * @typedef {{showText: (element: HTMLElement, text: string) => void}} TextEvents `showText`: how a text is shown, as it is unless said
 *
 * @typedef {object} Rendered
 * @property {(chart: Chart, data: any, options: RenderOptions) => void} update the same type of chart as before
 * @property {() => import("./line-chart.js").LineChart | null} line the line chart, for the shared cursor
 * @property {(run: string | null) => void} highlight
 * @property {() => {width: number, height: number, legend?: {label: string, color: string}[], paint: (context: CanvasRenderingContext2D, width: number, height: number) => void} | null} picture `legend`: what the chart does not list itself
 * @property {() => string[]} notes what was left out, and why
 * @property {() => void} destroy
 */

const nothing = () => {};

/**
 * @param {HTMLElement} element must be positioned, and empty
 * @param {Chart} chart @param {any} data see ChartData
 * @param {RenderOptions} options @param {RenderEvents} [events]
 * @returns {Rendered}
 */
export function renderChart(element, chart, data, options, events = {}) {
  if (chart.type === "scatter") return renderScatter(element, chart, data, options, events);
  if (chart.type === "bar") return renderBars(element, chart, data, options, events);
  return chart.type === "text" ? renderText(element, chart, events) : renderLines(element, chart, data, options, events);
}

/** @param {Chart} chart @param {RenderOptions} options @returns {LineOptions} */
function lineOptions(chart, options) {
  return {
    axis: "step", robust: false, view: { x: null, y: null }, ...options,
    logX: Boolean(chart.log_x), logY: Boolean(chart.log_y), logRight: Boolean(chart.log_y_right), lines: chart.lines ?? [],
  };
}

/** @param {HTMLElement} element @param {Chart} chart @param {{lines: Line[]}} data @param {RenderOptions} options @param {RenderEvents} events @returns {Rendered} */
function renderLines(element, chart, data, options, events) {
  const drawn = lineChart(element, data.lines, lineOptions(chart, options), { onCursor: nothing, onHover: nothing, onView: nothing, ...events });
  return {
    update: (next, { lines }, nextOptions) => drawn.update(lines, lineOptions(next, nextOptions)),
    line: () => drawn,
    highlight: (run) => drawn.highlight(run),
    picture: () => drawn.picture(),
    notes: () => [drawn.isClipped() ? "outliers left out" : "", drawn.isBlank() ? "nothing above 0 to draw" : ""].filter(Boolean),
    destroy: () => drawn.destroy(),
  };
}

/** @param {HTMLElement} element @param {Chart} chart @param {import("../lib/chart-data.js").ScatterData} data @param {RenderOptions} options @param {RenderEvents} events @returns {Rendered} */
function renderScatter(element, chart, data, options, events) {
  const sized = (/** @type {Chart} */ { log_x, log_y, regression }, /** @type {RenderOptions} */ { width, height, ink }) =>
    ({ width, height, ink, logX: Boolean(log_x), logY: Boolean(log_y), regression: Boolean(regression) });
  const drawn = scatterChart(element, data, sized(chart, options), { onDot: nothing, onRun: nothing, onRuns: nothing, ...events });
  return {
    update: (next, nextData, nextOptions) => drawn.update(nextData, sized(next, nextOptions)),
    line: () => null,
    highlight: (run) => drawn.highlight(run),
    picture: () => drawn.picture(),
    notes() {
      const fit = drawn.fit();
      // Pixels of y grow downwards: the sign of r turns.
      return [fit ? `r = ${(-fit.r).toFixed(2)}` : "", drawn.leftOut() ? `${drawn.leftOut()} without a value here` : ""].filter(Boolean);
    },
    destroy: () => drawn.destroy(),
  };
}

/** @param {HTMLElement} element @param {Chart} chart @param {import("../lib/chart-data.js").BarData} data @param {RenderOptions} options @param {RenderEvents} events @returns {Rendered} */
function renderBars(element, chart, data, options, events) {
  const sized = (/** @type {Chart} */ { log_x }, /** @type {RenderOptions} */ { width, height, ink }) => ({ width, height, ink, log: Boolean(log_x) });
  const drawn = barChart(element, data, sized(chart, options), { onBar: nothing, onChoose: nothing, ...events });
  return {
    update: (next, nextData, nextOptions) => drawn.update(nextData, sized(next, nextOptions)),
    line: () => null,
    highlight: (run) => drawn.highlight(run),
    picture: () => drawn.picture(),
    notes: () => [],
    destroy: () => drawn.destroy(),
  };
}

/** @param {HTMLElement} element @param {Chart} chart @param {RenderEvents} events @returns {Rendered} */
function renderText(element, chart, { showText = (where, words) => void (where.textContent = words) }) {
  const text = document.createElement("div");
  text.className = "view-text";
  showText(text, chart.text ?? "");
  element.replaceChildren(text);
  return {
    update: (next) => showText(text, next.text ?? ""),
    line: () => null, highlight: nothing, picture: () => null, notes: () => [],
    destroy: () => element.replaceChildren(),
  };
}
