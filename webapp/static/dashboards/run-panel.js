/** The left side: filter, list and width of the runs; and which of them are drawn, in which colour. */

import { assignSlots, slotColor } from "../lib/color.js";
import { oncePerFrame } from "../lib/atom.js";
import { formatCount } from "../lib/format.js";
import { compileFilter } from "../lib/search.js";
import { choose, isChosen, only } from "../lib/selection.js";
import { fetchFiles } from "../state/api.js";
import * as store from "../state/store.js";
import { bind, searchBox } from "../ui/controls.js";
import { h, icon } from "../ui/dom.js";
import { isDark } from "../ui/ink.js";
import { runList } from "../ui/run-list.js";

export function runPanel() {
  const search = searchBox("Filter runs", "Filter runs", (text) => compileFilter(text).error);
  bind(search, store.runFilter);
  const list = runList({
    onChoose: (names, on) => store.chosen.set(choose(store.chosen.get(), names, on)),
    onOnly: (names) => store.chosen.set(only(names)),
    onHide: (name) => store.hidden.set(store.toggled(store.hidden.get(), name)),
    onShowHidden: () => store.hidden.set(new Set()),
    onColor: (name, color) => store.colors.set(new Map(store.colors.get()).set(name, color)),
    onPoint: (name) => store.highlighted.set(name),
    onFiles: async (name) => (await import("../ui/dialogs.js")).showFiles(name, () => fetchFiles(name)),
  });
  const summary = h("span");
  const open = h("button", { type: "button", className: "side-open", "aria-expanded": "false" }, icon("list"), summary);
  const element = h("aside", { className: "side", "aria-label": "Runs" }, open, h("div", { className: "side-find" }, search), list.element, grip());
  open.addEventListener("click", () => open.setAttribute("aria-expanded", String(element.classList.toggle("open"))));

  const update = () => {
    const runs = listedRuns();
    const { names } = store.catalog.get();
    const colorOf = runColors();
    const drawn = runs.filter((run) => isChosen(store.chosen.get(), run.name)).length;
    summary.textContent = `Runs · ${formatCount(drawn)} of ${formatCount(names.length)} shown`;
    list.update({ runs, total: names.length, hidden: store.hidden.get().size, isChosen: (name) => isChosen(store.chosen.get(), name), colorOf });
  };
  const soon = oncePerFrame(update);
  for (const atom of [store.catalog, store.chosen, store.hidden, store.runFilter, store.colors]) atom.subscribe(soon);
  return { element, focusFilter: () => (element.classList.add("open"), search.focusBox()), refresh: soon };
}

/** The runs of the list: those that match the filter and are not hidden. */
function listedRuns() {
  const filter = compileFilter(store.runFilter.get());
  const hidden = store.hidden.get();
  if (filter.empty && hidden.size === 0) return store.catalog.get().runs;
  return store.catalog.get().runs.filter((run) => filter.test(run.name) && !hidden.has(run.name));
}

/** Names of the runs that are drawn. @returns {Set<string>} */
export function drawnRuns() {
  const choice = store.chosen.get();
  return new Set(listedRuns().filter((run) => isChosen(choice, run.name)).map((run) => run.name));
}

/** @type {{catalog: unknown, slots: Map<string, number>}} */
let assigned = { catalog: null, slots: new Map() };

/** Run → "#rrggbb" in the current theme. @returns {(name: string) => string} */
export function runColors() {
  const catalog = store.catalog.get();
  if (assigned.catalog !== catalog) assigned = { catalog, slots: assignSlots(catalog.runs) };
  const theme = isDark() ? "dark" : "light";
  const chosen = store.colors.get();
  return (name) => chosen.get(name) ?? slotColor(assigned.slots.get(name) ?? 0, theme);
}

/** The edge that makes the list wider or narrower; arrow keys move it too. */
function grip() {
  const setWidth = (/** @type {number} */ width) => store.sidebarWidth.set(Math.round(Math.min(720, Math.max(180, width))));
  const element = h("div", {
    className: "side-grip", role: "separator", tabIndex: 0, "aria-orientation": "vertical", "aria-label": "Width of the run list",
    onpointerdown(/** @type {PointerEvent} */ event) {
      element.setPointerCapture(event.pointerId);
      element.classList.add("dragging");
    },
    onpointermove: (/** @type {PointerEvent} */ event) => element.classList.contains("dragging") && setWidth(event.clientX),
    onpointerup: () => element.classList.remove("dragging"),
    onkeydown(/** @type {KeyboardEvent} */ event) {
      const change = { ArrowLeft: -20, ArrowRight: 20 }[event.key];
      if (!change) return;
      event.stopPropagation();
      setWidth(store.sidebarWidth.get() + change);
    },
  });
  return element;
}
