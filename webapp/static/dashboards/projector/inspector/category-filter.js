/** The texts of a column with their counts, within the filters and of all; a click lets only what was clicked pass. */

import { valuesBrush } from "../../../lib/brush.js";
import { binsOf, countRows } from "../../../lib/column-bins.js";
import { formatCompact, formatCount } from "../../../lib/format.js";
import { countsWithin, setFilter } from "../../../state/projector-filters.js";
import { selection } from "../../../state/projector-points.js";
import { filters } from "../../../state/projector-settings.js";
import { oncePerFrame } from "../../../lib/atom.js";
import { h } from "../../../ui/dom.js";
import { VirtualList } from "../../../ui/virtual-list.js";

/** @typedef {import("../../../lib/column-bins.js").TextColumn} TextColumn */

const ROW = 22; // pixels
const MOST_ROWS = 8; // in sight

/** @param {string} name @param {TextColumn} column @returns {{element: HTMLElement, update: () => void}} */
export function categoryFilter(name, column) {
  const bins = binsOf(column);
  const peak = bins.all.subarray(0, bins.count).reduce((top, count) => Math.max(top, count), 1);
  let [counts, chosen] = [bins.all, new Float64Array(bins.count)];
  const list = new VirtualList({ label: name, rowHeight: ROW, fill, onActive: () => {}, onOpen: (place) => choose(place), onKey: (key, place) => key === " " && place >= 0 && (choose(place), true) });
  list.element.classList.add("category-list");
  list.element.setAttribute("aria-multiselectable", "true");
  list.element.style.height = `${Math.min(MOST_ROWS, bins.count) * ROW}px`;
  list.element.addEventListener("click", (event) => event.target instanceof Element && event.target.closest(".list-row") && choose(list.active));

  function fill(/** @type {HTMLElement} */ row, /** @type {number} */ place) {
    const text = column.names[place];
    const wanted = filters.get().get(name)?.values;
    row.classList.add("category-row");
    row.setAttribute("aria-checked", String(!wanted || wanted.includes(text)));
    row.classList.toggle("left-out", Boolean(wanted && !wanted.includes(text)));
    const told = chosen[place] ? `, ${formatCount(chosen[place])} selected` : "";
    row.title = `${text || "(empty)"}: ${formatCount(counts[place])} of ${formatCount(bins.all[place])}${told}`;
    const bars = [bar("all", bins.all[place]), counts[place] > 0 && bar("within", counts[place]), chosen[place] > 0 && bar("chosen", chosen[place])];
    row.replaceChildren(h("span", { className: "category-bar", "aria-hidden": "true" }, ...bars), h("bdi", {}, text || "(empty)"), h("small", {}, formatCompact(counts[place])));
  }

  function bar(/** @type {string} */ className, /** @type {number} */ count) {
    const element = h("i", { className });
    element.style.width = `${(100 * count) / peak}%`;
    return element;
  }

  /** Without a filter a click leaves only that text; afterwards each click lets one more or less pass. @param {number} place */
  function choose(place) {
    const wanted = filters.get().get(name)?.values;
    const text = column.names[place];
    const next = !wanted ? [text] : wanted.includes(text) ? wanted.filter((one) => one !== text) : [...wanted, text];
    setFilter(name, next.length === 0 || next.length === column.names.length ? null : valuesBrush(next));
  }

  const update = oncePerFrame(() => {
    counts = countsWithin(name, bins) ?? bins.all;
    chosen = countRows(bins, selection.get());
    list.update(bins.count);
    list.refresh();
  });
  return { element: list.element, update };
}
