/** Points of charts as a table: of the drawn runs, smoothed as the charts are, over the part of x they show. */

import { wireAxis } from "../lib/axis.js";
import { exportSeries } from "../state/api.js";
import { settingsOf } from "../state/chart-settings.js";
import { drawnRuns } from "../state/listed-runs.js";
import * as store from "../state/store.js";
import { saveBlob } from "../ui/save-blob.js";
import { drawnLines } from "./run-lines.js";

export const FORMATS = /** @type {const} */ ([["csv", "CSV"], ["json", "JSON"], ["parquet", "Parquet"]]);

/**
 * @param {string[]} tags @param {typeof FORMATS[number][0]} format
 * @param {import("../lib/types.js").Range | null} range of x; null: all of it
 * @returns {Promise<void>} rejected with the server's words
 */
export async function savePoints(tags, format, range) {
  const rows = drawnRuns();
  const series = tags.map((tag) => {
    const { kind, amount, derivative } = settingsOf(tag);
    return { tag, runs: drawnLines(tag, rows), smoothing: { kind, amount }, derivative };
  });
  if (series.length === 0) throw new Error("There is no chart to download.");
  const axis = tags.length === 1 ? settingsOf(tags[0]).axis : store.axis.get();
  const name = tags.length === 1 ? tags[0].replaceAll(/[^\p{L}\p{N}._-]+/gu, "_") : "scalars";
  saveBlob(await exportSeries({ format, x: wireAxis(axis), range, segments: store.segments.get(), series }), `${name}.${format}`);
}
