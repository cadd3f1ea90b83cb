/** Where the GPU's time went, and why it idled; without a GPU: where the time of the mean step went. */

import { formatNanoseconds, formatUnit } from "../../../lib/profile-units.js";
import { plural } from "../../../lib/format.js";
import { tableRows } from "../../../lib/table-rows.js";
import { h } from "../../../ui/dom.js";
import { noStepIsWhole } from "./answer.js";
import { card } from "./card.js";
import { splitBar, splitLegend } from "./split-bar.js";

/** @typedef {import("./answer.js").Overview} Overview */
/** @typedef {import("./answer.js").GpuTime} GpuTime */
/** @typedef {import("./split-bar.js").Part} Part */

/** [key, title, hint] */
const PARTS = /** @type {const} */ ([
  ["computation", "Computation", "Time with a kernel that does not communicate, or a memset. Overlapping kernels count once."],
  ["exposed_communication", "Exposed communication", "Time with a collective (NCCL, RCCL) while nothing computed."],
  ["exposed_memcpy", "Exposed copies", "Time with a copy while no kernel ran."],
  ["idle", "Idle", "Time in which nothing ran, between the first and the last of the GPU's work."],
]);

/** @param {Overview} overview */
export const splitCard = (overview) => (overview.gpu ? gpuCard(overview, overview.gpu) : hostCard(overview));

/** @param {Overview} overview @param {GpuTime} gpu */
function gpuCard({ idle }, gpu) {
  const parts = PARTS.map(([id, title, hint]) => ({ id, title, hint, time: gpu[id] }));
  const reasons = tableRows(idle).map(({ reason, time, gaps, hint }) => ({ id: reason, title: reason, time, hint: `${hint} (${plural(gaps, "gap")})` }));
  const also = h("p", { className: "quiet prof-also" }, alsoText(gpu));
  const why = gpu.idle > 0 && [h("h3", { title: "Shares of the time from the first work of the GPUs to the last, as above" }, "Idle because of"), splitBar(reasons, gpu.idle, "Idle time by reason", true), splitLegend(reasons, gpu.total)];
  return card("split", "The GPU's time", `${formatUnit(gpu.busy / gpu.total, "share")} busy of ${formatNanoseconds(gpu.total)}`,
    splitBar(parts, gpu.total, "The GPU's time"), splitLegend(parts, gpu.total), also, ...(why || []));
}

/** What lies behind other things. @param {GpuTime} gpu */
function alsoText({ communication, overlap, memcpy, exposed_memcpy }) {
  const told = [];
  if (communication > 0) told.push(`communication takes ${formatNanoseconds(communication)}, ${formatUnit(overlap / communication, "share")} of it behind computation`);
  if (memcpy > exposed_memcpy) told.push(`copies take ${formatNanoseconds(memcpy)}, ${formatUnit(1 - exposed_memcpy / memcpy, "share")} of it behind kernels`);
  const text = told.join("; ");
  return text && `${text[0].toUpperCase()}${text.slice(1)}.`;
}

/** @param {Overview} overview */
function hostCard(overview) {
  const { mean, step_time, marked, counts } = overview;
  const ids = ["kernel", "memcpy", "memset", "communication", "runtime", "data_loader", "cpu", "other"]; // as the server orders them
  /** @type {Part[]} */
  const parts = tableRows(mean).map(({ role, time, hint }, place) => ({ id: ids[place], title: role, time, hint })).filter(({ time }) => time > 0);
  if (step_time === 0) return card("split", "Time", "", h("p", { className: "quiet" }, noStepIsWhole(overview) ? "No step is there whole, so there is no mean step." : "The trace holds nothing that takes time."));
  return card("split", marked ? "The mean step" : "The time of the trace", formatNanoseconds(step_time),
    splitBar(parts, step_time, "The mean step"), splitLegend(parts, step_time),
    h("p", { className: "quiet prof-also" }, `Nothing ran on a GPU. The trace holds ${plural(counts.operators, "operator")}.`));
}
