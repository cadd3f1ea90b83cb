/** The difference of two texts: in one column, or side by side; lines far from any change are folded. */

import { formatCount, plural } from "../lib/format.js";
import { diffLines, diffRows, foldedStretches, textDiff } from "../lib/text-diff.js";
import { h } from "./dom.js";

/** @typedef {import("../lib/text-diff.js").DiffPart} DiffPart */

const AROUND = 3; // lines shown around a change
const LONGEST = 300_000; // characters of a text that are compared
const MOST_LINES = 4000; // shown

/** @param {string} before @param {string} after @param {boolean} beside */
export function differenceView(before, after, beside) {
  const parts = textDiff(before.slice(0, LONGEST), after.slice(0, LONGEST));
  const isCut = Math.max(before.length, after.length) > LONGEST;
  const element = h("div", { className: `difference ${beside ? "beside" : ""}`, dir: "auto" }, h("p", { className: "difference-counts" }, countsOf(parts, isCut)));
  if (parts.every(({ kind }) => kind === "same")) return element;
  element.append(beside ? besideTable(parts) : inOne(parts));
  return element;
}

/** @param {DiffPart[]} parts @param {boolean} isCut */
function countsOf(parts, isCut) {
  const words = (/** @type {DiffPart["kind"]} */ wanted) => parts.filter(({ kind }) => kind === wanted).reduce((sum, { text }) => sum + (text.match(/[^\s]+/g)?.length ?? 0), 0);
  const [added, removed] = [words("added"), words("removed")];
  const beginning = `the first ${formatCount(LONGEST)} characters`;
  if (added || removed) return `${plural(removed, "word")} removed, ${plural(added, "word")} added${isCut ? ` in ${beginning}` : ""}`;
  return `${isCut ? `T${beginning.slice(1)}` : "The texts"} ${parts.every(({ kind }) => kind === "same") ? "are the same." : "differ in spaces only."}`;
}

/** @param {DiffPart[]} parts */
function inOne(parts) {
  const lines = diffLines(parts);
  const body = h("div", { className: "difference-lines" });
  const changed = lines.map((line) => line.some(({ kind }) => kind !== "same"));
  fill(body, changed, (index) => h("div", { className: changed[index] ? "line changed" : "line" }, ...lines[index].map(partElement)), (fold) => fold);
  return body;
}

/** @param {DiffPart[]} parts */
function besideTable(parts) {
  const rows = diffRows(parts);
  const body = h("tbody", {});
  const cell = (/** @type {DiffPart[] | null} */ line) => h("td", { className: line ? "" : "none", dir: "auto" }, ...(line ?? []).map(partElement));
  fill(body, rows.map(({ changed }) => changed), (index) => h("tr", { className: rows[index].changed ? "changed" : "" }, cell(rows[index].left), cell(rows[index].right)), (fold) => h("tr", {}, h("td", { colSpan: 2 }, fold)));
  return h("table", {}, body);
}

/**
 * Lines, with those that did not change behind a button that unfolds them.
 *
 * @param {HTMLElement} body @param {boolean[]} changed @param {(index: number) => HTMLElement} line @param {(fold: HTMLElement) => HTMLElement} wrap
 */
function fill(body, changed, line, wrap) {
  const linesOf = (/** @type {number} */ from, /** @type {number} */ to) => Array.from({ length: to - from }, (_, i) => line(from + i));
  let left = MOST_LINES;
  for (const { from, to, folded } of foldedStretches(changed, AROUND)) {
    if (left <= 0) return void body.append(wrap(h("p", { className: "quiet" }, `The first ${formatCount(MOST_LINES)} lines are shown.`)));
    if (!folded) {
      body.append(...linesOf(from, Math.min(to, from + left)));
      left -= to - from;
      continue;
    }
    const shown = Math.min(to - from, MOST_LINES);
    const row = wrap(h("button", { type: "button", className: "link fold", onclick: () => row.replaceWith(...linesOf(from, from + shown)) }, `${plural(to - from, "line")} the same`));
    body.append(row);
  }
}

/** @param {DiffPart} part */
function partElement({ text, kind }) {
  if (kind === "same") return text;
  return h(kind === "added" ? "ins" : "del", {}, text || "⏎");
}
