/** Lines between points: a sequence that the metadata tells, and the ways of points through the steps. */

import { drawnCoordinates } from "../../lib/point-axes.js";
import { columnNow } from "../../state/projector-columns.js";
import { selection } from "../../state/projector-points.js";
import { shownEmbedding, shownStep } from "../../state/projector-shown.js";
import { layoutsOverTime } from "../../state/projector-steps.js";

const MOST_TRAILS = 2000;

/** Pairs of rows: each point and the one that its metadata names as the next. @returns {Uint32Array | null} */
export function sequenceLines() {
  const info = shownEmbedding.get()?.info;
  const column = info?.next ? columnNow(info.next)?.value : null;
  if (!info || !column) return null;
  const pairs = [];
  for (let row = 0; row < info.points; row += 1) {
    const next = column.kind === "number" ? column.values[row] : Number.parseInt(column.names[column.codes[row]] || "-1", 10);
    if (Number.isInteger(next) && next >= 0 && next < info.points) pairs.push(row, next);
  }
  return Uint32Array.from(pairs);
}

/**
 * The ways of points through the steps up to the one in sight: of the selected ones, else of all where they are few.
 *
 * @param {import("../../lib/point-views.js").ViewSetting} view @returns {import("../../lib/points-trails.js").Trails | null}
 */
export function trajectoriesOf({ id, dims, axes }) {
  const until = shownStep.get() ?? Infinity;
  const layouts = layoutsOverTime(id).filter(({ step }) => step <= until);
  const rows = trailRows();
  if (layouts.length < 2 || rows.length === 0) return null;
  const corners = layouts.length;
  const coordinates = new Float32Array(rows.length * corners * dims);
  layouts.forEach(({ layout }, corner) => {
    const drawn = drawnCoordinates(layout.coordinates, layout.width, dims, axes);
    rows.forEach((row, path) => coordinates.set(drawn.subarray(row * dims, (row + 1) * dims), (path * corners + corner) * dims));
  });
  return { coordinates, starts: Uint32Array.from({ length: rows.length + 1 }, (_, path) => path * corners), rows };
}

/** @returns {Uint32Array} */
function trailRows() {
  const chosen = selection.get();
  if (chosen.length) return chosen.slice(0, MOST_TRAILS);
  const points = shownEmbedding.get()?.info.points ?? 0;
  return points <= MOST_TRAILS ? Uint32Array.from({ length: points }, (_, row) => row) : new Uint32Array();
}
