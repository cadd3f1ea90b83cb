/** Points of charts as a table: of the drawn runs or groups, smoothed as the charts are, over the part of x they show. */

import { wireAxis } from "../lib/axis.js";
import { exportSeries } from "../state/api.js";
import { settingsOf } from "../state/chart-settings.js";
import { grouped } from "../state/grouping.js";
import { drawnRuns } from "../state/listed-runs.js";
import * as store from "../state/store.js";
import { saveBlob } from "../ui/save-blob.js";
import { amountOf } from "./chart-wants.js";
import { drawnLines, groupLines } from "./run-lines.js";

export const FORMATS = /** @type {const} */ ([["csv", "CSV"], ["json", "JSON"], ["parquet", "Parquet"]]);

/** @typedef {import("../lib/types.js").GroupSet} GroupSet */

/**
 * Charts of runs are one table, charts of groups another.
 *
 * @param {string[]} tags @param {typeof FORMATS[number][0]} format
 * @param {import("../lib/types.js").Range | null} range of x; null: all of it
 * @returns {Promise<void>} rejected with the server's words
 */
export async function savePoints(tags, format, range) {
  if (tags.length === 0) throw new Error("There is no chart to download.");
  const axis = wireAxis(tags.length === 1 ? settingsOf(tags[0]).axis : store.axis.get());
  const name = tags.length === 1 ? tags[0].replaceAll(/[^\p{L}\p{N}._-]+/gu, "_") : "scalars";
  for (const [groups, shown] of byGroups(tags)) {
    const question = { format, x: axis, range, segments: store.segments.get(), series: shown.map((tag) => seriesOf(tag, groups)), ...(groups ? { groups } : {}) };
    saveBlob(await exportSeries(question), `${name}${groups ? "-groups" : ""}.${format}`);
  }
}

/** Tags that are drawn as the same groups; those drawn as runs under null. @param {string[]} tags */
function byGroups(tags) {
  /** @type {Map<GroupSet | null, string[]>} */
  const found = new Map();
  for (const tag of tags) {
    const set = settingsOf(tag).grouped ? grouped.get()?.set : null;
    const groups = set ? groupLines(tag, set).set : null;
    found.set(groups, [...(found.get(groups) ?? []), tag]);
  }
  return found;
}

/** @param {string} tag @param {GroupSet | null} groups */
function seriesOf(tag, groups) {
  const { kind, derivative } = settingsOf(tag);
  return { tag, ...(groups ? {} : { runs: drawnLines(tag, drawnRuns()) }), smoothing: { kind, amount: amountOf(tag) }, derivative };
}
