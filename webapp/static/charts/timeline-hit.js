/** What is under the pointer on a timeline, and what the tooltip says of it. */

import { formatCount } from "../lib/format.js";
import { formatNanoseconds } from "../lib/profile-units.js";
import { exactTime } from "../lib/timeline-time.js";
import { curveTextAt } from "./timeline-curves.js";
import { eachRun } from "./timeline-runs.js";

/** @typedef {import("./timeline-runs.js").Scene} Scene */
/** @typedef {import("./timeline-runs.js").Place} Place */
/** @typedef {import("../lib/timeline-rows.js").Row} Row */
/** @typedef {{place: Place, count: number, total: number, kind: string}} Hit `count`: slices that are drawn as one; `place` is the longest of them */

const NEAR = 3; // CSS pixels beside a narrow slice

/** @param {Scene} scene @param {Row} row @param {number} lane @param {number} x CSS pixels @param {number} width @returns {Hit | null} */
export function hitAt(scene, row, lane, x, width) {
  const ratio = 4; // finer than pixels: slices of less than one are told apart
  /** @type {Hit | null} */
  let best = null;
  let least = NEAR * ratio;
  eachRun(scene, row, lane, width * ratio, (left, right, part, i) => {
    const away = Math.max(left - x * ratio, x * ratio - right, 0);
    if (away >= least && !(away === 0 && least === 0)) return;
    least = away;
    const begun = part.from[i];
    const time = (/** @type {number} */ pixel) => scene.span.from + (pixel / (width * ratio)) * (scene.span.to - scene.span.from) - scene.lines[row.line].shift;
    best = {
      place: { line: row.line, band: row.at, lane, row: part.row[i], start: begun < 0 ? time(left) : time(left), duration: part.count[i] === 1 ? part.total[i] : time(right) - time(left), name: part.names[part.name[i]] },
      count: part.count[i], total: part.total[i], kind: scene.lines[row.line].info.kinds[part.kind[i]],
    };
  });
  return best;
}

/** @param {Scene} scene @param {{row: Row, hit: Hit | null}} found @param {number} x @param {number} width @returns {string[]} */
export function tipLines(scene, { row, hit }, x, width) {
  if (row.sort === "curve") return [curveTextAt(scene, row, x, width), exactTime(scene.span.from + (x / width) * (scene.span.to - scene.span.from))];
  if (!hit) return [];
  const kind = hit.kind.replaceAll("_", " ");
  if (hit.count === 1) return [hit.place.name, `${formatNanoseconds(hit.total)} · ${kind}`];
  return [`${formatCount(hit.count)} slices, ${formatNanoseconds(hit.total)} together`, `longest: ${hit.place.name}`, "zoom in (w) to see each"];
}
