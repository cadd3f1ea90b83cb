/** Fills the cells of a logged table: aligned numbers, pictures, and marks where another table differs. */

import { formatValue } from "../../lib/format.js";
import { alignedText, changeOf, exactText } from "../../lib/table-sheet.js";
import { h } from "../../ui/dom.js";

/** @typedef {import("../../lib/table-sheet.js").Sheet} Sheet */
/** @typedef {import("../../lib/table-sheet.js").SheetColumn} SheetColumn */
/** @typedef {import("../../lib/table-sheet.js").Difference} Difference */

/**
 * @param {Sheet} sheet @param {Difference | null} difference
 * @param {(row: number, column: number) => string} addressOf of a picture
 * @returns {(cell: HTMLElement, column: {id: string}, row: number) => void}
 */
export function cellFiller(sheet, difference, addressOf) {
  return (cell, { id }, row) => {
    const column = sheet.columns[Number(id)];
    const change = difference && changeOf(difference, column, row);
    cell.classList.toggle("changed", change !== null);
    cell.classList.toggle("truth", column.kind === "bool");
    if (column.picture) return fillPicture(cell, column, row, addressOf);
    cell.textContent = alignedText(column, row);
    cell.title = change ? `${exactText(column, row)}\nwas ${change.was}${Number.isFinite(change.change) ? ` (${change.change > 0 ? "+" : ""}${formatValue(change.change, 4)})` : ""}` : exactText(column, row);
  };
}

/** The same picture stays: scrolling back and forth fetches nothing anew. @param {HTMLElement} cell @param {SheetColumn} column @param {number} row @param {(row: number, column: number) => string} addressOf */
function fillPicture(cell, column, row, addressOf) {
  if (Number.isNaN(column.values[row])) return cell.replaceChildren();
  const src = addressOf(row, Number(column.name));
  const [known] = cell.children;
  if (known instanceof HTMLImageElement && known.getAttribute("src") === src) return undefined;
  const picture = h("img", { src, alt: `${column.title} of row ${row}`, loading: "lazy", decoding: "async", title: "Click to enlarge" });
  Object.assign(picture.dataset, { row: String(row), column: column.name });
  picture.addEventListener("error", () => picture.replaceWith(h("span", { className: "bad" }, "no picture that can be shown")));
  cell.title = "";
  return cell.replaceChildren(picture);
}
