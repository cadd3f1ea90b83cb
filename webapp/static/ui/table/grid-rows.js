/** One row of a grid: the leading cell and the pinned ones stay in place, the others scroll. */

import { h } from "../dom.js";

/** @typedef {import("./grid.js").GridState} GridState */
/** @typedef {import("./grid.js").GridEvents} GridEvents */
/** @typedef {{element: HTMLElement, lead: import("./grid.js").Lead, fixed: HTMLElement, pinned: HTMLElement[], cells: HTMLElement[], slot: {item: number | null}}} Row */

/** Pixels of a row of text. */
export const ROW = 28;

/** @param {GridEvents} events @param {HTMLElement} parent @returns {Row} */
export function makeRow(events, parent) {
  const slot = { item: /** @type {number | null} */ (null) };
  const lead = events.makeLead();
  lead.element.classList.add("grid-lead");
  lead.element.setAttribute("role", "gridcell");
  lead.element.setAttribute("aria-colindex", "1");
  const fixed = h("div", { className: "grid-fixed", role: "presentation" }, lead.element);
  const element = h("div", {
    className: "grid-row run-row", role: "row",
    onpointerenter: () => events.onPoint(slot.item),
    onclick: (/** @type {MouseEvent} */ event) => {
      if (slot.item === null || isControl(event.target)) return;
      const touched = event instanceof PointerEvent && event.pointerType === "touch"; // a finger has no Ctrl key
      events.onSelect(slot.item, { extend: event.shiftKey, toggle: touched || event.ctrlKey || event.metaKey });
    },
  }, fixed);
  parent.append(element);
  return { element, lead, fixed, pinned: [], cells: [], slot };
}

/** @param {EventTarget | null} target */
function isControl(target) {
  return target instanceof Element && target.closest("button, input, label, a") !== null;
}

/** @param {Row} row @param {GridState} state @param {number} index −1: not needed @param {[number, number]} sight columns @param {number} width of the window */
export function fillRow(row, state, index, sight, width) {
  const { model, layout, active, prefix, rowHeight } = state;
  row.element.hidden = index < 0;
  row.slot.item = index < 0 ? null : model.items[index];
  if (row.slot.item === null) return;
  const item = row.slot.item;
  const isGroup = item < 0;
  row.element.style.transform = `translateY(${index * rowHeight}px)`;
  row.element.classList.toggle("group", isGroup);
  row.element.classList.toggle("run-row", !isGroup);
  row.element.classList.toggle("active", active.row === index);
  row.element.setAttribute("aria-rowindex", String(index + 2));
  const selected = !isGroup && model.isSelected(item);
  row.element.setAttribute("aria-selected", String(selected));
  const leadWidth = layout.lefts[0] ?? layout.width;
  row.fixed.style.width = `${isGroup ? Math.min(width, layout.width) : layout.pinnedWidth}px`;
  row.lead.element.style.width = isGroup ? "100%" : `${leadWidth}px`;
  row.lead.element.id = `${prefix}-${index}--1`;
  row.lead.fill(item);
  fitCells(row.pinned, row.fixed, isGroup ? 0 : layout.pinned);
  row.pinned.forEach((cell, column) => isGroup || column >= layout.pinned || fillCell(cell, column, index, state));
  const [from, to] = isGroup ? [0, 0] : sight;
  fitCells(row.cells, row.element, to - from);
  for (let column = from; column < to; column += 1) {
    const cell = row.cells[column - from];
    cell.style.left = `${layout.lefts[column]}px`;
    fillCell(cell, column, index, state);
  }
}

/** Exactly as many cells as are needed; more wait out of the document's sight. @param {HTMLElement[]} cells @param {HTMLElement} parent @param {number} count */
function fitCells(cells, parent, count) {
  while (cells.length < count) {
    const cell = h("div", { className: "grid-cell", role: "gridcell" });
    cells.push(cell);
    parent.append(cell);
  }
  for (const cell of cells.splice(count)) cell.remove();
}

/** @param {HTMLElement} cell @param {number} column @param {number} row @param {GridState} state */
function fillCell(cell, column, row, { model, active, prefix }) {
  const shown = model.columns[column];
  cell.style.width = `${shown.width}px`;
  cell.id = `${prefix}-${row}-${column}`;
  cell.classList.toggle("numeric", shown.numeric);
  cell.classList.toggle("active", active.row === row && active.column === column);
  cell.setAttribute("aria-colindex", String(column + 2));
  model.fillCell(cell, shown, model.items[row]);
}
