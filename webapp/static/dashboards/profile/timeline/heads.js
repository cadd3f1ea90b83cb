/** The heads of a timeline's rows: what each is, folded or not, pinned or not. */

import { timelineFolds, timelinePins } from "../../../state/timeline-settings.js";
import { toggled } from "../../../state/store.js";
import { h, icon } from "../../../ui/dom.js";

/** @typedef {import("../../../lib/timeline-rows.js").Row} Row */

export class RowHeads {
  #rows = h("div", { className: "prof-tl-heads" });
  #pinned = h("div", { className: "prof-tl-heads prof-tl-pinned", hidden: true });

  /** @param {{space: HTMLElement, body: HTMLElement}} chart */
  constructor({ space, body }) {
    space.append(this.#rows);
    body.append(this.#pinned);
  }

  /** @param {{rows: readonly Row[], pinned: readonly Row[], pinnedHeight: number}} layout */
  show({ rows, pinned, pinnedHeight }) {
    const focused = /** @type {HTMLElement | null} */ (document.activeElement)?.dataset?.head;
    this.#rows.replaceChildren(...rows.map((row) => head(row, pinnedHeight)));
    this.#pinned.replaceChildren(...pinned.map((row) => head(row, 0)));
    this.#pinned.hidden = pinned.length === 0;
    this.#pinned.style.height = `${pinnedHeight}px`;
    if (focused) for (const button of document.querySelectorAll("[data-head]")) if (button instanceof HTMLElement && button.dataset.head === focused) button.focus();
  }
}

/** @param {Row} row @param {number} offset CSS pixels */
function head(row, offset) {
  const fold = row.foldable && h("button", {
    type: "button", className: "prof-tl-fold", "aria-expanded": String(!row.folded), "aria-label": `${row.title}: ${row.folded ? "open" : "fold"}`, title: row.folded ? "Open" : "Fold",
    onclick: () => timelineFolds.set(toggled(timelineFolds.get(), row.id)),
  }, icon("fold"));
  const pin = row.sort !== "group" && h("button", {
    type: "button", className: "prof-tl-pin", "aria-pressed": String(row.pinned), "aria-label": `Pin ${row.title}`, title: row.pinned ? "No longer at the top" : "Keep at the top",
    onclick: () => timelinePins.set(toggled(timelinePins.get(), row.id)),
  }, icon("pin"));
  if (fold) fold.dataset.head = `fold ${row.id}`;
  if (pin) pin.dataset.head = `pin ${row.id}`;
  const element = h("div", { className: `prof-tl-row-head ${row.sort}${row.folded ? " folded" : ""}`, title: [row.title, row.detail].filter(Boolean).join("\n") }, fold, h("bdi", {}, row.title), pin);
  element.style.top = `${row.top + offset}px`;
  element.style.height = `${row.height}px`;
  return element;
}
