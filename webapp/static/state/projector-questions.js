/** What the inspector of the Projector page asks the server about the points. */

import { parseArrays } from "../lib/arrays-frame.js";
import { encodeRows } from "../lib/row-set-text.js";
import { jsonBody } from "./api.js";
import { requestDone } from "./patient-request.js";
import { projectorAddress } from "./projector-api.js";

/** @typedef {import("../lib/embedding-choice.js").EmbeddingRef} EmbeddingRef */
/** @typedef {import("../lib/row-sets.js").Rows} Rows */
/** @typedef {import("./patient-request.js").Waiting} Waiting */

/** All metadata of some points, at most 1,000. @param {EmbeddingRef} ref @param {readonly number[]} rows @returns {Promise<{rows: {row: number, cells: Record<string, string | number | null>}[]}>} */
export const askRows = async (ref, rows) => (await requestDone(projectorAddress("rows", ref, { rows: rows.join(",") }), {})).json();

/**
 * Every point that a text is found in.
 *
 * @param {EmbeddingRef} ref @param {{text: string, pattern: boolean, columns: readonly string[] | null}} query `columns`: null for all of them
 * @param {AbortSignal} signal @returns {Promise<Rows>}
 */
export async function askSearch(ref, { text, pattern, columns }, signal) {
  const more = { q: text, regex: pattern ? "1" : "0", ...(columns ? { columns: JSON.stringify(columns) } : {}) };
  return (await arrays(projectorAddress("search", ref, more), { signal })).arrays.rows;
}

/**
 * The nearest vectors of some points' centroid, and where a layout is named the nearest points in it.
 *
 * @param {{ref: EmbeddingRef, rows: Rows, k: number, metric: string, layout: import("./projector-layout-query.js").LayoutQuery | null, within: Rows | null}} query
 * @param {AbortSignal} signal @returns {Promise<{rows: Rows, distances: Float32Array, here: Rows | null, notes: string[]}>}
 */
export async function askNeighbors({ ref, rows, k, metric, layout, within }, signal) {
  const body = { ...ref, rows: encodeRows(rows), k, metric, ...layout, ...(within ? { within: encodeRows(within) } : {}) };
  const { header, arrays: found } = await arrays("api/projector/neighbors", { ...jsonBody(body), signal });
  return { rows: found.rows, distances: found.distances, here: found.here ?? null, notes: header.notes ?? [] };
}

/** @param {object} query see the server's route @param {AbortSignal} signal @param {(waiting: Waiting) => void} onWaiting */
export async function askClusters(query, signal, onWaiting) {
  const { header, arrays: found } = await arrays("api/projector/clusters", { ...jsonBody(query), signal }, onWaiting);
  return { labels: found.labels, clusters: header.clusters, notes: header.notes ?? [] };
}

/** Metadata (and coordinates, where a layout is named) of some points as a file. @param {EmbeddingRef} ref @param {Rows} rows @param {"csv" | "tsv"} form @param {string} job @returns {Promise<Blob>} */
export async function downloadRows(ref, rows, form, job) {
  const body = new Blob([/** @type {Uint32Array<ArrayBuffer>} */ (rows)]);
  const init = { method: "POST", headers: { "Content-Type": "application/octet-stream" }, body };
  return (await requestDone(projectorAddress("download", ref, { form, ...(job ? { job } : {}) }), init)).blob();
}

/** A thumbnail of a point. @param {EmbeddingRef} ref @param {number} row @param {number} size pixels */
export const thumbnailAddress = (ref, row, size) => pictures.address(ref, row, size);

/** Where thumbnails come from; a page that has them itself says so here. */
export const pictures = {
  /** @type {(ref: EmbeddingRef, row: number, size: number) => string} */
  address: (ref, row, size) => projectorAddress("thumbnail", ref, { row: String(row), size: String(size) }),
};

/** @param {string} path @param {RequestInit} init @param {(waiting: Waiting) => void} [onWaiting] @returns {Promise<{header: any, arrays: Record<string, any>}>} */
async function arrays(path, init, onWaiting) {
  return parseArrays(await (await requestDone(path, init, onWaiting)).arrayBuffer());
}
