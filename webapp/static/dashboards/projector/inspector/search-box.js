/** The search over all fields of the metadata: every hit is listed and marked in the picture, Enter selects them. */

import { plural } from "../../../lib/format.js";
import { oncePerTask } from "../../../lib/atom.js";
import { selectRows } from "../../../state/projector-points.js";
import { columnsSearched, pointPattern, pointSearch, pointSearchComing, pointSearchProblem, searchedColumns, searchHits, toggleSearchedColumn } from "../../../state/projector-search.js";
import { isolate } from "../../../state/projector-selection.js";
import { shownEmbedding } from "../../../state/projector-shown.js";
import { bind, popover, toggle } from "../../../ui/controls.js";
import { h, icon } from "../../../ui/dom.js";
import { PointList } from "./point-list.js";

const MOST_ROWS = 7; // in sight

/** @param {(row: number) => void} onOpen brings a point into sight */
export function pointSearchBox(onOpen) {
  const box = h("input", { type: "search", placeholder: "Search all fields  /", "aria-label": "Search the points", autocomplete: "off", spellcheck: false });
  const told = h("span", { className: "quiet grow", role: "status" });
  const problem = h("p", { className: "bad", role: "alert", hidden: true });
  const list = new PointList({ label: "Points found", onOpen });
  const use = (/** @type {(rows: import("../../../lib/row-sets.js").Rows) => void} */ act) => () => {
    const hits = searchHits.get();
    if (hits?.length) act(hits);
  };
  const actions = h("span", { className: "found-actions", hidden: true },
    h("button", { type: "button", title: "Select every point found (Enter)", onclick: use((hits) => selectRows(hits)) }, "Select"),
    h("button", { type: "button", title: "Add every point found to the selection (Shift+Enter)", onclick: use((hits) => selectRows(hits, "add")) }, "Add"),
    h("button", { type: "button", title: "Leave only the points found in sight", onclick: use((hits) => isolate(hits)) }, "Isolate"));
  const answer = h("div", { className: "found-answer", hidden: true }, told, actions);
  const update = oncePerTask(() => {
    const hits = searchHits.get();
    answer.hidden = pointSearch.get() === "" || pointSearchProblem.get() !== "";
    told.textContent = hits && !pointSearchComing.get() ? `${plural(hits.length, "point")}` : "Searching …";
    actions.hidden = !hits?.length;
    problem.hidden = pointSearchProblem.get() === "";
    problem.textContent = pointSearchProblem.get();
    box.setAttribute("aria-invalid", String(!problem.hidden));
    list.update(hits ?? [], MOST_ROWS);
  });
  for (const atom of [searchHits, pointSearchProblem, pointSearchComing, pointSearch]) atom.subscribe(update);
  listen(box, list, use);
  const pattern = toggle(".*", "The text is a regular expression");
  pattern.setAttribute("aria-label", "Regular expression");
  bind(pattern, pointPattern);
  update();
  const element = h("search", { className: "point-search" }, h("div", { className: "point-search-row" }, h("div", { className: "search" }, box), pattern, fieldsButton()), problem, answer, list.element);
  return { element, focus: () => box.select() };
}

/** @param {HTMLInputElement} box @param {PointList} list @param {(act: (rows: import("../../../lib/row-sets.js").Rows) => void) => () => void} use */
function listen(box, list, use) {
  box.addEventListener("input", () => pointSearch.set(box.value.trim()));
  pointSearch.subscribe((text) => {
    if (box.value.trim() !== text) box.value = text;
  });
  box.addEventListener("keydown", (event) => {
    if (event.key === "Enter") use((hits) => selectRows(hits, event.shiftKey ? "add" : "replace"))();
    else if (event.key === "ArrowDown") {
      list.focus();
      list.go(1);
    } else return;
    event.preventDefault();
  });
}

/** Which fields are searched, in a panel below its button. */
function fieldsButton() {
  const words = h("span", {});
  const button = h("button", { type: "button", className: "with-icon", title: "Fields that are searched", "aria-label": "Fields that are searched" }, words, icon("fold"));
  const panel = h("div", { className: "field-panel", role: "group", "aria-label": "Search in" });
  const fill = () => {
    const searched = columnsSearched();
    panel.replaceChildren(...(shownEmbedding.get()?.info.columns ?? []).map(({ name }) => h("label", { className: "field-choice" },
      h("input", { type: "checkbox", checked: searched.includes(name), onchange: () => (toggleSearchedColumn(name), fill()) }), h("bdi", {}, name))));
  };
  popover(button, panel, { width: 220, open: fill });
  button.popoverTargetElement = panel;
  const show = () => {
    const chosen = searchedColumns.get();
    button.hidden = (shownEmbedding.get()?.info.columns.length ?? 0) < 2;
    words.textContent = chosen ? (chosen.length === 1 ? chosen[0] : plural(chosen.length, "field")) : "All fields";
  };
  for (const atom of [searchedColumns, shownEmbedding]) atom.subscribe(show);
  show();
  return h("span", { className: "field-button" }, button, panel);
}
