/** The tables of the view of memory: which one, by what it counts, and where its rows lead. */

import { fetchMemoryTable, memoryBy, memoryOther, memoryTable } from "../../../state/profile-memory.js";
import { allProfiles } from "../../../state/profile-catalog.js";
import { dropDown, segmented } from "../../../ui/controls.js";
import { h } from "../../../ui/dom.js";
import { DataTable, notesBut } from "../data-table.js";
import { Question } from "../question.js";

/** @typedef {import("../../../state/profile-api.js").Shown} Shown */
/** @typedef {import("../../../state/profile-api.js").TableAnswer} TableAnswer */
/** @typedef {import("../../../state/profile-memory.js").MemoryInfo} MemoryInfo */

/** @type {Record<string, [title: string, hint: string]>} */
const TABLES = {
  stacks: ["Now", "What was allocated when the snapshot was taken, by call stack"],
  peak: ["Peak", "What was allocated when most was"],
  allocations: ["Largest", "The largest allocations, how long they lived, and who made them"],
  operators: ["Operators", "How much each allocates in all, and what it keeps"],
  leaks: ["Leak suspects", "What is allocated again and again and never freed"],
  pools: ["Pools", "Reserved memory by stream, and how fragmented it is"],
  ooms: ["Out of memory", "Requests that failed"],
  regions: ["Marks", "What the program marked while memory was recorded, and what memory did in it"],
  changes: ["Changes", "Against another snapshot"],
};
const COUNTED = ["peak", "operators"]; // tables that are counted by something

/**
 * @typedef {object} TablesEvents
 * @property {(row: number) => void} onRow a slice of the trace
 * @property {(stack: number) => void} onStack
 */

export class TablesPanel {
  #events;
  #question = new Question();
  #tools = h("div", { className: "prof-memory-tools" });
  #place = h("div", { className: "prof-table-place" });
  #by = dropDown("By", [["operator", "operator"], ["module", "module"], ["category", "category"]]);
  /** @type {Map<string, DataTable>} */ #tables = new Map();
  /** @type {TableAnswer | null} */ #answer = null;
  /** @type {{shown: Shown, info: MemoryInfo, device: string | null} | null} */ #shown = null;
  #forget;
  element = h("section", { className: "prof-memory-tables", "aria-label": "Tables of memory" }, this.#question.element, this.#place);

  /** @param {TablesEvents} events */
  constructor(events) {
    this.#events = events;
    this.#by.addEventListener("input", () => memoryBy.set(this.#by.value));
    this.#forget = [memoryTable, memoryBy, memoryOther].map((atom) => atom.subscribe(() => void this.#ask()));
  }

  /** @param {Shown} shown @param {MemoryInfo} info @param {string | null} device null: the first */
  show(shown, info, device) {
    this.#shown = { shown, info, device };
    this.element.hidden = info.tables.length === 0;
    return this.#ask();
  }

  focusFilter() {
    this.#tables.get(this.#name)?.focusFilter();
  }

  destroy() {
    this.#question.cancel();
    for (const forget of this.#forget) forget();
    for (const table of this.#tables.values()) table.destroy();
  }

  get #name() {
    const names = this.#shown?.info.tables ?? [];
    return names.includes(memoryTable.get()) ? memoryTable.get() : names[0] ?? "";
  }

  async #ask() {
    const [now, name] = [this.#shown, this.#name];
    if (!now || !name) return;
    this.#drawTools(now, name);
    const counted = COUNTED.includes(name) && now.info.by.length > 0;
    const other = memoryOther.get() === now.shown.p ? "" : memoryOther.get();
    if (name === "changes" && !other) return this.#draw({ name, title: "", notes: ["Choose the snapshot to compare with: this one is taken to be the later."], columns: [] }, name);
    const more = { name, device: now.device, by: counted ? memoryBy.get() : null, other: name === "changes" ? other : null };
    await this.#question.ask((asking) => fetchMemoryTable(now.shown, more, asking), (answer) => this.#draw(answer, name));
  }

  /** @param {{shown: Shown, info: MemoryInfo}} now @param {string} name */
  #drawTools({ shown, info }, name) {
    const picker = segmented("Table", info.tables.map((id) => [id, ...TABLES[id]]));
    picker.value = name;
    picker.addEventListener("input", () => memoryTable.set(picker.value));
    const focused = this.#tools.contains(document.activeElement) ? name : null;
    this.#by.value = memoryBy.get();
    const others = name === "changes" ? this.#others(shown) : null;
    this.#tools.replaceChildren(picker, ...(COUNTED.includes(name) && info.by.length > 0 ? [this.#by] : []), ...(others ? [others] : []));
    if (focused) /** @type {HTMLElement | null} */ (picker.querySelector("[aria-pressed=true]"))?.focus();
  }

  /** @param {Shown} shown */
  #others({ p }) {
    const known = allProfiles().filter(({ kind, id }) => kind === "snapshot" && id !== p);
    const list = dropDown("Compared with", [["", known.length ? "choose …" : "no other snapshot"], .../** @type {[string, string][]} */ (known.map(({ id, run, name }) => [id, run === "." ? name : `${run}/${name}`]))]);
    list.value = memoryOther.get();
    list.addEventListener("input", () => memoryOther.set(list.value));
    return list;
  }

  /** @param {TableAnswer} answer @param {string} name */
  #draw(answer, name) {
    this.#answer = answer;
    const table = this.#tableOf(name);
    table.show({ ...answer, notes: notesBut(answer.notes, this.#shown?.info.notes ?? []) });
    table.addTools(this.#tools);
    this.#place.replaceChildren(table.element);
  }

  /** @param {string} name */
  #tableOf(name) {
    const known = this.#tables.get(name);
    if (known) return known;
    const trace = this.#shown?.info.kind === "trace";
    const leads = trace ? name === "allocations" : !["pools", "regions", "changes"].includes(name) && this.#shown?.info.kind === "snapshot";
    const made = new DataTable({
      label: TABLES[name]?.[0] ?? name, without: ["row", "stack", "piece"],
      ...(leads ? { action: trace ? "Show in the timeline" : "Show the call stack", onAction: (/** @type {number} */ row) => this.#open(row) } : {}),
    });
    this.#tables.set(name, made);
    return made;
  }

  /** @param {number} row */
  #open(row) {
    const value = (/** @type {string} */ column) => this.#answer?.columns.find(({ name }) => name === column)?.values[row];
    const [slice, stack] = [value("row"), value("stack")];
    if (typeof slice === "number" && slice >= 0) this.#events.onRow(slice);
    else if (typeof stack === "number") this.#events.onStack(stack);
  }
}
