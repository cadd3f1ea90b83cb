/** The view "Modules": the tree of a model's modules with the time of each, forward and backward. */

import { plural } from "../../lib/format.js";
import { readingOf } from "../../lib/profile-units.js";
import { compileFilter } from "../../lib/search.js";
import { TreeRows } from "../../lib/tree-rows.js";
import { fetchTable } from "../../state/profile-api.js";
import { h, icon, iconButton } from "../../ui/dom.js";
import { VirtualList } from "../../ui/virtual-list.js";
import { Question } from "./question.js";

/** @typedef {import("../../state/profile-api.js").TableAnswer} TableAnswer */
/** @typedef {import("../../state/profile-api.js").TableColumn} TableColumn */

const ROW = 27; // pixels
const WIDE = 128; // pixels of a column of figures
const MOST_OPEN = 60; // rows at first
const DEVICE = ["device_total", "forward", "backward", "device_self", "calls", "host_total", "host_self", "host_backward"];
const HOST = ["host_total", "host_self", "host_backward", "calls"]; // without a GPU

/** @param {import("./views.js").ViewContext} context */
export const view = (context) => new ModulesView(context);

class ModulesView {
  #context;
  #question = new Question();
  /** @type {Map<string, TableColumn>} */ #by = new Map();
  /** @type {{column: TableColumn, suffix: string, text: (value: number) => string}[]} */ #columns = [];
  #tree = new TreeRows({ parent: [], order: [] }, 0);
  /** @type {number[]} */ #rows = [];
  #whole = 1;
  #find = h("input", { type: "search", placeholder: "Search modules", "aria-label": "Search modules", oninput: () => this.#arrange() });
  #count = h("span", { className: "quiet", role: "status" });
  #notes = h("ul", { className: "prof-notes", hidden: true });
  #heads = h("div", { className: "prof-columns", role: "row" });
  #head = h("div", { className: "prof-table-head" }, this.#heads);
  #list = new VirtualList({
    label: "Modules: arrow keys go, left and right fold and unfold, Enter shows in the timeline", rowHeight: ROW, roles: ["treegrid", "row"],
    fill: (element, index) => this.#fill(element, this.#rows[index]),
    onActive: () => {},
    onOpen: (index) => this.#reach(this.#rows[index]),
    onKey: (key, index) => this.#key(key, index),
  });
  keys = [["← →", "fold, unfold a module"], ["Enter", "show its longest call in the timeline"]];
  element = h("section", { className: "prof-modules", "aria-label": "Modules" }, this.#question.element,
    h("section", { className: "prof-table" },
      h("div", { className: "prof-table-tools" }, h("span", { className: "search" }, this.#find), this.#count,
        h("span", { className: "bar-end" }, h("button", { type: "button", onclick: () => this.#foldAll(true) }, "Unfold all"), h("button", { type: "button", onclick: () => this.#foldAll(false) }, "Fold all"))),
      this.#notes, this.#head, this.#list.element));

  /** @param {import("./views.js").ViewContext} context */
  constructor(context) {
    this.#context = context;
    this.#list.element.addEventListener("scroll", () => (this.#head.scrollLeft = this.#list.element.scrollLeft), { passive: true });
  }

  /** @param {import("../../state/profile-api.js").Shown} shown */
  show(shown) {
    return this.#question.ask((asking) => fetchTable("modules", shown, {}, asking), (answer) => this.#take(answer));
  }

  search() {
    this.#find.focus();
  }

  /** @param {{path?: string, filter?: string}} options the path of a module; or words of a search */
  reveal({ path, filter }) {
    if (filter !== undefined) {
      this.#find.value = filter;
      this.#arrange();
    }
    const row = path === undefined ? -1 : this.#values("path").indexOf(path);
    if (row < 0) return;
    for (let at = this.#parent(row); at >= 0; at = this.#parent(at)) this.#tree.set(at, true);
    this.#find.value = "";
    this.#arrange();
    this.#list.go(this.#rows.indexOf(row));
  }

  destroy() {
    this.#question.cancel();
    this.#list.destroy();
  }

  /** @param {TableAnswer} answer */
  #take(answer) {
    this.#by = new Map(answer.columns.map((column) => [column.name, column]));
    const device = this.#values("device_total").some((value) => Number(value) > 0);
    const [first] = device ? DEVICE : HOST;
    this.#columns = (device ? DEVICE : HOST).flatMap((name) => {
      const column = this.#by.get(name);
      return column ? [{ column, ...readingOf(column.unit, column.values) }] : [];
    });
    const parent = this.#values("parent").map(Number);
    const order = this.#values(first).map(Number);
    this.#whole = parent.reduce((sum, above, row) => sum + (above < 0 ? order[row] : 0), 0) || 1;
    this.#tree = new TreeRows({ parent, order }, MOST_OPEN);
    this.#notes.replaceChildren(...answer.notes.map((note) => h("li", {}, note)));
    this.#notes.hidden = answer.notes.length === 0;
    this.#drawHead();
    this.#arrange();
  }

  /** @param {string} name @returns {(string | number | null)[]} */
  #values(name) {
    return this.#by.get(name)?.values ?? [];
  }

  /** @param {number} row */
  #parent(row) {
    return Number(this.#values("parent")[row] ?? -1);
  }

  #drawHead() {
    const widths = ["minmax(min(320px, 60vw), 1fr)", ...this.#columns.map(() => `${WIDE}px`), "36px"];
    this.element.style.setProperty("--prof-columns", widths.join(" "));
    this.element.style.setProperty("--prof-width", `calc(min(320px, 60vw) + ${this.#columns.length * WIDE + 36}px)`);
    const head = (/** @type {string} */ title, /** @type {string} */ hint, /** @type {string} */ suffix, number = true) =>
      h("div", { className: number ? "prof-plain-head prof-number" : "prof-plain-head", role: "columnheader", title: hint }, title, suffix && h("small", {}, ` ${suffix}`));
    this.#heads.replaceChildren(head("Module", "Where it lies in the model", "", false), ...this.#columns.map(({ column, suffix }) => head(column.title, column.hint, suffix)), h("div", { role: "columnheader", "aria-label": "Show in the timeline" }));
  }

  #arrange() {
    const { test, empty } = compileFilter(this.#find.value);
    const names = this.#values("path");
    const active = this.#rows[this.#list.active];
    this.#rows = this.#tree.rows(empty ? undefined : (row) => test(String(names[row] || this.#values("name")[row])));
    this.#count.textContent = this.#rows.length === names.length ? plural(names.length, "row") : `${this.#rows.length} of ${plural(names.length, "row")}`;
    this.#list.update(this.#rows.length, { anew: true, at: this.#rows.indexOf(active) });
  }

  /** @param {HTMLElement} element @param {number} row */
  #fill(element, row) {
    const depth = Number(this.#values("depth")[row] ?? 0);
    const [name, inner] = [String(this.#values("name")[row]), this.#tree.childrenOf(row).length];
    const open = this.#tree.isOpen(row);
    element.classList.add("prof-row", "prof-columns");
    element.setAttribute("aria-level", String(depth + 1));
    if (inner) element.setAttribute("aria-expanded", String(open));
    else element.removeAttribute("aria-expanded");
    const fold = h("button", { type: "button", className: inner ? "prof-fold" : "prof-fold prof-leaf", tabIndex: -1, "aria-label": `${open ? "Fold" : "Unfold"} ${name}`, "aria-expanded": String(open), onclick: () => this.#fold(row, !open) }, icon("fold"));
    const label = h("div", { className: "prof-text", role: "gridcell", title: String(this.#values("path")[row] || name) }, fold, h("bdi", {}, name));
    label.style.setProperty("--depth", String(depth));
    element.replaceChildren(label, ...this.#columns.map(({ column, text }, place) => this.#cell(column, text, row, place === 0)), this.#button(row));
  }

  /** @param {TableColumn} column @param {(value: number) => string} text @param {number} row @param {boolean} first */
  #cell(column, text, row, first) {
    const value = column.values[row];
    const cell = h("div", { className: "prof-number", role: "gridcell" }, value === null ? "–" : text(Number(value)));
    if (first) {
      cell.classList.add("prof-share");
      cell.style.setProperty("--share", String(Math.min(1, Number(value) / this.#whole)));
    }
    return cell;
  }

  /** @param {number} row */
  #button(row) {
    const there = Number(this.#values("row")[row] ?? -1) >= 0;
    return h("div", { className: "prof-act", role: "gridcell" }, there && iconButton("eye", "Show in the timeline", () => this.#reach(row), { tabIndex: -1 }));
  }

  /** @param {number} row */
  #reach(row) {
    const slice = Number(this.#values("row")[row] ?? -1);
    if (slice >= 0) this.#context.goTo("timeline", { row: slice });
  }

  /** @param {number} row @param {boolean} open */
  #fold(row, open) {
    this.#tree.set(row, open);
    this.#arrange();
  }

  /** @param {boolean} open */
  #foldAll(open) {
    this.#tree.setAll(open);
    this.#arrange();
  }

  /** @param {string} key @param {number} index */
  #key(key, index) {
    const row = this.#rows[index];
    if (row === undefined || (key !== "ArrowLeft" && key !== "ArrowRight")) return false;
    if (key === "ArrowRight" ? !this.#tree.isOpen(row) : this.#tree.isOpen(row)) this.#fold(row, key === "ArrowRight");
    else if (key === "ArrowLeft" && this.#parent(row) >= 0) this.#list.go(this.#rows.indexOf(this.#parent(row)));
    return true;
  }
}
