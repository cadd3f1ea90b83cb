/** Sizes of points by a column of numbers: their areas go with the numbers. */

import { columnNow } from "../../state/projector-columns.js";
import { sizeBy } from "../../state/projector-settings.js";

const [LEAST, MOST] = [0.4, 2.6]; // diameters, of the usual one

/** null: all are of the usual size. @returns {Float32Array | null} */
export function pointSizes() {
  const column = sizeBy.get() && columnNow(sizeBy.get())?.value;
  if (!column || column.kind !== "number") return null;
  let [least, most] = [Infinity, -Infinity];
  for (const value of column.values) {
    if (value < least && value > -Infinity) least = value;
    if (value > most && value < Infinity) most = value;
  }
  const span = most - least;
  return Float32Array.from(column.values, (value) => (Number.isFinite(value) ? Math.sqrt(LEAST ** 2 + (MOST ** 2 - LEAST ** 2) * (span > 0 ? (value - least) / span : 0.3)) : LEAST));
}
