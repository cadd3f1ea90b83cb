/** Runs side by side: what differs first, the best value of each line marked. Loaded when first asked for. */

import { plural } from "../../lib/format.js";
import { textDiff } from "../../lib/text-diff.js";
import { showDialog } from "../dialog.js";
import { h } from "../dom.js";

/**
 * @typedef {{text: string, title: string, delta: string, best: boolean}} ComparedCell `delta`: against the baseline, or ""
 * @typedef {{name: string, differs: boolean, cells: ComparedCell[]}} ComparedRow a cell a run
 * @typedef {{title: string, rows: ComparedRow[], isText?: boolean}} Section `isText`: worth comparing word by word
 *
 * @typedef {object} Comparison
 * @property {{run: string, name: string, color: string, baseline: boolean}[]} runs
 * @property {Promise<Section[]>} sections
 * @property {string[]} notes a text a run
 */

/** @param {Comparison} comparison */
export function showComparison({ runs, sections, notes }) {
  const body = h("div", { className: "compare", role: "status" }, "Asking the server …");
  const onlyDifferent = h("input", { type: "checkbox", checked: true });
  const dialog = showDialog(`${plural(runs.length, "run")} side by side`, h("label", { className: "row" }, onlyDifferent, "Only what differs"), body);
  dialog.classList.add("compare-dialog");
  sections.then((parts) => {
    const show = () => {
      body.classList.toggle("all", !onlyDifferent.checked);
      body.replaceChildren(comparedTable(runs, withNotes(parts, notes), onlyDifferent.checked));
    };
    onlyDifferent.addEventListener("change", show);
    show();
  }, (error) => body.replaceChildren(h("p", { className: "bad" }, error.message)));
  return dialog;
}

/** @param {Section[]} parts @param {string[]} notes */
function withNotes(parts, notes) {
  if (!notes.some(Boolean)) return parts;
  const cells = notes.map((note) => ({ text: note, title: note, delta: "", best: false }));
  return [...parts, { title: "Notes", rows: [{ name: "note", differs: new Set(notes).size > 1, cells }], isText: true }];
}

/** @param {Comparison["runs"]} runs @param {Section[]} parts @param {boolean} onlyDifferent */
function comparedTable(runs, parts, onlyDifferent) {
  const head = runs.map(({ run, name, color, baseline }) => {
    const swatch = h("span", { className: "swatch" });
    swatch.style.background = color;
    return h("th", { scope: "col", title: run }, h("span", { className: "tip-run" }, swatch, h("bdi", {}, name)), baseline && h("small", { className: "quiet" }, "baseline"));
  });
  const bodies = parts.map((part) => sectionBody(part, runs.length, onlyDifferent));
  return h("table", {}, h("thead", {}, h("tr", {}, h("td", {}), ...head)), ...bodies);
}

/** What differs first; what is the same stands behind a line that unfolds it. @param {Section} part @param {number} runs @param {boolean} onlyDifferent */
function sectionBody({ title, rows, isText }, runs, onlyDifferent) {
  const differing = rows.filter(({ differs }) => differs);
  const same = rows.filter(({ differs }) => !differs);
  const line = (/** @type {ComparedRow} */ row) => comparedRow(row, Boolean(isText));
  const body = h("tbody", {}, h("tr", { className: "compare-section" }, h("th", { scope: "rowgroup", colSpan: runs + 1 }, title)), ...differing.map(line));
  if (!onlyDifferent) body.append(...same.map(line));
  else if (same.length > 0) {
    const unfold = h("button", { type: "button", className: "link", onclick: () => fold.replaceWith(...same.map(line)) }, `${same.length} the same`);
    const fold = h("tr", {}, h("td", { colSpan: runs + 1, className: "compare-same" }, unfold));
    body.append(fold);
  }
  return body;
}

/** @param {ComparedRow} row @param {boolean} isText */
function comparedRow({ name, differs, cells }, isText) {
  const texts = isText && differs ? markedTexts(cells.map(({ text }) => text)) : cells.map(({ text }) => [text]);
  const cell = (/** @type {ComparedCell} */ { text, title, delta, best }, /** @type {number} */ at) =>
    h("td", { title: isText ? "" : title, className: `${best ? "best" : ""} ${isText ? "text" : ""}` }, ...(text ? texts[at] : [h("span", { className: "quiet" }, "–")]), delta && h("small", { className: "delta" }, delta));
  return h("tr", { className: differs ? "differs" : "" }, h("th", { scope: "row" }, h("bdi", {}, name)), ...cells.map(cell));
}

/** Each text in full; marked is what the first has not, and (of two) what only the first has. @param {string[]} texts */
function markedTexts(texts) {
  const [first, ...others] = texts;
  const marked = (/** @type {import("../../lib/text-diff.js").DiffPart[]} */ parts, /** @type {"added" | "removed"} */ kind, /** @type {"ins" | "del"} */ tag) =>
    parts.filter((part) => part.kind === "same" || part.kind === kind).map((part) => (part.kind === "same" ? part.text : h(tag, {}, part.text)));
  const comparable = (/** @type {string} */ text) => first !== "" && text !== "";
  const changed = others.map((text) => (comparable(text) ? marked(textDiff(first, text), "added", "ins") : [text]));
  const only = others.length === 1 && comparable(others[0]) ? marked(textDiff(first, others[0]), "removed", "del") : [first];
  return [only, ...changed];
}
