/**
 * The views there are, the one that is open, and what was changed in it since it was saved. Saved views are part of the
 * user state; those of files and of logs are read only, and become saved views when they are saved.
 */

import { Atom } from "../lib/atom.js";
import * as edits from "../lib/view-edits.js";
import { chartOf, suggestView } from "../lib/view-suggest.js";
import { parseView, readView } from "../lib/view-file.js";
import { fetchViews } from "./api.js";
import * as store from "./store.js";
import { changeState, userState } from "./user-state.js";

/** @typedef {import("../lib/view-file.js").View} View */
/** @typedef {import("../lib/view-file.js").Chart} Chart */
/** @typedef {{name: string, source: "state" | "file" | "log", path?: string, run?: string, view?: any, error?: string}} ServedView */

/**
 * @typedef {object} OpenView
 * @property {string} name "" before it is saved for the first time
 * @property {"state" | "file" | "log" | "new" | "suggested"} source
 * @property {string} from where a file or layout lies
 * @property {View | null} view null when it cannot be read
 * @property {View | null} saved what is in the state or file; the same object as `view` when nothing was changed
 * @property {View[]} past for undo, the last one first
 * @property {View[]} future for redo
 * @property {string} error why it cannot be read
 */

const MOST_STEPS = 100; // of undo
const SETTLE = 300; // ms without another change of the log before views are read again

/** @type {OpenView} */
const NOTHING = { name: "", source: "suggested", from: "", view: null, saved: null, past: [], future: [], error: "" };

/** Every view by name: saved ones, then files, then layouts. */
export const viewList = new Atom(/** @type {ServedView[]} */ ([]));
export const openView = new Atom(NOTHING);

/** @type {ServedView[]} */
let served = [];
let listed = false;

/** Reads the views of files and logs; the saved ones come with the user state. */
export async function loadViews() {
  try {
    served = (await fetchViews()).filter(({ source }) => source !== "state");
  } catch {
    // Without them the saved ones are still there; the connection says when the server is away.
  }
  listed = true;
  gather();
}

/** Saved views have their own names; another of the same name gets a number. */
function gather() {
  const states = Object.entries(userState.get().views ?? {}).map(([name, view]) => /** @type {ServedView} */ ({ name, source: "state", view }));
  const names = states.map(({ name }) => name);
  const others = served.map((entry) => {
    const name = edits.freeName(entry.name, names);
    names.push(name);
    return { ...entry, name };
  });
  viewList.set([...states, ...others]);
  follow();
}

/** Shows what is open as it is now, unless it was changed here. */
function follow() {
  const { name, view, saved, source, past } = openView.get();
  const wanted = store.viewName.get();
  if (view !== saved && name === wanted) return;
  const entry = viewList.get().find((known) => known.name === wanted) ?? (wanted === "" ? viewList.get()[0] : undefined);
  if (entry && entry.name === name && saved && JSON.stringify(entry.view) === JSON.stringify(saved)) return;
  if (entry) return openEntry(entry);
  if (!listed || !store.complete.get()) return; // a log that is still read may bring it
  const titled = wanted ? viewList.get().find((known) => known.view?.title === wanted) : undefined; // the list shows titles
  if (titled) return showView(titled.name);
  if (wanted && !view) openView.set({ ...NOTHING, name: wanted, error: `There is no view "${wanted}". It may have been renamed or deleted.` });
  else if (!wanted && source === "suggested" && past.length === 0) suggest();
}

/** @param {ServedView} entry */
function openEntry(entry) {
  const from = entry.path ?? entry.run ?? "";
  const opened = { ...NOTHING, name: entry.name, source: entry.source, from };
  try {
    if (entry.error) throw new Error(entry.error);
    const view = readView(entry.view);
    openView.set({ ...opened, view, saved: view });
  } catch (error) {
    openView.set({ ...opened, error: /** @type {Error} */ (error).message });
  }
}

/** A first view from the tags there are. @returns {View} */
export function suggestion() {
  const catalog = store.catalog.get();
  return suggestView(catalog.tags, store.pins.get(), (tag) => catalog.runsOf(tag).length);
}

function suggest() {
  const view = suggestion();
  openView.set({ ...NOTHING, view, saved: view });
}

/** The first view again, though there are saved ones. */
export function showSuggested() {
  startView(suggestion());
}

/** @param {string} name */
export function showView(name) {
  if (openView.get().name === name && store.viewName.get() === name) return;
  openView.set({ ...NOTHING, name });
  store.viewName.set(name);
  follow();
}

/** Whether what is shown is not in the state or file. @param {OpenView} opened */
export const isChanged = ({ view, saved }) => view !== saved;

/** Puts an edited view in the place of the open one. @param {View} view */
export function edit(view) {
  const before = openView.get();
  if (!before.view || view === before.view) return;
  openView.set({ ...before, view, past: [before.view, ...before.past].slice(0, MOST_STEPS), future: [] });
}

export function undo() {
  const before = openView.get();
  const [view, ...past] = before.past;
  if (view && before.view) openView.set({ ...before, view, past, future: [before.view, ...before.future] });
}

export function redo() {
  const before = openView.get();
  const [view, ...future] = before.future;
  if (view && before.view) openView.set({ ...before, view, future, past: [before.view, ...before.past] });
}

/** Names that are taken. */
export const viewNames = () => viewList.get().map(({ name }) => name);

/** Saves what is open, under another name where one is given. @param {string} [name] @returns {Promise<boolean>} whether the server took it */
export async function saveView(name = openView.get().name) {
  const opened = openView.get();
  if (!opened.view) return false;
  const view = { ...opened.view, title: name };
  openView.set({ ...opened, name, source: "state", from: "", view, saved: view });
  store.viewName.set(name);
  const saved = await changeState([{ path: ["views", name], value: view }]);
  if (!saved && openView.get().saved === view) openView.set({ ...openView.get(), saved: opened.saved });
  return saved;
}

/** @param {string} name a free one */
export async function renameView(name) {
  const { name: before, source } = openView.get();
  const taken = userState.get().views[before];
  if (!(await saveView(name))) return;
  if (source === "state" && taken && before !== name) changeState([{ path: ["views", before], value: null }]);
}

/** Takes the open view out of the user state. */
export function deleteView() {
  const { name } = openView.get();
  openView.set(NOTHING);
  store.viewName.set("");
  return changeState([{ path: ["views", name], value: null }]);
}

/** Starts one that is not saved yet. @param {View} view @param {string} [name] */
export function startView(view, name = view.title) {
  const free = edits.freeName(name, viewNames());
  openView.set({ ...NOTHING, name: free, source: "new", view: { ...view, title: free }, saved: null });
  store.viewName.set(free);
}

/**
 * Opens a file that was dropped or chosen.
 *
 * @param {string} text @param {string} fileName
 * @throws {Error} with a sentence when it is no view
 */
export function loadViewFile(text, fileName) {
  const view = parseView(text);
  startView(view, view.title === "Untitled" ? fileName.replace(/(\.view)?\.json$/i, "") : view.title);
}

/**
 * Adds a chart to the view that is open (or the first one), and saves where that view is a saved one.
 *
 * @param {Chart} chart
 * @returns {string} name of the view; "" for one that has none yet
 */
export function addChart(chart) {
  if (!openView.get().view) gather();
  if (!openView.get().view) suggest();
  const { view, source, name } = openView.get();
  if (view) edit(edits.addChart(view, chart));
  if (source === "state") saveView();
  return name;
}

/** For the menu of a card of the scalars page. @param {string} tag */
export const addTagToView = (tag) => addChart(chartOf(tag));

userState.subscribe(gather);
store.viewName.subscribe(() => {
  if (openView.get().name !== store.viewName.get()) follow();
});
let timer = 0;
/** Logs bring layouts, and tags to suggest a view from. */
function refresh() {
  if (!listed) return;
  clearTimeout(timer);
  timer = window.setTimeout(loadViews, SETTLE);
}
store.catalog.subscribe(refresh);
store.complete.subscribe(refresh);
