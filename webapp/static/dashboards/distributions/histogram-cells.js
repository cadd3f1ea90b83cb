/** Histograms over the steps: a cell a run, all on the same axes. */

import { histogramChart } from "../../charts/histogram-chart.js";
import { nearestItem } from "../../charts/histogram-frame.js";
import { zoomHistograms } from "../../state/histogram-settings.js";
import { retryHistograms } from "../../state/histogram-store.js";
import { h } from "../../ui/dom.js";
import { runCells } from "../media/run-cells.js";
import { bucketLines, percentileLines, shownText, uncountedText, undrawnText } from "./histogram-text.js";

/** @typedef {import("../media/kind.js").CardHost} CardHost */
/** @typedef {import("./histogram-plan.js").RunPart} RunPart */
/** @typedef {import("./histogram-plan.js").Plan} Plan */
/** @typedef {import("../../charts/histogram-frame.js").HistogramOptions} HistogramOptions */

const HEIGHT = 210;
const LOW = 170; // where there are many runs, one below the other
const MANY = 4;
const CELL = 240; // pixels wide at least
const PADDING = 24; // less, as the style sheet has it
const GAP = 12; // between two cells

/** How wide a chart will be. @param {number} width of the card's body */
export function chartWidth(width) {
  const columns = Math.max(1, Math.floor((width + GAP) / (CELL - PADDING + GAP)));
  return (width - GAP * (columns - 1)) / columns;
}

/** @param {CardHost} host @param {import("./histogram-card.js").Shared} shared @returns {import("./histogram-card.js").Stage} */
export function histogramCells(host, shared) {
  /** @type {Map<string, {label: () => string, picture: () => import("./histogram-menu.js").ChartPicture | null}>} */
  const cells = new Map();
  const card = runCells(host, {
    minWidth: CELL,
    makeCell: (run, { say }) => makeCell(host, shared, run, say, cells),
  });
  return {
    ...card,
    ready: () => shared.last() !== null && (card.ready?.() ?? true), // before the first chart nobody has looked which cells are in sight
    pictures: () => [...cells.values()].flatMap(({ label, picture }) => {
      const drawn = picture();
      return drawn ? [{ label: label(), picture: drawn }] : [];
    }),
  };
}

/**
 * @param {CardHost} host @param {import("./histogram-card.js").Shared} shared @param {string} run
 * @param {(message: string | null, retry?: () => void) => void} say
 * @param {Map<string, {label: () => string, picture: () => import("./histogram-menu.js").ChartPicture | null}>} cells
 * @returns {import("../media/run-cells.js").RunCell}
 */
function makeCell(host, shared, run, say, cells) {
  const stage = h("div", { className: "histogram-stage" });
  const note = h("div", { className: "histogram-note" });
  const element = h("div", {}, stage, note);
  /** @type {ReturnType<typeof histogramChart> | null} */
  let chart = null;
  /** @type {unknown[]} what the chart shows */
  let drawn = [];
  let ready = false;
  shared.runs.add(run);
  cells.set(run, { label: () => shared.last()?.parts.get(run)?.drawn.label ?? run, picture: () => chart?.picture() ?? null });
  const draw = (/** @type {RunPart} */ part, /** @type {HistogramOptions} */ options) => {
    stage.style.height = `${options.height}px`;
    const { cursor, ...rest } = options;
    const now = [part.data, part.drawn.color, part.drawn.label, JSON.stringify(rest)];
    const same = chart && now.every((one, i) => one === drawn[i]);
    drawn = now;
    if (chart && same) chart.showCursor(cursor);
    else if (chart) chart.update([part.drawn], options);
    else chart = histogramChart(stage, [part.drawn], options, chartEvents(host, shared));
    stage.querySelector(".chart-overlay")?.setAttribute("aria-label", labelOf(host, part, options));
    stage.querySelector(".chart-overlay")?.setAttribute("role", "img");
  };
  return {
    element,
    show() {
      const plan = shared.plan(Math.max(180, Math.floor(element.clientWidth)), host.runs().length > MANY ? LOW : HEIGHT);
      const part = plan?.parts.get(run);
      ready = part?.ready ?? false;
      if (part?.error && !part.data) return say(part.error, retryHistograms);
      if (!plan || !part?.data) return;
      draw(part, plan.options);
      tellNote(note, part, plan.options);
    },
    ready: () => ready,
    destroy() {
      cells.delete(run);
      shared.runs.delete(run);
      shared.tip.hide();
      chart?.destroy();
    },
  };
}

/** @param {CardHost} host @param {import("./histogram-card.js").Shared} shared @returns {import("../../charts/histogram-chart.js").HistogramEvents} */
function chartEvents(host, { tip, last }) {
  return {
    onHover([pointed], clientX, clientY) {
      const mode = last()?.options.mode;
      if (!pointed) return tip.hide();
      const { histogram } = pointed.item;
      tip.show(pointed.run.label, mode === "bands" ? percentileLines(histogram) : bucketLines(histogram, pointed.bucket), { clientX, clientY });
    },
    onStep: (x) => host.moveTo(x),
    onZoom: (part) => zoomHistograms(host.key, part),
  };
}

/** @param {HTMLElement} note @param {RunPart} part @param {HistogramOptions} options */
function tellNote(note, { data, drawn, n }, { cursor }) {
  if (!data) return;
  const item = cursor === null ? drawn.items[drawn.items.length - 1] : nearestItem(drawn.items, cursor);
  const odd = item ? uncountedText(item.histogram) : "";
  const others = data.items.filter(({ outside, low, high }) => outside + low + high > 0).length;
  const bad = data.problems.length;
  const parts = [shownText(data.items.length + bad, n)];
  const undrawn = item ? undrawnText(item.histogram) : "";
  if (undrawn) parts.push(undrawn);
  if (odd) parts.push(odd);
  else if (others) parts.push(`NaN or infinite at ${others} ${others === 1 ? "step" : "steps"}`);
  note.replaceChildren(parts.join(" · "), ...(bad ? [" · ", h("span", { className: "bad", title: data.problems.slice(0, 5).map(({ step, error }) => `step ${step}: ${error}`).join("\n") }, `${bad} cannot be read`)] : []));
}

/** @type {Record<string, string>} */
const NAMES = { heat: "Heat map", ridge: "Ridge", overlay: "Outlines", bands: "Percentiles" };

/** For those who do not see the chart. @param {CardHost} host @param {RunPart} part @param {HistogramOptions} options */
function labelOf(host, { drawn, data, n }, { mode, values }) {
  return `${NAMES[mode]} of ${host.tag}, run ${drawn.label}: ${shownText(data?.items.length ?? 0, n)}, values from ${values[0]} to ${values[1]}; up and down go from bucket to bucket`;
}
