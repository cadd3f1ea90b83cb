/** What many names of a legend begin with is said once: "lr=0.1", "lr=0.01" → "lr=" and "0.1", "0.01". */

const BREAKS = /[=/·:]\s*/g; // a name is only parted behind one of these

/** @param {string[]} labels @returns {{shared: string, own: string[]}} `shared` is "" where there is nothing to share */
export function splitLabels(labels) {
  const shared = labels.length > 1 ? [...labels[0].matchAll(BREAKS)].map(({ index, 0: found }) => labels[0].slice(0, index + found.length)).filter((start) => labels.every((label) => label.startsWith(start) && label.length > start.length)).pop() : "";
  return { shared: shared ?? "", own: labels.map((label) => label.slice((shared ?? "").length)) };
}
