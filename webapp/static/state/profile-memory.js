/** What was chosen in the view of memory, and its questions. */

import { Atom } from "../lib/atom.js";
import { askProfile, askProfileArrays } from "./profile-api.js";

/** @typedef {import("./profile-api.js").Shown} Shown */
/** @typedef {import("./profile-api.js").Asking} Asking */
/** @typedef {import("./profile-api.js").More} More */
/** @typedef {import("./profile-api.js").TableAnswer} TableAnswer */

/**
 * @typedef {object} MemoryDevice
 * @property {string} name
 * @property {number} capacity bytes; 0: not told
 * @property {number} events
 * @property {number} peak bytes
 * @property {number} peak_time ns
 * @property {number} reserved bytes at most
 * @property {number} [now] bytes allocated when a snapshot was taken
 * @property {boolean} [timed] false: a snapshot without times, events are counted
 *
 * @typedef {object} MemoryInfo
 * @property {"trace" | "snapshot" | "timeline"} kind
 * @property {MemoryDevice[]} devices
 * @property {string[]} tables
 * @property {string[]} by what tables can be counted by
 * @property {string[]} notes
 * @property {number} start ns
 * @property {number} end
 */

/** The name of a device; "": the first. */
export const memoryDevice = new Atom("");
/** Which table; "": the first. */
export const memoryTable = new Atom("");
/** "operator", "module" or "category". */
export const memoryBy = new Atom("operator");
/** Of snapshots: "curve", "shapes" or "map". */
export const memoryPicture = new Atom("shapes");
/** Whether the curve's axis reaches up to the device's capacity. */
export const memoryToCapacity = new Atom(false);
/** The snapshot before, to compare with; "": none. */
export const memoryOther = new Atom("");

/** @param {Shown} shown @param {Asking} asking @returns {Promise<MemoryInfo>} */
export const fetchMemory = ({ p, rank }, asking) => askProfile("memory", { p, rank, window: null }, {}, asking);

/** @param {Shown} shown @param {More} more @param {Asking} asking @returns {Promise<TableAnswer>} */
export const fetchMemoryTable = (shown, more, asking) => askProfile("memory/table", shown, more, asking);

/** @param {Shown} shown @param {More} more @param {Asking} asking */
export const fetchMemoryCurve = (shown, more, asking) => askProfileArrays("memory/curve", shown, more, asking);

/** @param {Shown} shown @param {More} more @param {Asking} asking */
export const fetchMemoryShapes = (shown, more, asking) => askProfileArrays("memory/shapes", shown, more, asking);

/** @param {Shown} shown @param {More} more @param {Asking} asking */
export const fetchMemoryMap = ({ p, rank }, more, asking) => askProfileArrays("memory/map", { p, rank, window: null }, more, asking);

/** @param {Shown} shown @param {number} stack @param {Asking} asking @returns {Promise<{frames: {text: string, users: boolean}[]}>} */
export const fetchMemoryStack = ({ p, rank }, stack, asking) => askProfile("memory/stack", { p, rank, window: null }, { stack }, asking);
