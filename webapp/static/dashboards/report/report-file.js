/** What a report carries (report_data.py writes it): a view, its runs, and the frames its charts draw. */

import { parseFrame } from "../../lib/frame.js";
import { inflated } from "../../lib/inflate.js";
import { parseTable } from "../../lib/table-frame.js";

/** @typedef {import("../../lib/types.js").Series} Series */
/** @typedef {import("../../lib/view-file.js").View} View */

/**
 * @typedef {{at: number, length: number, kind: "series" | "table"}} FramePlace
 * @typedef {{frames: FramePlace[], error?: string, groups?: string[], band?: {center: string, band: import("../../lib/types.js").Spread}, bars?: any[]}} ChartEntry bars: those of groups
 *
 * @typedef {object} Report
 * @property {View} view
 * @property {ChartEntry[]} charts in the order of the view's sections
 * @property {string[]} runs those drawn
 * @property {Record<string, {name?: string, color?: string, note?: string, tags?: string[]}>} people what was added to a run
 * @property {Record<string, string>} rendered Markdown → safe HTML
 * @property {(import("../../lib/marks.js").MarkedEvent & {tag?: string | null})[]} events of those runs; alerts among them
 * @property {[string, number | null][]} all_runs names and starts, for the colours
 * @property {string[]} tags
 * @property {string} source
 * @property {number} made seconds since 1970
 * @property {number} columns charts were reduced to
 * @property {string} stepscope version
 * @property {(place: FramePlace) => ArrayBuffer} frame
 */

/** @param {string} text base64 of the compressed block @returns {Promise<Report>} */
export async function readReport(text) {
  const buffer = await inflated(text);
  const length = new DataView(buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 4, length)));
  const base = 4 + length;
  return { ...head, frame: ({ at, length: bytes }) => fromLanes(new Uint8Array(buffer, base + at, Math.ceil(bytes / 8) * 8)) };
}

/** Frames lie by lanes: first the first byte of every four, then the second … @param {Uint8Array} lanes @returns {ArrayBuffer} */
function fromLanes(lanes) {
  const bytes = new Uint8Array(lanes.length);
  const count = lanes.length / 4;
  for (let lane = 0; lane < 4; lane += 1) {
    for (let i = 0; i < count; i += 1) bytes[4 * i + lane] = lanes[lane * count + i];
  }
  return bytes.buffer;
}

/** Tag or formula → run or group → its series. @param {Report} report @param {ChartEntry} entry @returns {(name: string, run: string) => Series[]} */
export function seriesOf(report, entry) {
  /** @type {Map<string, Map<string, Series[]>>} */
  const found = new Map();
  for (const place of entry.frames.filter(({ kind }) => kind === "series")) {
    for (const series of parseFrame(report.frame(place)).series) {
      const runs = found.get(series.tag) ?? new Map();
      found.set(series.tag, runs.set(series.run, [...(runs.get(series.run) ?? []), series]));
    }
  }
  return (name, run) => found.get(name)?.get(run) ?? [];
}

/** @param {Report} report @param {ChartEntry} entry @returns {import("../../lib/table-frame.js").Table | null} */
export function tableOf(report, entry) {
  const place = entry.frames.find(({ kind }) => kind === "table");
  return place ? parseTable(report.frame(place)) : null;
}
