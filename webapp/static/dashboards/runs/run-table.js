/** The run table, beside the charts or as a page: the grid, what it shows, and what its clicks and keys do. */

import { oncePerFrame, oncePerTask } from "../../lib/atom.js";
import { betterDirection } from "../../lib/best.js";
import { movedColumn } from "../../lib/column-list.js";
import { formatCount, formatTime, plural } from "../../lib/format.js";
import { choose, isChosen, only } from "../../lib/selection.js";
import { stateReason } from "../../lib/run-state.js";
import { textAt } from "../../lib/table-data.js";
import { nextOrder } from "../../lib/table-order.js";
import { alerts, alertsOf } from "../../state/alerts.js";
import { clearBrushes } from "../../state/brush.js";
import { hiddenRuns, hideRuns, showHiddenRuns } from "../../state/listed-runs.js";
import { wantColumns } from "../../state/run-table.js";
import * as store from "../../state/store.js";
import { changeRun, displayName, runEntry, userState } from "../../state/user-state.js";
import { h } from "../../ui/dom.js";
import { dataGrid } from "../../ui/table/grid.js";
import { runLead } from "../../ui/table/run-lead.js";
import { runColors } from "../run-colors.js";
import { openColumnMenu } from "./column-menu.js";
import { cellFiller, lastHeard } from "./run-cells.js";
import { steadyOrder } from "./steady-order.js";
import { alignedTable, gridColumn, gridItems, groupedRows, ROW_ATOMS, shownColumns } from "./table-model.js";

/** @typedef {import("../../lib/column-list.js").ShownColumn} ShownColumn */
/** @typedef {import("../../lib/atom.js").Atom<readonly ShownColumn[] | null>} ColumnsAtom */
/** @typedef {ReturnType<typeof runTable>} RunTable */
/** @typedef {{rows: Int32Array, groups: import("./table-model.js").RowGroup[] | null, items: Int32Array}} Shown */

const ALWAYS = ["state", "last"]; // what the signs beside the names are made of

/**
 * @param {{who: string, columns: ColumnsAtom, compact: boolean, leadWidth: number}} place
 */
export function runTable({ who, columns, compact, leadWidth }) {
  /** @type {Shown} */
  let shown = { rows: new Int32Array(0), groups: null, items: new Int32Array(0) };
  let anchor = -1; // where a selection began
  let awake = true;
  let toShow = ""; // a column that was added and not seen yet
  const inOrder = steadyOrder();
  const current = () => shownColumns(columns.get(), compact);
  const nameOf = (/** @type {number} */ item) => store.catalog.get().names[item];
  const namesOf = (/** @type {number} */ item) => (item < 0 ? (shown.groups?.[-1 - item].members ?? []) : [item]).map(nameOf);
  const pick = (/** @type {number} */ item, /** @type {{extend: boolean, toggle: boolean}} */ how) => {
    if (item < 0) return;
    store.selectedRuns.set(picked(shown, anchor, item, how));
    if (!how.extend) anchor = item;
  };
  const stateShown = () => current().some(({ name }) => name === "state");
  const lead = leadEvents(() => shown, nameOf, namesOf, stateShown);
  const head = tableHead(() => [...shown.rows].map(nameOf));
  const grid = dataGrid("Runs", {
    makeLead: () => runLead(lead),
    headLead: head.element,
    onOrder: (id, add) => store.runOrder.set(nextOrder(store.runOrder.get(), id, betterDirection(id) > 0 || id === "start" || id === "last", add)),
    onResize: (id, width) => columns.set(current().map((column) => (column.name === id ? { ...column, width: Math.round(width) } : column))),
    onMove: (id, before) => columns.set(moved(current(), id, before)),
    onMenu: (id, cell) => openColumnMenu(id, cell, columns, current()),
    onOpen: (item) => (item < 0 ? lead.onFold(item) : lead.onOpen(item)),
    onTick: (item) => lead.onChoose(item, !namesOf(item).every((name) => isChosen(store.chosen.get(), name))),
    onSelect: pick,
    onPoint: (item) => store.highlighted.set(item === null || item < 0 ? null : nameOf(item)),
  });

  /** Rows in their order anew, and all cells. */
  const arrange = () => {
    if (!awake) return;
    const wanted = current().map(({ name }) => name);
    wantColumns(who, [...new Set([...ALWAYS, ...wanted, ...store.runOrder.get().map(({ name }) => name)])]);
    const { rows, stay } = inOrder(grid.element.matches(":hover, :focus-within"));
    const groups = groupedRows(rows);
    const { names } = store.catalog.get();
    shown = { rows, groups, items: gridItems(rows, groups) };
    head.show(rows.length);
    lead.refresh();
    const list = current().map((column) => gridColumn(column, compact));
    grid.update({
      columns: [...list.filter(({ pinned }) => pinned), ...list.filter(({ pinned }) => !pinned)],
      items: shown.items, leadWidth, fillCell: cellFiller(alignedTable(), rows),
      isSelected: (item) => store.selectedRuns.get().has(nameOf(item)),
      keyOf: (item) => (item < 0 ? `group ${groups?.[-1 - item].name}` : names[item]),
    }, { stay });
    if (toShow && list.some(({ id }) => id === toShow)) grid.showColumn(toShow);
    toShow = "";
  };
  const soon = oncePerTask(arrange);
  for (const type of ["pointerleave", "focusout"]) grid.element.addEventListener(type, soon);
  for (const atom of [...ROW_ATOMS, columns, store.colors, alerts]) atom.subscribe(soon);
  const redraw = oncePerFrame(() => awake && grid.render());
  store.selectedRuns.subscribe(redraw);
  soon();
  return {
    element: grid.element,
    arrange: soon,
    /** Runs in sight of the filter, in the order of the table. */
    runs: () => [...shown.rows].map(nameOf),
    columns: current,
    /** Shows these columns; the last one added is brought into sight. @param {string[]} names */
    setColumns(names) {
      const before = current();
      toShow = names.findLast((name) => !before.some((column) => column.name === name)) ?? "";
      columns.set(names.map((name) => before.find((column) => column.name === name) ?? { name }));
    },
    resetColumns: () => columns.set(null),
    /** @param {boolean} on a table out of sight neither asks nor draws */
    wake(on) {
      awake = on;
      if (on) arrange();
      else wantColumns(who, []);
    },
  };
}

/** @param {readonly ShownColumn[]} columns @param {string} id @param {number} before place among those shown, pinned ones first */
function moved(columns, id, before) {
  const shown = [...columns.filter(({ pinned }) => pinned), ...columns.filter(({ pinned }) => !pinned)];
  return movedColumn(shown, shown.findIndex(({ name }) => name === id), before);
}

/** @param {Shown} shown @param {number} anchor @param {number} item @param {{extend: boolean, toggle: boolean}} how */
function picked({ items }, anchor, item, { extend, toggle }) {
  const { names } = store.catalog.get();
  const before = store.selectedRuns.get();
  if (toggle) return store.toggled(before, names[item]);
  if (!extend || anchor < 0) return before.size === 1 && before.has(names[item]) ? new Set() : new Set([names[item]]);
  const [from, to] = [items.indexOf(anchor), items.indexOf(item)].sort((a, b) => a - b);
  return new Set([...items.subarray(Math.max(0, from), to + 1)].filter((row) => row >= 0).map((row) => names[row]));
}

/** What the leading cells show and do. @param {() => Shown} shown @param {(item: number) => string} nameOf @param {(item: number) => string[]} namesOf @param {() => boolean} stateShown in a column of its own */
function leadEvents(shown, nameOf, namesOf, stateShown) {
  let colorOf = runColors();
  const on = (/** @type {string} */ name) => isChosen(store.chosen.get(), name);
  return {
    refresh() {
      colorOf = runColors();
    },
    /** @param {number} item @returns {import("../../ui/table/run-lead.js").RunFace} */
    faceOf(item) {
      const run = nameOf(item);
      const info = store.catalog.get().runs[item];
      const since = info.start === null ? "" : ` since ${formatTime(info.start)}`;
      const entry = runEntry(run);
      const name = displayName(run);
      const data = alignedTable();
      const state = textAt(data.columns.get("state"), item);
      return {
        run, color: colorOf(run), on: on(run), name: name === "." ? ". (top folder)" : name,
        title: `${run}\n${plural(info.points, "point")}${since}${entry.note ? `\n\n${entry.note}` : ""}`,
        state: stateShown() ? "" : state, reason: state && stateReason(state, lastHeard(data, item), Date.now() / 1000), alert: alertsOf(run).filter(({ active }) => active).map(({ message }) => message).join("\n"),
        damaged: info.damaged > 0, noted: Boolean(entry.note), baseline: userState.get().baseline === run,
      };
    },
    /** @param {number} item @returns {import("../../ui/table/run-lead.js").GroupFace} */
    groupOf(item) {
      const name = shown().groups?.[-1 - item].name ?? "";
      const names = namesOf(item);
      const count = names.filter(on).length;
      return { name, count: names.length, on: count === 0 ? false : count === names.length ? true : null, folded: store.foldedGroups.get().has(name) };
    },
    onChoose: (/** @type {number} */ item, /** @type {boolean} */ chosen) => store.chosen.set(choose(store.chosen.get(), namesOf(item), chosen)),
    onOnly: (/** @type {number} */ item) => store.chosen.set(only(namesOf(item))),
    onHide: (/** @type {number} */ item) => hideRuns(namesOf(item)),
    onColor: (/** @type {number} */ item, /** @type {string} */ color) => setColor(nameOf(item), color),
    onFiles: async (/** @type {number} */ item) => (await import("./run-dialogs.js")).openFiles(nameOf(item)),
    onOpen: async (/** @type {number} */ item) => (await import("./run-dialogs.js")).openRun(nameOf(item)),
    onFold: (/** @type {number} */ item) => store.foldedGroups.set(store.toggled(store.foldedGroups.get(), shown().groups?.[-1 - item].name ?? "")),
  };
}

/** A colour is kept for everybody; one that came with a link gives way to it. @param {string} run @param {string} color */
function setColor(run, color) {
  const linked = new Map(store.colors.get());
  if (linked.delete(run)) store.colors.set(linked);
  changeRun(run, "color", color);
}

/** What stands above the names: all on or off, how many (a click sorts by name), and the way back for hidden ones. @param {() => string[]} names */
function tableHead(names) {
  const all = h("input", { type: "checkbox", tabIndex: -1, "aria-label": "All runs in the list", title: "Draw all of the list, or none", onchange: () => store.chosen.set(choose(store.chosen.get(), names(), all.checked)) });
  const count = h("span", { className: "run-count", role: "status" });
  const mark = h("span", { className: "grid-order", "aria-hidden": "true" });
  const byName = h("button", {
    type: "button", className: "link run-sort", tabIndex: -1,
    onclick: (/** @type {MouseEvent} */ event) => store.runOrder.set(nextOrder(store.runOrder.get(), "name", false, event.shiftKey)),
  }, count, mark);
  const back = h("button", { type: "button", className: "link", title: "Show the hidden runs again", onclick: showHiddenRuns });
  const brushed = h("button", { type: "button", className: "link", title: "Runs outside of the brushed parts of the page Hyperparameters are left out. Click to take the brushes away", onclick: clearBrushes }, "brushed ×");
  return {
    element: h("div", { className: "run-head" }, all, byName, h("span", { className: "run-back" }, brushed, back)),
    /** @param {number} listed */
    show(listed) {
      const total = store.catalog.get().names.length;
      const choice = store.chosen.get();
      const chosen = choice.all && choice.except.size === 0 ? listed : names().filter((name) => isChosen(choice, name)).length;
      all.checked = chosen === listed && chosen > 0;
      all.indeterminate = chosen > 0 && chosen < listed;
      const shown = chosen === listed ? "" : `${formatCount(chosen)} of `;
      count.textContent = shown + (listed < total ? `${formatCount(listed)} / ${plural(total, "run")}` : plural(total, "run"));
      const drawn = chosen === listed ? "all of them drawn" : `${formatCount(chosen)} of them drawn`;
      byName.title = `${formatCount(listed)} listed of ${plural(total, "run")}, ${drawn}\nClick to sort by name`;
      back.hidden = hiddenRuns.get().size === 0;
      back.textContent = `${formatCount(hiddenRuns.get().size)} hidden`;
      brushed.hidden = store.brushes.get().size === 0;
      const key = store.runOrder.get().find(({ name }) => name === "name");
      mark.textContent = key ? (key.descending ? "↓" : "↑") : "";
    },
  };
}
