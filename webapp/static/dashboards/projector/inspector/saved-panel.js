/** Named selections of the embedding in sight, and bookmarks: views that everybody finds again. */

import { oncePerTask } from "../../../lib/atom.js";
import { plural } from "../../../lib/format.js";
import { selection, selectRows } from "../../../state/projector-points.js";
import * as saved from "../../../state/projector-saved.js";
import { shownEmbedding, shownRef } from "../../../state/projector-shown.js";
import { stateFile, userState } from "../../../state/user-state.js";
import { h, iconButton } from "../../../ui/dom.js";
import { openMenu } from "../../../ui/menu.js";
import { askText } from "../../../ui/questions.js";
import { saveBlob } from "../../../ui/save-blob.js";
import { nameSelection } from "./selection-menu.js";

/** @param {(problem: string) => void} tell */
export function savedPanel(tell) {
  const problem = h("p", { className: "bad", role: "alert", hidden: true });
  const where = h("p", { className: "quiet" });
  const selections = h("ul", { className: "saved-list" });
  const bookmarks = h("ul", { className: "saved-list" });
  const keep = h("button", { type: "button", title: "Keep the selected points under a name", onclick: nameSelection }, "Keep selection");
  const mark = h("button", { type: "button", title: "Keep what is shown now, how, and from where", onclick: askBookmark }, "Keep view");
  const file = h("input", { type: "file", hidden: true, accept: ".json", "aria-label": "Bookmarks file", tabIndex: -1, onchange: () => {
    if (file.files?.[0]) void saved.takeBookmarks(file.files[0]);
    file.value = "";
  } });
  const update = oncePerTask(() => {
    keep.disabled = selection.get().length === 0;
    mark.disabled = shownEmbedding.get() === null;
    problem.hidden = saved.savedProblem.get() === "";
    problem.textContent = saved.savedProblem.get();
    const { writable, problem: why } = stateFile.get();
    where.hidden = writable;
    where.textContent = why ?? "";
    const sets = saved.namedSelections();
    selections.replaceChildren(...(sets.length ? sets.map(([name]) => selectionRow(name)) : [h("li", { className: "quiet" }, "None yet.")]));
    const marks = saved.bookmarkList();
    bookmarks.replaceChildren(...(marks.length ? marks.map(([name]) => bookmarkRow(name, tell)) : [h("li", { className: "quiet" }, "None yet. A bookmark holds the layout's settings, colours, camera, filters, and selected and isolated points.")]));
  });
  for (const atom of [selection, shownEmbedding, shownRef, userState, stateFile, saved.savedProblem]) atom.subscribe(update);
  update();
  return h("div", { className: "inspector-panel saved-panel" }, problem, where,
    h("section", { "aria-label": "Named selections" }, h("div", { className: "saved-head" }, h("h3", {}, "Selections"), keep), selections),
    h("section", { "aria-label": "Bookmarks" }, h("div", { className: "saved-head" }, h("h3", {}, "Bookmarks"), mark), bookmarks),
    h("div", { className: "trace-buttons" }, h("button", { type: "button", onclick: () => saveBlob(saved.bookmarkFile(), "bookmarks.json") }, "Export all"),
      h("button", { type: "button", title: "Add the bookmarks and selections of a file", onclick: () => file.click() }, "Import"), file));
}

/** @param {string} name */
function selectionRow(name) {
  const points = saved.namedSelections().find(([known]) => known === name)?.[1] ?? 0;
  const use = (/** @type {"replace" | "add" | "remove"} */ how) => () => {
    const rows = saved.rowsNamed(name);
    if (rows) selectRows(rows, how);
  };
  const more = iconButton("more", `More to do with "${name}"`, () => openMenu(more, [
    { label: "Add to the selection", act: use("add") },
    { label: "Take out of the selection", act: use("remove") },
    { label: "Replace by what is selected now", act: () => void saved.keepSelection(name) },
    { label: "Rename …", act: () => askName("Rename the selection", name, saved.namedSelections().map(([known]) => known), (next) => void saved.renameSelection(name, next)) },
    { label: "Delete", act: () => void saved.deleteSelection(name) },
  ]));
  return h("li", { className: "saved-row" }, h("button", { type: "button", className: "saved-name", title: `Select these points (of ${plural(points, "point")})`, onclick: use("replace") }, h("bdi", {}, name)), more);
}

/** @param {string} name @param {(problem: string) => void} tell */
function bookmarkRow(name, tell) {
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(saved.bookmarkLink(name));
    } catch {
      tell(`The link cannot be copied here: ${saved.bookmarkLink(name)}`);
    }
  };
  const more = iconButton("more", `More to do with "${name}"`, () => openMenu(more, [
    { label: "Copy the link", act: () => void copy() },
    { label: "Replace by what is shown now", act: () => void saved.keepBookmark(name) },
    { label: "Rename …", act: () => askName("Rename the bookmark", name, saved.bookmarkList().map(([known]) => known), (next) => void saved.renameBookmark(name, next)) },
    { label: "Delete", act: () => void saved.deleteBookmark(name) },
  ]));
  return h("li", { className: "saved-row" }, h("button", { type: "button", className: "saved-name", title: "Show this view", onclick: () => saved.openBookmark(name) }, h("bdi", {}, name)), more);
}

function askBookmark() {
  askName("Keep what is shown", "", saved.bookmarkList().map(([name]) => name), (name) => void saved.keepBookmark(name));
}

/** @param {string} title @param {string} value @param {string[]} taken @param {(name: string) => void} onName */
function askName(title, value, taken, onName) {
  askText({ title, label: "Name", value, action: value ? "Rename" : "Keep", complaint: (text) => (text !== value && taken.includes(text) ? `"${text}" is there already.` : null) }, (name) => name !== value && onName(name));
}
