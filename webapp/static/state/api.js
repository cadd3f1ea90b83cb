/** The only place that fetches. Addresses are relative to the page, so it works below any prefix and behind any proxy. */

import { parseFrame } from "../lib/frame.js";

/** @typedef {import("../lib/types.js").RunsAnswer} RunsAnswer */
/** @typedef {import("../lib/types.js").Status} Status */
/** @typedef {import("../lib/types.js").FileInfo} FileInfo */
/** @typedef {Error & {at?: [number, number]}} RequestError `at`: where in the query's text the mistake is */

/** @returns {Promise<RunsAnswer>} */
export const fetchRuns = () => getJson("api/runs");

/** @returns {Promise<Status>} */
export const fetchStatus = () => getJson("api/status");

/** @param {string} run @returns {Promise<FileInfo[]>} */
export const fetchFiles = (run) => getJson(`api/files?${new URLSearchParams({ run })}`);

/** @returns {Promise<import("./user-state.js").StateAnswer>} */
export const fetchState = () => getJson("api/state");

/** @param {import("../lib/state-changes.js").Change[]} changes @returns {Promise<import("./user-state.js").StateAnswer>} */
export async function postState(changes) {
  const body = JSON.stringify({ changes });
  return (await request("api/state", { method: "POST", headers: { "Content-Type": "application/json" }, body })).json();
}

/**
 * @param {object} query see the server's route
 * @param {AbortSignal} signal
 */
export async function fetchSeries(query, signal) {
  const body = JSON.stringify(query);
  const answer = await request("api/scalars", { method: "POST", headers: { "Content-Type": "application/json" }, body, signal });
  return parseFrame(await answer.arrayBuffer());
}

/** @param {string} run @param {string} tag @param {"csv" | "json"} format @param {string} segments */
export function downloadAddress(run, tag, format, segments) {
  return `api/download?${new URLSearchParams({ run, tag, format, segments })}`;
}

/** @param {number} since */
export const liveAddress = (since) => `api/live?since=${since}`;

/** @param {string} path */
async function getJson(path) {
  return (await request(path, {})).json();
}

/**
 * @param {string} path @param {RequestInit} init
 * @throws {Error} with a sentence for people: the server's own, where it gave one
 */
async function request(path, init) {
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
  if (typeof told?.start === "number") error.at = [told.start, told.end];
  throw error;
}
