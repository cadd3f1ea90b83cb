/** What cards of values ask the server: values of runs by tag, curves, histograms. */

import { parseBlobs } from "../lib/blob-frame.js";
import { parseHistograms } from "../lib/histogram-frame.js";
import { parseCurves } from "../lib/threshold-curve.js";
import { jsonBody, request } from "./api.js";

/** @param {{asked: {kind: string, tag: string, runs: string[], known: Record<string, [number, number]>, names: boolean}[], segments: "all" | "latest"}} query @param {(run: string) => number} startOf */
export const fetchBlobs = async (query, startOf) => parseBlobs(await (await request("api/blobs", jsonBody(query))).arrayBuffer(), startOf);

/** @param {{kind: string, tag: string, series: {run: string, ids: string[]}[], areas_only: boolean}} query */
export const fetchCurves = async (query) => parseCurves(await (await request("api/curves", jsonBody(query))).arrayBuffer());

/** @param {object} query see the server's route */
export const fetchHistograms = async (query) => parseHistograms(await (await request("api/histograms", jsonBody(query))).arrayBuffer());
