/** A table as the server tells it: sorted by its heads, filtered by words, any number of rows, copied and kept as CSV. */

import { formatCount, plural } from "../../lib/format.js";
import { nextOrder, rowCount, rowsAsText, rowsInOrder, rowsWith } from "../../lib/data-rows.js";
import { readingOf } from "../../lib/profile-units.js";
import { withoutPlaces } from "../../lib/timeline-names.js";
import { h, iconButton } from "../../ui/dom.js";
import { saveBlob } from "../../ui/save-blob.js";
import { VirtualList } from "../../ui/virtual-list.js";

/** @typedef {import("../../state/profile-api.js").TableAnswer} TableAnswer */
/** @typedef {import("../../state/profile-api.js").TableColumn} TableColumn */
/** @typedef {import("../../lib/data-rows.js").Order} Order */

/**
 * @typedef {object} TableSpec
 * @property {string} label
 * @property {string} [action] what the button of each row does, in words; also Enter and a double click
 * @property {(row: number) => void} [onAction] `row`: as the server numbers them
 * @property {(row: number) => void} [onRow] a row was reached by keys or a click
 * @property {readonly string[]} [without] names of columns that are not shown, but written to files; by default `row`, the place of a slice
 * @property {Order | null} [order] at first
 * @property {(column: TableColumn) => string} [scale] columns with the same word have one unit; by default each its own
 * @property {(column: TableColumn, row: number) => Node | null} [face] shown instead of the text of a cell
 */

const ROW = 27; // pixels
const LETTER = 7.2; // pixels of a letter, about
const ROOM = 26; // pixels beside the text of a cell
const WIDEST = 460; // pixels of a column of texts
const MEASURED = 400; // rows that say how wide a column is

export class DataTable {
  #spec;
  /** @type {TableAnswer | null} */ #table = null;
  /** @type {{column: TableColumn, suffix: string, text: (value: string | number | null) => string}[]} those that are shown */ #columns = [];
  /** @type {number[]} */ #rows = [];
  /** @type {Order | null} */ #order;
  #find = h("input", { type: "search", placeholder: "Filter", title: "Words that a row holds; -word: does not hold", oninput: () => this.#arrange() });
  #count = h("span", { className: "quiet", role: "status" });
  #copy = h("button", { type: "button", onclick: () => void this.#copyRows() }, "Copy");
  #tools = h("div", { className: "prof-table-tools" }, h("span", { className: "search" }, this.#find), this.#count,
    h("span", { className: "bar-end" }, this.#copy, iconButton("download", "Save as CSV", () => this.#save())));
  #notes = h("ul", { className: "prof-notes" });
  #heads = h("div", { className: "prof-columns", role: "row" });
  #head = h("div", { className: "prof-table-head" }, this.#heads);
  #list;
  element;

  /** @param {TableSpec} spec */
  constructor(spec) {
    this.#spec = spec;
    this.#order = spec.order ?? null;
    this.#find.setAttribute("aria-label", `Filter ${spec.label}`);
    this.#list = new VirtualList({
      label: spec.label, rowHeight: ROW, roles: ["grid", "row"],
      fill: (row, index) => this.#fill(row, this.#rows[index]),
      onActive: (index) => spec.onRow?.(this.#rows[index]),
      onOpen: (index) => spec.onAction?.(this.#rows[index]),
    });
    this.#list.element.addEventListener("scroll", () => (this.#head.scrollLeft = this.#list.element.scrollLeft), { passive: true });
    this.element = h("section", { className: "prof-table", "aria-label": spec.label }, this.#tools, this.#notes, this.#head, this.#list.element);
  }

  /** Other controls beside the filter. @param {...Node} controls */
  addTools(...controls) {
    this.#tools.prepend(...controls);
  }

  focusFilter() {
    this.#find.focus();
  }

  /** The words of the filter. */
  get query() {
    return this.#find.value;
  }

  /** @param {string} query */
  filter(query) {
    this.#find.value = query;
    this.#arrange();
  }

  /** @param {TableAnswer} table */
  show(table) {
    const before = this.#table?.columns.map(({ name }) => name).join();
    this.#table = table;
    if (before !== table.columns.map(({ name }) => name).join()) this.#order = this.#spec.order ?? null;
    this.#columns = table.columns.filter(({ name }) => !(this.#spec.without ?? ["row"]).includes(name)).map((column) => {
      if (column.text) return { column, suffix: "", text: (value) => String(value ?? "") };
      const { suffix, text } = readingOf(column.unit, this.#scaleOf(column, table.columns));
      return { column, suffix, text: (value) => (value === null ? "–" : text(Number(value))) };
    });
    this.#notes.replaceChildren(...table.notes.map((note) => h("li", {}, note)));
    this.#notes.hidden = table.notes.length === 0;
    this.#setWidths();
    this.#arrange();
  }

  /** The values that say in which unit a column is written. @param {TableColumn} column @param {readonly TableColumn[]} columns */
  #scaleOf(column, columns) {
    const { scale = ({ name }) => name } = this.#spec;
    return columns.filter((each) => each.unit === column.unit && scale(each) === scale(column)).flatMap(({ values }) => values);
  }

  /** The row that keys move from, as the server numbers it; −1 for none. */
  get active() {
    return this.#rows[this.#list.active] ?? -1;
  }

  /** Makes a row the active one and brings it into sight. @param {number} row as the server numbers it */
  go(row) {
    if (!this.#rows.includes(row)) this.filter("");
    this.#list.go(Math.max(0, this.#rows.indexOf(row)));
  }

  destroy() {
    this.#list.destroy();
  }

  #arrange() {
    const columns = this.#table?.columns ?? [];
    const active = this.active;
    this.#rows = rowsInOrder(columns, rowsWith(columns, this.#find.value), this.#order);
    const all = rowCount(columns);
    this.#count.textContent = this.#rows.length === all ? plural(all, "row") : `${formatCount(this.#rows.length)} of ${plural(all, "row")}`;
    this.#drawHead();
    this.#list.update(this.#rows.length, { anew: true, at: this.#rows.indexOf(active) });
  }

  #drawHead() {
    this.#heads.replaceChildren(...this.#columns.map(({ column, suffix }) => {
      const sorted = this.#order?.column === column.name ? (this.#order.down ? "descending" : "ascending") : "none";
      const sort = () => {
        this.#order = nextOrder(this.#order, column);
        this.#arrange();
        this.#heads.querySelectorAll("button")[this.#columns.findIndex((each) => each.column === column)]?.focus();
      };
      return h("div", { className: column.text ? "" : "prof-number", role: "columnheader", "aria-sort": sorted },
        h("button", { type: "button", title: column.hint || column.title, onclick: sort }, column.title, suffix && h("small", {}, ` ${suffix}`)));
    }), ...(this.#spec.onAction ? [h("div", { role: "columnheader", "aria-label": this.#spec.action ?? "Action" })] : []));
  }

  #setWidths() {
    const widths = this.#columns.map(({ column, suffix, text }, place) => {
      let letters = column.title.length + suffix.length + 2;
      const said = (/** @type {number} */ row) => this.#spec.face?.(column, row)?.textContent ?? text(column.values[row]);
      for (let row = 0; row < Math.min(column.values.length, MEASURED); row++) letters = Math.max(letters, said(row).length);
      const width = Math.round(Math.min(WIDEST, letters * LETTER + ROOM));
      return place === 0 && column.text ? `min(${Math.max(140, width)}px, 46vw)` : `${width}px`;
    });
    if (this.#spec.onAction) widths.push("36px");
    this.element.style.setProperty("--prof-width", `calc(${widths.join(" + ") || "0px"})`);
    // Room that is left belongs to the texts in front; figures stay side by side.
    const named = this.#columns[0]?.column.text;
    this.element.style.setProperty("--prof-columns", (named ? [`minmax(${widths[0]}, 1fr)`, ...widths.slice(1)] : [...widths, "1fr"]).join(" "));
  }

  /** @param {HTMLElement} element @param {number} row */
  #fill(element, row) {
    element.classList.add("prof-row", "prof-columns");
    const cells = this.#columns.map(({ column, text }) => this.#cell(column, text(column.values[row]), row));
    const { onAction, action = "Open" } = this.#spec;
    if (onAction) cells.push(h("div", { className: "prof-act", role: "gridcell" }, iconButton("eye", action, () => onAction(row), { tabIndex: -1 })));
    element.replaceChildren(...cells);
  }

  /** @param {TableColumn} column @param {string} text @param {number} row */
  #cell(column, text, row) {
    const face = this.#spec.face?.(column, row);
    const cell = h("div", { className: column.text ? "prof-text" : "prof-number", role: "gridcell", title: column.text ? text : null }, face ?? (column.text ? h("bdi", {}, text) : text));
    const value = column.values[row];
    if (column.unit === "share" && typeof value === "number") {
      cell.classList.add("prof-share");
      cell.style.setProperty("--share", String(Math.max(0, Math.min(1, value))));
    }
    return cell;
  }

  async #copyRows() {
    await navigator.clipboard.writeText(rowsAsText(this.#table?.columns ?? [], this.#rows, "\t"));
    this.#copy.textContent = "Copied";
    setTimeout(() => (this.#copy.textContent = "Copy"), 1500);
  }

  #save() {
    const text = rowsAsText(this.#table?.columns ?? [], this.#rows, ",");
    saveBlob(new Blob([text], { type: "text/csv" }), `${this.#table?.name || "table"}.csv`);
  }
}

/** Names of kernels begin with what tells them apart. @param {TableColumn} column @param {number} row */
export const nameFace = ({ values }, row) => h("bdi", {}, withoutPlaces(String(values[row] ?? "")));

/** What is said above a table is not said in it. @param {readonly string[]} notes @param {readonly string[]} above */
export const notesBut = (notes, above) => notes.filter((note) => !above.includes(note));
