/** What can be done with one column: order, pin, move, hide. */

import { movedColumn } from "../../lib/column-list.js";
import * as store from "../../state/store.js";
import { h } from "../../ui/dom.js";

/** @typedef {import("../../lib/column-list.js").ShownColumn} ShownColumn */

/** @param {string} id @param {HTMLElement} anchor @param {import("./run-table.js").ColumnsAtom} atom @param {readonly ShownColumn[]} columns */
export function openColumnMenu(id, anchor, atom, columns) {
  const at = columns.findIndex(({ name }) => name === id);
  const { pinned } = columns[at];
  const order = (/** @type {boolean} */ descending) => store.runOrder.set([{ name: id, descending }]);
  const others = store.runOrder.get().filter(({ name }) => name !== id);
  /** @type {[string, () => void][]} */
  const entries = [
    ["Sort ascending ↑", () => order(false)],
    ["Sort descending ↓", () => order(true)],
    ["Then by this column (Shift + click)", () => store.runOrder.set([...others, { name: id, descending: false }])],
    [pinned ? "Unpin" : "Pin at the left", () => atom.set(columns.map((column) => (column.name === id ? { ...column, pinned: !pinned } : column)))],
    ["Move left (Alt + ←)", () => atom.set(movedColumn(columns, at, Math.max(0, at - 1)))],
    ["Move right (Alt + →)", () => atom.set(movedColumn(columns, at, at + 2))],
    ["Usual width", () => atom.set(columns.map((column) => (column.name === id ? { name: id, pinned: column.pinned } : column)))],
    ["Hide column", () => atom.set(columns.filter(({ name }) => name !== id))],
  ];
  const menu = h("div", { className: "popover menu", popover: "auto", role: "menu", "aria-label": "Column" },
    ...entries.map(([text, action]) => h("button", { type: "button", role: "menuitem", onclick: () => (menu.hidePopover(), action()) }, text)));
  showMenu(menu, anchor);
}

/** Shows a menu below an element; it is gone when closed. @param {HTMLElement} menu @param {HTMLElement} anchor */
export function showMenu(menu, anchor) {
  const { left, bottom } = anchor.getBoundingClientRect();
  document.body.append(menu);
  menu.style.top = `${bottom + 4}px`;
  menu.style.left = `${Math.max(8, Math.min(left, innerWidth - 260))}px`;
  menu.addEventListener("toggle", (event) => /** @type {ToggleEvent} */ (event).newState === "closed" && menu.remove());
  menu.addEventListener("keydown", (event) => {
    const items = [...menu.querySelectorAll("button")];
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step) return;
    event.preventDefault();
    items[(items.indexOf(/** @type {any} */ (document.activeElement)) + step + items.length) % items.length].focus();
  });
  menu.showPopover();
  menu.querySelector("button")?.focus();
}
