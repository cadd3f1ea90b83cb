/** Views of an embedding beside each other: what each shows, and how that is written in an address. */

import { escapeName } from "./names.js";

/**
 * @typedef {object} ViewSetting
 * @property {number} id small, and never given twice on a page
 * @property {string} method "pca", "tsne", "umap", "axes", "random", "given"
 * @property {2 | 3} dims
 * @property {readonly string[] | null} preprocess in the order of their doing; null: as the method suggests
 * @property {number} seed
 * @property {Readonly<Record<string, unknown>>} parameters those that are not as the method suggests
 * @property {readonly [number, number, number]} axes components along x, y and z, where there are more than fit
 */

export const MOST_VIEWS = 4;

/** A view as nobody has touched it. @param {number} id @param {string} method @returns {ViewSetting} */
export const freshView = (id, method) => ({ id, method, dims: 2, preprocess: null, seed: 0, parameters: {}, axes: [0, 1, 2] });

/** Another view beside those there are: t-SNE beside PCA, PCA beside anything else. @param {readonly ViewSetting[]} views @returns {ViewSetting} */
export function viewBeside(views) {
  const id = Math.max(...views.map((view) => view.id)) + 1;
  return freshView(id, views.some(({ method }) => method === "pca") ? "tsne" : "pca");
}

/** "pca", "tsne:3:centre,l2:7:perplexity=50&…:0,1,2", views behind one another with ";". Parts that are as usual are left empty. @param {readonly ViewSetting[]} views */
export function encodeViews(views) {
  return views.map(({ method, dims, preprocess, seed, parameters, axes }) => {
    const parts = [
      escapeName(method), dims === 2 ? "" : "3", preprocess ? preprocess.map(escapeName).join(",") || "-" : "", seed === 0 ? "" : String(seed),
      Object.entries(parameters).map(([name, value]) => `${escapeName(name)}=${escapeName(JSON.stringify(value)).replaceAll("&", "%26")}`).join("&"),
      axes.join(",") === "0,1,2" ? "" : axes.join(","),
    ];
    return parts.join(":").replace(/:+$/, "");
  }).join(";");
}

/** @param {string} text @returns {ViewSetting[]} at least one */
export function decodeViews(text) {
  const views = text.split(";").slice(0, MOST_VIEWS).map(decodeView);
  return views.length ? views : [freshView(0, "pca")];
}

/** @param {string} text @param {number} id @returns {ViewSetting} */
function decodeView(text, id) {
  const [method = "", dims = "", preprocess = "", seed = "", parameters = "", axes = ""] = text.split(":");
  const [x, y, z] = axes.split(",").map(Number);
  return {
    id, method: decodeURIComponent(method) || "pca", dims: dims === "3" ? 3 : 2,
    preprocess: preprocess === "" ? null : preprocess === "-" ? [] : preprocess.split(",").map(decodeURIComponent),
    seed: Math.max(0, Number.parseInt(seed, 10) || 0),
    parameters: Object.fromEntries(parameters.split("&").filter(Boolean).map(decodeParameter)),
    axes: [x, y, z].every((axis) => Number.isInteger(axis) && axis >= 0) && axes ? [x, y, z] : [0, 1, 2],
  };
}

/** @param {string} text @returns {[string, unknown]} */
function decodeParameter(text) {
  const at = text.indexOf("=");
  return [decodeURIComponent(text.slice(0, at)), JSON.parse(decodeURIComponent(text.slice(at + 1)))];
}
