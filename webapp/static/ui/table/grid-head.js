/** The head of a grid: titles that sort, edges that resize, and columns that are dragged to another place. */

import { MAX_WIDTH, MIN_WIDTH } from "../../lib/column-list.js";
import { titlePieces } from "../../lib/run-names.js";
import { h } from "../dom.js";

/** @typedef {import("./grid.js").GridState} GridState */
/** @typedef {import("./grid.js").GridEvents} GridEvents */

const DRAG = 6; // pixels before a press becomes a drag

/** @param {GridState} state @param {GridEvents} events */
export function gridHead(state, events) {
  events.headLead.classList.add("grid-lead");
  events.headLead.setAttribute("role", "columnheader");
  events.headLead.id = `${state.prefix}--1--1`;
  const fixed = h("div", { className: "grid-fixed", role: "presentation" }, events.headLead);
  const element = h("div", { className: "grid-head", role: "row", "aria-rowindex": "1" }, fixed);
  /** @type {Map<string, HeadCell>} */
  let cells = new Map();
  return {
    element,
    /** @param {[number, number]} sight */
    update([from, to]) {
      const { model, layout, active, prefix } = state;
      fixed.style.width = `${layout.pinnedWidth}px`;
      events.headLead.style.width = `${layout.lefts[0] ?? layout.width}px`;
      events.headLead.classList.toggle("active", active.row === -1 && active.column === -1);
      /** @type {Map<string, HeadCell>} */
      const next = new Map();
      model.columns.forEach((column, index) => {
        if (index >= layout.pinned && (index < from || index >= to)) return;
        const cell = cells.get(column.id) ?? headCell(column.id, state, events);
        next.set(column.id, cell);
        const parent = index < layout.pinned ? fixed : element;
        if (cell.element.parentNode !== parent || index < layout.pinned) parent.append(cell.element);
        cell.element.style.left = index < layout.pinned ? "" : `${layout.lefts[index]}px`;
        cell.element.id = `${prefix}--1-${index}`;
        cell.element.setAttribute("aria-colindex", String(index + 2));
        cell.element.classList.toggle("active", active.row === -1 && active.column === index);
        cell.show(column);
      });
      for (const [id, cell] of cells) if (!next.has(id)) cell.element.remove();
      cells = next;
    },
  };
}

/** @typedef {{element: HTMLElement, show: (column: import("./grid.js").GridColumn) => void}} HeadCell */

/** @param {string} id @param {GridState} state @param {GridEvents} events @returns {HeadCell} */
function headCell(id, state, events) {
  const title = h("span", { className: "grid-title" });
  const mark = h("span", { className: "grid-order", "aria-hidden": "true" });
  const menu = h("button", { type: "button", className: "grid-menu", tabIndex: -1, "aria-label": "Column menu", title: "Pin, move, hide …", onclick: (/** @type {Event} */ event) => {
    event.stopPropagation();
    events.onMenu(id, element);
  } }, "⋮");
  const edge = h("span", { className: "grid-edge", "aria-hidden": "true" });
  const element = h("div", { className: "grid-cell grid-headcell", role: "columnheader" }, title, mark, menu, edge);
  element.addEventListener("contextmenu", (event) => {
    event.preventDefault();
    events.onMenu(id, element);
  });
  listenToEdge(edge, id, state, events);
  listenToDrag(element, id, state, events);
  return {
    element,
    show(column) {
      element.style.width = `${column.width}px`;
      element.classList.toggle("numeric", column.numeric);
      if (title.textContent !== column.title) title.replaceChildren(...titlePieces(column.title).flatMap((piece) => [piece, h("wbr")]));
      element.title = column.hint;
      const { order } = column;
      element.setAttribute("aria-sort", order ? (order.descending ? "descending" : "ascending") : "none");
      mark.textContent = order ? `${order.descending ? "↓" : "↑"}${order.place > 1 ? order.place : ""}` : "";
    },
  };
}

/** @param {HTMLElement} edge @param {string} id @param {GridState} state @param {GridEvents} events */
function listenToEdge(edge, id, state, events) {
  let start = 0;
  let width = 0;
  edge.addEventListener("pointerdown", (event) => {
    event.stopPropagation();
    edge.setPointerCapture(event.pointerId);
    start = event.clientX;
    width = state.model.columns.find((column) => column.id === id)?.width ?? 0;
  });
  edge.addEventListener("pointermove", (event) => {
    if (!edge.hasPointerCapture(event.pointerId)) return;
    events.onResize(id, Math.min(MAX_WIDTH, Math.max(MIN_WIDTH, width + event.clientX - start)));
  });
  for (const type of ["click", "dblclick"]) edge.addEventListener(type, (event) => event.stopPropagation());
}

/** A press sorts; a drag moves the column. @param {HTMLElement} element @param {string} id @param {GridState} state @param {GridEvents} events */
function listenToDrag(element, id, state, events) {
  let start = NaN;
  let moved = false;
  element.addEventListener("pointerdown", (event) => {
    if (event.button !== 0 || (event.target instanceof Element && event.target.closest("button"))) return;
    [start, moved] = [event.clientX, false];
    element.setPointerCapture(event.pointerId);
  });
  element.addEventListener("pointermove", (event) => {
    if (Number.isNaN(start) || (!moved && Math.abs(event.clientX - start) < DRAG)) return;
    moved = true;
    element.classList.add("dragged");
    element.style.transform = `translateX(${event.clientX - start}px)`;
  });
  const end = (/** @type {PointerEvent} */ event) => {
    if (Number.isNaN(start)) return;
    const distance = event.clientX - start;
    start = NaN;
    element.classList.remove("dragged");
    element.style.transform = "";
    if (event.type === "pointercancel") return;
    if (moved) events.onMove(id, placeAfter(id, distance, state));
    else events.onOrder(id, event.shiftKey);
  };
  element.addEventListener("pointerup", end);
  element.addEventListener("pointercancel", end);
}

/** Before which column another stands that was moved by some pixels. @param {string} id @param {number} distance @param {GridState} state */
function placeAfter(id, distance, { model, layout }) {
  const own = model.columns.findIndex((column) => column.id === id);
  const center = layout.lefts[own] + model.columns[own].width / 2 + distance;
  const place = model.columns.findIndex((column, index) => center < layout.lefts[index] + column.width / 2);
  return place < 0 ? model.columns.length : place;
}
