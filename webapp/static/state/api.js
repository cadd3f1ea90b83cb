/** The only place that fetches (what cards of values and the page of embeddings ask is in cards-api.js and projector-api.js). Addresses are relative to the page, so it works below any prefix and behind any proxy. */

import { parseFrame } from "../lib/frame.js";
import { graphQuery } from "../lib/graph-choice.js";
import { parseTable } from "../lib/table-frame.js";

/** @typedef {import("../lib/types.js").RunsAnswer} RunsAnswer */
/** @typedef {import("../lib/types.js").Status} Status */
/** @typedef {import("../lib/types.js").FileInfo} FileInfo */
/** @typedef {Error & {at?: [number, number], status?: number}} RequestError `at`: where in the query's text the mistake is; `status`: the server's, where it answered */

/** @returns {Promise<RunsAnswer>} */
export const fetchRuns = () => getJson("api/runs");

/** @returns {Promise<Status>} */
export const fetchStatus = () => getJson("api/status");

/** @param {string} run @returns {Promise<FileInfo[]>} */
export const fetchFiles = (run) => getJson(`api/files?${new URLSearchParams({ run })}`);

/** @returns {Promise<import("./user-state.js").StateAnswer>} */
export const fetchState = () => getJson("api/state");

/** @param {import("../lib/state-changes.js").Change[]} changes @param {RequestInit} [how] @returns {Promise<import("./user-state.js").StateAnswer>} */
export const postState = async (changes, how = {}) => (await request("api/state", { ...jsonBody({ changes }), ...how })).json();

/** @returns {Promise<import("./views.js").ServedView[]>} saved, in files beside the runs, and layouts of logs */
export const fetchViews = () => getJson("api/views");

/**
 * @param {object} query see the server's route
 * @param {AbortSignal} signal
 */
export async function fetchSeries(query, signal) {
  const body = JSON.stringify(query);
  const answer = await request("api/scalars", { method: "POST", headers: { "Content-Type": "application/json" }, body, signal });
  return parseFrame(await answer.arrayBuffer());
}

/** @param {{by: object, runs: string[]}} query @returns {Promise<{groups: {name: string, runs: string[], values?: Record<string, unknown>}[], error?: {message: string, start: number, end: number} | null}>} */
export const fetchGroups = (query) => postJson("api/groups", query);

/** @param {{column: string, groups: import("../lib/types.js").GroupSet}} query @returns {Promise<{rows: import("./view-bars.js").GroupValue[]}>} */
export const fetchBars = (query) => postJson("api/bars", query);

/** @param {object} query see the server's route @returns {Promise<{rows: import("../lib/types.js").StatisticsRow[]}>} */
export const fetchStatistics = (query) => postJson("api/statistics", query);

/** @param {string} run @param {string} tag @param {"csv" | "json"} format @param {string} segments */
export function downloadAddress(run, tag, format, segments) {
  return `api/download?${new URLSearchParams({ run, tag, format, segments })}`;
}

/** @returns {Promise<import("../lib/column-list.js").ColumnsAnswer>} */
export const fetchColumns = () => getJson("api/columns");

/**
 * @param {string[]} columns
 * @param {number} [since] version of a table that is here already: rows that have not changed stay away
 */
export async function fetchTable(columns, since) {
  return parseTable(await (await request("api/table", jsonBody({ columns, since }))).arrayBuffer());
}

/**
 * @typedef {{version: number, runs: number[] | null, error: {message: string, start?: number, end?: number} | null}} FilterAnswer
 * @param {string} query @param {AbortSignal} signal
 * @returns {Promise<FilterAnswer>} places of the runs in the table's natural order; null: all of them
 */
export const filterRuns = async (query, signal) => (await request("api/filter", { ...jsonBody({ query }), signal })).json();

/**
 * @param {{columns: string[], runs: string[], format: string, baseline?: string}} order
 * @returns {Promise<Blob>}
 */
export const exportTable = async (order) => (await request("api/table/export", jsonBody(order))).blob();

/**
 * @param {{metric: string, runs: string[], asker: string}} question `asker` names this page: its next question ends this one
 * @param {AbortSignal} signal
 */
export const askImportance = async (question, signal) => (await request("api/importance", { ...jsonBody(question), signal })).json();

/** @param {string} asker @param {AbortSignal} signal @returns {Promise<{done: number | null}>} */
export const importanceProgress = async (asker, signal) => (await request(`api/importance/progress?${new URLSearchParams({ asker })}`, { signal })).json();

/**
 * @param {number} since version that is known already
 * @returns {Promise<{version: number, runs: string[] | null, events: import("./events.js").RunEvent[]}>} of all runs, or of those in `runs`
 */
export const fetchEvents = (since) => getJson(`api/events?since=${since}`);

/**
 * @param {string} [known] the ETag of an answer that is here already
 * @returns {Promise<{etag: string, answer: import("../lib/kinds-index.js").KindsAnswer | null}>} null: it is still as it was
 */
export async function fetchKinds(known) {
  const answer = await request("api/kinds", {}); // as theme.js has asked for it; the answer says that it is to be checked
  const etag = answer.headers.get("ETag") ?? "";
  return { etag, answer: etag && etag === known ? null : await answer.json() };
}

/** One value in one form. @param {string} form @param {Record<string, string>} value run, kind, tag, id, and what the form takes */
export const blobAddress = (form, value) => `api/blob/${form}?${new URLSearchParams(value)}`;

/** @param {string} address of blobAddress @returns {Promise<ArrayBuffer>} */
export const fetchForm = async (address) => (await request(address, {})).arrayBuffer();

/**
 * @param {{query: string, mode: string, runs: string[], tags: string[], from: number[] | null}} query @param {AbortSignal} signal
 * @returns {Promise<{hits: import("./texts.js").TextHit[], searched: number, of: number | null, unreadable: number, next: number[] | null}>} a stretch of the search
 */
export const findText = async (query, signal) => (await request("api/text/search", { ...jsonBody(query), signal })).json();

/** @param {{run: string, tag: string, ids: string[]}} query @returns {Promise<{texts: (string | null)[]}>} */
export const fetchBeginnings = (query) => postJson("api/text/beginnings", query);

/** @param {string} text Markdown @returns {Promise<{html: string}>} */
export const fetchMarkdown = (text) => postJson("api/markdown", { text });

/** @returns {Promise<import("./graph-catalog.js").GraphsAnswer>} */
export const fetchGraphs = () => getJson("api/graphs");

/** The newest graph as it is seen that nobody has touched; null without one. @returns {Promise<import("./graph-scene.js").SceneAnswer | null>} */
export const fetchFirstScene = () => getJson("api/graph/first");

/** What of a graph is drawn where. @param {object} query see the server's route @param {AbortSignal} signal @returns {Promise<import("./graph-scene.js").SceneAnswer>} */
export const fetchScene = async (query, signal) => (await request("api/graph/scene", { ...jsonBody(query), signal })).json();

/** The boxes and edges on the way up, down or between two boxes. @param {"trace" | "path"} question @param {object} query see the server's routes @returns {Promise<import("./graph-trace.js").TraceAnswer>} */
export const fetchTrace = (question, query) => postJson(`api/graph/${question}`, query);

/** One answer about a graph. @param {"tree" | "node" | "search" | "export" | "diff"} what @param {import("../lib/graph-choice.js").GraphChoice} graph @param {Record<string, string>} [more] */
export const graphAddress = (what, graph, more = {}) => `api/graph/${what}?${new URLSearchParams({ ...graphQuery(graph), ...more })}`;

/** @param {string} address of graphAddress @param {AbortSignal} signal */
export const askGraph = async (address, signal) => (await request(address, { signal })).json();

/** Opens a graph file by hand. @param {File} file @returns {Promise<{file: string, name: string, notes?: string[]}>} */
export const openGraphFile = async (file) => (await request(`api/graph/file?${new URLSearchParams({ name: file.name })}`, rawBody(file))).json();

/** Lays a table of module path → number over a graph. @param {File} file @param {import("../lib/graph-choice.js").GraphChoice} graph @returns {Promise<{by: string, title: string, matched: number, unmatched: number, notes?: string[]}>} */
export const openGraphTable = async (file, graph) => (await request(`api/graph/table?${new URLSearchParams({ ...graphQuery(graph), name: file.name })}`, rawBody(file))).json();

/** @returns {Promise<import("./alerts.js").AlertsAnswer>} */
export const fetchAlerts = () => getJson("api/alerts");

/**
 * @param {import("../lib/view-file.js").View} view @param {string[]} runs
 * @returns {Promise<Blob>} one HTML file
 */
export const fetchReport = async (view, runs) => (await request("api/report", jsonBody({ view, runs }))).blob();

/** Every scalar of the log, as one table. @param {"csv" | "json" | "parquet"} format */
export const exportAddress = (format) => `api/export?${new URLSearchParams({ format })}`;

/** What charts show, from all points. @param {object} query of POST /api/scalars, with `format` @returns {Promise<Blob>} */
export const exportSeries = async (query) => (await request("api/export", jsonBody(query))).blob();

/** @param {number} since */
export const liveAddress = (since) => `api/live?since=${since}`;

/** @param {object} body @returns {RequestInit} */
export function jsonBody(body) {
  return { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
}

/** @param {Blob} body @returns {RequestInit} */
export const rawBody = (body) => ({ method: "POST", headers: { "Content-Type": "application/octet-stream" }, body });

/** @param {string} path @param {object} query */
export async function postJson(path, query) {
  return (await request(path, jsonBody(query))).json();
}

/** @param {string} path */
export async function getJson(path) {
  return (await request(path, {})).json();
}

/**
 * @param {string} path @param {RequestInit} init
 * @throws {Error} with a sentence for people: the server's own, where it gave one
 */
export async function request(path, init) {
  let answer;
  try {
    answer = await fetch(path, init);
  } catch (error) {
    if (init.signal?.aborted) throw error;
    throw new Error("The server does not answer. Is the dashboard still running?");
  }
  if (answer.ok) return answer;
  const told = await answer.json().catch(() => null);
  /** @type {RequestError} */
  const error = new Error(typeof told?.error === "string" ? told.error : `The server answered ${answer.status} to ${path.split("?")[0]}.`);
  error.status = answer.status;
  if (typeof told?.start === "number") error.at = [told.start, told.end];
  throw error;
}
