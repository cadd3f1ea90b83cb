/** What the person chose. Every atom here is saved in the URL or in the browser's storage (see url.js, settings.js). */

import { Atom } from "../lib/atom.js";
import { EMPTY_CATALOG } from "../lib/catalog.js";
import { EVERYTHING } from "../lib/selection.js";

/** @typedef {import("../lib/types.js").XAxis} XAxis */
/** @typedef {import("../lib/types.js").Segments} Segments */
/** @typedef {import("../lib/types.js").View} View */
/** @typedef {import("../lib/types.js").Status} Status */
/** @typedef {import("../lib/selection.js").Choice} Choice */
/** @typedef {import("../lib/column-list.js").ShownColumn} ShownColumn */
/** @typedef {"nearest" | "descending" | "ascending" | "name"} TooltipSort */
/** @typedef {"system" | "light" | "dark"} Theme */

/** @template T @param {T} value @returns {Atom<T>} */
const atom = (value) => new Atom(value);

/** What the server has; not saved. */
export const catalog = atom(EMPTY_CATALOG);
/** The server's last word on itself; null before the first. */
export const status = atom(/** @type {Status | null} */ (null));
/** Whether the catalog is that of a log read to its end: before, what is not there may be on its way. */
export const complete = atom(false);
/** The run under the pointer in the run list; not saved. */
export const highlighted = atom(/** @type {string | null} */ (null));

/** Runs that were picked in the run table, to be compared or changed together. */
export const selectedRuns = atom(/** @type {ReadonlySet<string>} */ (new Set()));

/** Which page is in sight: the word behind the "#" of the URL. */
export const page = atom("scalars");
/** The saved view that is open; "" is the first there is. */
export const viewName = atom("");
/** Runs with a tick. */
export const chosen = atom(/** @type {Choice} */ (EVERYTHING));
/** Runs taken out of the list. */
export const hidden = atom(/** @type {ReadonlySet<string>} */ (new Set()));
/** Columns of the run table on its own page, and beside the charts; null: those nobody chose. */
export const tableColumns = atom(/** @type {readonly ShownColumn[] | null} */ (null));
export const sideColumns = atom(/** @type {readonly ShownColumn[] | null} */ (null));
/** Columns that order the runs, the first before the next. */
export const runOrder = atom(/** @type {readonly import("../lib/table-order.js").SortKey[]} */ ([]));
/** Groups of runs whose members are not listed. */
export const foldedGroups = atom(/** @type {ReadonlySet<string>} */ (new Set()));
/** Runs that do not match are neither listed nor drawn. */
export const runFilter = atom("");
/** Parts of columns that were brushed on the page of hyperparameters: runs outside are neither listed nor drawn. */
export const brushes = atom(/** @type {import("../lib/brush.js").Brushes} */ (new Map()));
/** There: the column that says how good a run is ("": the first of validation), */
export const metric = atom("");
/** the columns that are axes and those of the scatter matrix (null: what fits), */
export const axes = atom(/** @type {readonly string[] | null} */ (null));
export const matrix = atom(/** @type {readonly string[] | null} */ (null));
/** the axes' scales where somebody chose one, and the column that gives the colours ("": the metric, "run": each its own). */
export const axisScales = atom(/** @type {ReadonlyMap<string, import("../lib/parallel-axis.js").AxisScale>} */ (new Map()));
export const colorBy = atom("");
/** Axes whose least value is at the top, and whether runs without a single hyperparameter are drawn, too. */
export const flippedAxes = atom(/** @type {ReadonlySet<string>} */ (new Set()));
export const bareRuns = atom(false);
export const tagFilter = atom("");
/** Colours that came with a link, by run name; those people choose are in the user state. */
export const colors = atom(/** @type {ReadonlyMap<string, string>} */ (new Map()));

export const axis = atom(/** @type {XAxis} */ ("step"));
export const logX = atom(false);
export const logY = atom(false);
/** Weight of the past in the moving average. 0.6 is what readers of curves are used to; raw values stay visible behind. */
export const smoothing = atom(0.6);
/** What is smoothed how; the amount is a weight, a window of points or a width in points. */
export const smoothingKind = atom(/** @type {import("../lib/types.js").SmoothingKind} */ ("ema"));
/** Whether the change per unit of x is drawn instead of the values. */
export const derivative = atom(false);
/** Whether a few outliers may squeeze the rest of a curve flat (false) or are left out of the y range (true). */
export const robust = atom(true);
export const segments = atom(/** @type {Segments} */ ("latest"));
export const tooltipSort = atom(/** @type {TooltipSort} */ ("nearest"));
/** CSS pixels, at least. */
export const cardWidth = atom(340);
export const sidebarWidth = atom(312);
export const theme = atom(/** @type {Theme} */ ("system"));

/** Tags shown first, in the order of pinning. */
export const pins = atom(/** @type {readonly string[]} */ ([]));
/** Tags whose card takes the whole width. */
export const wide = atom(/** @type {ReadonlySet<string>} */ (new Set()));
/** Keys of folded sections. */
export const folded = atom(/** @type {ReadonlySet<string>} */ (new Set()));
/** The part of a chart that is shown, by tag; a tag without an entry shows everything. */
export const views = atom(/** @type {ReadonlyMap<string, View>} */ (new Map()));
/** The shared cursor where the keyboard left it, in units of the x axis. */
export const cursor = atom(/** @type {number | null} */ (null));

/** @template T @param {ReadonlySet<T>} set @param {T} item @returns {Set<T>} a copy with the item in or out */
export function toggled(set, item) {
  const copy = new Set(set);
  if (!copy.delete(item)) copy.add(item);
  return copy;
}

/** @param {string} tag @param {View | null} view null shows everything again */
export function setView(tag, view) {
  const next = new Map(views.get());
  if (view && (view.x || view.y)) next.set(tag, view);
  else next.delete(tag);
  views.set(next);
}

/** Charts of which statistics are shown, by tag, and over which part of x: null is what the chart shows. */
export const statistics = atom(/** @type {ReadonlyMap<string, import("../lib/types.js").Range | null>} */ (new Map()));
/** Kinds of events that are not drawn on the axis. */
export const hiddenMarks = atom(/** @type {ReadonlySet<string>} */ (new Set()));

/** Ranges along one axis mean nothing on another: they go, those of y stay. @param {XAxis} value */
export function setAxis(value) {
  if (axis.get() === value) return;
  const kept = [...views.get()].flatMap(([tag, view]) => (view.y ? [/** @type {const} */ ([tag, { x: null, y: view.y }])] : []));
  views.set(new Map(kept));
  cursor.set(null);
  axis.set(value);
}
