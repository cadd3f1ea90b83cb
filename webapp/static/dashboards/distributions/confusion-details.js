/** Below a matrix: the pairs that are confused most, and the figures of every class. */

import { mostConfused } from "../../lib/confusion.js";
import { formatCount, formatValue } from "../../lib/format.js";
import { confusionWords, pointedCell } from "../../state/confusion-settings.js";
import { toggled } from "../../state/store.js";
import { h } from "../../ui/dom.js";
import { sortedTable } from "../../ui/sorted-table.js";

/** @typedef {import("../../lib/confusion.js").ClassFigures} ClassFigures */
/** @typedef {import("../../lib/confusion.js").Confusion} Confusion */
/** @typedef {import("../../lib/confusion.js").Totals} Totals */

const MOST_PAIRS = 10;

/** @param {number} value */
const ratio = (value) => (Number.isNaN(value) ? "–" : value.toFixed(3));
/** @param {number} count */
const amount = (count) => (Number.isInteger(count) ? formatCount(count) : formatValue(count, 4));

/** @type {import("../../ui/sorted-table.js").FigureColumn<ClassFigures>[]} */
const COLUMNS = [
  { title: "Class", hint: "Name of the class", text: ({ name }) => name, value: ({ name }) => name },
  { title: "True", hint: "How often it was the true class", text: ({ support }) => amount(support), value: ({ support }) => support },
  { title: "Predicted", hint: "How often it was predicted", text: ({ predicted }) => amount(predicted), value: ({ predicted }) => predicted },
  { title: "Precision", hint: "Share of the predictions that are right", text: ({ precision }) => ratio(precision), value: ({ precision }) => precision },
  { title: "Recall", hint: "Share of the class that is found", text: ({ recall }) => ratio(recall), value: ({ recall }) => recall },
  { title: "F1", hint: "Harmonic mean of precision and recall", text: ({ f1 }) => ratio(f1), value: ({ f1 }) => f1 },
];

/** @param {string} card */
export function classDetails(card) {
  const word = `open:${card}`;
  const pairs = h("ol", { className: "matrix-pairs" });
  const table = sortedTable("Figures of each class", COLUMNS);
  const summary = h("summary", {}, "Most confused pairs, figures of each class");
  const element = h("details", { className: "matrix-details" }, summary, pairs, table.element);
  /** @type {{confusion: Confusion, totals: Totals, figures: ClassFigures[]} | null} */
  let latest = null;
  let filled = /** @type {unknown} */ (null);
  summary.addEventListener("click", (event) => {
    event.preventDefault(); // the word says whether it is open, in all runs of the card
    confusionWords.set(toggled(confusionWords.get(), word));
  });
  /** Tables of closed details are not made. */
  const update = () => {
    element.open = confusionWords.get().has(word);
    if (!element.open || !latest || filled === latest) return;
    filled = latest;
    table.show(latest.figures);
    pairs.replaceChildren(...pairItems(card, latest.confusion, latest.totals));
  };
  return {
    element,
    update,
    /** @param {Confusion} confusion @param {Totals} totals @param {ClassFigures[]} figures */
    show(confusion, totals, figures) {
      latest = { confusion, totals, figures };
      update();
    },
  };
}

/** @param {string} card @param {Confusion} confusion @param {Totals} totals */
function pairItems(card, confusion, totals) {
  const { names } = confusion;
  return mostConfused(confusion, totals, MOST_PAIRS).map(({ truth, taken, count, share }) =>
    h("li", {}, h("button", { type: "button", className: "link", title: "Show the cell", onclick: () => pointedCell.set({ card, cell: { row: truth, column: taken } }) },
      h("bdi", {}, names[truth]), " → ", h("bdi", {}, names[taken])), h("span", { className: "quiet" }, ` ${amount(count)} · ${formatValue(100 * share, 3)} %`)));
}
