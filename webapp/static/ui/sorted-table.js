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
 */

const AT_ONCE = 100; // rows

/**
 * @template T
 * @param {string} label @param {FigureColumn<T>[]} columns the first one names the row
 */
export function sortedTable(label, columns) {
  /** @type {T[]} */
  let rows = [];
  let all = false;
  /** @type {{column: FigureColumn<T>, down: boolean} | null} */
  let order = null;
  const body = h("tbody");
  const more = h("button", { type: "button", className: "link", onclick: () => ((all = true), draw()) });
  const heads = columns.map((column) => h("th", { scope: "col" }, h("button", { type: "button", className: "link", title: column.hint, onclick: () => sortBy(column) }, column.title)));
  const element = h("div", { className: "figures-table", role: "region", "aria-label": label, tabIndex: 0 }, h("table", { className: "statistics" }, h("thead", {}, h("tr", {}, ...heads)), body), more);
  const draw = () => {
    heads.forEach((head, index) => head.setAttribute("aria-sort", order?.column !== columns[index] ? "none" : order.down ? "descending" : "ascending"));
    const sorted = order ? [...rows].sort(comparing(order.column, order.down)) : rows;
    const shown = all ? sorted : sorted.slice(0, AT_ONCE);
    body.replaceChildren(...shown.map((row) => h("tr", {}, ...columns.map((column, index) => (index ? h("td", {}, column.text(row)) : h("th", { scope: "row" }, h("bdi", { title: column.text(row) }, column.text(row))))))));
    more.hidden = shown.length === rows.length;
    more.textContent = `Show all ${plural(rows.length, "row")}`;
  };
  const sortBy = (/** @type {FigureColumn<T>} */ column) => {
    order = order?.column === column ? (order.down ? { column, down: false } : null) : { column, down: column !== columns[0] };
    draw();
  };
  return {
    element,
    /** @param {T[]} next */
    show(next) {
      rows = next;
      draw();
    },
  };
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
