/** The runs behind the views: each view has one, for the matrix in sight. What is cheap starts by itself; the rest is asked for. */

import { Atom, oncePerTask } from "../lib/atom.js";
import { embeddings, methodOf } from "./projector-catalog.js";
import { ViewRun } from "./projector-run.js";
import { activeView, allSteps, matchBy, pointViews, viewNow } from "./projector-settings.js";
import { shownEmbedding, shownSeries } from "./projector-shown.js";

/** @typedef {import("../lib/point-views.js").ViewSetting} ViewSetting */

/** Whether a method runs whenever its settings change. @param {string} method */
export const isQuick = (method) => methodOf(method)?.quick ?? false;

const SIDES = ["left", "right", "down", "up", "back", "front"];

/** Whether it is known what to lay out: axes need points that they lead to, or classes. @param {ViewSetting} view */
export function isComplete({ method, parameters }) {
  if (method !== "axes") return true;
  return parameters.kind ? Boolean(parameters.column) : SIDES.some((side) => parameters[side]);
}

/** By the id of their view. Set anew when a view comes or goes. */
const viewRuns = new Atom(/** @type {ReadonlyMap<number, ViewRun>} */ (new Map()));
/** Counts up with every change of any run. */
export const runsVersion = new Atom(0);

/** The job of the view that the panel is about; "" while it has none. */
export const shownJob = new Atom("");

let awake = false;

/** The run of a view. @param {number} id @returns {ViewRun | null} */
export const runOf = (id) => viewRuns.get().get(id) ?? null;

/** Whether the steps of the tag in sight are laid out together. */
export const overTime = () => allSteps.get() && (shownSeries.get()?.steps.length ?? 0) > 1;

/** What the server is asked to lay out for a view; null while nothing is in sight. @param {ViewSetting} view */
export function orderOf({ method, dims, preprocess, seed, parameters }) {
  const shown = shownEmbedding.get();
  if (!shown) return null;
  const series = shownSeries.get();
  const about = overTime() && series ? { run: series.run, tag: series.tag, steps: "all", until: series.steps.at(-1)?.step, ...(matchBy.get() ? { match: matchBy.get() } : {}) } : shown.ref; // `until`: a new step makes another order
  return { ...about, method, dims: method === "pca" && !overTime() ? 3 : dims, preprocess: preprocess ?? methodOf(method)?.preprocess ?? null, seed, parameters };
}

/** Whether a view shows what its settings say. @param {ViewSetting} view */
export const isCurrent = (view) => runOf(view.id)?.state.get().order === JSON.stringify(orderOf(view));

/** Runs a view with the settings it has now. @param {number} id @param {boolean} [restart] also where the same was made before */
export function startView(id, restart = false) {
  const view = pointViews.get().find((one) => one.id === id);
  const order = view && orderOf(view);
  if (order) void runOf(id)?.start(order, restart ? { restart } : {});
}

/** What each view's picture is of: pictures of other points, by another method or in other dimensions do not stay. @type {Map<number, string>} */
const drawn = new Map();

function arrange() {
  const views = pointViews.get();
  const runs = viewRuns.get();
  const ids = views.map(({ id }) => id);
  if (ids.length !== runs.size || ids.some((id) => !runs.has(id))) {
    for (const [id, run] of runs) if (!ids.includes(id)) forget(id, run);
    viewRuns.set(new Map(ids.map((id) => [id, runs.get(id) ?? newRun()])));
  }
  if (awake) startWhatIsCheap(views);
}

/** @param {number} id @param {ViewRun} run */
function forget(id, run) {
  run.end();
  drawn.delete(id);
}

function newRun() {
  const run = new ViewRun();
  run.state.subscribe(() => runsVersion.set(runsVersion.get() + 1));
  return run;
}

/** @param {readonly ViewSetting[]} views */
function startWhatIsCheap(views) {
  for (const view of views) {
    const run = /** @type {ViewRun} */ (runOf(view.id));
    const order = orderOf(view);
    if (!order || !methodOf(view.method)?.available) continue;
    const { preprocess: _, seed: __, parameters: ___, ...picture } = order;
    const now = JSON.stringify(picture);
    const other = drawn.get(view.id) !== now;
    drawn.set(view.id, now);
    if (isQuick(view.method) && isComplete(view)) startUnlessCurrent(view, run, order, other);
    else if (other) {
      run.clear();
      void run.start(order, { peek: true }); // a link leads to what was made
    }
  }
}

/** Whether a picture is of the tag in sight, by the same method. @param {ViewRun} run */
function isOfShownTag(run) {
  const { order } = run.state.get();
  const series = shownSeries.get();
  const before = order ? JSON.parse(order) : {};
  return series !== null && before.method === "pca" && before.run === series.run && series.steps.some(({ name }) => name === before.name);
}

/** @param {ViewSetting} view @param {ViewRun} run @param {object} order @param {boolean} other */
function startUnlessCurrent(view, run, order, other) {
  if (other && !isOfShownTag(run)) run.clear(); // from step to step the picture stays until the next one comes
  if (!isCurrent(view)) void run.start(order);
}

const tellJob = oncePerTask(() => shownJob.set(runOf(viewNow().id)?.state.get().job ?? ""));
for (const atom of [runsVersion, activeView, viewRuns]) atom.subscribe(tellJob);

const soon = oncePerTask(arrange);
for (const atom of [embeddings, pointViews, shownEmbedding, shownSeries, allSteps, matchBy]) atom.subscribe(soon);
arrange();

/** The page is in sight, or no more. @param {boolean} on */
export function wakeRuns(on) {
  awake = on;
  for (const run of viewRuns.get().values()) run.wake(on);
  if (on) soon();
}
