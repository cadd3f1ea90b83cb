/** Runs side by side: what differs first, the best value of each line marked. Loaded when first asked for. */

import { plural } from "../../lib/format.js";
import { showDialog } from "../dialog.js";
import { h } from "../dom.js";

/**
 * @typedef {{text: string, title: string, delta: string, best: boolean}} ComparedCell `delta`: against the baseline, or ""
 * @typedef {{name: string, differs: boolean, cells: ComparedCell[]}} ComparedRow a cell a run
 * @typedef {{title: string, rows: ComparedRow[]}} Section
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
  dialog.classList.add("wide");
  sections.then((parts) => {
    const show = () => body.replaceChildren(comparedTable(runs, withNotes(parts, notes), onlyDifferent.checked));
    onlyDifferent.addEventListener("change", show);
    show();
  }, (error) => body.replaceChildren(h("p", { className: "bad" }, error.message)));
  return dialog;
}

/** @param {Section[]} parts @param {string[]} notes */
function withNotes(parts, notes) {
  if (!notes.some(Boolean)) return parts;
  const cells = notes.map((note) => ({ text: note, title: note, delta: "", best: false }));
  return [...parts, { title: "Notes", rows: [{ name: "note", differs: true, cells }] }];
}

/** @param {Comparison["runs"]} runs @param {Section[]} parts @param {boolean} onlyDifferent */
function comparedTable(runs, parts, onlyDifferent) {
  const head = runs.map(({ run, name, color, baseline }) => {
    const swatch = h("span", { className: "swatch" });
    swatch.style.background = color;
    return h("th", { scope: "col", title: run }, h("span", { className: "tip-run" }, swatch, h("bdi", {}, name)), baseline && h("small", { className: "quiet" }, "baseline"));
  });
  const bodies = parts.map(({ title, rows }) => {
    const shown = rows.filter(({ differs }) => differs || !onlyDifferent).sort((a, b) => Number(b.differs) - Number(a.differs));
    const same = rows.length - shown.length;
    return h("tbody", {},
      h("tr", { className: "compare-section" }, h("th", { scope: "rowgroup", colSpan: runs.length + 1 }, title, same > 0 && h("small", { className: "quiet" }, ` · ${same} the same`))),
      ...shown.map(comparedRow));
  });
  return h("table", {}, h("thead", {}, h("tr", {}, h("td", {}), ...head)), ...bodies);
}

/** @param {ComparedRow} row */
function comparedRow({ name, differs, cells }) {
  const cell = (/** @type {ComparedCell} */ { text, title, delta, best }) =>
    h("td", { title, className: best ? "best" : "" }, text || h("span", { className: "quiet" }, "–"), delta && h("small", { className: "delta" }, delta));
  return h("tr", { className: differs ? "differs" : "" }, h("th", { scope: "row" }, h("bdi", {}, name)), ...cells.map(cell));
}
