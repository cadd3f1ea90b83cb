/** The bar above a view: which one, what is not saved, and what can be done with it. */

import { wireAxis } from "../../lib/axis.js";
import { freeName } from "../../lib/view-edits.js";
import { newView, writeView } from "../../lib/view-file.js";
import { fetchReport } from "../../state/api.js";
import { drawnRuns } from "../../state/listed-runs.js";
import * as store from "../../state/store.js";
import * as views from "../../state/views.js";
import { stateFile } from "../../state/user-state.js";
import { h, icon, iconButton } from "../../ui/dom.js";
import { saveBlob } from "../../ui/save-blob.js";
import { askText, askYes, showMenu } from "../../ui/questions.js";

/** @typedef {import("../../state/views.js").OpenView} OpenView */

const SOURCES = /** @type {const} */ ([["state", "Saved"], ["file", "Files beside the runs"], ["log", "Layouts of logs"]]);

/** @param {{onAddChart: () => void, onAddText: () => void, onAddSection: () => void, onSettings: (button: HTMLElement) => void, onProblem: (text: string) => void}} events */
export function viewBar(events) {
  const list = h("select", { "aria-label": "View", className: "view-list", onchange: () => views.showView(list.value) });
  const state = h("span", { className: "quiet view-state", role: "status" });
  const save = h("button", { type: "button", className: "primary", onclick: () => saveOpen() }, "Save");
  const undo = iconButton("undo", "Undo (Ctrl + Z)", views.undo);
  const redo = iconButton("redo", "Redo (Ctrl + Shift + Z)", views.redo);
  const settings = iconButton("sliders", "Settings of the view", () => events.onSettings(settings));
  const more = iconButton("more", "More", () => showMenu(more, menuOf(events)));
  const add = h("button", { type: "button", className: "with-icon", onclick: events.onAddChart }, icon("plus"), "Chart");
  const element = h("div", { className: "bar", role: "toolbar", "aria-label": "View" }, list, save, undo, redo, state, h("span", { className: "gap" }),
    settings, h("button", { type: "button", className: "with-icon wide-only", onclick: events.onAddText }, icon("plus"), "Text"),
    h("button", { type: "button", className: "with-icon wide-only", onclick: events.onAddSection }, icon("plus"), "Section"), add, more);

  const update = () => {
    const opened = views.openView.get();
    const known = views.viewList.get();
    const groups = SOURCES.map(([source, label]) => {
      const names = known.filter((entry) => entry.source === source).map(({ name }) => h("option", { value: name }, name));
      return names.length > 0 && h("optgroup", { label }, ...names);
    });
    const unlisted = known.every(({ name }) => name !== opened.name) && h("option", { value: opened.name }, opened.name || "First view");
    list.replaceChildren(...[unlisted, ...groups].filter((child) => child !== false));
    list.value = opened.name;
    undo.disabled = opened.past.length === 0;
    redo.disabled = opened.future.length === 0;
    save.hidden = !opened.view || (opened.source === "state" && !views.isChanged(opened));
    add.disabled = !opened.view;
    state.textContent = stateOf(opened);
  };
  views.openView.subscribe(update);
  views.viewList.subscribe(update);
  stateFile.subscribe(update);
  update();
  return { element, save: saveOpen };
}

/** @param {OpenView} opened */
function stateOf(opened) {
  if (!opened.view) return "";
  if (views.isChanged(opened)) return "Unsaved changes";
  if (opened.source === "suggested") return "Suggested from your tags: change it, or save it as it is";
  if (opened.source === "file") return `File ${opened.from}: saving keeps a copy here`;
  if (opened.source === "log") return "Layout of a log: saving keeps a copy here";
  return stateFile.get().writable ? "" : "Not kept: the state file cannot be written";
}

/** Saves under the name it has, or asks for one. */
function saveOpen() {
  const { name, source, view } = views.openView.get();
  if (!view) return;
  if (source === "state" || source === "new") void views.saveView();
  else askName("Save view", "Save", freeName(name || view.title, source === "file" || source === "log" ? [] : views.viewNames()), (chosen) => void views.saveView(chosen));
}

/** @param {string} title @param {string} action @param {string} value @param {(name: string) => void} onName */
function askName(title, action, value, onName) {
  const own = views.openView.get().name;
  const complaint = (/** @type {string} */ name) => {
    const taken = views.viewList.get().some((entry) => entry.name === name && entry.source === "state" && name !== own);
    return taken ? `There is a view "${name}" already.` : null;
  };
  askText({ title, label: "Name", value, action, complaint }, onName);
}

/** @param {{onAddText: () => void, onAddSection: () => void, onProblem: (text: string) => void}} events @returns {([string, () => void] | null)[]} */
function menuOf({ onAddText, onAddSection, onProblem }) {
  const { view, name, source } = views.openView.get();
  const start = () => askName("New view", "Create", freeName("New view", views.viewNames()), (chosen) => views.startView(newView(chosen), chosen));
  const copy = () => view && views.startView(structuredClone(view), `${name || view.title} copy`);
  /** @type {([string, () => void] | null)[]} */
  const entries = [["New view", start], ["Open a view file …", () => chooseFile(onProblem)], ["First view from the tags", () => views.showSuggested()]];
  if (!view) return entries;
  entries.push(null, ["Add a text", onAddText], ["Add a section", onAddSection], null, ["Duplicate", copy]);
  if (source === "state") {
    entries.push(["Rename …", () => askName("Rename view", "Rename", name, (chosen) => void views.renameView(chosen))]);
    entries.push(["Delete …", () => askYes(`Delete the view "${name}"?`, "Its charts go; nothing in the logs does.", "Delete", () => void views.deleteView())]);
  }
  entries.push(null, ["Download as file", () => download(view, name || view.title)], ["Download as HTML report", () => downloadReport(view, onProblem)]);
  return entries;
}

/** @param {import("../../lib/view-file.js").View} view @param {string} name */
function download(view, name) {
  saveBlob(new Blob([writeView({ ...view, title: name })], { type: "application/json" }), `${name}.view.json`);
}

/** What holds where the view says nothing. @returns {any} */
const settingsOfPage = () => ({ x: wireAxis(store.axis.get()), smoothing: { kind: store.smoothingKind.get(), amount: store.smoothing.get() }, robust: store.robust.get() });

/** @param {import("../../lib/view-file.js").View} view @param {(text: string) => void} onProblem */
async function downloadReport(view, onProblem) {
  try {
    saveBlob(await fetchReport({ ...view, settings: { ...settingsOfPage(), ...view.settings } }, [...drawnRuns()]), `${view.title}.html`);
  } catch (error) {
    onProblem(/** @type {Error} */ (error).message);
  }
}

/** @param {(text: string) => void} onProblem */
function chooseFile(onProblem) {
  const input = h("input", { type: "file", accept: ".json,application/json" });
  input.addEventListener("change", () => input.files && openFiles(input.files, onProblem));
  input.click();
}

/** Opens the first of the files that is a view. @param {FileList} files @param {(text: string) => void} onProblem */
export async function openFiles(files, onProblem) {
  const [file] = files;
  if (!file) return;
  try {
    views.loadViewFile(await file.text(), file.name);
  } catch (error) {
    onProblem(`${file.name}: ${/** @type {Error} */ (error).message}`);
  }
}
