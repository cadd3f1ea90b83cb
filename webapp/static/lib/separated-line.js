/** A line of a table as text: cells with commas in quotation marks where they need them, between tabs on one line. */

/** @param {readonly unknown[]} cells null and undefined are empty @param {"," | "\t"} separator */
export function separatedLine(cells, separator) {
  const text = separator === "," ? quoted : oneLine;
  return cells.map((cell) => text(String(cell ?? ""))).join(separator);
}

/** @param {string} text */
const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);

/** @param {string} text */
const oneLine = (text) => text.replace(/[\t\r\n]/g, " ");
