/** The page "Runs": the run table with everything that can be done to the runs. */

import { oncePerTask } from "../../lib/atom.js";
import { formatCount, plural } from "../../lib/format.js";
import { only } from "../../lib/selection.js";
import { drawnVersion, hideRuns, listedRuns } from "../../state/listed-runs.js";
import { columnsUnderWay, knownVersion, table, tableProblem } from "../../state/run-table.js";
import * as store from "../../state/store.js";
import { changeState, knownTags, userState } from "../../state/user-state.js";
import { h } from "../../ui/dom.js";
import { noRuns, nothingShown, nothingThere } from "../../ui/start-page.js";
import { runFilterBox } from "../run-filter-box.js";
import { showMenu } from "./column-menu.js";
import { runTable } from "./run-table.js";

const FORMATS = /** @type {const} */ ([["csv", "CSV"], ["json", "JSON"], ["markdown", "Markdown"], ["latex", "LaTeX"], ["parquet", "Parquet"]]);

const dialogs = () => import("./run-dialogs.js");
const PATIENCE = 800; // ms before it is said that something is being read

/** @typedef {import("./run-table.js").RunTable} RunTable */

export const runs = {
  id: "runs",
  title: "Runs",
  /** @param {HTMLElement} root @returns {import("../page-deck.js").MountedPage} */
  mount(root) {
    const shown = runTable({ who: "runs", columns: store.tableColumns, compact: false, leadWidth: innerWidth < 720 ? 190 : 280 });
    const filter = runFilterBox();
    const problem = h("p", { className: "table-problem bad", role: "alert", hidden: true });
    const notice = h("div", { className: "table-notice" });
    root.append(toolbar(shown, filter), problem, columnProgress(), notice, shown.element);
    const update = () => {
      problem.hidden = !tableProblem.get();
      problem.textContent = tableProblem.get();
      const message = messageOf(listedRuns().length);
      notice.replaceChildren(...(message ? [message] : []));
      shown.element.hidden = message !== null;
      const isWhole = store.complete.get() && knownVersion.get() >= store.catalog.get().version;
      const drawn = message !== null || (isWhole && shown.columns().every(({ name }) => table.get().columns.has(name)));
      if (store.page.get() === "runs" && drawn) requestAnimationFrame(() => store.page.get() === "runs" && (document.documentElement.dataset.drawn = "true"));
    };
    const soon = oncePerTask(update);
    for (const atom of [store.catalog, store.complete, store.status, table, tableProblem, knownVersion, drawnVersion]) atom.subscribe(soon);
    const keys = (/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || event.target instanceof HTMLInputElement || document.querySelector("dialog[open]")) return;
      event.preventDefault();
      filter.focusBox();
    };
    document.addEventListener("keydown", keys);
    soon();
    return {
      recolor: () => shown.arrange(),
      hide() {
        document.removeEventListener("keydown", keys);
        shown.wake(false);
      },
      show() {
        document.addEventListener("keydown", keys);
        shown.wake(true);
        soon();
      },
    };
  },
};

/** What is being read, once that takes longer than a glance. */
function columnProgress() {
  const text = h("span", {});
  const element = h("div", { className: "progress", role: "status", hidden: true }, h("progress", { "aria-label": "Reading columns" }), text);
  let timer = 0;
  columnsUnderWay.subscribe((count) => {
    clearTimeout(timer);
    element.hidden = true;
    if (count === 0) return;
    text.textContent = `Reading ${plural(count, "column")} of ${plural(store.catalog.get().names.length, "run")} …`;
    timer = setTimeout(() => (element.hidden = false), PATIENCE);
  });
  return element;
}

/** @param {RunTable} shown @param {HTMLElement} filter */
function toolbar(shown, filter) {
  const button = (/** @type {string} */ text, /** @type {string} */ title, /** @type {(anchor: HTMLElement) => void} */ action) => {
    const element = h("button", { type: "button", title, onclick: () => action(element) }, text);
    return element;
  };
  const selection = h("span", { className: "selection", role: "group", "aria-label": "Selected runs" });
  const chosenRuns = () => [...store.selectedRuns.get()].filter((run) => store.catalog.get().byName.has(run));
  let count = -1; // runs it speaks of
  const showSelection = () => {
    const chosen = chosenRuns();
    count = chosen.length;
    selection.replaceChildren(...(chosen.length ? selectionButtons(chosen, button) : [h("span", { className: "quiet wide-only" }, "Click a row to select it, Shift or Ctrl for more")]));
  };
  store.selectedRuns.subscribe(showSelection);
  userState.subscribe(showSelection);
  store.catalog.subscribe(() => count !== chosenRuns().length && showSelection()); // a link may name runs before they are known
  showSelection();
  return h("div", { className: "bar runs-bar", role: "toolbar", "aria-label": "Run table" }, filter,
    button("Columns", "Choose columns", async () => (await dialogs()).chooseColumns(shown)),
    button("Layouts", "Save this choice of columns, or take a saved one", (anchor) => layoutMenu(anchor, shown)),
    button("Export", "The table as it is shown, as a file", (anchor) => exportMenu(anchor, shown)), selection);
}

/** @param {string[]} chosen @param {(text: string, title: string, action: (anchor: HTMLElement) => void) => HTMLElement} button */
function selectionButtons(chosen, button) {
  const isBaseline = chosen.length === 1 && userState.get().baseline === chosen[0];
  const setBaseline = () => changeState([{ path: ["baseline"], value: isBaseline ? null : chosen[0] }]);
  return [
    h("b", {}, `${formatCount(chosen.length)} selected`),
    ...(chosen.length > 1 ? [button("Compare", "Side by side, what differs first", async () => (await dialogs()).compareRuns(chosen))] : []),
    ...(chosen.length === 1 ? [button("Details", "Name, tags, colour, note and all values (Enter)", async () => (await dialogs()).openRun(chosen[0]))] : []),
    button("Only", "Draw only the selected runs", () => store.chosen.set(only(chosen))),
    ...(chosen.length === 1 ? [button(isBaseline ? "No baseline" : "Baseline", "Compare all others with this run", setBaseline)] : []),
    button("Tag", "Put a tag on the selected runs, or take it away", (anchor) => tagMenu(anchor, chosen)),
    button("Hide", "Take the selected runs out of the list", () => (hideRuns(chosen), store.selectedRuns.set(new Set()))),
    button("Clear", "Select nothing", () => store.selectedRuns.set(new Set())),
  ];
}

/** @param {HTMLElement} anchor @param {string} label @param {(text: string) => void} onText @param {string} placeholder @param {[string, () => void][]} entries */
function textMenu(anchor, label, onText, placeholder, entries) {
  const box = h("input", { type: "text", placeholder, "aria-label": label });
  const done = (/** @type {Event} */ event) => {
    event.preventDefault();
    if (box.value.trim()) onText(box.value.trim());
    menu.hidePopover();
  };
  const menu = h("div", { className: "popover menu", popover: "auto" }, h("form", { className: "row", onsubmit: done }, box, h("button", { type: "submit" }, "Save")),
    ...entries.map(([text, action]) => h("button", { type: "button", onclick: () => (menu.hidePopover(), action()) }, text)));
  showMenu(menu, anchor);
  box.focus();
}

/** @param {HTMLElement} anchor @param {string[]} chosen */
async function tagMenu(anchor, chosen) {
  const { toggleTag } = await dialogs();
  textMenu(anchor, "Tag", (tag) => toggleTag(chosen, tag), "tag", knownTags().map((tag) => [tag, () => toggleTag(chosen, tag)]));
}

/** @param {HTMLElement} anchor @param {RunTable} shown */
async function layoutMenu(anchor, shown) {
  const { saveLayout, savedLayouts, useLayout } = await dialogs();
  const save = (/** @type {string} */ name) => saveLayout(name, { columns: shown.columns(), sort: store.runOrder.get() });
  /** @type {[string, () => void][]} */
  const saved = Object.keys(savedLayouts()).map((name) => [name, () => useLayout(name)]);
  const usual = /** @type {[string, () => void]} */ (["Usual columns", () => (store.tableColumns.set(null), store.runOrder.set([]))]);
  textMenu(anchor, "Name of the layout", save, "name of this layout", [...saved, usual]);
}

/** @param {HTMLElement} anchor @param {RunTable} shown */
function exportMenu(anchor, shown) {
  const columns = () => shown.columns().map(({ name }) => name);
  const download = (/** @type {string} */ format) => dialogs().then(({ downloadTable }) => downloadTable(format, columns(), shown.runs())).catch((error) => tableProblem.set(error.message));
  const menu = h("div", { className: "popover menu", popover: "auto", role: "menu", "aria-label": "Export" },
    ...FORMATS.map(([format, text]) => h("button", { type: "button", role: "menuitem", onclick: () => (menu.hidePopover(), download(format)) }, text)));
  showMenu(menu, anchor);
}

/** What to say where there is no table. @param {number} listed */
function messageOf(listed) {
  const status = store.status.get();
  if (status?.phase === "failed") return nothingThere(status);
  if (!status || !store.complete.get() || listed > 0) return null;
  if (store.catalog.get().names.length === 0) return status.runs === 0 ? nothingThere(status) : noRuns();
  return nothingShown("No run matches", `${formatCount(store.catalog.get().names.length)} in all.`, "Clear the filter", () => store.runFilter.set(""));
}
