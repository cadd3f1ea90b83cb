/** What happened in the selected range: how busy the devices were, and slices by name. */

import { formatNanoseconds, formatUnit } from "../../../lib/profile-units.js";
import { exactTime } from "../../../lib/timeline-time.js";
import { h } from "../../../ui/dom.js";
import { DataTable } from "../data-table.js";

/** @typedef {import("../../../state/profile-timeline.js").RangeAnswer} RangeAnswer */

const PARTS = /** @type {const} */ ([
  ["busy", "GPU busy", "Any kernel, copy or fill"],
  ["idle", "GPU idle", "Nothing on any device"],
  ["computation", "Computation", "Kernels that do not communicate"],
  ["exposed_communication", "Exposed communication", "While nothing computed"],
  ["exposed_memcpy", "Exposed copies", "While nothing computed nor communicated"],
]);

export class RangePanel {
  #head = h("header", {});
  #table;
  element = h("div", { className: "prof-tl-range" }, this.#head);

  /** @param {{zoom: () => void, analyse: () => void, clear: () => void, search: (text: string) => void}} acts */
  constructor(acts) {
    this.acts = acts;
    this.#table = new DataTable({ label: "Slices in the range", action: "Find all", onAction: (row) => acts.search(this.names[row]) });
    this.element.append(this.#table.element);
  }

  /** @type {string[]} */ names = [];

  /** @param {{from: number, to: number}} range @param {RangeAnswer} answer @param {string} where which rows */
  show({ from, to }, { table, devices }, where) {
    this.names = /** @type {string[]} */ (table.columns[0].values);
    const total = Math.max(1, to - from);
    const hasDevices = devices.busy > 0;
    this.#head.replaceChildren(
      h("h3", {}, `${formatNanoseconds(to - from)} from ${exactTime(from)}`, h("small", {}, where)),
      ...(hasDevices ? PARTS.map(([name, title, hint]) => h("span", { className: "prof-tl-part", title: hint }, h("small", {}, title), ` ${formatUnit(devices[name] / total, "share")}`)) : []),
      h("span", { className: "prof-tl-tools" },
        h("button", { type: "button", title: "Fill the view with it (f)", onclick: this.acts.zoom }, "Zoom to"),
        h("button", { type: "button", title: "Every view of this page looks at this range alone", onclick: this.acts.analyse }, "Analyse"),
        h("button", { type: "button", onclick: this.acts.clear }, "Clear")));
    this.#table.show(table);
  }
}
