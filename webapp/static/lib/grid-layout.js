/** Where the columns of a grid stand, and which of its rows and columns are in sight. */

/**
 * @typedef {object} GridLayout
 * @property {number[]} lefts from the left edge of the sheet; pinned columns stand right behind the leading one
 * @property {number} pinned how many columns stay in place
 * @property {number} pinnedWidth of the leading column and the pinned ones
 * @property {number} width of the whole sheet
 *
 * @param {{width: number, pinned: boolean}[]} columns pinned ones first
 * @param {number} leadWidth
 * @returns {GridLayout}
 */
export function gridLayout(columns, leadWidth) {
  const lefts = [];
  let at = leadWidth;
  for (const { width } of columns) {
    lefts.push(at);
    at += width;
  }
  const pinned = columns.findIndex((column) => !column.pinned);
  const count = pinned < 0 ? columns.length : pinned;
  return { lefts, pinned: count, pinnedWidth: count < columns.length ? (lefts[count] ?? leadWidth) : at, width: at };
}

/**
 * @param {GridLayout} layout @param {number} scrolled pixels to the left @param {number} width of the window
 * @returns {[number, number]} first scrolling column in sight, and one past the last
 */
export function columnsInSight({ lefts, pinned, pinnedWidth, width: total }, scrolled, width) {
  let from = pinned;
  while (from < lefts.length && (lefts[from + 1] ?? total) <= scrolled + pinnedWidth) from += 1;
  let to = from;
  while (to < lefts.length && lefts[to] < scrolled + width) to += 1;
  return [from, to];
}

/** @param {number} scrolled @param {number} height of the window @param {number} row height of one @param {number} count @param {number} spare rows kept beyond the edges @returns {[number, number]} */
export function rowsInSight(scrolled, height, row, count, spare) {
  const from = Math.max(0, Math.min(count, Math.floor(scrolled / row) - spare));
  return [from, Math.min(count, from + Math.ceil(height / row) + 2 * spare)];
}
