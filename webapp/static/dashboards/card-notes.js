/** What the foot of a card says of its lines: how many runs, how many of their points. */

import { formatCount, plural } from "../lib/format.js";

/** @typedef {import("../charts/line-frame.js").Line} Line */

const FEW = 4; // groups whose sizes are told one by one

/** "5 runs", "mean ± 95 % CI · 3 and 2 runs" @param {Line[]} lines @param {number} leftOut @param {string} grouping */
export function countText(lines, leftOut, grouping) {
  if (grouping && lines.length === 0) return grouping;
  if (grouping) return `${grouping} · ${sizesText(lines.filter(({ faint }) => !faint).map(({ series }) => series.members ?? 1))}`;
  const runs = new Set(lines.map((line) => line.series.run)).size;
  return leftOut ? `first ${formatCount(runs)} of ${formatCount(runs + leftOut)} runs` : plural(runs, "run");
}

/** "3 and 2 runs", "12 groups of 3–40 runs" @param {number[]} sizes */
function sizesText(sizes) {
  if (sizes.length === 1) return plural(sizes[0], "run");
  const [least, most] = [Math.min(...sizes), Math.max(...sizes)];
  if (sizes.length > FEW || least === most) return `${formatCount(sizes.length)} groups of ${least === most ? plural(most, "run") : `${formatCount(least)}–${plural(most, "run")}`}`;
  return `${sizes.slice(0, -1).map(formatCount).join(", ")} and ${plural(sizes[sizes.length - 1] ?? 0, "run")}`;
}

/** "1,000 points each", "1,360 of 50,000 points each"; sums where runs differ. @param {Line[]} lines */
export function pointsOf(lines) {
  const solid = lines.filter(({ faint }) => !faint);
  const counts = solid.map(({ series }) => ({ drawn: series.value.length, all: series.members === undefined ? series.n : series.union ?? series.n }));
  const alike = counts.every(({ all }) => all === counts[0].all);
  const drawn = counts.reduce((sum, count) => sum + count.drawn, 0);
  const all = counts.reduce((sum, count) => sum + count.all, 0);
  const [part, whole] = alike ? [Math.round(drawn / counts.length), counts[0].all] : [drawn, all];
  const text = part >= whole ? plural(whole, "point") : `${formatCount(part)} of ${plural(whole, "point")}`;
  return text + (alike && solid.length > 1 ? " each" : "");
}
