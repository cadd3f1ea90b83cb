/** Texts at points: those that were picked out first, then as many of the others as the picture has room for. */

import { visibleMask, emphasis, selection } from "../../state/projector-points.js";
import { cellText, columnNow } from "../../state/projector-columns.js";
import { labelBy } from "../../state/projector-settings.js";
import { shownEmbedding } from "../../state/projector-shown.js";

/** @typedef {{row: number, text: string, priority: number}} PointLabel */

const MOST = 4000; // candidates: the picture keeps those that do not collide
const MOST_LETTERS = 40;

/** null: no labels are drawn, or their texts are on their way. @returns {PointLabel[] | null} */
export function pointLabels() {
  const column = labelBy.get() && columnNow(labelBy.get())?.value;
  if (!column) return null;
  const points = shownEmbedding.get()?.info.points ?? 0;
  const mask = visibleMask.get();
  const chosen = selection.get();
  const labels = new Map(/** @type {[number, PointLabel][]} */ ([]));
  const add = (/** @type {number} */ row, /** @type {number} */ priority) => {
    if (labels.has(row) || (mask && !mask[row])) return;
    const text = cellText(column, row);
    if (text) labels.set(row, { row, text: text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS)}…` : text, priority });
  };
  const marked = emphasis.get();
  if (marked !== null) add(marked, 3);
  for (let at = 0; at < Math.min(chosen.length, MOST); at += 1) add(chosen[at], 2);
  const every = Math.max(1, Math.ceil(points / MOST));
  for (let row = 0; row < points; row += every) add(row, 1);
  return [...labels.values()];
}
