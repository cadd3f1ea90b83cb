/** What a tag's chart needs: the points of its runs, or of groups of them and of the members a person opened. */

import { MOST_RAW_LINES } from "../charts/line-frame.js";
import { settingsOf } from "../state/chart-settings.js";
import { grouped, openGroups } from "../state/grouping.js";
import * as store from "../state/store.js";
import { groupLines, lineDash, lineName, rowOf } from "./run-lines.js";

/** @typedef {import("../state/datasets.js").Dataset} Dataset */
/** @typedef {import("../state/series-store.js").Want} Want */
/** @typedef {import("../charts/line-frame.js").Line} Line */

/** @typedef {{want: Want, dataset: Dataset}} Shown */
/** @typedef {{run: (name: string) => string, group: (name: string) => string}} Colors */

export const MOST_LINES = 1000; // a chart; more cannot be told apart
const PIXEL_STEP = 64; // widths are asked for in such steps, so that a small resize asks for nothing

/** @param {string} tag @param {string[]} runs those of the tag that are drawn @param {number} width CSS pixels @returns {Want[]} */
export function wantsOf(tag, runs, width) {
  const groups = settingsOf(tag).grouped ? grouped.get() : null;
  if (!groups) {
    const first = runs.slice(0, MOST_LINES);
    return [{ tag, runs: first, look: lookOf(tag, first.length, width) }];
  }
  const { set } = groupLines(tag, groups.set);
  const names = set.members.map(({ name }) => name).slice(0, MOST_LINES);
  const wants = [{ tag, runs: names, look: { ...lookOf(tag, names.length, width), segments: /** @type {const} */ ("latest") }, groups: set }];
  const opened = openMembers(runs);
  return opened.length ? [...wants, { tag, runs: opened, look: lookOf(tag, opened.length, width) }] : wants;
}

/** Runs of the groups that show their members. @param {string[]} runs */
function openMembers(runs) {
  const open = openGroups.get();
  if (open.size === 0) return [];
  const members = new Set((grouped.get()?.groups ?? []).filter(({ name }) => open.has(name)).flatMap((group) => group.runs));
  return runs.filter((run) => members.has(rowOf(run))).slice(0, MOST_LINES);
}

/** @param {string} tag @param {number} lines @param {number} width @returns {import("../state/datasets.js").Look} */
function lookOf(tag, lines, width) {
  const { axis, logX, kind, derivative } = settingsOf(tag);
  // Where raw values are not drawn, half the columns give the smoothed lines all the points they can show.
  const columns = width / (lines > MOST_RAW_LINES ? 2 : 1);
  return {
    x: axis, logX, kind, derivative, smoothing: amountOf(tag),
    segments: store.segments.get(),
    range: store.views.get().get(tag)?.x ?? null,
    pixels: Math.min(8192, Math.ceil(Math.max(1, columns) / PIXEL_STEP) * PIXEL_STEP),
  };
}

/** How much a tag is smoothed, as the server is asked. @param {string} tag */
export function amountOf(tag) {
  const { kind, amount } = settingsOf(tag);
  return kind === "mean" || kind === "median" ? windowOf(amount) : amount;
}

/** Windows are odd, so that they have a middle; one of a point is none. @param {number} amount */
function windowOf(amount) {
  const points = Math.round(amount);
  return points < 2 ? 0 : points | 1;
}

/** Members lie behind the groups. @param {Shown[]} shown @param {Colors} colors @returns {Line[]} */
export function linesOf(shown, colors) {
  const [first, ...behind] = shown;
  return [...behind.flatMap((part) => membersOf(part, colors)), ...(first.want.groups ? groupsOf(first, colors) : runsOf(first, colors))];
}

/** @param {Shown} shown @param {Colors} colors @returns {Line[]} */
function runsOf({ want, dataset }, colors) {
  /** @type {Line[]} */
  const lines = [];
  for (const run of want.runs) {
    for (const series of dataset.runs.get(run) ?? []) {
      if (series.n === 0) continue;
      const name = lineName(run);
      lines.push({ series, color: colors.run(run), label: series.segment > 0 ? `${name} · restart ${series.segment}` : name, dash: lineDash(run), row: rowOf(run) });
    }
  }
  return lines;
}

/** @param {Shown} shown @param {Colors} colors @returns {Line[]} */
function groupsOf({ want, dataset }, colors) {
  const base = grouped.get()?.set;
  const lines = base ? groupLines(want.tag ?? "", base).lines : new Map();
  return want.runs.flatMap((name) => {
    const { group = name, dash = 0 } = lines.get(name) ?? {};
    return (dataset.runs.get(name) ?? []).filter((series) => series.n > 0).map((series) => ({ series, color: colors.group(group), label: name, dash, row: group }));
  });
}

/** In the colour of their group. @param {Shown} shown @param {Colors} colors @returns {Line[]} */
function membersOf(shown, colors) {
  const groupOf = new Map((grouped.get()?.groups ?? []).flatMap(({ name, runs }) => runs.map((run) => [run, name])));
  return runsOf(shown, colors).map((line) => ({ ...line, color: colors.group(groupOf.get(rowOf(line.series.run)) ?? ""), faint: true }));
}
