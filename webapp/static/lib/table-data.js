/** The run table as columns: kept current row by row. */

/** @typedef {import("./table-frame.js").TableColumn} TableColumn */
/** @typedef {import("./table-frame.js").Table} TableAnswer all rows of the table, or (of `rowsTotal`) those that changed */

/**
 * @typedef {object} TableData
 * @property {number} version
 * @property {string[]} runs in the server's natural order
 * @property {Map<string, number>} rows run → row
 * @property {Map<string, TableColumn>} columns
 */

/** @type {TableData} */
export const EMPTY_TABLE = { version: -1, runs: [], rows: new Map(), columns: new Map() };

/**
 * The table with an answer put in: all rows of some columns, or some rows of all columns.
 *
 * @param {TableData} data
 * @param {TableAnswer} answer
 * @returns {TableData | null} null where the answer does not fit and the whole table has to be asked for
 */
export function withAnswer(data, answer) {
  if (answer.runs.length === answer.rowsTotal) return withColumns(data, answer);
  const rows = answer.runs.map((run) => data.rows.get(run) ?? -1);
  if (answer.rowsTotal !== data.runs.length || rows.includes(-1)) return null;
  const columns = new Map(data.columns);
  for (const column of answer.columns) {
    const known = columns.get(column.name);
    if (!known || known.kind !== column.kind || known.values.constructor !== column.values.constructor) return null;
    columns.set(column.name, withRows(known, column, rows));
  }
  return { ...data, version: answer.version, columns };
}

/** @param {TableData} data @param {TableAnswer} answer @returns {TableData} */
function withColumns(data, answer) {
  const same = data.runs.length === answer.runs.length && data.runs.every((run, row) => run === answer.runs[row]);
  const columns = new Map(same ? data.columns : []);
  for (const column of answer.columns) columns.set(column.name, column);
  if (same) return { ...data, version: answer.version, columns };
  return { version: answer.version, runs: answer.runs, rows: new Map(answer.runs.map((run, row) => [run, row])), columns };
}

/** @param {TableColumn} known @param {TableColumn} change @param {number[]} rows @returns {TableColumn} */
function withRows(known, change, rows) {
  const values = known.values.slice();
  if (known.kind !== "text") {
    rows.forEach((row, index) => (values[row] = change.values[index]));
    return { ...known, values };
  }
  const strings = [...known.strings];
  const codes = change.strings.map((text) => {
    const code = strings.indexOf(text);
    return code >= 0 ? code : strings.push(text) - 1;
  });
  rows.forEach((row, index) => (values[row] = codes[change.values[index]] ?? -1));
  return { ...known, values, strings };
}

/** The text of a row, or "". @param {TableColumn | undefined} column @param {number} row */
export function textAt(column, row) {
  return column?.strings[column.values[row]] ?? "";
}

/** Whether a row has no value. @param {TableColumn} column @param {number} row */
export function isMissing(column, row) {
  return column.kind === "text" ? column.values[row] < 0 : Number.isNaN(column.values[row]);
}

/**
 * The same table with the rows in another order.
 *
 * @param {TableData} data @param {string[]} runs those that are not in the table have no values
 * @returns {TableData}
 */
export function alignedTo(data, runs) {
  if (data.runs === runs || (data.runs.length === runs.length && runs.every((run, row) => run === data.runs[row]))) return data;
  const rows = runs.map((run) => data.rows.get(run) ?? -1);
  const columns = [...data.columns].map(([name, column]) => {
    const isText = column.kind === "text";
    const pick = (/** @type {number} */ row) => (row < 0 ? (isText ? -1 : NaN) : column.values[row]);
    const values = isText ? Int32Array.from(rows, pick) : Float64Array.from(rows, pick);
    return /** @type {[string, TableColumn]} */ ([name, { ...column, values }]);
  });
  return { version: data.version, runs, rows: new Map(runs.map((run, row) => [run, row])), columns: new Map(columns) };
}
