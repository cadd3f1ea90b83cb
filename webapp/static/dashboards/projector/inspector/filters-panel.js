/** One small chart for each column of the metadata. What is chosen in one holds for the picture and for all others. */

import { brushText } from "../../../lib/brush.js";
import { oncePerTask } from "../../../lib/atom.js";
import { formatCount, plural } from "../../../lib/format.js";
import { columnNow, columnsVersion } from "../../../state/projector-columns.js";
import { clearFilters, filterVersion, setFilter } from "../../../state/projector-filters.js";
import { selection, visibleCount, visibleMask } from "../../../state/projector-points.js";
import { pointCount } from "../../../state/projector-selection.js";
import { filters } from "../../../state/projector-settings.js";
import { shownEmbedding } from "../../../state/projector-shown.js";
import { theme } from "../../../state/store.js";
import { h, iconButton } from "../../../ui/dom.js";
import { categoryFilter } from "./category-filter.js";
import { numberFilter } from "./number-filter.js";

/** @typedef {import("../../../state/projector-shown.js").ColumnInfo} ColumnInfo */
/** @typedef {import("../../../lib/column-bins.js").MetadataColumn} MetadataColumn */
/** @typedef {{element: HTMLElement, show: () => void}} Card */

const MOST_TEXTS = 2000; // of a column; nobody chooses among more …
const ALIKE = 2; // … nor among texts that fewer points than this share

export function filtersPanel() {
  const told = h("span", { className: "grow", role: "status" });
  const clear = h("button", { type: "button", onclick: clearFilters }, "Clear filters");
  const head = h("div", { className: "selection-row" }, told, clear);
  const cards = h("div", { className: "filter-cards" });
  const hint = h("p", { className: "quiet" });
  const element = h("div", { className: "inspector-panel filters-panel" }, head, hint, cards);
  /** @type {Card[]} */
  let shown = [];
  const inSight = new IntersectionObserver((entries) => entries.forEach(({ target, isIntersecting }) => target instanceof HTMLElement && seen(target, isIntersecting)));
  const seen = (/** @type {HTMLElement} */ target, /** @type {boolean} */ on) => {
    target.toggleAttribute("data-seen", on);
    if (on) shown.find((card) => card.element === target)?.show();
  };
  const build = () => {
    const columns = shownEmbedding.get()?.info.columns ?? [];
    inSight.disconnect();
    shown = columns.map((column) => filterCard(column));
    cards.replaceChildren(...shown.map((card) => card.element));
    for (const card of shown) inSight.observe(card.element);
    hint.hidden = columns.length > 0;
    hint.textContent = shownEmbedding.get() ? "There is no metadata to filter by: add_embedding(…, metadata=…) writes it." : "";
  };
  const update = oncePerTask(() => {
    const count = filters.get().size;
    told.textContent = count ? `${plural(count, "filter")}: ${formatCount(visibleCount())} of ${formatCount(pointCount())} in sight` : "";
    head.hidden = count === 0;
    for (const card of shown) if (card.element.hasAttribute("data-seen")) card.show();
  });
  shownEmbedding.subscribe(() => (build(), update()));
  for (const atom of [filters, filterVersion, columnsVersion, visibleMask, selection, theme]) atom.subscribe(update);
  build();
  update();
  return { element, recolor: update };
}

/** The chart of a column; its data is fetched when it comes into sight. @param {ColumnInfo} column @returns {Card} */
function filterCard({ name, kind, distinct }) {
  const state = h("small", { className: "filter-state" });
  const clear = iconButton("close", `Clear the filter of ${name}`, () => setFilter(name, null));
  const body = h("div", { className: "filter-body" }, h("p", { className: "quiet" }, "Reading …"));
  const element = h("section", { className: "filter-card", "aria-label": name }, h("div", { className: "filter-head" }, h("h3", {}, h("bdi", {}, name)), state, clear), body);
  /** @type {MetadataColumn | null} */
  let drawn = null;
  let update = () => {};
  const show = () => {
    const brush = filters.get().get(name);
    state.textContent = brush ? brushText(brush) : kind === "number" ? "" : `${plural(distinct, "text")}`;
    state.title = state.textContent;
    clear.hidden = !brush;
    element.classList.toggle("filtered", Boolean(brush));
    if (kind === "text" && (distinct > MOST_TEXTS || distinct * ALIKE > pointCount()) && !brush) return body.replaceChildren(h("p", { className: "quiet" }, "Too many different texts to choose from: search them above."));
    const found = columnNow(name);
    if (found?.problem) return body.replaceChildren(h("p", { className: "bad", role: "alert" }, found.problem));
    if (found?.value && found.value !== drawn) {
      drawn = found.value;
      const made = drawn.kind === "number" ? numberFilter(name, drawn) : categoryFilter(name, drawn);
      body.replaceChildren(made.element);
      update = made.update;
    }
    update();
  };
  return { element, show };
}
