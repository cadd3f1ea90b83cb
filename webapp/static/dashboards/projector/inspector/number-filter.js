/** The histogram of a column of numbers: counts within the filters over counts of all, and what is selected of them; drag a range, or type its ends. */

import { oncePerFrame } from "../../../lib/atom.js";
import { rangeBrush } from "../../../lib/brush.js";
import { binsOf, countRows, shareOf, valueAtShare } from "../../../lib/column-bins.js";
import { formatValue } from "../../../lib/format.js";
import { makeLayer, sizeLayer } from "../../../charts/canvas.js";
import { countsWithin, setFilter } from "../../../state/projector-filters.js";
import { selection } from "../../../state/projector-points.js";
import { filters } from "../../../state/projector-settings.js";
import { h } from "../../../ui/dom.js";
import { readTokens } from "../../../ui/ink.js";

/** @typedef {import("../../../lib/column-bins.js").NumberColumn} NumberColumn */
/** @typedef {import("../../../lib/column-bins.js").Bins} Bins */

const HEIGHT = 56; // pixels
const OUTSIDE = 0.3; // opacity of what the column's own filter stops
const SELECTED = 0.5; // of a bar's width: how many of its points are selected
const CLICK = 0.01; // of the width: a drag that is shorter was a click

/** @param {string} name @param {NumberColumn} column @returns {{element: HTMLElement, update: () => void}} */
export function numberFilter(name, column) {
  const bins = binsOf(column);
  const plot = h("div", { className: "filter-plot" });
  plot.style.height = `${HEIGHT}px`;
  const layer = makeLayer(plot, "filter-canvas");
  layer.canvas.setAttribute("role", "img");
  const box = (/** @type {0 | 1} */ end) => h("input", { type: "text", inputMode: "decimal", className: "number", "aria-label": `${name} ${end ? "to" : "from"}` });
  const boxes = [box(0), box(1)];
  const missing = h("label", { className: "filter-missing" }, h("input", { type: "checkbox" }), "missing");
  const tick = /** @type {HTMLInputElement} */ (missing.firstElementChild);
  const element = h("div", {}, plot, h("div", { className: "filter-ends" }, boxes[0], h("span", { className: "quiet" }, "to"), boxes[1], bins.all[bins.count] > 0 && missing));
  const draw = () => paint(plot, layer, name, bins);
  const update = oncePerFrame(() => {
    const brush = filters.get().get(name);
    boxes.forEach((input, end) => {
      const value = brush && (end ? brush.hi : brush.lo);
      if (document.activeElement !== input) input.value = value !== undefined && Number.isFinite(value) ? String(Number(value.toPrecision(6))) : "";
      input.placeholder = bins.count ? formatValue(end ? trueEnds(bins)[1] : trueEnds(bins)[0], 4) : "";
    });
    tick.checked = brush?.missing ?? true;
    draw();
  });
  const read = () => {
    const [lo, hi] = boxes.map(({ value }, end) => (value.trim() === "" ? (end ? Infinity : -Infinity) : Number(value.replace(",", ".").replace("−", "-"))));
    const free = lo === -Infinity && hi === Infinity && tick.checked;
    if (!Number.isNaN(lo) && !Number.isNaN(hi)) setFilter(name, free ? null : rangeBrush(lo, hi, tick.checked));
    update();
  };
  for (const input of [...boxes, tick]) input.addEventListener("change", read);
  listenToDrags(plot, bins, (range) => setFilter(name, range && rangeBrush(range[0], range[1], false)));
  new ResizeObserver(update).observe(plot);
  return { element, update };
}

/** The least and the greatest number; whole ones lie in the middle of their bins. @param {Bins} bins @returns {[number, number]} */
function trueEnds({ edges, whole }) {
  const [from, to] = [edges?.[0] ?? 0, edges?.[edges.length - 1] ?? 0];
  return whole ? [from + 0.5, to - 0.5] : [from, to];
}

/** @param {HTMLElement} plot @param {Bins} bins @param {(range: [number, number] | null) => void} onRange null: a click, everything passes */
function listenToDrags(plot, bins, onRange) {
  let from = NaN;
  const shareAt = (/** @type {PointerEvent} */ { clientX }) => {
    const { left, width } = plot.getBoundingClientRect();
    return Math.max(0, Math.min(1, (clientX - left) / width));
  };
  let last = NaN;
  const soon = oncePerFrame(() => {
    if (Number.isNaN(from)) return;
    const [low, high] = [Math.min(from, last), Math.max(from, last)];
    if (high - low >= CLICK) onRange(endsOf(bins, low, high));
  });
  plot.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || bins.count === 0) return;
    plot.setPointerCapture(event.pointerId);
    [from, last] = [shareAt(event), shareAt(event)];
  });
  plot.addEventListener("pointermove", (event) => {
    if (Number.isNaN(from)) return;
    last = shareAt(event);
    soon();
  });
  plot.addEventListener("pointerup", (event) => {
    if (Number.isNaN(from)) return;
    const to = shareAt(event);
    onRange(Math.abs(to - from) < CLICK ? null : endsOf(bins, Math.min(from, to), Math.max(from, to)));
    from = NaN;
  });
  plot.addEventListener("pointercancel", () => (from = NaN));
}

/** A range of numbers that people would write; whole numbers keep to whole ones. @param {Bins} bins @param {number} low @param {number} high @returns {[number, number]} */
function endsOf(bins, low, high) {
  const [from, to] = [valueAtShare(bins, low), valueAtShare(bins, high)];
  if (bins.whole) return [Math.ceil(from), Math.max(Math.ceil(from), Math.floor(to))];
  const digits = 3 + Math.max(0, Math.ceil(Math.log10(Math.max(Math.abs(from), Math.abs(to)) / Math.max(to - from, Number.MIN_VALUE))));
  const round = (/** @type {number} */ value) => Number(value.toPrecision(Math.min(15, digits)));
  return [low === 0 ? -Infinity : round(from), high === 1 ? Infinity : round(to)];
}

/** @param {HTMLElement} plot @param {import("../../../charts/canvas.js").Layer} layer @param {string} name @param {Bins} bins */
function paint(plot, layer, name, bins) {
  const { clientWidth: width } = plot;
  if (!width) return;
  sizeLayer(layer, { width, height: HEIGHT });
  const { context } = layer;
  const [all, within, chosen, line, text] = readTokens(["strong-line", "accent", "accent-soft", "line", "text"]);
  const brush = filters.get().get(name);
  if (brush && brush.lo <= brush.hi) {
    const [left, right] = [shareOf(bins, brush.lo) * width, shareOf(bins, brush.hi) * width];
    context.fillStyle = chosen;
    context.fillRect(left, 0, Math.max(2, right - left), HEIGHT);
  }
  const counts = countsWithin(name, bins) ?? bins.all;
  const peak = bins.all.subarray(0, bins.count).reduce((top, count) => Math.max(top, count), 1);
  const step = width / Math.max(1, bins.count);
  const bars = (/** @type {Float64Array} */ values, /** @type {string} */ color, /** @type {(bin: number) => number} */ alpha, thin = 1) => {
    context.fillStyle = color;
    for (let bin = 0; bin < bins.count; bin += 1) {
      const tall = values[bin] === 0 ? 0 : Math.max(1.5, (values[bin] / peak) * (HEIGHT - 4));
      context.globalAlpha = alpha(bin);
      context.fillRect((bin + (1 - thin) / 2) * step + 0.5, HEIGHT - 1 - tall, Math.max(1, thin * step - 1), tall);
    }
    context.globalAlpha = 1;
  };
  const edges = bins.edges ?? [];
  bars(bins.all, all, () => 1);
  bars(counts, within, (bin) => (brush && (edges[bin + 1] <= brush.lo || edges[bin] >= brush.hi) ? OUTSIDE : 1));
  if (selection.get().length) bars(countRows(bins, selection.get()), text, () => 1, SELECTED);
  context.fillStyle = line;
  context.fillRect(0, HEIGHT - 1, width, 1);
  layer.canvas.setAttribute("aria-label", `Histogram of ${name}`);
}
