/** One run's table at the cursor. */

import { formatCount, plural } from "../../lib/format.js";
import { countChanges, differenceTo, exactText, shownRows, usualWidth } from "../../lib/table-sheet.js";
import { nextOrder } from "../../lib/table-order.js";
import { changeTableView, columnWidths, setWidth, tableView } from "../../state/table-views.js";
import { h } from "../../ui/dom.js";
import { openMenu } from "../../ui/menu.js";
import { dataGrid } from "../../ui/table/grid.js";
import { cellFiller } from "./table-fill.js";

/** @typedef {import("./kind.js").CardHost} CardHost */
/** @typedef {import("../../lib/table-sheet.js").Sheet} Sheet */
/** @typedef {import("../../lib/table-sheet.js").Difference} Difference */
/** @typedef {import("../../state/form-store.js").FormStore<Sheet>} Sheets */

const LEAD = 52; // pixels: the number of the row
const PICTURE_ROW = 72; // pixels of a row with pictures
const TEXT_ROW = 28;
const MOST_ROWS = 12; // in sight of a grid that holds more
const HEAD = 40;
const DAY = 10; // characters of a time that is a day
const MOST_COMPARED = 2_000_000; // cells that are counted when tables are compared

export class TableCell {
  isReady = false;
  #told = h("div", { className: "table-told", role: "status" });
  #stage = h("div", { className: "table-stage" });
  element = h("div", { className: "table-cell" }, this.#told, this.#stage);
  /** @type {{grid: ReturnType<typeof dataGrid>, rowHeight: number} | null} */ #grid = null;
  /** @type {CardHost} */ #host;
  #run;
  /** @type {Sheets} */ #sheets;
  #say;
  #index = 0;
  /** @type {Sheet | null} */ #sheet = null;
  /** @type {Int32Array} */ #rows = new Int32Array();
  /** @type {Difference | null} */ #difference = null;
  /** @type {unknown[]} what was drawn last */ #drawn = [];

  /** @param {CardHost} host @param {string} run @param {Sheets} sheets @param {(message: string | null, retry?: () => void) => void} say */
  constructor(host, run, sheets, say) {
    this.#host = host;
    this.#run = run;
    this.#sheets = sheets;
    this.#say = say;
  }

  /** @param {number} index */
  show(index) {
    this.#index = index;
    const sheet = this.#look(this.#run, index);
    if (!sheet) return;
    const view = tableView(this.#host.key);
    const base = this.#base(view.base, index);
    if (base === undefined) return;
    this.isReady = true;
    const key = [sheet, base, view, columnWidths.get()];
    if (key.every((one, at) => one === this.#drawn[at])) return;
    if (sheet !== this.#drawn[0] || base !== this.#drawn[1] || view !== this.#drawn[2]) this.#arrange(sheet, base, view);
    this.#drawn = key;
    this.#draw(sheet, view.order);
  }

  /** Titles of the columns that may name rows. */
  titles() {
    return this.#sheet?.columns.filter(({ picture }) => !picture).map(({ title }) => title) ?? [];
  }

  /** The rows shown, as spreadsheets take them. */
  async copy() {
    const sheet = this.#sheet;
    if (!sheet) return;
    const lines = [...this.#rows].map((row) => sheet.columns.map((column) => exactText(column, row).replace(/[\t\n\r]+/g, " ")).join("\t"));
    await navigator.clipboard.writeText([sheet.columns.map(({ title }) => title).join("\t"), ...lines].join("\n"));
  }

  /** @param {"csv" | "json"} form */
  save(form) {
    open(this.#host.address(form, this.#run, this.#index), "_self");
  }

  /** @param {string} run @param {number} index @returns {Sheet | null} null where it is on its way or cannot be had */
  #look(run, index) {
    const address = this.#host.address("cells", run, index);
    const found = this.#sheets.get(address);
    this.isReady = found !== null && found.problem !== null;
    if (found?.problem != null) this.#say(found.problem, () => this.#sheets.retry(address));
    return found?.value ?? null;
  }

  /** What it is compared with; null: nothing, undefined: not there yet. @param {string} base @param {number} index @returns {Sheet | null | undefined} */
  #base(base, index) {
    if (!base) return null;
    const run = base.startsWith("run:") ? base.slice(4) : this.#run;
    if (!this.#host.runs().some(({ name }) => name === run)) return null;
    const at = base.startsWith("run:") ? this.#host.at(run) : base === "first" ? 0 : index - 1;
    if (at < 0 || (run === this.#run && at === index)) return null;
    return this.#look(run, at) ?? undefined;
  }

  /** @param {Sheet} sheet @param {Sheet | null} base @param {import("../../state/table-views.js").TableView} view */
  #arrange(sheet, base, { filter, order, key }) {
    this.#sheet = sheet;
    this.#difference = base && differenceTo(sheet, base, key);
    this.#rows = shownRows(sheet, filter, order);
    const shown = this.#rows.length < sheet.rows ? `${formatCount(this.#rows.length)} of ${plural(sheet.rows, "row")}` : plural(sheet.rows, "row");
    this.#told.textContent = [shown, plural(sheet.columns.length, "column"), this.#difference ? changesText(sheet, this.#difference) : ""].filter(Boolean).join(" · ");
  }

  /** @param {Sheet} sheet @param {readonly import("../../lib/table-order.js").SortKey[]} order */
  #draw(sheet, order) {
    const rowHeight = sheet.columns.some(({ picture }) => picture) ? PICTURE_ROW : TEXT_ROW;
    if (this.#grid?.rowHeight !== rowHeight) this.#grid = { grid: this.#makeGrid(rowHeight), rowHeight };
    const { grid } = this.#grid;
    const most = Math.ceil((MOST_ROWS * TEXT_ROW) / rowHeight);
    this.#stage.style.height = `${HEAD + 2 + Math.min(most, Math.max(1, this.#rows.length)) * rowHeight + 12}px`;
    const widths = columnWidths.get();
    grid.update({
      columns: sheet.columns.map((column) => ({
        id: column.name, title: column.title || `column ${Number(column.name) + 1}`, hint: `${column.title} · ${column.picture ? "pictures" : column.time > DAY ? "time, UTC" : column.kind}`,
        width: widths.get(`${this.#host.key}\n${column.title}`) ?? usualWidth(column), numeric: column.kind === "number" && !column.picture, pinned: false,
        order: orderOf(order, column.name),
      })),
      items: this.#rows, leadWidth: LEAD, isSelected: () => false, keyOf: String,
      fillCell: cellFiller(sheet, this.#difference, (row, column) => this.#host.address("picture", this.#run, this.#index, { row, column, size: 2 * PICTURE_ROW })),
    });
  }

  /** @param {number} rowHeight */
  #makeGrid(rowHeight) {
    const { key } = this.#host;
    const sort = (/** @type {string} */ name, add = false) => changeTableView(key, { order: nextOrder(tableView(key).order, name, false, add) });
    const grid = dataGrid(`Table ${this.#host.tag} of ${this.#run}`, {
      headLead: h("div", { className: "table-lead" }, "row"),
      makeLead: () => {
        const element = h("div", { className: "table-lead" });
        return { element, fill: (row) => void (element.textContent = formatCount(row)) };
      },
      onOrder: sort,
      onResize: (name, width) => setWidth(key, this.#sheet?.columns[Number(name)].title ?? "", width),
      onMove: () => {},
      onMenu: (name, anchor) => openMenu(anchor, [
        { label: "Sort by this column alone", act: () => sort(name) },
        { label: "Sort by it within the order", act: () => sort(name, true) },
        { label: "As logged", act: () => changeTableView(key, { order: [] }) },
        { label: "Rows belong together by it", act: () => changeTableView(key, { key: this.#sheet?.columns[Number(name)].title ?? "" }) },
      ]),
      onOpen: (row) => this.#enlarge(row),
      onTick: () => {},
      onSelect: () => {},
      onPoint: () => {},
    }, { rowHeight, mostLead: LEAD });
    grid.element.addEventListener("click", (event) => {
      const picture = event.target instanceof HTMLImageElement ? event.target.dataset : null;
      if (picture) this.#enlarge(Number(picture.row), Number(picture.column));
    });
    this.#stage.replaceChildren(grid.element);
    return grid;
  }

  /** A picture as large as it is. @param {number} row @param {number} [place] of its column, the first with pictures unless told */
  async #enlarge(row, place) {
    const column = this.#sheet?.columns.find((known, index) => known.picture && (place === undefined || index === place));
    if (!column || Number.isNaN(column.values[row])) return;
    const { showDialog } = await import("../../ui/dialog.js");
    const src = this.#host.address("picture", this.#run, this.#index, { row, column: column.name, size: 2048 });
    showDialog(`${column.title}, row ${formatCount(row)}`, h("img", { className: "table-enlarged", src, alt: `${column.title} of row ${row}` }));
  }
}

/** @param {readonly import("../../lib/table-order.js").SortKey[]} order @param {string} name */
function orderOf(order, name) {
  const place = order.findIndex((key) => key.name === name);
  return place < 0 ? null : { descending: order[place].descending, place: place + 1 };
}

/** @param {Sheet} sheet @param {Difference} difference */
function changesText(sheet, difference) {
  if (sheet.rows * sheet.columns.length > MOST_COMPARED) return "changes are marked";
  const { cells, added, gone } = countChanges(sheet, difference);
  if (cells + added + gone === 0) return "no difference";
  return [cells ? `${plural(cells, "cell")} changed` : "", added ? `${plural(added, "row")} new` : "", gone ? `${plural(gone, "row")} gone` : ""].filter(Boolean).join(", ");
}
