/** What was chosen on the page of embeddings. Everything here is saved in the URL. */

import { Atom } from "../lib/atom.js";
import { NO_ROWS } from "../lib/row-sets.js";

/** @typedef {import("../lib/embedding-choice.js").EmbeddingChoice} EmbeddingChoice */
/** @typedef {import("../lib/point-views.js").ViewSetting} ViewSetting */
/** @typedef {"linear" | "log" | "quantile"} ColorScale */

/** null: nobody chose; the first embedding there is, is shown. */
export const embeddingChoice = new Atom(/** @type {EmbeddingChoice | null} */ (null));
/** The views beside each other, the first at the left: how each comes by its coordinates. Never empty. */
export const pointViews = new Atom(/** @type {readonly ViewSetting[]} */ ([{ id: 0, method: "pca", dims: 2, preprocess: null, seed: 0, parameters: {}, axes: [0, 1, 2] }]));
/** Which of them the panel is about, by its id. */
export const activeView = new Atom(0);
/** What the colours mean: "column:NAME", "faithfulness", "drift", "cluster", "none"; "": nobody chose. */
export const colorBy = new Atom("");
export const colorScale = new Atom(/** @type {ColorScale} */ ("linear"));
/** The column of numbers that sizes go by, and the one that labels show; "" for none. */
export const sizeBy = new Atom("");
export const labelBy = new Atom("");
/** What is drawn beside the points: "images", "density", "trajectories", "names" of clusters. */
export const drawnExtras = new Atom(/** @type {ReadonlySet<string>} */ (new Set()));
/** What passes, by column of the metadata. */
export const filters = new Atom(/** @type {import("../lib/brush.js").Brushes} */ (new Map()));
/** How many neighbours are listed, and what near means. */
export const neighborCount = new Atom(100);
export const neighborMetric = new Atom("cosine");
/** The bookmark that a link names; "" once it is shown. */
export const bookmarkName = new Atom("");
/** Side of a thumbnail, pixels. */
export const imageSize = new Atom(32);
/** Whether all steps of a tag are laid out together, aligned, or each for itself. */
export const allSteps = new Atom(true);
/** Rows that are selected, rising; everyone but the address calls it `selection` (projector-points.js). */
export const chosenRows = new Atom(/** @type {import("../lib/row-sets.js").Rows} */ (NO_ROWS));
/** Rows that are shown alone, rising; null: all. Everyone but the address calls it `isolated` (projector-points.js). */
export const loneRows = new Atom(/** @type {import("../lib/row-sets.js").Rows | null} */ (null));
/** The column that says which points of two steps are the same; "": those in the same row. */
export const matchBy = new Atom("");
/** Where each view looks, by its id; a view without an entry shows everything. */
export const cameras = new Atom(/** @type {ReadonlyMap<number, readonly number[]>} */ (new Map()));
/** Whether the panels beside the picture are shown. */
export const methodShown = new Atom(true);
export const inspectorShown = new Atom(true);

/** The view that the panel is about. @returns {ViewSetting} */
export function viewNow() {
  const views = pointViews.get();
  return views.find(({ id }) => id === activeView.get()) ?? views[0];
}

/** @param {number} id @param {Partial<ViewSetting>} change */
export function changeView(id, change) {
  pointViews.set(pointViews.get().map((view) => (view.id === id ? { ...view, ...change } : view)));
}

/** @param {number} id of a view @param {readonly number[] | null} camera null shows everything */
export function setCamera(id, camera) {
  const next = new Map(cameras.get());
  if (camera) next.set(id, camera);
  else if (!next.delete(id)) return;
  cameras.set(next);
}
