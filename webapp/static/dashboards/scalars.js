/** The scalars page: which cards there are, what each of them shows, and when it is drawn. */

import { oncePerTask } from "../lib/atom.js";
import { formatCount, plural } from "../lib/format.js";
import { compileFilter } from "../lib/search.js";
import { fetchSeries } from "../state/api.js";
import { APPEARANCE, settingsOf } from "../state/chart-settings.js";
import { elsewhere, lookElsewhere } from "../state/elsewhere.js";
import { events } from "../state/events.js";
import { grouped, grouping, openGroups } from "../state/grouping.js";
import { groupTags } from "../lib/tags.js";
import { drawnRuns, drawnVersion } from "../state/listed-runs.js";
import { SeriesStore } from "../state/series-store.js";
import * as store from "../state/store.js";
import { userState } from "../state/user-state.js";
import { h } from "../ui/dom.js";
import { noScalars, nothingShown, nothingThere } from "../ui/start-page.js";
import { CardGrid } from "./card-grid.js";
import { CardPainter } from "./card-painter.js";
import { openCardMenu } from "./card-menu.js";
import { setStatistics, toggleStatistics } from "./card-statistics.js";
import { groupLegend } from "./group-legend.js";
import { clearFocus, listenToKeys } from "./scalar-keys.js";
import { scalarPointer } from "./scalar-pointer.js";
import { drawnLines } from "./run-lines.js";
import { scalarCard, STATISTICS_CARD } from "./scalar-card.js";
import { scalarToolbar } from "./scalar-toolbar.js";
import { showAllRuns } from "./show-all-runs.js";
import { stepBar } from "./step-bar.js";

/** @typedef {import("./scalar-card.js").ScalarCard} ScalarCard */
/** @typedef {import("./scalar-pointer.js").Pointer} Pointer */

const PINNED = "\u0000pinned";

export const scalars = {
  id: "scalars",
  title: "Scalars",
  /**
   * @param {HTMLElement} root
   * @param {import("./page-deck.js").PageContext} context
   * @returns {import("./page-deck.js").MountedPage}
   */
  mount(root, { keepCurrent, focusRunFilter }) {
    const series = new SeriesStore(fetchSeries, () => {
      painter.onData();
      bar.refresh();
    });
    keepCurrent(series);
    const toolbar = scalarToolbar();
    const notice = h("div", { className: "page-notice" });
    const pointer = scalarPointer(() => grid.shown());
    const painter = new CardPainter(series, () => grid.shown());
    const grid = new CardGrid({
      makeCard: (tag) => makeCard(tag, pointer, series),
      onSight: (resized) => painter.sight(resized),
      onFold: (key) => store.folded.set(store.toggled(store.folded.get(), key)),
    });
    const legend = groupLegend();
    const bar = stepBar({ charts: () => rangeOf(grid.shown().filter(({ visible }) => visible)), runs: runsInSight });
    root.append(toolbar.element, legend.element, grid.element, bar.element, pointer.element);
    grid.element.prepend(notice);

    const arrange = () => {
      const runs = drawnRuns();
      const { tags, all } = shownTags(runs);
      painter.useRuns(runs);
      const message = messageOf(all, tags, runs);
      notice.replaceChildren(...(message ? [message] : []));
      toolbar.showCount(tags.length === all ? "" : `${formatCount(tags.length)} of ${plural(all, "tag")}`);
      grid.arrange(sectionsOf(tags), store.cardWidth.get(), (_, tag) => (store.statistics.get().has(tag) ? STATISTICS_CARD : store.wide.get().has(tag)));
    };
    const soon = oncePerTask(arrange);
    const arranging = [store.catalog, store.complete, drawnVersion, store.tagFilter, store.pins, store.wide, store.folded, store.cardWidth, store.statistics, elsewhere];
    for (const atom of arranging) atom.subscribe(soon);
    let phase = "";
    store.status.subscribe((status) => {
      if (phase === (phase = JSON.stringify([status?.phase, status?.logdirs]))) return; // only figures changed
      soon();
    });
    for (const atom of [...APPEARANCE, store.colors, store.hiddenMarks, grouping, grouped, openGroups, events, userState]) atom.subscribe(() => painter.refresh());
    store.views.subscribe(() => painter.update());
    new ResizeObserver(soon).observe(grid.element);
    const keys = {
      focusTagFilter: () => toolbar.focusFilter(),
      focusRunFilter,
      moveCursor: (/** @type {1 | -1} */ direction, /** @type {number} */ count) => pointer.step(direction, count),
      play: () => bar.toggle(),
      openGroups: () => toolbar.openGroups(),
      note: () => pointer.note(),
      captured: () => pointer.captured(),
      onCard: (/** @type {CardAction} */ action) => actOnCard(action, pointer.active(), (tag) => grid.reveal(tag)),
      clear: () => clearFocus(pointer.clear),
    };
    let stopListening = listenToKeys(keys);
    soon();
    return {
      recolor() {
        legend.refresh();
        painter.recolor();
      },
      hide() {
        bar.stop();
        stopListening();
      },
      show() {
        stopListening = listenToKeys(keys);
        soon();
        painter.update();
      },
    };
  },
};

/** @param {string} tag @param {Pointer} pointer @param {SeriesStore} series @returns {ScalarCard} */
function makeCard(tag, pointer, series) {
  /** @type {ScalarCard} */
  const card = scalarCard(tag, {
    onCursor: (x) => pointer.moved(card, x),
    onHover: (hover) => pointer.hovered(card, hover),
    onView: (view) => store.setView(tag, view),
    onPin: () => togglePin(tag),
    onWide: () => store.wide.set(store.toggled(store.wide.get(), tag)),
    onSelect: (range) => setStatistics(tag, range),
    onClick: (hover) => pointer.clicked(hover),
    onMenu: (button) => openCardMenu(card, button, { onMore: () => openMore(card) }),
    onRetry: () => series.retry(tag),
  });
  pointer.watch(card);
  return card;
}

/** The part of the axis that the charts show together. @param {import("./card-grid.js").Shown[]} shown @returns {import("../lib/types.js").Range | null} */
function rangeOf(shown) {
  const domains = shown.flatMap(({ card }) => (settingsOf(card.tag).axis === store.axis.get() ? [card.chart()?.domain().x ?? []] : [])).flat();
  return domains.length ? [Math.min(...domains), Math.max(...domains)] : null;
}

/** Drawn runs that one of the cards is about. */
function runsInSight() {
  const drawn = drawnRuns();
  if (!store.tagFilter.get()) return drawn;
  const { tags } = shownTags(drawn);
  const found = new Set();
  for (const tag of tags) {
    if (found.size === drawn.size) break;
    for (const run of store.catalog.get().runsOf(tag)) if (drawn.has(run)) found.add(run);
  }
  return found;
}

/** @param {string} tag */
function togglePin(tag) {
  const pins = store.pins.get();
  store.pins.set(pins.includes(tag) ? pins.filter((pin) => pin !== tag) : [...pins, tag]);
}

/** @param {ScalarCard} card */
async function openMore(card) {
  const [{ showCardDialog }, { downloadAddress }] = await Promise.all([import("../ui/dialogs.js"), import("../state/api.js")]);
  const runs = drawnRuns();
  const view = store.views.get().get(card.tag);
  showCardDialog({
    tag: card.tag,
    runs: drawnLines(card.tag, runs),
    addressOf: (run, format) => downloadAddress(run, card.tag, format, store.segments.get()),
    domain: card.chart()?.domain() ?? { x: [0, 1], y: [0, 1] },
    zoomed: { x: Boolean(view?.x), y: Boolean(view?.y) },
    onRange: (next) => store.setView(card.tag, next),
  });
}

/** @typedef {"pin" | "wide" | "reset" | "more" | "statistics"} CardAction */

/** @param {CardAction} action @param {ScalarCard | null} card @param {(tag: string) => void} reveal */
function actOnCard(action, card, reveal) {
  if (!card) return;
  if (action === "pin") togglePin(card.tag);
  if (action === "reset") store.setView(card.tag, null);
  if (action === "more") openMore(card);
  if (action === "statistics") toggleStatistics(card.tag);
  if (action === "wide") {
    store.wide.set(store.toggled(store.wide.get(), card.tag));
    requestAnimationFrame(() => requestAnimationFrame(() => reveal(card.tag)));
  }
}

/** Tags that one of the drawn runs has and the filter lets through. @param {Set<string>} runs */
function shownTags(runs) {
  const { tags } = store.catalog.get();
  const present = store.catalog.get().tagsOf(runs);
  const filter = compileFilter(store.tagFilter.get());
  return { all: tags.length, tags: tags.filter((tag) => present.has(tag) && filter.test(tag)) };
}

/** @param {string[]} tags @returns {import("../lib/layout.js").SectionSpec[]} */
function sectionsOf(tags) {
  const known = new Set(tags);
  const folded = store.folded.get();
  const pinned = store.pins.get().filter((tag) => known.has(tag));
  const groups = groupTags(tags).map(({ name, tags: members }) => ({
    key: name, title: name || "No prefix", tags: members, collapsed: folded.has(name || "\u0000"),
  }));
  const sections = groups.map((group) => ({ ...group, key: group.key || "\u0000" }));
  return pinned.length ? [{ key: PINNED, title: "Pinned", tags: pinned, collapsed: folded.has(PINNED) }, ...sections] : sections;
}

/** What to say where there are no cards. @param {number} all @param {string[]} tags @param {Set<string>} runs @returns {HTMLElement | null} */
function messageOf(all, tags, runs) {
  const status = store.status.get();
  const { names } = store.catalog.get();
  if (status?.phase === "failed") return nothingThere(status);
  if (tags.length > 0 || !status || !store.complete.get()) return null;
  if (names.length === 0 && status.runs === 0) return nothingThere(status);
  if (names.length === 0 || all === 0) {
    void lookElsewhere();
    return noScalars(elsewhere.get());
  }
  if (runs.size === 0) return nothingShown("No run is shown", "Tick runs in the list, or change its filter.", "Show all runs", showAllRuns);
  return nothingShown("No tag matches", `${plural(all, "tag")} in these runs.`, "Clear the filter", () => store.tagFilter.set(""));
}
