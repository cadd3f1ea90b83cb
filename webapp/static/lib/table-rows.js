/** The rows of a table as the server tells it, a plain object each. */

/** @typedef {{columns: {name: string, values: (string | number | null)[]}[]}} Columns */

/** @param {Columns} table @returns {Record<string, any>[]} */
export function tableRows({ columns }) {
  const count = columns[0]?.values.length ?? 0;
  return Array.from({ length: count }, (_, row) => Object.fromEntries(columns.map(({ name, values }) => [name, values[row]])));
}
