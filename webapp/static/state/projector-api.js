/** The questions of the page of embeddings to the server. */

import { parseArrays } from "../lib/arrays-frame.js";
import { getJson, jsonBody, postJson, rawBody, request } from "./api.js";
import { requestDone } from "./patient-request.js";

/** @typedef {import("../lib/embedding-choice.js").EmbeddingRef} EmbeddingRef */

/** @returns {Promise<import("./projector-catalog.js").EmbeddingsAnswer>} */
export const fetchEmbeddings = () => getJson("api/projector");

/** The address of something about one matrix. @param {"info" | "column" | "rows" | "search" | "sprite" | "thumbnail" | "download"} what @param {EmbeddingRef} ref @param {Record<string, string>} [more] */
export const projectorAddress = (what, ref, more = {}) => `api/projector/${what}?${new URLSearchParams({ ...ref, ...more })}`;

/** @param {EmbeddingRef} ref @param {AbortSignal} signal @returns {Promise<import("./projector-shown.js").EmbeddingInfo>} */
export const fetchEmbeddingInfo = async (ref, signal) => (await requestDone(projectorAddress("info", ref), { signal })).json();

/** Opens a file by hand, or one with labels of another (`of`). @param {File} file @param {string} [of] @returns {Promise<{file: string, name: string, notes?: string[]}>} */
export const openEmbeddingFile = async (file, of) => (await request(`api/projector/file?${new URLSearchParams({ name: file.name, ...(of ? { of } : {}) })}`, rawBody(file))).json();

/**
 * Begins a layout, or joins the one that is being made or was made of the same.
 *
 * @param {object} order see the server's route
 * @returns {Promise<{job: string | null, state: string}>} null: nobody has made it, and it was only asked for what there is (`peek`)
 */
export const startJob = async (order) => (await requestDone("api/projector/jobs", jsonBody(order))).json();

/** @param {string} job @param {"pause" | "resume" | "stop" | "change"} action @param {Record<string, unknown>} [parameters] */
export const steerJob = (job, action, parameters) => postJson(`api/projector/jobs/${encodeURIComponent(job)}`, { action, parameters });

/** Nobody needs it here: it ends at once, unless another asker looks at it. @param {string} job @param {string} asker */
export const discardJob = (job, asker) => postJson(`api/projector/jobs/${encodeURIComponent(job)}`, { action: "discard", asker });

/** The next frame after one, waited for. @param {string} job @param {number} after @param {string} asker @param {AbortSignal} signal */
export const fetchJobFrame = (job, after, asker, signal) => fetchArrays(`api/projector/jobs/${encodeURIComponent(job)}/frame?after=${after}&asker=${asker}`, { signal });

/** The layout of one step of a job over all steps. @param {string} job @param {number} step @param {AbortSignal} signal */
export const fetchJobStep = (job, step, signal) => fetchArrays(`api/projector/jobs/${encodeURIComponent(job)}/frame?step=${step}`, { signal });

/** @param {import("./projector-layout-query.js").LayoutQuery & {k: number, sample: number}} query @returns {Promise<import("./projector-quality.js").Quality>} */
export const fetchQuality = async (query) => (await requestDone("api/projector/quality", jsonBody(query))).json();

/** All points and some layouts as one HTML file. @param {EmbeddingRef} ref @param {readonly {job: string, dims: number}[]} layouts `dims`: axes shown at first @param {number | null} step of layouts over all steps @returns {Promise<Blob>} */
export const fetchProjectionPage = async (ref, layouts, step) => (await requestDone(`${projectorAddress("download", ref, { form: "html", ...(step === null ? {} : { step: String(step) }) })}${layouts.map(({ job, dims }) => `&job=${encodeURIComponent(job)}&dims=${dims}`).join("")}`, {})).blob();

/** How much of each point's neighbourhood a layout keeps, 0 … 1. @param {Record<string, string>} layout */
export const fetchFaithfulness = (layout) => fetchArrays(`api/projector/faithfulness?${new URLSearchParams(layout)}`, {});

/** @param {string} path @param {RequestInit} init */
async function fetchArrays(path, init) {
  return parseArrays(await (await requestDone(path, init)).arrayBuffer());
}
