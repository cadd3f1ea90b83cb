/** A small table of figures: sorted by a click on a head, the first rows at once, the rest when asked for. */

import { plural } from "../lib/format.js";
import { h } from "./dom.js";

/**
 * @template T
 * @typedef {object} FigureColumn
 * @property {string} title
 * @property {string} hint
 * @property {(row: T) => string} text
 * @property {(row: T) => number | string} value what the rows are sorted by; NaN comes last
 * @property {(row: T) => Node} [face] shown instead of the text
 */

const AT_ONCE = 100; // rows

/**
 * @template T
 * @param {string} label @param {FigureColumn<T>[]} columns the first one names the row
 * @param {number} [most] rows that are shown at once
 */
export function sortedTable(label, columns, most = AT_ONCE) {
  /** @type {T[]} */
  let rows = [];
  let all = false;
  /** @type {{column: FigureColumn<T>, down: boolean} | null} */
  let order = null;
  const body = h("tbody");
  const more = h("button", { type: "button", className: "link", onclick: () => ((all = true), draw()) });
  const heads = columns.map((column) => h("th", { scope: "col" }, h("button", { type: "button", className: "link", title: column.hint, onclick: () => sortBy(column) }, column.title)));
  const table = h("table", { className: "statistics" }, h("thead", {}, h("tr", {}, ...heads)), body);
  const element = h("div", { className: "figures-table", role: "region", "aria-label": label, tabIndex: 0 }, table, more);
  const sorted = () => (order ? [...rows].sort(comparing(order.column, order.down)) : rows);
  const draw = () => {
    heads.forEach((head, index) => head.setAttribute("aria-sort", order?.column !== columns[index] ? "none" : order.down ? "descending" : "ascending"));
    const shown = all ? sorted() : sorted().slice(0, most);
    body.replaceChildren(...shown.map((row) => h("tr", {}, ...columns.map((column, index) => cellOf(column, row, index === 0)))));
    more.hidden = shown.length === rows.length;
    more.textContent = `Show all ${plural(rows.length, "row")}`;
  };
  const sortBy = (/** @type {FigureColumn<T>} */ column) => {
    order = order?.column === column ? (order.down ? { column, down: false } : null) : { column, down: column !== columns[0] };
    draw();
  };
  return {
    element,
    table,
    sorted,
    /** @param {T[]} next */
    show(next) {
      rows = next;
      draw();
    },
  };
}

/** @template T @param {FigureColumn<T>} column @param {T} row @param {boolean} names whether it names the row */
function cellOf({ text, face }, row, names) {
  const content = face?.(row) ?? text(row);
  return names ? h("th", { scope: "row" }, face ? content : h("bdi", { title: text(row) }, content)) : h("td", {}, content);
}

/** @template T @param {FigureColumn<T>} column @param {boolean} down @returns {(a: T, b: T) => number} */
function comparing({ value }, down) {
  return (a, b) => {
    const [x, y] = [value(a), value(b)];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    if (x === y) return 0;
    return x < y === down ? 1 : -1;
  };
}
