/** A card of logged tables: a grid a run, filtered, ordered and compared in the same way. */

import { parseSheet } from "../../lib/table-sheet.js";
import { FormStore } from "../../state/form-store.js";
import { changeTableView, columnWidths, tableView, tableViews } from "../../state/table-views.js";
import { h } from "../../ui/dom.js";
import { runCells } from "./run-cells.js";
import { TableCell } from "./table-cell.js";

/** @typedef {import("./kind.js").CardHost} CardHost */

const WIDTH = 420;
const ROOM = 96e6; // bytes of tables

/** @type {FormStore<import("../../lib/table-sheet.js").Sheet>} */
const sheets = new FormStore(parseSheet, ROOM);

/** @param {CardHost} host @returns {import("./kind.js").KindCard} */
export function tableCard(host) {
  /** @type {Map<string, TableCell>} */
  const cells = new Map();
  const card = runCells(host, {
    minWidth: WIDTH,
    makeCell(run, { say }) {
      const cell = new TableCell(host, run, sheets, say);
      cells.set(run, cell);
      return { element: cell.element, show: (index) => cell.show(index), ready: () => cell.isReady, destroy: () => void cells.delete(run) };
    },
  });
  const bar = tableBar(host, () => [...new Set([...cells.values()].flatMap((cell) => cell.titles()))]);
  host.body.prepend(bar.element);
  const chosen = () => cells.get(host.body.querySelector(".cell:hover, .cell:focus-within")?.getAttribute("data-run") ?? "") ?? [...cells.values()][0];
  host.menu([
    { label: "Copy the rows shown", act: () => void chosen()?.copy() },
    { label: "Save the table as CSV", act: () => chosen()?.save("csv") },
    { label: "Save the table as JSON", act: () => chosen()?.save("json") },
  ]);
  const leave = [tableViews, columnWidths, sheets.version].map((atom) => /** @type {import("../../lib/atom.js").Atom<unknown>} */ (atom).subscribe(host.redraw));
  return {
    ...card,
    update() {
      bar.show();
      card.update();
    },
    destroy() {
      for (const stop of leave) stop();
      card.destroy?.();
    },
  };
}

/** Filter and comparison, for all runs of the card. @param {CardHost} host @param {() => string[]} titles columns that may name the rows */
function tableBar(host, titles) {
  const filter = h("input", { type: "search", placeholder: "Filter rows", "aria-label": "Filter rows", autocomplete: "off", spellcheck: false });
  const base = h("select", { "aria-label": "Compare with", title: "Mark what differs from another table" });
  const key = h("select", { "aria-label": "Rows belong together by", title: "How rows find each other" });
  filter.addEventListener("input", () => changeTableView(host.key, { filter: filter.value }));
  base.addEventListener("input", () => changeTableView(host.key, { base: base.value }));
  key.addEventListener("input", () => changeTableView(host.key, { key: key.value }));
  const show = () => {
    const view = tableView(host.key);
    if (document.activeElement !== filter) filter.value = view.filter;
    const runs = host.runs().map(({ name, label }) => [`run:${name}`, `with ${label}`]);
    fill(base, [["", "Compare …"], ["previous", "with the previous step"], ["first", "with the first step"], ...(runs.length > 1 ? runs : [])], view.base);
    fill(key, [["", "by row number"], ...titles().map((title) => [title, `by ${title}`])], view.key);
    key.hidden = !view.base;
  };
  return { element: h("div", { className: "table-bar" }, filter, base, key), show };
}

/** The same choices again are left alone: the list may be open. @param {HTMLSelectElement} list @param {string[][]} choices @param {string} value */
function fill(list, choices, value) {
  const all = choices.some(([known]) => known === value) ? choices : [...choices, [value, value]];
  const text = JSON.stringify(all);
  if (list.dataset.choices !== text) list.replaceChildren(...all.map(([known, label]) => h("option", { value: known }, label)));
  list.dataset.choices = text;
  list.value = value;
}
