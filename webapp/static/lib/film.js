/** Where the pictures of a film strip lie: a row a run and a column a step, or the steps of one run in lines. */

/**
 * @typedef {object} FilmShape
 * @property {number} rows runs
 * @property {number} columns steps
 * @property {number} perLine columns in a line; all of them where there are several runs
 * @property {number} cell width of a cell, CSS pixels
 * @property {number} high height of a cell with its caption
 * @property {number} head height of a run's name above its row
 *
 * @typedef {{left: number, top: number, width: number, height: number}} Window what is seen, CSS pixels
 */

const CAPTION = 20; // CSS pixels below a picture

/**
 * The columns of several runs, so that the same step is the same column; a step that a run has twice takes two.
 *
 * @param {readonly Float64Array[]} steps of each run, rising
 * @returns {{columns: number, indexAt: Int32Array[]}} for each run: the index of its value in a column, −1 where it has none
 */
export function alignSteps(steps) {
  const at = steps.map(() => 0);
  /** @type {number[][]} */
  const found = steps.map(() => []);
  let columns = 0;
  for (;;) {
    let least = Infinity;
    for (let run = 0; run < steps.length; run += 1) if (at[run] < steps[run].length) least = Math.min(least, steps[run][at[run]]);
    if (least === Infinity) break;
    for (let run = 0; run < steps.length; run += 1) found[run].push(steps[run][at[run]] === least ? at[run]++ : -1);
    columns += 1;
  }
  return { columns, indexAt: found.map((indices) => Int32Array.from(indices)) };
}

/** @param {number} rows @param {number} columns @param {number} cell CSS pixels @param {number} width of what is seen @param {number} aspect width / height of the pictures @returns {FilmShape} */
export function filmShape(rows, columns, cell, width, aspect) {
  const perLine = rows === 1 ? Math.max(1, Math.floor(width / cell)) : Math.max(1, columns);
  return { rows, columns, perLine, cell, high: Math.round(cell / Math.min(4, Math.max(0.5, aspect))) + CAPTION, head: rows === 1 ? 0 : 22 };
}

/** Width and height of everything. @param {FilmShape} shape */
export function filmSize({ rows, columns, perLine, cell, high, head }) {
  return { width: Math.min(perLine, columns) * cell, height: rows === 1 ? Math.ceil(columns / perLine) * high : rows * (high + head) };
}

/** @param {FilmShape} shape @param {number} row @param {number} column */
export function cellPlace({ rows, perLine, cell, high, head }, row, column) {
  if (rows === 1) return { left: (column % perLine) * cell, top: Math.floor(column / perLine) * high };
  return { left: column * cell, top: row * (high + head) + head };
}

/** The rows and columns that are seen, and `margin` pixels around. @param {FilmShape} shape @param {Window} window @param {number} margin @returns {{rows: [number, number], columns: [number, number]}} from, to (not included) */
export function cellsIn({ rows, columns, perLine, cell, high, head }, { left, top, width, height }, margin) {
  const span = (/** @type {number} */ start, /** @type {number} */ length, /** @type {number} */ size, /** @type {number} */ count) =>
    /** @type {[number, number]} */ ([Math.max(0, Math.floor((start - margin) / size)), Math.min(count, Math.ceil((start + length + margin) / size))]);
  if (rows > 1) return { rows: span(top, height, high + head, rows), columns: span(left, width, cell, columns) };
  const lines = span(top, height, high, Math.ceil(columns / perLine));
  return { rows: [0, 1], columns: [lines[0] * perLine, Math.min(columns, lines[1] * perLine)] };
}
