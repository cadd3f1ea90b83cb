/** The questions of the page of profiles to the server: its views ask through here and nowhere else. */

import { parseArrays } from "../lib/arrays-frame.js";
import { getJson, jsonBody, rawBody, request } from "./api.js";
import { requestDone } from "./patient-request.js";

/** @typedef {import("./patient-request.js").Waiting} Waiting */

/**
 * @typedef {object} ProfileEntry
 * @property {string} id
 * @property {string} run
 * @property {string} name
 * @property {"kineto" | "xplane" | "snapshot" | "memory_timeline" | "execution_trace" | "stacks"} kind
 * @property {(number | null)[]} ranks
 * @property {number} size bytes
 * @property {number} wall_time seconds since 1970
 * @property {string} [problem] why it cannot be read
 *
 * @typedef {{profiles: ProfileEntry[], files: ProfileEntry[], listening?: {run: string, asked: boolean}[]}} ProfilesAnswer `listening`: runs whose training can be asked for a capture; `asked`: it was, and did not notice yet
 *
 * @typedef {{name: string, start: number, end: number, complete: boolean}} Step ns on the trace's clock, until the GPU has done what it launched; not complete: cut off when the profiler stopped
 * @typedef {{id: number, name: string, compute_capability: string, multiprocessors: number, memory: number}} Device
 * @typedef {{text: string, count: number, offset: number}} Remark `offset`: of the first one in the uncompressed text; −1 unknown
 *
 * @typedef {object} ProfileInfo what is known of a profile and of one of its ranks; from `rank` on only where there is a timeline
 * @property {string} id
 * @property {string} run
 * @property {string} name
 * @property {ProfileEntry["kind"]} kind
 * @property {number} wall_time
 * @property {{rank: number, name: string, size: number, worker: string, problem: string}[]} files one a rank; `problem`: why it cannot be read, "" as far as nobody tried
 * @property {number} [rank]
 * @property {number | null} [zero_ns] since 1970 at the trace's time 0
 * @property {number} [start] ns, of all slices
 * @property {number} [end]
 * @property {number | null} [world_size]
 * @property {number} [slices] how many
 * @property {number} [kernels] how many
 * @property {Device[]} [devices]
 * @property {Remark[]} [remarks]
 * @property {Step[]} [steps]
 *
 * @typedef {object} Shown what views show
 * @property {string} p the profile's id
 * @property {number | null} rank null: the first
 * @property {[from: number, to: number] | null} window ns; null: all of it
 * @property {ProfileInfo} info
 *
 * @typedef {object} TableColumn
 * @property {string} name
 * @property {string} title
 * @property {"" | "ns" | "bytes" | "count" | "share" | "bytes/s" | "flop/s" | "flop"} unit shares are 0 … 1
 * @property {string} hint
 * @property {boolean} text
 * @property {(string | number | null)[]} values
 *
 * @typedef {{name: string, title: string, notes: string[], columns: TableColumn[]}} TableAnswer
 *
 * @typedef {{signal?: AbortSignal, onWaiting?: (waiting: Waiting) => void}} Asking
 * @typedef {Record<string, string | number | boolean | null | undefined>} More further parameters; what is null or undefined is left out
 */

/** @returns {Promise<ProfilesAnswer>} */
export const fetchProfiles = () => getJson("api/profiles");

/** Asks the training of a run for a capture. @param {string} run @param {number} steps 0: as many as it likes */
export const askForCapture = (run, steps) => request("api/profile/capture", jsonBody({ run, steps }));

/** The address of something about a profile. @param {string} what "table", "timeline", "original" … @param {Pick<Shown, "p" | "rank" | "window">} shown @param {More} [more] */
export function profileAddress(what, { p, rank, window }, more = {}) {
  const given = Object.entries({ p, rank, from: window?.[0], to: window?.[1], ...more }).filter(([, value]) => value !== null && value !== undefined);
  return `api/profile/${what}?${new URLSearchParams(given.map(([name, value]) => [name, String(value)]))}`;
}

/** @param {string} what @param {Pick<Shown, "p" | "rank" | "window">} shown @param {More} [more] @param {Asking} [asking] @returns {Promise<any>} */
export async function askProfile(what, shown, more = {}, { signal, onWaiting } = {}) {
  return (await requestDone(profileAddress(what, shown, more), { signal }, onWaiting)).json();
}

/** As askProfile, of an answer in binary columns. @param {string} what @param {Pick<Shown, "p" | "rank" | "window">} shown @param {More} [more] @param {Asking} [asking] */
export async function askProfileArrays(what, shown, more = {}, { signal, onWaiting } = {}) {
  return parseArrays(await (await requestDone(profileAddress(what, shown, more), { signal }, onWaiting)).arrayBuffer());
}

/** A table by its name. @param {string} name @param {Pick<Shown, "p" | "rank" | "window">} shown @param {More} [more] @param {Asking} [asking] @returns {Promise<TableAnswer>} */
export const fetchTable = (name, shown, more = {}, asking = {}) => askProfile("table", shown, { name, ...more }, asking);

/** @param {Pick<Shown, "p" | "rank">} shown @param {Asking} asking @returns {Promise<ProfileInfo>} */
export const fetchProfileInfo = ({ p, rank }, asking) => askProfile("info", { p, rank, window: null }, {}, asking);

/** The file of a rank as it is. @param {Pick<Shown, "p" | "rank">} shown @returns {Promise<ArrayBuffer>} */
export const fetchOriginal = async ({ p, rank }) => (await request(profileAddress("original", { p, rank, window: null }), {})).arrayBuffer();

/** Opens a file by hand, or one of a further rank. @param {File} file @param {string} [beside] the id of the first one @returns {Promise<ProfileEntry>} */
export const openProfileFile = async (file, beside) => (await request(`api/profile/file?${new URLSearchParams({ name: file.name, ...(beside ? { beside } : {}) })}`, rawBody(file))).json();
