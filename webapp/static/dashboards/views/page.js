/** The page "Views": charts built here, arranged in sections, saved for everyone who looks at the log. */

import { oncePerTask } from "../../lib/atom.js";
import { addChart, addSection, renameSection } from "../../lib/view-edits.js";
import { APPEARANCE } from "../../state/chart-settings.js";
import { events } from "../../state/events.js";
import { grouped } from "../../state/grouping.js";
import { drawnVersion } from "../../state/listed-runs.js";
import { table } from "../../state/run-table.js";
import * as store from "../../state/store.js";
import { userState } from "../../state/user-state.js";
import { viewGroups } from "../../state/view-groups.js";
import * as state from "../../state/views.js";
import { h } from "../../ui/dom.js";
import { notice } from "../../ui/notice.js";
import { noScalars, nothingShown, nothingThere } from "../../ui/start-page.js";
import { isTyping } from "../scalar-keys.js";
import { ViewCard } from "./chart-card.js";
import { buildChart, openCardMenu, openSectionMenu } from "./view-actions.js";
import { openFiles, viewBar } from "./view-bar.js";
import { ViewGrid } from "./view-grid.js";
import { ViewPainter } from "./view-painter.js";
import { viewPointer } from "./view-pointer.js";
import { showSettings } from "./view-settings.js";

/** @typedef {(formula: string, message: string, at: [number, number] | null) => void} OnMistake */

export const views = {
  id: "views",
  title: "Views",
  /** @param {HTMLElement} root @param {import("../page-deck.js").PageContext} context @returns {import("../page-deck.js").MountedPage} */
  mount(root, { makeSeries, focusRunFilter }) {
    const series = makeSeries(() => painter.update());
    const told = notice();
    const message = h("div", { className: "view-message" });
    const about = h("p", { className: "view-about", hidden: true });
    /** @type {OnMistake} */
    let onMistake = () => {};
    const cards = () => (preview.visible ? [preview, ...grid.cards()] : grid.cards());
    const pointer = viewPointer(cards);
    /** @type {import("./chart-card.js").CardEvents} */
    const cardEvents = {
      onAction(card, action) {
        if (card === preview) return;
        if (action === "edit") void buildChart(previewing, grid.placeOf(card));
        else openCardMenu(card, grid.placeOf(card), /** @type {HTMLElement} */ (card.element.querySelector("[aria-label=More]")));
      },
      onZoom(card, zoom) {
        card.zoom = zoom;
        painter.update();
      },
      chartEvents: (card) => ({ ...pointer.eventsOf(card), onView: (zoom) => cardEvents.onZoom(card, zoom) }),
    };
    const grid = new ViewGrid({
      card: cardEvents,
      onSight: () => painter.update(),
      onSection: openSectionMenu,
      onTitle: (section, title) => change((view) => renameSection(view, section, title)),
      onCard: () => {},
    });
    const preview = new ViewCard({ type: "line" }, cardEvents);
    preview.element.classList.add("preview");
    const painter = new ViewPainter(series, cards, (card, { mistake }) => {
      if (card === preview) onMistake(mistake?.formula ?? "", mistake?.message ?? "", mistake?.at ?? null);
    });
    const previewing = {
      card: preview,
      show(/** @type {boolean} */ shown) {
        preview.visible = shown;
        preview.painted = [];
        onMistake = () => {};
        painter.update();
      },
      onMistake: (/** @type {OnMistake} */ listener) => void (onMistake = listener),
    };
    const usePreview = preview.use.bind(preview);
    preview.use = (chart) => (usePreview(chart), painter.update());
    new ResizeObserver(() => painter.update()).observe(preview.element);
    const bar = viewBar({
      onAddChart: () => void buildChart(previewing, null),
      onAddText: () => change((view) => addChart(view, { type: "text", text: "Notes: use the pencil to write here." })),
      onAddSection: () => change((view) => addSection(view, "")),
      onSettings: showSettings,
      onProblem: told.show,
    });
    root.append(bar.element, grid.element, told.element, pointer.element);
    grid.element.prepend(message, about);
    listenToDrops(root, told.show);

    let shownName = "\u0000";
    const arrange = () => {
      if (store.page.get() !== "views") return;
      const opened = state.openView.get();
      const { view, name } = opened;
      message.replaceChildren(...messageOf(opened));
      about.textContent = view?.description ?? "";
      about.hidden = !view?.description;
      grid.arrange(view ?? { stepscope_view: 1, title: "", sections: [] }, store.cardWidth.get());
      if (view && name !== shownName) {
        shownName = name;
        if (view.settings?.runs && !store.runFilter.get()) store.runFilter.set(view.settings.runs);
      }
      painter.refresh();
    };
    const soon = oncePerTask(arrange);
    for (const atom of [state.openView, store.cardWidth, store.catalog, store.complete]) atom.subscribe(soon);
    const refresh = oncePerTask(() => painter.refresh());
    for (const atom of [drawnVersion, userState, store.colors, grouped, viewGroups, events, store.hiddenMarks, ...APPEARANCE]) atom.subscribe(refresh);
    table.subscribe(() => painter.update());
    new ResizeObserver(soon).observe(grid.element);
    addEventListener("beforeunload", (event) => {
      const opened = state.openView.get();
      if (state.isChanged(opened) && opened.past.length > 0) event.preventDefault();
    });
    let stopKeys = listenToKeys(() => bar.save(), () => pointer.clear(), focusRunFilter);
    void state.loadViews();
    soon();
    return {
      recolor: () => painter.recolor(),
      hide: () => stopKeys(),
      show() {
        stopKeys = listenToKeys(() => bar.save(), () => pointer.clear(), focusRunFilter);
        soon();
      },
    };
  },
};

/** @param {(view: import("../../lib/view-file.js").View) => import("../../lib/view-file.js").View} next */
function change(next) {
  const { view } = state.openView.get();
  if (view) state.edit(next(view));
}

/** What to say where there are no charts. @param {import("../../state/views.js").OpenView} opened @returns {HTMLElement[]} */
function messageOf({ view, error }) {
  const status = store.status.get();
  if (status?.phase === "failed") return [nothingThere(status)];
  if (error) return [nothingShown("This view cannot be shown", error, "Show the first view", () => state.showView(""))];
  if (!view || !store.complete.get() || view.sections.some(({ charts }) => charts.length > 0)) return [];
  if (store.catalog.get().tags.length === 0) return [noScalars()];
  return [nothingShown("No chart yet", "Build one from tags, formulas or columns of the run table.", "Add the charts of the first view", () => {
    const { name } = state.openView.get();
    change((now) => ({ ...state.suggestion(), title: name || now.title }));
  })];
}

/** @param {HTMLElement} root @param {(text: string) => void} onProblem */
function listenToDrops(root, onProblem) {
  const hasFiles = (/** @type {DragEvent} */ event) => event.dataTransfer?.types.includes("Files") ?? false;
  root.addEventListener("dragover", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    root.classList.add("dropping");
  });
  root.addEventListener("dragleave", () => root.classList.remove("dropping"));
  root.addEventListener("drop", (event) => {
    root.classList.remove("dropping");
    if (!event.dataTransfer || !hasFiles(event)) return;
    event.preventDefault();
    void openFiles(event.dataTransfer.files, onProblem);
  });
}

/** @param {() => void} save @param {() => void} clear @param {() => void} focusRunFilter @returns {() => void} stops listening */
function listenToKeys(save, clear, focusRunFilter) {
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
