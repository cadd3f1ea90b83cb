/** The GPUs: what they are, and how well they are used. */

import { formatBytes, plural } from "../../../lib/format.js";
import { formatUnit } from "../../../lib/profile-units.js";
import { tableRows } from "../../../lib/table-rows.js";
import { h } from "../../../ui/dom.js";
import { card } from "./card.js";

/** @typedef {import("./answer.js").Overview} Overview */

/** [column, title, hint] */
const METERS = /** @type {const} */ ([
  ["utilization", "Utilization", "Time with a kernel, of all time of the complete steps."],
  ["sm_efficiency", "SM efficiency", "Mean over that time of min(1, blocks / multiprocessors) of what runs; idle time counts 0."],
  ["occupancy", "Occupancy", "Resident threads of those that fit, mean over the kernels by their time; computed from each launch's shape."],
]);

/** @param {Overview} overview @param {readonly import("../../../state/profile-api.js").Device[]} devices of the machine */
export function gpusCard({ gpus, findings }, devices) {
  const used = tableRows(gpus);
  if (used.length === 0) {
    const ran = findings.some(({ id }) => id === "cut_off") ? "the file is cut off and holds no kernel of it" : "no kernel ran on it";
    const names = [...new Set(devices.map(({ name }) => name).filter(Boolean))].join(", ");
    return card("gpus", "GPUs", "", h("p", { className: "quiet" }, names ? `The machine has ${names}; ${ran}.` : "No kernel ran on a GPU."));
  }
  return card("gpus", used.length === 1 ? `GPU ${used[0].device}` : plural(used.length, "GPU"), used.length === 1 ? used[0].name : "", ...used.map((gpu) => one(gpu, used.length > 1)));
}

/** @param {Record<string, any>} gpu @param {boolean} named */
function one(gpu, named) {
  const facts = [
    gpu.memory > 0 && formatBytes(gpu.memory), gpu.multiprocessors > 0 && `${gpu.multiprocessors} multiprocessors`, gpu.compute_capability && `compute capability ${gpu.compute_capability}`,
  ].filter(Boolean).join(" · ");
  return h("div", { className: "prof-gpu" }, named && h("h3", {}, `GPU ${gpu.device} ${gpu.name}`), facts && h("p", { className: "quiet" }, facts),
    ...METERS.map(([key, title, hint]) => meter(title, gpu[key], key === "occupancy" ? occupancyHint(hint, gpu) : hint)));
}

/** @param {string} hint @param {Record<string, any>} gpu */
function occupancyHint(hint, { occupancy, reported_occupancy: reported }) {
  return reported === null || Math.abs(reported - occupancy) < 0.005 ? hint : `${hint} The trace itself says ${formatUnit(reported, "share")}: it counts kernels with much shared memory as 0.`;
}

/** @param {string} title @param {number | null} share @param {string} hint */
function meter(title, share, hint) {
  const bar = h("span", { className: "prof-meter-bar", "aria-hidden": "true" });
  bar.style.setProperty("--share", String(share ?? 0));
  return h("div", { className: "prof-meter", title: hint }, h("span", {}, title), bar, h("b", {}, formatUnit(share, "share")));
}
