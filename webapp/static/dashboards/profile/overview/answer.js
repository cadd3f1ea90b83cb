/** What the overview asks the server. */

import { tableRows } from "../../../lib/table-rows.js";
import { askProfile } from "../../../state/profile-api.js";

/** @typedef {import("../../../state/profile-api.js").TableAnswer} TableAnswer */
/** @typedef {import("../../../state/profile-api.js").Shown} Shown */

/**
 * @typedef {object} GpuTime ns; computation + exposed_communication + exposed_memcpy + idle = total
 * @property {number} computation
 * @property {number} communication
 * @property {number} exposed_communication
 * @property {number} memcpy
 * @property {number} exposed_memcpy
 * @property {number} memset
 * @property {number} overlap
 * @property {number} busy
 * @property {number} idle
 * @property {number} total
 *
 * @typedef {{view: string, window: [from: number, to: number] | null, row: number, find: string}} Place
 * @typedef {{id: string, state: "good" | "note" | "bad", text: string, hint: string}} Finding
 * @typedef {{id: string, title: string, text: string, evidence: string[], gain: number | null, share: number | null, place: Place}} Advice `gain`: ns a step
 *
 * @typedef {object} Overview
 * @property {GpuTime | null} gpu null: nothing ran on a GPU
 * @property {[from: number, to: number]} span what means are taken over, ns
 * @property {number} step_time ns, mean of the complete steps
 * @property {boolean} marked whether the trace marks steps
 * @property {TableAnswer} steps
 * @property {TableAnswer} mean a row a role
 * @property {TableAnswer} idle a row a reason
 * @property {TableAnswer} gpus
 * @property {TableAnswer} longest
 * @property {Record<string, number>} counts
 * @property {number | null} attributed_share
 * @property {Finding[]} findings the worst first
 * @property {Advice[]} recommendations what can win most first
 */

/** @param {Shown} shown @param {import("../../../state/profile-api.js").Asking} asking @returns {Promise<Overview>} */
export const fetchOverview = (shown, asking) => askProfile("overview", shown, {}, asking);

/** Whether no step is there from its begin to its end: means are of nothing then. @param {Overview} overview */
export const noStepIsWhole = ({ marked, steps }) => marked && !tableRows(steps).some(({ complete }) => complete);
