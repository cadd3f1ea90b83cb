/** What the colours mean. A category that is clicked is hidden, or comes back; with Shift, or a double click, it stays alone. */

import { rangeBrush, valuesBrush } from "../../lib/brush.js";
import { formatCount, formatValue } from "../../lib/format.js";
import { coloring, coloringProblem } from "../../state/projector-colors.js";
import { setFilter } from "../../state/projector-filters.js";
import { rowMasks, setMask } from "../../state/projector-points.js";
import { colorScale, filters } from "../../state/projector-settings.js";
import { bind, segmented } from "../../ui/controls.js";
import { h } from "../../ui/dom.js";
import { paletteNow, rampNow } from "./drawn-colors.js";

/** @typedef {import("../../state/projector-colors.js").CategoryColoring} CategoryColoring */
/** @typedef {import("../../state/projector-colors.js").NumberColoring} NumberColoring */

const WHO = "legend"; // the name of its mask, where no column is filtered

/** Categories that are hidden and belong to no column: clusters. */
let hidden = new Set(/** @type {string[]} */ ([]));
let hiddenOf = /** @type {unknown} */ (null); // the codes they are of

export function projectorLegend() {
  const entries = h("span", { className: "legend-entries", role: "group", "aria-label": "Categories: click hides, Shift and click shows one alone" });
  const scale = segmented("Colour scale", [["linear", "Linear"], ["log", "Log"], ["quantile", "Quantile"]]);
  bind(scale, colorScale);
  const bar = h("span", { className: "legend-scale" });
  const element = h("div", { className: "graph-legend projector-legend", role: "group", "aria-label": "Colours", hidden: true });
  const update = () => {
    const [now, problem] = [coloring.get(), coloringProblem.get()];
    element.hidden = !now && !problem;
    const told = problem ? [h("span", { className: "quiet", role: "status" }, problem)] : [];
    if (now && now.kind === "category" && now.codes !== hiddenOf) forgetHidden(now);
    if (!now) return element.replaceChildren(...told);
    const focused = entries.contains(document.activeElement) ? [...entries.children].indexOf(/** @type {Element} */ (document.activeElement)) : -1;
    if (now.kind === "category") {
      entries.replaceChildren(...categories(now));
      element.replaceChildren(h("b", { className: "legend-title" }, now.title), entries, ...told);
      if (focused >= 0) /** @type {HTMLElement} */ (entries.children[focused] ?? entries.lastElementChild)?.focus();
    } else {
      fillBar(bar, now);
      element.replaceChildren(h("b", { className: "legend-title" }, now.title), bar, scale, ...rangeBoxes(now), ...told);
    }
  };
  for (const atom of [coloring, coloringProblem, filters, rowMasks, colorScale]) atom.subscribe(update);
  update();
  return { element, update };
}

/** @param {CategoryColoring} now */
function forgetHidden({ codes }) {
  hiddenOf = codes;
  hidden = new Set();
  setMask(WHO, null);
}

/** The column that the colours are of; "" for none. @param {string} by */
const columnOf = (by) => (by.startsWith("column:") ? by.slice("column:".length) : "");

/** @param {CategoryColoring} now @returns {(name: string) => boolean} */
function isShown({ by }) {
  if (!columnOf(by)) return (name) => !hidden.has(name);
  const values = filters.get().get(columnOf(by))?.values;
  const shown = values && new Set(values);
  return (name) => !shown || shown.has(name);
}

/** @param {CategoryColoring} now */
function categories(now) {
  const colors = paletteNow(now.names.length);
  const shown = isShown(now);
  const entries = now.names.map((name, place) => {
    const swatch = h("span", { className: "swatch" });
    swatch.style.background = colors[place];
    return h("button", {
      type: "button", className: "legend-entry", "aria-pressed": String(shown(name)), title: "Click to hide or show; with Shift, or a double click, to show it alone",
      onclick: (/** @type {MouseEvent} */ event) => (event.shiftKey || event.detail === 2 ? showAlone(now, name) : toggle(now, name)),
    }, swatch, h("bdi", {}, name.trim() || "(empty)"), h("small", {}, formatCount(now.counts[place])));
  });
  if (now.names.every(shown)) return entries;
  return [...entries, h("button", { type: "button", className: "link", onclick: () => keep(now, null) }, "Show all")];
}

/** @param {CategoryColoring} now @param {string} name */
function toggle(now, name) {
  const shown = now.names.filter(isShown(now));
  const next = shown.includes(name) ? shown.filter((one) => one !== name) : [...shown, name];
  keep(now, next.length === now.names.length ? null : next);
}

/** Alone; or all, where it is alone already (and after the first click of a double one it was hidden). @param {CategoryColoring} now @param {string} name */
function showAlone(now, name) {
  const shown = now.names.filter(isShown(now));
  keep(now, shown.length === 1 && shown[0] === name ? null : [name]);
}

/** @param {CategoryColoring} now @param {string[] | null} names null: all */
function keep(now, names) {
  const column = columnOf(now.by);
  if (column) return setFilter(column, names && valuesBrush(names));
  const kept = new Set(names ?? now.names);
  hidden = new Set(now.names.filter((name) => !kept.has(name)));
  const passes = now.names.map((name) => kept.has(name));
  setMask(WHO, names && Uint8Array.from(now.codes, (code) => (passes[code] ?? true ? 1 : 0)));
}

/** @param {HTMLElement} bar @param {NumberColoring} now */
function fillBar(bar, { least, most, positive, values }) {
  const strip = h("span", { className: "legend-bar", role: "img", "aria-label": "from low to high" });
  strip.style.background = `linear-gradient(90deg, ${rampNow().join(", ")})`;
  const scale = colorScale.get();
  const low = scale === "log" && !positive ? leastPositive(values) : least;
  bar.replaceChildren(h("span", {}, formatValue(low, 4)), strip, h("span", {}, formatValue(most, 4)), ...(scale === "log" && !positive ? [h("small", {}, "only what is above 0 has a colour")] : []));
}

/** @param {ArrayLike<number>} values */
function leastPositive(values) {
  let least = Infinity;
  for (let row = 0; row < values.length; row += 1) if (values[row] > 0 && values[row] < least) least = values[row];
  return least;
}

/** The numbers that are shown, from and to: of a column only. @param {NumberColoring} now */
function rangeBoxes({ by, least, most }) {
  const column = columnOf(by);
  if (!column) return [];
  const brush = filters.get().get(column);
  const box = (/** @type {string} */ label, /** @type {number | undefined} */ end, /** @type {number} */ usual) => {
    const element = h("input", { type: "text", inputMode: "decimal", className: "number", "aria-label": label, title: label, placeholder: formatValue(usual, 3), value: end !== undefined && Number.isFinite(end) ? String(end) : "" });
    element.addEventListener("change", () => set());
    return element;
  };
  const [from, to] = [box("Show from", brush?.lo, least), box("Show up to", brush?.hi, most)];
  const set = () => {
    const end = (/** @type {string} */ text, /** @type {number} */ none) => (text.trim() === "" || !Number.isFinite(Number(text)) ? none : Number(text));
    const [lo, hi] = [end(from.value, -Infinity), end(to.value, Infinity)];
    setFilter(column, lo === -Infinity && hi === Infinity ? null : rangeBrush(lo, hi));
  };
  return [h("span", { className: "legend-range" }, from, "–", to)];
}
