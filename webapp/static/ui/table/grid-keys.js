/** The keys of a grid, as spreadsheets have them. */

import { MAX_WIDTH, MIN_WIDTH } from "../../lib/column-list.js";

/** @typedef {import("./grid.js").GridState} GridState */
/** @typedef {import("./grid.js").GridEvents} GridEvents */

const PAGE = 15; // rows

/** @param {HTMLElement} element @param {GridState} state @param {GridEvents} events @param {() => void} reveal */
export function listenToGridKeys(element, state, events, reveal) {
  element.addEventListener("keydown", (event) => {
    if (event.target !== element) return;
    const done = event.altKey ? changeColumn(event, state, events) : move(event, state, events) || act(event, state, events);
    if (!done) return;
    event.preventDefault();
    event.stopPropagation();
    reveal();
  });
}

/** @param {KeyboardEvent} event @param {GridState} state @param {GridEvents} events */
function move(event, { model, active }, events) {
  const { key, shiftKey } = event;
  const [rows, columns] = [model.items.length, model.columns.length];
  const far = event.ctrlKey || event.metaKey;
  const down = { ArrowDown: 1, ArrowUp: -1, PageDown: PAGE, PageUp: -PAGE }[key];
  const right = { ArrowRight: 1, ArrowLeft: -1 }[key];
  if (down) active.row = Math.max(-1, Math.min(rows - 1, active.row + down));
  else if (right) active.column = Math.max(-1, Math.min(columns - 1, active.column + right));
  else if (key === "Home" && far) active.row = 0;
  else if (key === "End" && far) active.row = rows - 1;
  else if (key === "Home") active.column = -1;
  else if (key === "End") active.column = columns - 1;
  else return false;
  if (shiftKey && down && active.row >= 0) events.onSelect(model.items[active.row], { extend: true, toggle: false });
  return true;
}

/** @param {KeyboardEvent} event @param {GridState} state @param {GridEvents} events */
function act(event, { model, active, prefix }, events) {
  const column = model.columns[active.column];
  const item = model.items[active.row];
  if (active.row < 0) {
    if (event.key === "Enter" && column) events.onOrder(column.id, event.shiftKey);
    else if ((event.key === "ContextMenu" || event.key === " ") && column) openMenu(column.id, `${prefix}--1-${active.column}`, events);
    else return false;
    return true;
  }
  if (item === undefined) return false;
  if (event.key === " ") events.onTick(item);
  else if (event.key === "Enter") events.onOpen(item);
  else if (event.key === "s") events.onSelect(item, { extend: false, toggle: true });
  else return false;
  return true;
}

/** Alt and arrows move a column, with Shift they make it wider and narrower. @param {KeyboardEvent} event @param {GridState} state @param {GridEvents} events */
function changeColumn(event, { model, active, prefix }, events) {
  const column = model.columns[active.column];
  const right = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!column) return false;
  if (event.key === "ArrowDown") openMenu(column.id, `${prefix}--1-${active.column}`, events);
  else if (!right) return false;
  else if (event.shiftKey) events.onResize(column.id, Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, column.width + 12 * right)));
  else {
    const next = active.column + right;
    if (next < 0 || next >= model.columns.length) return true;
    events.onMove(column.id, right > 0 ? next + 1 : next);
    active.column = next;
  }
  return true;
}

/** @param {string} id @param {string} cell @param {GridEvents} events */
function openMenu(id, cell, events) {
  const anchor = document.getElementById(cell);
  if (anchor) events.onMenu(id, anchor);
}
