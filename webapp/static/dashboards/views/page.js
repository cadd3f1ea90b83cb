/** The page "Views": charts built here, arranged in sections, saved for everyone who looks at the log. */

import { oncePerTask } from "../../lib/atom.js";
import { addChart, addSection, renameSection } from "../../lib/view-edits.js";
import { fetchSeries } from "../../state/api.js";
import { APPEARANCE } from "../../state/chart-settings.js";
import { events } from "../../state/events.js";
import { grouped } from "../../state/grouping.js";
import { drawnVersion } from "../../state/listed-runs.js";
import { knownColumns, table } from "../../state/run-table.js";
import { SeriesStore } from "../../state/series-store.js";
import * as store from "../../state/store.js";
import { userState } from "../../state/user-state.js";
import { viewGroups } from "../../state/view-groups.js";
import * as state from "../../state/views.js";
import { h } from "../../ui/dom.js";
import { listenToDrops } from "../../ui/file-drop.js";
import { notice } from "../../ui/notice.js";
import { noScalars, nothingShown, nothingThere } from "../../ui/start-page.js";
import { showMarkdown } from "../markdown.js";
import { isTyping } from "../scalar-keys.js";
import { ViewCard } from "./chart-card.js";
import { emptyView } from "./empty-view.js";
import { buildChart, openCardMenu, openSectionMenu } from "./view-actions.js";
import { openFiles, viewBar } from "./view-bar.js";
import { ViewGrid } from "./view-grid.js";
import { ViewPainter } from "./view-painter.js";
import { viewPointer } from "./view-pointer.js";
import { showSettings } from "./view-settings.js";

/** @typedef {(formula: string, message: string, at: [number, number] | null) => void} OnMistake */
/** @typedef {import("../page-deck.js").PageContext} PageContext */

export const views = {
  id: "views",
  title: "Views",
  /** @param {HTMLElement} root @param {PageContext} context @returns {import("../page-deck.js").MountedPage} */
  mount(root, context) {
    const page = new ViewsPage(root, context);
    let stopKeys = page.listenToKeys();
    return {
      recolor: () => page.recolor(),
      hide: () => stopKeys(),
      show() {
        stopKeys = page.listenToKeys();
        page.arrangeSoon();
      },
    };
  },
};

class ViewsPage {
  #told = notice();
  #message = h("div", { className: "view-message" });
  #about = h("div", { className: "view-about", hidden: true });
  #pointer = viewPointer(() => this.#cards());
  /** @type {import("./chart-card.js").CardEvents} */
  #cardEvents = {
    onAction: (card, action) => this.#act(card, action),
    onZoom: (card, zoom) => {
      card.zoom = zoom;
      this.#painter.update();
    },
    chartEvents: (card) => ({ ...this.#pointer.eventsOf(card), showText: showMarkdown, onView: (zoom) => this.#cardEvents.onZoom(card, zoom) }),
  };
  #grid = new ViewGrid({
    card: this.#cardEvents,
    onSight: () => this.#painter.update(),
    onSection: openSectionMenu,
    onTitle: (section, title) => change((view) => renameSection(view, section, title)),
  });
  #preview = new ViewCard({ type: "line" }, this.#cardEvents);
  /** @type {ViewPainter} */ #painter;
  /** @type {ReturnType<typeof viewBar>} */ #bar;
  /** @type {OnMistake} */ #onMistake = () => {};
  /** @type {PageContext} */ #context;
  #shownName = "\u0000"; // no view has this name
  arrangeSoon = oncePerTask(() => this.#arrange());

  /** @param {HTMLElement} root @param {PageContext} context */
  constructor(root, context) {
    this.#context = context;
    const series = new SeriesStore(fetchSeries, () => this.#painter.update());
    context.keepCurrent(series);
    this.#painter = new ViewPainter(series, () => this.#cards(), (card, { mistake }) => {
      if (card === this.#preview) this.#onMistake(mistake?.formula ?? "", mistake?.message ?? "", mistake?.at ?? null);
    });
    this.#preview.element.classList.add("preview");
    this.#bar = viewBar({
      onAddChart: () => void buildChart(this.#previewing, null),
      onAddText: () => change((view) => addChart(view, { type: "text", text: "Notes: use the pencil to write here." })),
      onAddSection: () => change((view) => addSection(view, "")),
      onSettings: showSettings,
      onProblem: this.#told.show,
    });
    root.append(this.#bar.element, this.#grid.element, this.#told.element, this.#pointer.element);
    this.#grid.element.prepend(this.#message, this.#about);
    listenToDrops(root, (files) => void openFiles(files, this.#told.show));
    this.#watch();
    void state.loadViews();
    this.arrangeSoon();
  }

  recolor = () => this.#painter.recolor();

  listenToKeys() {
    return listenToKeys({ save: () => this.#bar.save(), clear: () => this.#pointer.clear(), focusRunFilter: this.#context.focusRunFilter });
  }

  #cards() {
    return this.#preview.visible ? [this.#preview, ...this.#grid.cards()] : this.#grid.cards();
  }

  #watch() {
    for (const atom of [state.openView, store.cardWidth, store.catalog, store.complete, knownColumns]) atom.subscribe(this.arrangeSoon);
    const refresh = oncePerTask(() => this.#painter.refresh());
    for (const atom of [drawnVersion, userState, store.colors, grouped, viewGroups, events, store.hiddenMarks, ...APPEARANCE]) atom.subscribe(refresh);
    table.subscribe(() => this.#painter.update());
    new ResizeObserver(this.arrangeSoon).observe(this.#grid.element);
    new ResizeObserver(() => this.#painter.update()).observe(this.#preview.element);
    addEventListener("beforeunload", (event) => {
      const opened = state.openView.get();
      if (state.isChanged(opened) && opened.past.length > 0) event.preventDefault();
    });
  }

  /** @param {ViewCard} card @param {"edit" | "more" | "retry"} action */
  #act(card, action) {
    if (card === this.#preview) return;
    if (action === "edit") void buildChart(this.#previewing, this.#grid.placeOf(card));
    else openCardMenu(card, this.#grid.placeOf(card), /** @type {HTMLElement} */ (card.element.querySelector("[aria-label=More]")));
  }

  /** @type {import("./view-actions.js").Preview} */
  #previewing = {
    element: this.#preview.element,
    use: (chart) => {
      this.#preview.use(chart);
      this.#painter.update();
    },
    show: (shown) => {
      this.#preview.visible = shown;
      this.#preview.painted = [];
      this.#onMistake = () => {};
      this.#painter.update();
    },
    onMistake: (listener) => void (this.#onMistake = listener),
  };

  #arrange() {
    if (store.page.get() !== "views") return;
    const opened = state.openView.get();
    const { view, name } = opened;
    const message = messageOf(opened, () => void buildChart(this.#previewing, null));
    this.#message.replaceChildren(...message);
    this.#grid.element.classList.toggle("empty", message.length > 0);
    showMarkdown(this.#about, view?.description ?? "");
    this.#about.hidden = !view?.description;
    this.#grid.arrange(view ?? { stepscope_view: 1, title: "", sections: [] }, store.cardWidth.get());
    if (view && name !== this.#shownName) {
      this.#shownName = name;
      if (view.settings?.runs && !store.runFilter.get()) store.runFilter.set(view.settings.runs);
    }
    this.#painter.refresh();
  }
}

/** @param {(view: import("../../lib/view-file.js").View) => import("../../lib/view-file.js").View} next */
function change(next) {
  const { view } = state.openView.get();
  if (view) state.edit(next(view));
}

/** What to say where there are no charts. @param {import("../../state/views.js").OpenView} opened @param {() => void} onBuild @returns {HTMLElement[]} */
function messageOf({ view, error }, onBuild) {
  const status = store.status.get();
  if (status?.phase === "failed") return [nothingThere(status)];
  if (error) return [nothingShown("This view cannot be shown", error, "Show the first view", () => state.showView(""))];
  if (!view || !store.complete.get() || view.sections.some(({ charts }) => charts.length > 0)) return [];
  if (store.catalog.get().tags.length === 0) return [noScalars()];
  return [emptyView(onBuild)];
}

/** @param {{save: () => void, clear: () => void, focusRunFilter: () => void}} target @returns {() => void} stops listening */
function listenToKeys({ save, clear, focusRunFilter }) {
  const listener = (/** @type {KeyboardEvent} */ event) => {
    if (document.querySelector("dialog[open]")) return;
    const key = event.key.toLowerCase();
    if (event.ctrlKey || event.metaKey) {
      if (key === "s") event.preventDefault(), save();
      if (key === "z" && !isTyping(event.target)) event.preventDefault(), event.shiftKey ? state.redo() : state.undo();
      return;
    }
    if (isTyping(event.target) || event.altKey) return;
    if (key === "escape") clear();
    if (key === "r") event.preventDefault(), focusRunFilter();
  };
  document.addEventListener("keydown", listener);
  return () => document.removeEventListener("keydown", listener);
}
