/** Numbers below each other with their decimal points in one line. */

import { cellText } from "./cell-text.js";
import { isMissing } from "./table-data.js";

/** @typedef {import("./table-frame.js").TableColumn} TableColumn */

const SAMPLE = 200; // rows that are looked at
const MOST = 6; // decimals
const POINT = "\u2008"; // a space as wide as a full stop
const DIGIT = "\u2007"; // a space as wide as a digit

/** @type {WeakMap<TableColumn, number>} */
const known = new WeakMap();

/** Decimals that the numbers of a column have, as they are shown. @param {TableColumn} column */
export function decimalsOf(column) {
  let most = known.get(column);
  if (most === undefined) {
    most = 0;
    const stride = Math.max(1, Math.floor(column.values.length / SAMPLE));
    for (let row = 0; row < column.values.length; row += stride) {
      if (!isMissing(column, row)) most = Math.max(most, Math.min(MOST, decimals(cellText(column, row))));
    }
    known.set(column, most);
  }
  return most;
}

/** @param {string} text of a number; one with an exponent has no decimals to align @returns {number} */
function decimals(text) {
  return /^[−\d,]+(?:\.(\d+))?$/.exec(text)?.[1]?.length ?? 0;
}

/** A number with room behind it for the decimals others have. @param {string} text @param {number} most decimals of the column */
export function alignedNumber(text, most) {
  const own = decimals(text);
  if (own >= most || !/\d$/.test(text) || text.includes("e")) return text;
  return text + (own === 0 ? POINT : "") + DIGIT.repeat(most - own);
}
