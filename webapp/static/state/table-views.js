/** How people look at logged tables, by card. The filter, the order and the comparison are saved in the URL, see url.js. */

import { Atom } from "../lib/atom.js";
import { escapeName } from "../lib/names.js";

/** @typedef {import("../lib/table-order.js").SortKey} SortKey */

/**
 * @typedef {object} TableView
 * @property {string} filter
 * @property {readonly SortKey[]} order `name` is the place of a column
 * @property {string} base what it is compared with: "" nothing, "previous", "first", "run:NAME"
 * @property {string} key title of the column that names the rows; "": rows at the same place
 */

/** @type {TableView} */
const USUAL = { filter: "", order: [], base: "", key: "" };

export const tableViews = new Atom(/** @type {ReadonlyMap<string, TableView>} */ (new Map()));
/** Widths of columns in pixels by card and title; not saved. */
export const columnWidths = new Atom(/** @type {ReadonlyMap<string, number>} */ (new Map()));

/** @param {string} card */
export function tableView(card) {
  return tableViews.get().get(card) ?? USUAL;
}

/** @param {string} card @param {Partial<TableView>} change */
export function changeTableView(card, change) {
  const view = { ...tableView(card), ...change };
  const next = new Map(tableViews.get());
  if (view.filter || view.order.length || view.base || view.key) next.set(card, view);
  else next.delete(card);
  tableViews.set(next);
}

/** @param {string} card @param {string} title @param {number} width */
export function setWidth(card, title, width) {
  columnWidths.set(new Map(columnWidths.get()).set(`${card}\n${title}`, width));
}

/** "card:filter:-2+0:base:key;…". @param {ReadonlyMap<string, TableView>} views */
export function encodeTableViews(views) {
  return [...views].map(([card, { filter, order, base, key }]) =>
    [escapeName(card), escapeName(filter), order.map(({ name, descending }) => (descending ? "-" : "") + name).join("+"), escapeName(base), escapeName(key)].join(":")).join(";");
}

/** @param {string} text @returns {Map<string, TableView>} */
export function decodeTableViews(text) {
  return new Map(text.split(";").filter(Boolean).map((part) => {
    const [card, filter = "", order = "", base = "", key = ""] = part.split(":");
    const keys = order.split("+").filter((word) => /^-?\d+$/.test(word)).map((word) => ({ name: word.replace("-", ""), descending: word.startsWith("-") }));
    return [decodeURIComponent(card), { filter: decodeURIComponent(filter), order: keys, base: decodeURIComponent(base), key: decodeURIComponent(key) }];
  }));
}
